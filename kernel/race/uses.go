package race

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/chanbook/chanbook/kernel/cell"
)

// use is what a line of source does with one place in memory.
type use struct {
	key         types.Object // what is the same at other uses of the memory: a variable or a field
	text        string       // as the line says it: "a.balance"
	typ         types.Type   // of what is accessed; nil when it is not known
	read, write bool
	shape       shape
	fresh       bool // memory that the line has just made
	expr        ast.Expr
	node        ast.Node   // the assignment, or the expression
	around      []ast.Node // the innermost last
}

// shape is how memory is reached.
type shape uint8

const (
	variable shape = iota // by its name, or as a field of what has one
	pointee               // through a pointer: *p
	element               // of a slice or an array
	entry                 // of a map
	appended              // by append
	channel               // by a channel's own operations
)

// role is what an expression is there for.
type role struct {
	read, write bool
	shape       shape
	node        ast.Node
	skip        bool // it is a part of an expression that is looked at as a whole
}

// uses are what a line does with memory that several goroutines may reach, in the
// line's order.
func (c *program) uses(at cell.Pos) []use {
	found := c.usesIf(at, func(n ast.Node) bool { return c.place(n.Pos()) == at })
	if len(found) == 0 { // the compiler gives the line of the statement for some
		found = c.usesIf(at, func(ast.Node) bool { return true })
	}
	return found
}

func (c *program) usesIf(at cell.Pos, here func(ast.Node) bool) []use {
	roles := map[ast.Expr]role{}
	var found []use
	c.at(at, func(n ast.Node, around []ast.Node) {
		c.assign(n, roles)
		e, ok := n.(ast.Expr)
		if !ok || !here(n) {
			return
		}
		found = append(found, c.made(e)...)
		r, special := roles[e]
		if r.skip {
			return
		}
		if !special {
			r = role{read: true, node: e}
		}
		if u, ok := c.use(e, r, roles); ok {
			u.around = append([]ast.Node(nil), around...)
			found = append(found, u)
		}
	})
	return found
}

// made are the fields that &T{…} writes: they are memory of their own, which is not
// the variable that gets the pointer.
func (c *program) made(e ast.Expr) []use {
	address, ok := e.(*ast.UnaryExpr)
	if !ok || address.Op != token.AND {
		return nil
	}
	literal, ok := ast.Unparen(address.X).(*ast.CompositeLit)
	if !ok {
		return nil
	}
	t := c.typeOf(literal)
	if t == nil {
		return nil
	}
	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var found []use
	for i, element := range literal.Elts {
		var field *types.Var
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if name, ok := pair.Key.(*ast.Ident); ok {
				field, _ = c.info.Uses[name].(*types.Var)
			}
		} else if i < fields.NumFields() {
			field = fields.Field(i)
		}
		if field != nil {
			text := types.ExprString(literal.Type) + "{…}." + field.Name()
			found = append(found, use{key: field.Origin(), text: text, typ: field.Type(), write: true, fresh: true, expr: e, node: e})
		}
	}
	return found
}

// assign gives roles to the expressions of a node that are not simply read.
func (c *program) assign(n ast.Node, roles map[ast.Expr]role) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, e := range n.Lhs {
			plain := n.Tok == token.ASSIGN || n.Tok == token.DEFINE
			roles[ast.Unparen(e)] = role{write: true, read: !plain, node: n}
		}
	case *ast.IncDecStmt:
		roles[ast.Unparen(n.X)] = role{read: true, write: true, node: n}
	case *ast.RangeStmt:
		for _, e := range []ast.Expr{n.Key, n.Value} {
			if e != nil {
				roles[ast.Unparen(e)] = role{write: true, node: n}
			}
		}
		if t := c.typeOf(n.X); t != nil {
			if _, ok := t.Underlying().(*types.Map); ok {
				roles[ast.Unparen(n.X)] = role{read: true, shape: entry, node: n}
			}
		}
	case *ast.SendStmt:
		roles[ast.Unparen(n.Chan)] = role{read: true, shape: channel, node: n}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			roles[ast.Unparen(n.X)] = role{skip: true}
		}
	case *ast.CallExpr:
		c.call(n, roles)
	}
}

// call gives roles to the arguments of the builtin functions.
func (c *program) call(n *ast.CallExpr, roles map[ast.Expr]role) {
	name, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok || len(n.Args) == 0 {
		return
	}
	if _, ok := c.info.Uses[name].(*types.Builtin); !ok {
		return
	}
	first := ast.Unparen(n.Args[0])
	switch name.Name {
	case "append":
		roles[first] = role{read: true, write: true, shape: appended, node: n}
	case "delete", "clear":
		roles[first] = role{read: true, write: true, shape: entry, node: n}
	case "copy":
		roles[first] = role{read: true, write: true, shape: element, node: n}
	case "close":
		roles[first] = role{write: true, shape: channel, node: n}
	}
}

// use is what is done with an expression, if it is memory.
func (c *program) use(e ast.Expr, r role, roles map[ast.Expr]role) (use, bool) {
	u := use{expr: e, text: c.source(e), typ: c.typeOf(e), read: r.read, write: r.write, shape: r.shape, node: r.node}
	switch x := e.(type) {
	case *ast.Ident:
		v, ok := c.info.Uses[x].(*types.Var)
		if !ok || v.IsField() || r.shape == variable && !c.reachable(v) {
			return use{}, false
		}
		u.key = v
	case *ast.SelectorExpr:
		v, ok := c.info.Uses[x.Sel].(*types.Var)
		if !ok {
			return use{}, false // a method, a function, or not known
		}
		u.key = v.Origin()
		if !v.IsField() {
			roles[x.X] = role{skip: true}
			roles[x.Sel] = role{skip: true}
			break
		}
		roles[x.Sel] = role{skip: true}
		if !c.through(x.X) {
			roles[ast.Unparen(x.X)] = role{skip: true}
			if root := c.root(x.X); r.shape == variable && root != nil && !c.reachable(root) {
				return use{}, false
			}
		}
	case *ast.IndexExpr:
		return c.index(u, x, roles)
	case *ast.StarExpr:
		root := c.root(x.X)
		if root == nil {
			return use{}, false
		}
		u.key, u.shape = root, pointee
	default:
		return use{}, false
	}
	return u, true
}

// index is what is done with an element or an entry. It bears the name of the
// whole: the detector's address may be any of it.
func (c *program) index(u use, x *ast.IndexExpr, roles map[ast.Expr]role) (use, bool) {
	base := ast.Unparen(x.X)
	t := c.typeOf(base)
	if t == nil {
		return use{}, false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	u.shape = element
	switch t.Underlying().(type) {
	case *types.Map:
		u.shape, u.typ = entry, t
	case *types.Array:
		roles[base] = role{skip: true}
		if root := c.root(base); root != nil && !c.through(base) && !c.reachable(root) {
			return use{}, false
		}
	case *types.Slice:
	default:
		return use{}, false // a string, a type parameter, or an instance of a function
	}
	if sel, ok := base.(*ast.SelectorExpr); ok {
		if v, ok := c.info.Uses[sel.Sel].(*types.Var); ok {
			u.key = v.Origin()
		}
	}
	if u.key == nil {
		u.key = c.root(base)
	}
	if u.shape == entry {
		u.text = c.source(base)
	}
	return u, u.key != nil
}

// through reports whether the memory of a part of e is reached through a pointer.
func (c *program) through(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		return isPointer(c.typeOf(x))
	case *ast.SelectorExpr:
		return isPointer(c.typeOf(x)) || c.through(x.X)
	case *ast.IndexExpr:
		t := c.typeOf(x.X)
		if t == nil {
			return true
		}
		_, array := t.Underlying().(*types.Array)
		return !array || isPointer(c.typeOf(x)) || c.through(x.X)
	}
	return true
}

func isPointer(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// reachable reports whether other goroutines may reach a variable by its name or
// its address.
func (c *program) reachable(v types.Object) bool {
	return c.shared[v] || v.Parent() != nil && v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

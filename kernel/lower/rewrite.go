package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/chanbook/chanbook/kernel/check"
)

// block rewrites a declaration or statement, innermost parts first, and returns
// what stands in its place.
func (l *lowerer) block(n ast.Node) ast.Node {
	names := map[*ast.GoStmt]string{}
	labels := map[*ast.RangeStmt]string{}
	unlabelled := map[ast.Stmt]bool{} // what stands for a loop whose label nothing uses any more
	loops := map[ast.Stmt]bool{}      // blocks that stand for their last statement
	pre := func(c *astutil.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.GoStmt:
			names[n] = goName(n)
		case *ast.FuncLit:
			sig, _ := l.info.TypeOf(n).(*types.Signature)
			l.enter(sig, n.Type, n.Body)
		case *ast.FuncDecl:
			l.enter(l.signature(n), n.Type, n.Body)
		case *ast.LabeledStmt:
			if r, ok := n.Stmt.(*ast.RangeStmt); ok {
				labels[r] = n.Label.Name
			}
		}
		return true
	}
	post := func(c *astutil.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.Ident:
			l.name(c, n)
		case *ast.GoStmt:
			c.Replace(l.goStmt(n, names[n]))
		case *ast.FuncLit:
			l.leave(n.Body)
		case *ast.FuncDecl:
			l.leave(n.Body)
		case *ast.ReturnStmt:
			if s := l.returnStmt(n); s != nil {
				c.Replace(s)
			}
		case *ast.AssignStmt:
			l.stdioAssign(n)
			l.keepAssigned(n)
		case *ast.KeyValueExpr:
			l.stdioField(n)
		case *ast.CallExpr:
			l.stdioArgs(n)
			l.keepArgs(n)
			if e := l.callExpr(n); e != nil {
				c.Replace(e)
			}
		case *ast.ForStmt:
			if b := l.forStmt(n); b != nil {
				loops[b] = true
				c.Replace(b)
			}
		case *ast.RangeStmt:
			if sig, ok := l.rangedFunc(n); ok {
				if s := l.rangeFunc(n, sig, labels[n]); s != nil {
					unlabelled[s] = true
					c.Replace(s)
				}
			} else if s := l.rangeStmt(n); s != nil {
				_, isBlock := s.(*ast.BlockStmt)
				loops[s] = isBlock
				c.Replace(s)
			}
		case *ast.SelectStmt:
			if b := l.selectStmt(n); b != nil {
				loops[b] = true
				c.Replace(b)
			}
		case *ast.IndexExpr, *ast.IndexListExpr:
			if e := l.genericType(n.(ast.Expr)); e != nil {
				c.Replace(e)
			} else if x := indexed(n); l.isInstance(x) {
				c.Replace(x) // it has the instance's name already
			}
		case *ast.CompositeLit:
			l.keepFields(n)
		case *ast.DeferStmt:
			c.Replace(l.deferStmt(n))
		case *ast.LabeledStmt:
			if unlabelled[n.Stmt] {
				c.Replace(n.Stmt)
			}
			if loops[n.Stmt] {
				b := n.Stmt.(*ast.BlockStmt)
				last := len(b.List) - 1
				n.Stmt = b.List[last]
				b.List[last] = n
				c.Replace(b)
			}
		case *ast.BlockStmt:
			n.List = l.list(n.List)
		case *ast.CaseClause:
			n.Body = l.list(n.Body)
		case *ast.CommClause:
			n.Body = l.list(n.Body)
		}
		return true
	}
	return astutil.Apply(n, pre, post)
}

// signature is the type of a declared function or method.
func (l *lowerer) signature(d *ast.FuncDecl) *types.Signature {
	if sig := l.signatures[d]; sig != nil {
		return sig
	}
	for _, o := range append(append([]*check.Object(nil), l.checked.Objects...), l.checked.Refreshed...) {
		if o.Decl == d {
			sig, _ := o.Type().(*types.Signature)
			return sig
		}
	}
	return nil
}

// indexed is what an index expression indexes.
func indexed(n ast.Node) ast.Expr {
	switch n := n.(type) {
	case *ast.IndexExpr:
		return n.X
	case *ast.IndexListExpr:
		return n.X
	}
	return nil
}

// isInstance reports whether an expression names an instance of a function of
// the session.
func (l *lowerer) isInstance(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	f, ok := l.info.Uses[id].(*types.Func)
	if !ok || l.session.Object(f) == nil {
		return false
	}
	_, ok = l.info.Instances[id]
	return ok
}

// rangedFunc returns the type of the function that a loop ranges over.
func (l *lowerer) rangedFunc(n *ast.RangeStmt) (*types.Signature, bool) {
	t := l.info.TypeOf(n.X)
	if t == nil {
		return nil, false
	}
	sig, ok := t.Underlying().(*types.Signature)
	return sig, ok
}

// name gives an identifier the name that its object has in lowered programs.
func (l *lowerer) name(c *astutil.Cursor, id *ast.Ident) {
	obj := l.info.Uses[id]
	if obj == nil {
		obj = l.info.Defs[id]
	}
	if obj == nil {
		return
	}
	if p, ok := obj.(*types.PkgName); ok {
		l.imports[p.Imported().Path()] = true
		id.Name = l.alias(p.Imported().Path())
		return
	}
	if name := l.renamed[obj]; name != "" {
		id.Name = name
		return
	}
	if name := l.instantiated(id, obj); name != "" {
		id.Name = name
		return
	}
	if tn, ok := obj.(*types.TypeName); ok && l.checked.TypeArgs[tn] {
		if e, ok := l.typeExpr(types.Unalias(tn.Type())); ok {
			c.Replace(e)
		} else {
			l.errorf(id.Pos(), "the interpreter cannot write down the type %s here", tn.Type())
		}
		return
	}
	if o := l.session.Object(obj); o != nil {
		if !strings.Contains(o.Key, ".") && !l.locals[o] {
			id.Name = Name(o)
		}
		return
	}
	if v, ok := obj.(*types.Var); ok && v.IsField() {
		if name := l.embeddedName(v); name != "" {
			id.Name = name
		}
		return
	}
	if p := obj.Pkg(); p != nil && p.Path() != "main" && obj.Parent() == p.Scope() && c.Name() != "Sel" {
		c.Replace(l.pkg(p.Path(), obj.Name())) // it came by a dot import
	}
}

// list makes variables that are declared without a value and shared with a
// closure anew each time their declaration runs.
func (l *lowerer) list(stmts []ast.Stmt) []ast.Stmt {
	var out []ast.Stmt
	for _, st := range stmts {
		d, ok := st.(*ast.DeclStmt)
		if !ok {
			out = append(out, st)
			continue
		}
		g := d.Decl.(*ast.GenDecl)
		if g.Tok != token.VAR || !l.anyShared(g) {
			out = append(out, st)
			continue
		}
		for _, s := range g.Specs {
			out = append(out, l.freshVars(s.(*ast.ValueSpec))...)
		}
	}
	return out
}

func (l *lowerer) anyShared(g *ast.GenDecl) bool {
	for _, s := range g.Specs {
		vs := s.(*ast.ValueSpec)
		for _, id := range vs.Names {
			if l.used.shared[l.info.Defs[id]] && vs.Type != nil {
				return true
			}
		}
	}
	return false
}

// freshVars lowers var x T to x := *new(T), and var x T = v to that and x = v:
// the interpreter makes a new variable only for :=.
func (l *lowerer) freshVars(s *ast.ValueSpec) []ast.Stmt {
	if s.Type == nil {
		return []ast.Stmt{&ast.DeclStmt{Decl: &ast.GenDecl{TokPos: s.Pos(), Tok: token.VAR, Specs: []ast.Spec{s}}}}
	}
	var out []ast.Stmt
	var names []ast.Expr
	for _, id := range s.Names {
		names = append(names, id)
		if id.Name == "_" {
			continue
		}
		out = append(out, &ast.AssignStmt{
			Lhs: []ast.Expr{id}, TokPos: id.Pos(), Tok: token.DEFINE,
			Rhs: []ast.Expr{&ast.StarExpr{Star: id.Pos(), X: l.call(l.ident("new"), s.Type)}},
		})
	}
	if len(s.Values) > 0 {
		out = append(out, &ast.AssignStmt{Lhs: names, TokPos: s.Pos(), Tok: token.ASSIGN, Rhs: s.Values})
	}
	return out
}

// callExpr lowers the calls that the interpreter does not know or that need to
// be followed: builtins and WaitGroup.Go. It returns nil for all others.
func (l *lowerer) callExpr(n *ast.CallExpr) ast.Expr {
	if id, ok := n.Fun.(*ast.Ident); ok {
		if b, ok := l.info.Uses[id].(*types.Builtin); ok {
			return l.builtin(n, b.Name())
		}
	}
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	s := l.info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal || len(s.Index()) != 1 || len(n.Args) != 1 {
		return nil
	}
	if s.Obj().(*types.Func).FullName() != "(*sync.WaitGroup).Go" {
		return nil
	}
	recv := sel.X
	if _, ptr := s.Recv().Underlying().(*types.Pointer); !ptr {
		recv = &ast.UnaryExpr{OpPos: sel.Pos(), Op: token.AND, X: sel.X}
	}
	return l.rt("WaitGroupGo", recv, l.str(l.place(n.Pos())), n.Args[0])
}

func (l *lowerer) builtin(n *ast.CallExpr, name string) ast.Expr {
	switch name {
	case "print":
		return l.rt("Print", n.Args...)
	case "println":
		return l.rt("Println", n.Args...)
	case "recover":
		return l.rt("Recover")
	case "clear":
		return l.rt("Clear", n.Args...)
	case "min", "max":
		return l.minMax(n, name)
	}
	return nil
}

// minMax lowers min and max to a function literal that compares. The result is
// NaN when an argument is, as the language demands.
func (l *lowerer) minMax(n *ast.CallExpr, name string) ast.Expr {
	tv := l.info.Types[n]
	if tv.Value != nil {
		if e := l.constant(tv); e != nil {
			return e
		}
	}
	t, ok := l.typeExpr(tv.Type)
	if !ok {
		l.errorf(n.Pos(), "the interpreter cannot write down the type %s here", tv.Type)
		return nil
	}
	params := &ast.FieldList{Opening: l.pos, Closing: l.pos}
	var names []*ast.Ident
	for range n.Args {
		names = append(names, l.temp(name))
	}
	params.List = []*ast.Field{{Names: names, Type: t}}
	op := token.LSS
	if name == "max" {
		op = token.GTR
	}
	acc := names[0]
	var body []ast.Stmt
	for _, x := range names[1:] {
		var cond ast.Expr = &ast.BinaryExpr{X: l.ident(x.Name), OpPos: l.pos, Op: op, Y: l.ident(acc.Name)}
		if b, ok := tv.Type.Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
			nan := &ast.BinaryExpr{X: l.ident(x.Name), OpPos: l.pos, Op: token.NEQ, Y: l.ident(x.Name)}
			cond = &ast.BinaryExpr{X: cond, OpPos: l.pos, Op: token.LOR, Y: nan}
		}
		body = append(body, &ast.IfStmt{If: l.pos, Cond: cond, Body: l.blockOf(l.assign(token.ASSIGN, l.ident(acc.Name), l.ident(x.Name)))})
	}
	body = append(body, &ast.ReturnStmt{Return: l.pos, Results: []ast.Expr{l.ident(acc.Name)}})
	fn := &ast.FuncLit{
		Type: &ast.FuncType{Func: l.pos, Params: params, Results: &ast.FieldList{List: []*ast.Field{{Type: t}}}},
		Body: l.blockOf(body...),
	}
	return l.call(fn, n.Args...)
}

// constant writes a constant value down, converted to its type.
func (l *lowerer) constant(tv types.TypeAndValue) ast.Expr {
	t, ok := l.typeExpr(tv.Type)
	b, basic := tv.Type.Underlying().(*types.Basic)
	if !ok || !basic {
		return nil
	}
	kind := token.INT
	switch {
	case b.Info()&types.IsString != 0:
		kind = token.STRING
	case b.Info()&types.IsFloat != 0:
		kind = token.FLOAT
	case b.Info()&types.IsInteger == 0:
		return nil
	}
	return l.call(t, &ast.BasicLit{ValuePos: l.pos, Kind: kind, Value: tv.Value.ExactString()})
}

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
	r := &rewriter{
		lowerer:    l,
		goNames:    map[*ast.GoStmt]string{},
		rangeLabel: map[*ast.RangeStmt]string{},
		unlabelled: map[ast.Stmt]bool{},
		standIn:    map[ast.Stmt]bool{},
	}
	return astutil.Apply(n, r.enterNode, r.leaveNode)
}

// rewriter is one walk over a tree. What is needed of a node as the reader wrote
// it is noted on the way down; nodes are replaced on the way up.
type rewriter struct {
	*lowerer
	goNames    map[*ast.GoStmt]string
	rangeLabel map[*ast.RangeStmt]string
	unlabelled map[ast.Stmt]bool // what stands for a loop whose label nothing uses any more
	standIn    map[ast.Stmt]bool // blocks that stand for their last statement
}

func (r *rewriter) enterNode(c *astutil.Cursor) bool {
	switch n := c.Node().(type) {
	case *ast.GoStmt:
		r.goNames[n] = goName(n)
	case *ast.FuncLit:
		sig, _ := r.info.TypeOf(n).(*types.Signature)
		r.enter(sig, n.Type, n.Body)
	case *ast.FuncDecl:
		r.enter(r.signature(n), n.Type, n.Body)
	case *ast.LabeledStmt:
		if loop, ok := n.Stmt.(*ast.RangeStmt); ok {
			r.rangeLabel[loop] = n.Label.Name
		}
	}
	return true
}

func (r *rewriter) leaveNode(c *astutil.Cursor) bool {
	switch n := c.Node().(type) {
	case *ast.FuncDecl:
		r.leave(n.Body)
	case ast.Expr:
		r.expr(c, n)
	case *ast.BlockStmt:
		n.List = r.list(n.List)
	case *ast.CaseClause:
		n.Body = r.list(n.Body)
	case *ast.CommClause:
		n.Body = r.list(n.Body)
	case ast.Stmt:
		r.stmt(c, n)
	}
	return true
}

func (r *rewriter) expr(c *astutil.Cursor, e ast.Expr) {
	switch n := e.(type) {
	case *ast.Ident:
		r.name(c, n)
	case *ast.FuncLit:
		r.leave(n.Body)
		if c.Name() != "Fun" {
			c.Replace(r.closure(n))
		}
	case *ast.KeyValueExpr:
		r.stdioField(n)
	case *ast.CallExpr:
		r.stdioArgs(n)
		if e := r.callExpr(n); e != nil {
			c.Replace(e)
		}
	case *ast.IndexExpr, *ast.IndexListExpr:
		if e := r.genericType(n); e != nil {
			c.Replace(e)
		} else if x := indexed(n); r.isInstance(x) {
			c.Replace(x) // it has the instance's name already
		}
	}
}

func (r *rewriter) stmt(c *astutil.Cursor, s ast.Stmt) {
	switch n := s.(type) {
	case *ast.AssignStmt:
		r.stdioAssign(n)
	case *ast.GoStmt:
		c.Replace(r.goStmt(n, r.goNames[n]))
	case *ast.DeferStmt:
		c.Replace(r.deferStmt(n))
	case *ast.ReturnStmt:
		if s := r.returnStmt(n); s != nil {
			c.Replace(s)
		}
	case *ast.ForStmt:
		r.replaceBy(c, r.forStmt(n))
	case *ast.SelectStmt:
		r.replaceBy(c, r.selectStmt(n))
	case *ast.RangeStmt:
		r.ranges(c, n)
	case *ast.LabeledStmt:
		r.labeled(c, n)
	}
}

// replaceBy replaces a statement by a block that ends with it, if there is one.
func (r *rewriter) replaceBy(c *astutil.Cursor, b *ast.BlockStmt) {
	if b != nil {
		r.standIn[b] = true
		c.Replace(b)
	}
}

func (r *rewriter) ranges(c *astutil.Cursor, n *ast.RangeStmt) {
	if sig, ok := r.rangedFunc(n); ok {
		if s := r.rangeFunc(n, sig, r.rangeLabel[n]); s != nil {
			r.unlabelled[s] = true
			c.Replace(s)
		}
		return
	}
	switch s := r.rangeStmt(n).(type) {
	case nil:
	case *ast.BlockStmt:
		r.replaceBy(c, s)
	default:
		c.Replace(s)
	}
}

// labeled moves a label to the loop that it is meant for.
func (r *rewriter) labeled(c *astutil.Cursor, n *ast.LabeledStmt) {
	switch {
	case r.unlabelled[n.Stmt]:
		c.Replace(n.Stmt)
	case r.standIn[n.Stmt]:
		b := n.Stmt.(*ast.BlockStmt)
		last := len(b.List) - 1
		n.Stmt = b.List[last]
		b.List[last] = n
		c.Replace(b)
	}
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

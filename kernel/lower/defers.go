package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// The interpreter's own deferred calls lock their function while they run, wait
// for ever on closures that the function has made, and cannot recover in a
// function value. So a function that defers is lowered to
//
//	func f(p P) (r R) {
//		rt.WithDefers(func(d *rt.Defers) {
//			...            // the body; defer g(x) is a := x; d.Defer(func() { g(a) })
//			r = x; return  // for return x
//		})
//		return r
//	}
//
// and native code runs the deferred calls, as the language demands.

// function is what has to be known of the function around a statement.
type function struct {
	sig     *types.Signature
	cell    bool     // the cell's own statements
	defers  string   // the parameter of the body; "" in a function that does not defer
	results []string // the results, where they have names
	entered string   // says whether a deferred call calls it, in a function that recovers
}

// hasDefer reports whether a function body defers, not counting the function
// literals in it.
func hasDefer(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			found = true
		}
		return !found
	})
	return found
}

// recovers reports whether a function body calls recover, not counting the function
// literals in it, and whether it calls anything at all.
func (l *lowerer) recovers(body *ast.BlockStmt) (recovers, calls bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			calls = true
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
				_, builtin := l.info.Uses[id].(*types.Builtin)
				earlier := l.info.Uses[id] == nil // in a function of an earlier cell
				recovers = recovers || id.Name == "recover" && (builtin || earlier)
			}
		}
		return true
	})
	return recovers, calls
}

// recoverCall lowers recover. It does something only in a function that a deferred
// call calls: such functions ask at their beginning whether one has.
func (l *lowerer) recoverCall() ast.Expr {
	if f := l.current(); f.entered != "" {
		return l.rt("Recover", l.ident(f.entered))
	}
	return l.rt("Recover", l.ident("false"))
}

// withDefers wraps the statements of a function that defers.
func (l *lowerer) withDefers(f *function, body []ast.Stmt) []ast.Stmt {
	if f.defers == "" {
		return body
	}
	inner := l.funcLit(body...)
	inner.Type.Params.List = []*ast.Field{l.param(f.defers, l.star(l.pkgType(Runtime, "Defers")))}
	end := &ast.ReturnStmt{Return: l.pos}
	for _, r := range f.results {
		end.Results = append(end.Results, l.ident(r))
	}
	return []ast.Stmt{l.exprStmt(l.rt("WithDefers", inner)), end}
}

// current is the function around the current node.
func (l *lowerer) current() *function { return l.functions[len(l.functions)-1] }

// returnStmt lowers a return. Results are converted, and in a function that
// defers assigned, before the function returns.
func (l *lowerer) returnStmt(n *ast.ReturnStmt) {
	f := l.current()
	if f.cell {
		l.emit(l.exprStmt(l.rt("At", l.int(len(l.checked.Cell.Body.Body.List)))), l.returns()) // the cell ends here
		return
	}
	values := l.returned(n, f)
	if len(values) > 1 {
		for i, v := range values {
			if _, isCall := v.(*ast.CallExpr); isCall || len(f.results) > 0 {
				values[i] = l.settled(v, f.sig.Results().At(i).Type())
			}
		}
	}
	if len(values) == 0 || f.defers == "" {
		if len(values) == 0 && f.defers == "" {
			for _, r := range f.results {
				values = append(values, l.ident(r))
			}
		}
		l.emit(l.returns(values...))
		return
	}
	for i, v := range values {
		v = l.heldLiteral(v)
		l.emit(l.set(f.results[i], v))
	}
	l.emit(l.returns())
}

// settled evaluates a result before any result is set.
func (l *lowerer) settled(v ast.Expr, t types.Type) ast.Expr {
	if _, lit := v.(*ast.BasicLit); lit {
		return v
	}
	name := l.temp("r")
	l.emit(l.define(name, l.zero(t)), l.set(name, v))
	return l.ident(name)
}

// returned lowers the values of a return.
func (l *lowerer) returned(n *ast.ReturnStmt, f *function) []ast.Expr {
	results := f.sig.Results()
	if len(n.Results) == 1 && results.Len() > 1 {
		tuple := l.info.TypeOf(n.Results[0]).(*types.Tuple)
		return l.spread(l.expr(n.Results[0]), tuple, func(i int) types.Type { return results.At(i).Type() })
	}
	return l.exprs(len(n.Results), func(i int) ast.Expr { return l.exprTo(n.Results[i], results.At(i).Type()) })
}

// deferStmt registers a deferred call. The function and its arguments are
// evaluated by the statement.
func (l *lowerer) deferStmt(n *ast.DeferStmt) {
	f := l.later(n.Call)
	l.emit(l.exprStmt(l.call(l.selector(l.ident(l.current().defers), "Defer"), f)))
}

// goStmt hands what a go statement starts to the runtime, which labels the
// goroutine and reports a panic in it:
//
//	go f(x)
//
// becomes
//
//	a := x; rt.Go(place, "f", func() { f(a) })
func (l *lowerer) goStmt(g *ast.GoStmt) {
	f := l.later(g.Call)
	l.emit(l.exprStmt(l.rt("Go", l.str(l.where(g.Pos())), l.str(goName(g.Call.Fun)), f)))
}

// goName is what runs on a goroutine, for people: the function's name, or func
// literal.
func goName(fun ast.Expr) string {
	if _, ok := ast.Unparen(fun).(*ast.FuncLit); ok {
		return "func literal"
	}
	return types.ExprString(fun)
}

// later evaluates what a call needs, and returns a function without parameters
// that makes the call.
func (l *lowerer) later(e *ast.CallExpr) ast.Expr {
	if lit, ok := ast.Unparen(e.Fun).(*ast.FuncLit); ok && len(e.Args) == 0 && lit.Type.Results.NumFields() == 0 {
		out := l.plainLiteral(lit)
		if recovers, calls := l.recovers(lit.Body); calls && !recovers {
			out.Body.List = append([]ast.Stmt{l.exprStmt(l.rt("Entered"))}, out.Body.List...)
		}
		return l.thunk(out, l.niladic())
	}
	if tv := l.info.Types[e.Fun]; tv.IsBuiltin() || tv.IsType() {
		return l.laterBuiltin(e)
	}
	x := l.expr(e)
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return l.thunk(l.funcLit(l.assign(token.ASSIGN, l.ident("_"), x)), l.niladic())
	}
	l.hold(call)
	if l.entersQuietly(e.Fun) {
		return l.thunk(l.funcLit(l.exprStmt(l.rt("Entered")), l.exprStmt(call)), l.niladic())
	}
	return l.thunk(l.funcLit(l.exprStmt(call)), l.niladic())
}

// entersQuietly reports whether a declared function is called that does not
// recover itself but calls others, which must not recover in its place.
func (l *lowerer) entersQuietly(fun ast.Expr) bool {
	b := l.knownBody(fun)
	return b.calls && !b.recovers
}

// body is what has to be known of the body of a declared function.
type body struct{ recovers, calls bool }

// knownBody finds the body of the function that is called, if that is declared.
func (l *lowerer) knownBody(fun ast.Expr) body {
	var obj types.Object
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		obj = l.object(f)
	case *ast.SelectorExpr:
		if s := l.info.Selections[f]; s != nil {
			obj = s.Obj()
		}
	}
	o := l.session.Object(obj)
	if o == nil {
		return body{}
	}
	d, ok := o.Decl.(*ast.FuncDecl)
	if !ok || d.Body == nil {
		return body{}
	}
	b, known := l.bodies[d]
	if !known {
		b.recovers, b.calls = l.recovers(d.Body)
		l.bodies[d] = b
	}
	return b
}

// hold evaluates the function and the arguments of a lowered call.
func (l *lowerer) hold(call *ast.CallExpr) {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if !l.isPackage(f.X) {
			f.X = l.holdValue(f.X)
		}
	case *ast.Ident:
		if !l.functionNames[f.Name] {
			call.Fun = l.held("f", f)
		}
	default:
		call.Fun = l.held("f", f)
	}
	for i, a := range call.Args {
		call.Args[i] = l.holdValue(a)
	}
}

// holdValue holds an argument, unless it is a literal.
func (l *lowerer) holdValue(x ast.Expr) ast.Expr {
	switch v := ast.Unparen(x).(type) {
	case *ast.BasicLit:
		return x
	case *ast.Ident:
		if v.Name == "nil" || v.Name == "true" || v.Name == "false" {
			return x
		}
	}
	return l.held("a", x)
}

func (l *lowerer) isPackage(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	if !ok {
		return false
	}
	for p := range l.imports {
		if l.alias(p) == id.Name {
			return true
		}
	}
	return false
}

// laterBuiltin is later for a builtin function. What it looks at is evaluated
// now.
func (l *lowerer) laterBuiltin(e *ast.CallExpr) ast.Expr {
	if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok && id.Name == "recover" {
		f := l.current()
		if f.entered == "" {
			return l.thunk(l.funcLit(), l.niladic())
		}
		return l.thunk(l.funcLit(l.exprStmt(l.rt("DeferredRecover", l.ident(f.entered)))), l.niladic())
	}
	var call ast.Expr
	body := l.list(func() { call = l.expr(e) })
	c, ok := call.(*ast.CallExpr)
	l.emit(body...)
	if !ok {
		return l.thunk(l.funcLit(), l.niladic())
	}
	for i, a := range c.Args {
		if id, ok := c.Fun.(*ast.Ident); ok && id.Name == "make" {
			break
		}
		c.Args[i] = l.holdValue(a)
	}
	if id, ok := c.Fun.(*ast.Ident); ok && id.Name != "panic" && id.Name != "close" && id.Name != "delete" && id.Name != "copy" {
		return l.thunk(l.funcLit(l.assign(token.ASSIGN, l.ident("_"), c)), l.niladic())
	}
	return l.thunk(l.funcLit(l.exprStmt(c)), l.niladic())
}

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
	defers  *ast.Ident   // the parameter of the body; nil in a function that does not defer
	results []*ast.Ident // the results of a function that defers, all named
}

// resultTypes are the types of the function's results.
func (f *function) resultTypes() []types.Type {
	var out []types.Type
	for v := range f.sig.Results().Variables() {
		out = append(out, v.Type())
	}
	return out
}

// enter begins a function. The results of one that defers get names that nothing
// in its body can hide.
func (l *lowerer) enter(sig *types.Signature, typ *ast.FuncType, body *ast.BlockStmt) {
	d := &function{sig: sig}
	if body != nil && hasDefer(body) {
		d.defers = l.temp("defers")
		if typ.Results != nil {
			for _, f := range typ.Results.List {
				d.results = append(d.results, l.nameResults(f)...)
			}
		}
	}
	l.functions = append(l.functions, d)
}

func (l *lowerer) nameResults(f *ast.Field) []*ast.Ident {
	if len(f.Names) == 0 {
		f.Names = []*ast.Ident{l.ident("_")}
	}
	for i, id := range f.Names {
		t := l.temp("result")
		if obj := l.info.Defs[id]; obj != nil && id.Name != "_" {
			l.renamed[obj] = t.Name
		}
		f.Names[i] = t
	}
	return f.Names
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

// leave wraps the body of a function that defers.
func (l *lowerer) leave(body *ast.BlockStmt) {
	d := l.functions[len(l.functions)-1]
	l.functions = l.functions[:len(l.functions)-1]
	if d.defers != nil {
		l.withDefers(d, body)
	}
}

func (l *lowerer) withDefers(d *function, body *ast.BlockStmt) {
	inner := l.funcLit(body.List...)
	inner.Type.Params.List = []*ast.Field{{
		Names: []*ast.Ident{d.defers},
		Type:  &ast.StarExpr{Star: l.pos, X: l.pkg(Runtime, "Defers")},
	}}
	end := &ast.ReturnStmt{Return: l.pos}
	for _, r := range d.results {
		end.Results = append(end.Results, l.ident(r.Name))
	}
	body.List = []ast.Stmt{l.exprStmt(l.rt("WithDefers", inner)), end}
}

// current is the function around the current node.
func (l *lowerer) current() *function {
	return l.functions[len(l.functions)-1]
}

// returnStmt assigns results before it returns from the body of a function that
// defers. It returns nil where the statement can stay.
func (l *lowerer) returnStmt(n *ast.ReturnStmt) ast.Stmt {
	d := l.current()
	if l.inBody && len(l.functions) == 1 {
		return l.blockOf(l.exprStmt(l.rt("At", l.int(len(l.checked.Cell.Body.Body.List)))), n) // the cell ends here
	}
	if d.defers == nil || len(n.Results) == 0 {
		return nil
	}
	set := &ast.AssignStmt{TokPos: n.Return, Tok: token.ASSIGN, Rhs: n.Results}
	for _, r := range d.results {
		set.Lhs = append(set.Lhs, l.ident(r.Name))
	}
	return l.blockOf(set, &ast.ReturnStmt{Return: n.Return})
}

// deferStmt registers a deferred call. The function and its arguments are
// evaluated by the statement.
func (l *lowerer) deferStmt(n *ast.DeferStmt) ast.Stmt {
	before, f := l.held(n.Call)
	reg := l.call(&ast.SelectorExpr{X: l.ident(l.current().defers.Name), Sel: l.ident("Defer")}, f)
	return l.blockOf(append(before, l.exprStmt(reg))...)
}

// held evaluates what a call needs, and returns those statements and a function
// literal without parameters that makes the call.
func (l *lowerer) held(call *ast.CallExpr) (before []ast.Stmt, f ast.Expr) {
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok && len(call.Args) == 0 && lit.Type.Results.NumFields() == 0 {
		return nil, l.thunk(lit, l.niladic())
	}
	hold := func(e ast.Expr) ast.Expr {
		t := l.temp("a")
		before = append(before, l.assign(token.DEFINE, t, e))
		return l.ident(t.Name)
	}
	call.Fun = l.holdFunc(call.Fun, hold)
	for i, a := range call.Args {
		tv := l.info.Types[a]
		if tv.Value != nil || tv.IsNil() || tv.IsType() {
			continue
		}
		if tuple, ok := tv.Type.(*types.Tuple); ok {
			before = append(before, l.spread(call, a, tuple))
			break
		}
		call.Args[i] = hold(a)
	}
	return before, l.thunk(l.funcLit(l.exprStmt(call)), l.niladic())
}

// niladic is the type func().
func (l *lowerer) niladic() *ast.FuncType {
	return &ast.FuncType{Func: l.pos, Params: &ast.FieldList{Opening: l.pos, Closing: l.pos}}
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// goName is what a go statement starts, for people: the function's name, or
// func literal.
func goName(g *ast.GoStmt) string {
	if _, ok := ast.Unparen(g.Call.Fun).(*ast.FuncLit); ok {
		return "func literal"
	}
	return types.ExprString(g.Call.Fun)
}

// goStmt wraps what a go statement starts:
//
//	go f(x)
//
// becomes
//
//	{
//		a := x
//		go func() {
//			rt.Enter(place, "f")
//			defer func() { if r := recover(); r != nil { rt.Panicked(place, r) } }()
//			f(a)
//		}()
//	}
//
// The function and its arguments are evaluated by the statement, not by the
// goroutine, as the language demands. A function literal takes the two first
// lines into its own body.
func (l *lowerer) goStmt(g *ast.GoStmt, name string) ast.Stmt {
	place := l.place(g.Pos())
	begin := []ast.Stmt{l.exprStmt(l.rt("Enter", l.str(place), l.str(name))), l.guard(place)}
	if lit, ok := ast.Unparen(g.Call.Fun).(*ast.FuncLit); ok && lit.Type.Results.NumFields() == 0 {
		lit.Body.List = append(begin, lit.Body.List...)
		return g
	}
	var before []ast.Stmt
	hold := func(e ast.Expr) ast.Expr {
		t := l.temp("a")
		before = append(before, l.assign(token.DEFINE, t, e))
		return l.ident(t.Name)
	}
	call := g.Call
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
	lit := l.funcLit(append(begin, l.exprStmt(call))...)
	return l.blockOf(append(before, &ast.GoStmt{Go: g.Go, Call: l.call(lit)})...)
}

// holdFunc evaluates what is called, as far as that can be seen: the receiver of
// a method, or the value of a function variable.
func (l *lowerer) holdFunc(fun ast.Expr, hold func(ast.Expr) ast.Expr) ast.Expr {
	fun = ast.Unparen(fun)
	switch f := fun.(type) {
	case *ast.Ident:
		if _, isVar := l.info.Uses[f].(*types.Var); !isVar {
			return fun
		}
	case *ast.SelectorExpr:
		s := l.info.Selections[f]
		if s == nil {
			return fun // a member of a package
		}
		if s.Kind() != types.MethodVal {
			break
		}
		recv := f.X
		_, wantsPtr := s.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
		_, isPtr := s.Recv().Underlying().(*types.Pointer)
		if wantsPtr && !isPtr {
			recv = &ast.UnaryExpr{OpPos: recv.Pos(), Op: token.AND, X: recv}
		}
		f.X = hold(recv)
		return f
	}
	return hold(fun)
}

// spread evaluates f(g()) where g has several results.
func (l *lowerer) spread(call *ast.CallExpr, arg ast.Expr, tuple *types.Tuple) ast.Stmt {
	s := &ast.AssignStmt{TokPos: l.pos, Tok: token.DEFINE, Rhs: []ast.Expr{arg}}
	call.Args = nil
	for range tuple.Len() {
		t := l.temp("a")
		s.Lhs = append(s.Lhs, t)
		call.Args = append(call.Args, l.ident(t.Name))
	}
	return s
}

// guard reports a panic that reaches the top of a goroutine.
func (l *lowerer) guard(place string) ast.Stmt {
	r := l.temp("r")
	report := &ast.IfStmt{
		If:   l.pos,
		Init: l.assign(token.DEFINE, r, l.call(l.ident("recover"))),
		Cond: &ast.BinaryExpr{X: l.ident(r.Name), OpPos: l.pos, Op: token.NEQ, Y: l.ident("nil")},
		Body: l.blockOf(l.exprStmt(l.rt("Panicked", l.str(place), l.ident(r.Name)))),
	}
	return &ast.DeferStmt{Defer: l.pos, Call: l.call(l.funcLit(report))}
}

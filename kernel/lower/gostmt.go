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

// goStmt hands what a go statement starts to the runtime, which labels the
// goroutine and reports a panic in it:
//
//	go f(x)
//
// becomes
//
//	{ a := x; rt.Go(place, "f", func() { f(a) }) }
//
// The function and its arguments are evaluated by the statement, not by the
// goroutine, as the language demands.
func (l *lowerer) goStmt(g *ast.GoStmt, name string) ast.Stmt {
	before, f := l.held(g.Call)
	start := l.exprStmt(l.rt("Go", l.str(l.place(g.Pos())), l.str(name), f))
	return l.blockOf(append(before, start)...)
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

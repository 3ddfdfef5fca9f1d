package lower

import (
	"go/ast"
	"go/types"
)

// The interpreter keeps the value of a function literal in a place of the function
// around it, and puts the former value back there after each call of it. When
// another goroutine calls the literal while the function makes the next one, the
// next one is lost. And a literal that is handed straight to native code sees
// the variables of its function as they are when it runs, not those of its own
// iteration. So each literal that is not called where it stands is made in a
// function of its own:
//
//	func() T { return literal }()

// closure returns the wrapped literal, or the literal itself where its type
// cannot be written down.
func (l *lowerer) closure(lit *ast.FuncLit) ast.Expr {
	sig, ok := l.info.TypeOf(lit).(*types.Signature)
	if !ok {
		return lit
	}
	l.inFunction = true
	t, ok := l.funcType(sig)
	l.inFunction = false
	if !ok {
		return lit
	}
	return l.thunk(lit, t)
}

// thunk makes a literal of type t in a function of its own.
func (l *lowerer) thunk(lit *ast.FuncLit, t ast.Expr) ast.Expr {
	return l.call(&ast.FuncLit{
		Type: &ast.FuncType{
			Func:    l.pos,
			Params:  &ast.FieldList{Opening: l.pos, Closing: l.pos},
			Results: &ast.FieldList{List: []*ast.Field{{Type: t}}},
		},
		Body: l.blockOf(&ast.ReturnStmt{Return: l.pos, Results: []ast.Expr{lit}}),
	})
}

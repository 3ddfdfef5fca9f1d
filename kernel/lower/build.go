package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
)

// The functions below build syntax. All nodes need a valid position, because the
// interpreter derives the file of a name from it; made-up nodes stand at l.pos.

func (l *lowerer) ident(name string) *ast.Ident { return &ast.Ident{NamePos: l.pos, Name: name} }

// temp is a name that nothing else has.
func (l *lowerer) temp(stem string) *ast.Ident {
	l.temps++
	return l.ident(fmt.Sprintf("%s·t%d", stem, l.temps))
}

func (l *lowerer) call(fun ast.Expr, args ...ast.Expr) *ast.CallExpr {
	return &ast.CallExpr{Fun: fun, Lparen: l.pos, Args: args, Rparen: l.pos}
}

func (l *lowerer) exprStmt(x ast.Expr) ast.Stmt { return &ast.ExprStmt{X: x} }

func (l *lowerer) str(s string) ast.Expr {
	return &ast.BasicLit{ValuePos: l.pos, Kind: token.STRING, Value: strconv.Quote(s)}
}

func (l *lowerer) int(n int) ast.Expr {
	return &ast.BasicLit{ValuePos: l.pos, Kind: token.INT, Value: strconv.Itoa(n)}
}

// pkg names a member of a package and records that the package is used.
func (l *lowerer) pkg(path, member string) ast.Expr {
	l.imports[path] = true
	return &ast.SelectorExpr{X: l.ident(l.alias(path)), Sel: l.ident(member)}
}

// rt calls a function of the runtime package.
func (l *lowerer) rt(name string, args ...ast.Expr) *ast.CallExpr {
	return l.call(l.pkg(Runtime, name), args...)
}

func (l *lowerer) assign(tok token.Token, lhs, rhs ast.Expr) ast.Stmt {
	return &ast.AssignStmt{Lhs: []ast.Expr{lhs}, TokPos: l.pos, Tok: tok, Rhs: []ast.Expr{rhs}}
}

func (l *lowerer) blockOf(list ...ast.Stmt) *ast.BlockStmt {
	return &ast.BlockStmt{Lbrace: l.pos, List: list, Rbrace: l.pos}
}

func (l *lowerer) funcLit(body ...ast.Stmt) *ast.FuncLit {
	return &ast.FuncLit{
		Type: &ast.FuncType{Func: l.pos, Params: &ast.FieldList{Opening: l.pos, Closing: l.pos}},
		Body: l.blockOf(body...),
	}
}

func (l *lowerer) place(pos token.Pos) string {
	p := l.fset.Position(pos)
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
)

// The functions below build syntax. All nodes need a valid position, because the
// interpreter derives the file of a name, and the place of a panic, from it. New
// nodes stand at l.pos, the place of what is being lowered.

func (l *lowerer) ident(name string) *ast.Ident { return &ast.Ident{NamePos: l.pos, Name: name} }

// temp is a variable's name that nothing else has.
func (l *lowerer) temp(stem string) string {
	l.temps++
	return fmt.Sprintf("%s·t%d", stem, l.temps)
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

func (l *lowerer) binary(x ast.Expr, op token.Token, y ast.Expr) ast.Expr {
	return &ast.BinaryExpr{X: x, OpPos: l.pos, Op: op, Y: y}
}

// not is the negation of a condition. An operand in parentheses would mislead the
// interpreter in a longer condition, so one that needs them is evaluated first.
func (l *lowerer) not(x ast.Expr) ast.Expr {
	x = ast.Unparen(x)
	switch c := x.(type) {
	case *ast.Ident, *ast.CallExpr, *ast.SelectorExpr, *ast.IndexExpr:
		return &ast.UnaryExpr{OpPos: l.pos, Op: token.NOT, X: x}
	case *ast.UnaryExpr:
		if c.Op == token.NOT {
			return c.X
		}
	case *ast.BinaryExpr:
		switch c.Op {
		case token.EQL:
			return l.binary(c.X, token.NEQ, c.Y)
		case token.NEQ:
			return l.binary(c.X, token.EQL, c.Y)
		}
	}
	return &ast.UnaryExpr{OpPos: l.pos, Op: token.NOT, X: l.held("b", x)}
}

func (l *lowerer) addr(x ast.Expr) ast.Expr {
	return &ast.UnaryExpr{OpPos: l.pos, Op: token.AND, X: x}
}

func (l *lowerer) star(x ast.Expr) ast.Expr { return &ast.StarExpr{Star: l.pos, X: x} }

func (l *lowerer) index(x, i ast.Expr) ast.Expr {
	return &ast.IndexExpr{X: x, Lbrack: l.pos, Index: i, Rbrack: l.pos}
}

func (l *lowerer) selector(x ast.Expr, name string) ast.Expr {
	return &ast.SelectorExpr{X: x, Sel: l.ident(name)}
}

// pkg names a member of a package and records that the package is used.
func (l *lowerer) pkg(path, member string) ast.Expr {
	l.imports[path] = true
	return l.selector(l.ident(l.alias(path)), member)
}

// pkgType is a type of a package. The package's name stands in the cell itself:
// the interpreter looks for the import of a type in the file where it finds the
// name, and instances stand in other files.
func (l *lowerer) pkgType(path, member string) ast.Expr {
	defer func(pos token.Pos) { l.pos = pos }(l.pos)
	l.pos = l.checked.Cell.Body.Body.Lbrace
	return l.pkg(path, member)
}

// rt calls a function of the runtime package.
func (l *lowerer) rt(name string, args ...ast.Expr) *ast.CallExpr {
	return l.call(l.pkg(Runtime, name), args...)
}

func (l *lowerer) assign(tok token.Token, lhs, rhs ast.Expr) ast.Stmt {
	return &ast.AssignStmt{Lhs: []ast.Expr{lhs}, TokPos: l.pos, Tok: tok, Rhs: []ast.Expr{rhs}}
}

// set is an assignment to a variable.
func (l *lowerer) set(name string, value ast.Expr) ast.Stmt {
	return l.assign(token.ASSIGN, l.ident(name), value)
}

// define is the declaration of a variable.
func (l *lowerer) define(name string, value ast.Expr) ast.Stmt {
	return l.assign(token.DEFINE, l.ident(name), value)
}

func (l *lowerer) blockOf(list ...ast.Stmt) *ast.BlockStmt {
	return &ast.BlockStmt{Lbrace: l.pos, List: list, Rbrace: l.pos}
}

func (l *lowerer) ifStmt(cond ast.Expr, then ...ast.Stmt) *ast.IfStmt {
	return &ast.IfStmt{If: l.pos, Cond: cond, Body: l.blockOf(then...)}
}

func (l *lowerer) returns(results ...ast.Expr) ast.Stmt {
	return &ast.ReturnStmt{Return: l.pos, Results: results}
}

func (l *lowerer) branch(tok token.Token, label string) ast.Stmt {
	b := &ast.BranchStmt{TokPos: l.pos, Tok: tok}
	if label != "" {
		b.Label = l.ident(label)
	}
	return b
}

func (l *lowerer) fieldList(fields ...*ast.Field) *ast.FieldList {
	return &ast.FieldList{Opening: l.pos, List: fields, Closing: l.pos}
}

// param is a field of a list of parameters or results; it may have no name.
func (l *lowerer) param(name string, t ast.Expr) *ast.Field {
	f := &ast.Field{Type: t}
	if name != "" {
		f.Names = []*ast.Ident{l.ident(name)}
	}
	return f
}

// funcLit is a function without parameters and results.
func (l *lowerer) funcLit(body ...ast.Stmt) *ast.FuncLit {
	return &ast.FuncLit{Type: l.niladic(), Body: l.blockOf(body...)}
}

// niladic is the type func().
func (l *lowerer) niladic() *ast.FuncType {
	return &ast.FuncType{Func: l.pos, Params: l.fieldList()}
}

func (l *lowerer) where(pos token.Pos) string {
	p := l.fset.Position(pos)
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// at moves to the place of a node, for the nodes that are built next.
func (l *lowerer) at(n ast.Node) {
	if n.Pos().IsValid() {
		l.pos = n.Pos()
	}
}

// emit adds a statement before the one that is being lowered.
func (l *lowerer) emit(s ...ast.Stmt) { l.out = append(l.out, s...) }

// list collects what f emits.
func (l *lowerer) list(f func()) []ast.Stmt {
	saved := l.out
	l.out = nil
	f()
	out := l.out
	l.out = saved
	return out
}

// held evaluates an expression now, and returns the variable that keeps it.
func (l *lowerer) held(stem string, value ast.Expr) *ast.Ident {
	name := l.temp(stem)
	l.emit(l.define(name, value))
	return l.ident(name)
}

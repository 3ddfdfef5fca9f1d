package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// The interpreter keeps the cases of a select statement with the statement, so
// that two goroutines in the same one take each other's channels and values. A
// select is lowered to a call of the runtime:
//
//	select {
//	case v, ok := <-c:
//		A
//	case d <- x:
//		B
//	default:
//		C
//	}
//
// becomes
//
//	{
//		c0 := c; var v0 T
//		d0 := d; var x0 U = x
//		n, ok0 := rt.Select("rsd", c0, &v0, d0, &x0)
//		switch n {
//		case 0:
//			v, ok := v0, ok0
//			A
//		case 1:
//			B
//		case 2:
//			C
//		}
//	}
//
// Channels and values are evaluated once, in order, as the language demands.
func (l *lowerer) selectStmt(n *ast.SelectStmt) *ast.BlockStmt {
	s := &selecting{lowerer: l, chosen: l.temp("n"), ok: l.temp("ok")}
	sw := &ast.SwitchStmt{Switch: n.Select, Tag: l.ident(s.chosen.Name), Body: l.blockOf()}
	for i, c := range n.Body.List {
		clause := c.(*ast.CommClause)
		begin := s.clause(clause.Comm)
		sw.Body.List = append(sw.Body.List, &ast.CaseClause{
			Case: clause.Case, List: []ast.Expr{l.int(i)}, Colon: clause.Colon,
			Body: append(begin, clause.Body...),
		})
	}
	call := &ast.AssignStmt{
		Lhs: []ast.Expr{s.chosen, s.ok}, TokPos: n.Select, Tok: token.DEFINE,
		Rhs: []ast.Expr{l.rt("Select", append([]ast.Expr{l.str(s.kinds)}, s.args...)...)},
	}
	return l.blockOf(append(s.before, call, sw)...)
}

// selecting is one select statement.
type selecting struct {
	*lowerer
	chosen, ok *ast.Ident
	kinds      string     // a letter for each clause: receive, send, default
	before     []ast.Stmt // evaluate channels and values
	args       []ast.Expr
}

// clause takes up a communication and returns what its clause begins with.
func (s *selecting) clause(comm ast.Stmt) []ast.Stmt {
	switch c := comm.(type) {
	case nil:
		s.kinds += "d"
	case *ast.SendStmt:
		s.kinds += "s"
		ch, elem := s.channel(c.Chan)
		s.args = append(s.args, ch, s.variable("x", elem, c.Value))
	case *ast.ExprStmt:
		s.kinds += "r"
		ch, _ := s.channel(ast.Unparen(c.X).(*ast.UnaryExpr).X)
		s.args = append(s.args, ch, s.ident("nil"))
	case *ast.AssignStmt:
		return s.receive(c)
	}
	return nil
}

func (s *selecting) receive(c *ast.AssignStmt) []ast.Stmt {
	s.kinds += "r"
	ch, elem := s.channel(ast.Unparen(c.Rhs[0]).(*ast.UnaryExpr).X)
	var begin []ast.Stmt
	var ptr ast.Expr = s.ident("nil")
	if !isBlank(c.Lhs[0]) {
		ptr = s.variable("v", elem, nil)
		v := ptr.(*ast.UnaryExpr).X.(*ast.Ident)
		begin = append(begin, s.assign(c.Tok, c.Lhs[0], s.ident(v.Name)))
	}
	if len(c.Lhs) > 1 && !isBlank(c.Lhs[1]) {
		begin = append(begin, s.assign(c.Tok, c.Lhs[1], s.ident(s.ok.Name)))
	}
	s.args = append(s.args, ch, ptr)
	return begin
}

// channel evaluates a channel and returns it with the type of its elements.
func (s *selecting) channel(e ast.Expr) (ast.Expr, types.Type) {
	t := s.temp("c")
	s.before = append(s.before, s.lowerer.assign(token.DEFINE, t, e))
	ch, ok := s.info.TypeOf(e).Underlying().(*types.Chan)
	if !ok {
		return s.ident(t.Name), types.Typ[types.Invalid]
	}
	return s.ident(t.Name), ch.Elem()
}

// variable declares a variable and returns its address.
func (s *selecting) variable(stem string, t types.Type, value ast.Expr) ast.Expr {
	v := s.temp(stem)
	s.inFunction = true
	typ, ok := s.typeExpr(t)
	s.inFunction = false
	if !ok {
		s.errorf(s.pos, "the interpreter cannot write down the type %s of a channel", t)
		return s.ident("nil")
	}
	// := with a new value, because the interpreter makes a new variable only then.
	fresh := &ast.StarExpr{Star: s.pos, X: s.call(s.ident("new"), typ)}
	s.before = append(s.before, s.lowerer.assign(token.DEFINE, v, fresh))
	if value != nil {
		s.before = append(s.before, s.lowerer.assign(token.ASSIGN, s.ident(v.Name), value))
	}
	return s.addr(v.Name)
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

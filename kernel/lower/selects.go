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
//	c0 := c; v0 := *new(T)
//	d0 := d; x0 := *new(U); x0 = x
//	n, ok0 := rt.Select("rsd", c0, &v0, d0, &x0)
//	switch n {
//	case 0:
//		v, ok := v0, ok0
//		A
//	case 1:
//		B
//	case 2:
//		C
//	}
//
// Channels and values are evaluated once, in order, as the language demands.
func (l *lowerer) selectStmt(n *ast.SelectStmt, label string) {
	inner := l.list(func() {
		s := &selecting{lowerer: l, chosen: l.temp("n"), ok: l.temp("ok")}
		begins := make([]func(), len(n.Body.List))
		for i, c := range n.Body.List {
			begins[i] = s.clause(c.(*ast.CommClause).Comm)
		}
		l.at(n)
		l.emit(&ast.AssignStmt{
			Lhs: []ast.Expr{l.ident(s.chosen), l.ident(s.ok)}, TokPos: l.pos, Tok: token.DEFINE,
			Rhs: []ast.Expr{l.rt("Select", append([]ast.Expr{l.str(s.kinds)}, s.args...)...)},
		})
		sw := &ast.SwitchStmt{Switch: l.pos, Tag: l.ident(s.chosen), Body: l.blockOf()}
		for i, c := range n.Body.List {
			clause := c.(*ast.CommClause)
			l.at(clause)
			body := l.list(func() {
				begins[i]()
				l.block(clause.Body)
			})
			sw.Body.List = append(sw.Body.List, &ast.CaseClause{Case: l.pos, List: []ast.Expr{l.int(i)}, Colon: l.pos, Body: body})
		}
		l.emit(l.withLabel(label, sw))
	})
	l.emit(l.blockOf(inner...))
}

// selecting is one select statement.
type selecting struct {
	*lowerer
	chosen, ok string
	kinds      string // a letter for each clause: receive, send, default
	args       []ast.Expr
}

// clause takes up a communication and returns what lowers the beginning of its
// clause.
func (s *selecting) clause(comm ast.Stmt) func() {
	nothing := func() {}
	if comm != nil {
		s.at(comm)
	}
	switch c := comm.(type) {
	case nil:
		s.kinds += "d"
	case *ast.SendStmt:
		s.kinds += "s"
		ch, elem := s.channel(c.Chan)
		x := s.temp("x")
		value := s.exprTo(c.Value, elem)
		s.emit(s.define(x, s.zero(elem)), s.set(x, value))
		s.args = append(s.args, ch, s.addr(s.ident(x)))
	case *ast.ExprStmt:
		s.kinds += "r"
		ch, _ := s.channel(ast.Unparen(c.X).(*ast.UnaryExpr).X)
		s.args = append(s.args, ch, s.ident("nil"))
	case *ast.AssignStmt:
		return s.receive(c)
	}
	return nothing
}

func (s *selecting) receive(c *ast.AssignStmt) func() {
	s.kinds += "r"
	ch, elem := s.channel(ast.Unparen(c.Rhs[0]).(*ast.UnaryExpr).X)
	v := ""
	ptr := ast.Expr(s.ident("nil"))
	if !isBlank(c.Lhs[0]) {
		v = s.temp("v")
		s.emit(s.define(v, s.zero(elem)))
		ptr = s.addr(s.ident(v))
	}
	s.args = append(s.args, ch, ptr)
	return func() {
		if v != "" {
			s.received(c.Lhs[0], s.ident(v), elem)
		}
		if len(c.Lhs) > 1 && !isBlank(c.Lhs[1]) {
			s.received(c.Lhs[1], s.ident(s.ok), types.Typ[types.Bool])
		}
	}
}

func (s *selecting) received(x, value ast.Expr, t types.Type) {
	var place ast.Expr
	if s.defines(x) == nil {
		place = s.place(x)
	}
	s.store(x, place, value, t)
}

// channel evaluates a channel and returns it with the type of its elements.
func (s *selecting) channel(e ast.Expr) (ast.Expr, types.Type) {
	ch := s.info.TypeOf(e).Underlying().(*types.Chan)
	c := s.temp("c")
	x := s.exprTo(e, ch)
	s.emit(s.define(c, s.zero(ch)), s.set(c, x))
	return s.ident(c), ch.Elem()
}

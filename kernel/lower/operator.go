package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

func (l *lowerer) unary(e *ast.UnaryExpr) ast.Expr {
	switch e.Op {
	case token.AND:
		return l.address(e.X)
	case token.ARROW:
		return l.held("v", l.receive(e)) // elsewhere the interpreter loses some values
	case token.NOT:
		return l.not(l.expr(e.X))
	case token.ADD:
		return l.expr(e.X)
	}
	return &ast.UnaryExpr{OpPos: l.pos, Op: e.Op, X: l.expr(e.X)}
}

func (l *lowerer) receive(e *ast.UnaryExpr) ast.Expr {
	return &ast.UnaryExpr{OpPos: l.pos, Op: token.ARROW, X: l.channel(e.X)}
}

// channel lowers a channel that is sent to or received from. The interpreter must
// know that it is one.
func (l *lowerer) channel(e ast.Expr) ast.Expr {
	x := l.expr(e)
	t := types.Unalias(l.info.TypeOf(e))
	if n, ok := t.(*types.Named); ok && l.recursive(n) { // the interpreter does not know its elements
		t = n.Underlying()
		x = l.call(l.native(OpConvert, n, t, nil), x)
	}
	if _, ok := x.(*ast.Ident); ok {
		return x
	}
	c := l.temp("c")
	l.emit(l.define(c, l.zero(t)), l.set(c, x))
	return l.ident(c)
}

// address lowers &x. A composite literal becomes a new variable.
func (l *lowerer) address(e ast.Expr) ast.Expr {
	e = ast.Unparen(e)
	if lit, ok := e.(*ast.CompositeLit); ok {
		return l.addressOfLiteral(lit)
	}
	if star, ok := e.(*ast.StarExpr); ok {
		p := l.held("p", l.expr(star.X))
		l.emit(l.ifStmt(l.binary(l.ident(p.Name), token.EQL, l.ident("nil")), l.exprStmt(l.rt("NilDereference"))))
		return p
	}
	if sel, ok := e.(*ast.SelectorExpr); ok && l.info.Selections[sel] == nil {
		return l.foreignVariable(l.info.Uses[sel.Sel].(*types.Var))
	}
	return l.addr(l.expr(e))
}

func (l *lowerer) binaryExpr(e *ast.BinaryExpr) ast.Expr {
	if l.refused(e) {
		l.errorf(e.Pos(), "with its type arguments, this is a constant that is too large, or divided by zero")
		return l.int(0)
	}
	switch e.Op {
	case token.LAND, token.LOR:
		return l.logical(e)
	case token.SHL, token.SHR:
		xs := l.exprs(2, func(i int) ast.Expr {
			if i == 0 {
				return l.operandOf(e.X, l.info.TypeOf(e))
			}
			return l.shiftCount(e.Y)
		})
		return l.binary(xs[0], e.Op, xs[1])
	case token.EQL, token.NEQ:
		return l.equality(e.X, e.Op, e.Y)
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		xs := l.both(e.X, e.Y)
		return l.binary(xs[0], e.Op, xs[1])
	}
	t := l.info.TypeOf(e)
	xs := l.exprs(2, func(i int) ast.Expr { return l.operandOf([]ast.Expr{e.X, e.Y}[i], t) })
	return l.binary(xs[0], e.Op, xs[1])
}

// refused reports whether the checker has given up an operation on constants: it
// has computed the operands, but not the result.
func (l *lowerer) refused(e *ast.BinaryExpr) bool {
	t := l.info.TypeOf(e)
	b, ok := t.(*types.Basic)
	untyped := t == nil || ok && b.Info()&types.IsUntyped != 0 && b.Info()&types.IsNumeric != 0
	return untyped && l.info.Types[e.X].Value != nil && l.info.Types[e.Y].Value != nil
}

// operandOf lowers an operand of an operation whose result has type t.
func (l *lowerer) operandOf(e ast.Expr, t types.Type) ast.Expr {
	if tv := l.info.Types[e]; tv.Value != nil {
		l.at(e)
		return l.constant(tv.Value, t)
	}
	return l.expr(e)
}

// both lowers the operands of a comparison, constants with the other's type.
func (l *lowerer) both(x, y ast.Expr) []ast.Expr {
	t := l.info.TypeOf(x)
	if l.info.Types[x].Value != nil {
		t = l.info.TypeOf(y)
	}
	return l.exprs(2, func(i int) ast.Expr { return l.operandOf([]ast.Expr{x, y}[i], t) })
}

// shiftCount lowers the right operand of a shift to a uint64. A negative count
// is a panic.
func (l *lowerer) shiftCount(e ast.Expr) ast.Expr {
	tv := l.info.Types[e]
	if tv.Value != nil {
		return l.call(l.ident("uint64"), l.number(token.INT, intText(tv.Value)))
	}
	x := l.expr(e)
	b, ok := tv.Type.Underlying().(*types.Basic)
	if ok && b.Info()&types.IsUnsigned != 0 {
		return l.call(l.ident("uint64"), x)
	}
	n := l.held("n", x)
	l.emit(l.ifStmt(l.binary(l.ident(n.Name), token.LSS, l.int(0)), l.exprStmt(l.rt("NegativeShift"))))
	return l.call(l.ident("uint64"), n)
}

// logical lowers && and ||. What the right operand emits is evaluated only when
// the operand is.
func (l *lowerer) logical(e *ast.BinaryExpr) ast.Expr {
	x := l.expr(e.X)
	var y ast.Expr
	emitted := l.list(func() { y = l.expr(e.Y) })
	if len(emitted) == 0 {
		return l.binary(x, e.Op, y)
	}
	v := l.held("b", x)
	var cond ast.Expr = l.ident(v.Name)
	if e.Op == token.LOR {
		cond = l.not(cond)
	}
	l.emit(l.ifStmt(cond, append(emitted, l.set(v.Name, y))...))
	return l.ident(v.Name)
}

// equality lowers x == y and x != y.
func (l *lowerer) equality(x ast.Expr, op token.Token, y ast.Expr) ast.Expr {
	xs := l.comparands(x, y)
	tx, ty := l.info.TypeOf(x), l.info.TypeOf(y)
	return l.equal(xs[0], op, xs[1], tx, ty)
}

// equal compares lowered values of the types tx and ty.
func (l *lowerer) equal(x ast.Expr, op token.Token, y ast.Expr, tx, ty types.Type) ast.Expr {
	if isNil(tx) || isNil(ty) {
		return l.binary(x, op, y)
	}
	if !types.IsInterface(tx) && !types.IsInterface(ty) {
		if !hasParts(tx) {
			return l.binary(l.directed(x, tx, ty), op, l.directed(y, ty, tx))
		}
		ty = tx // one of them may be a named type, the other what it stands for
	}
	eq := l.rt("Equal", l.convert(x, tx, emptyInterface), l.convert(y, ty, emptyInterface))
	if op == token.NEQ {
		return l.not(eq)
	}
	return eq
}

// directed is a channel of type t as one of the type that it is compared with,
// if that has a direction. It is x for all other types.
func (l *lowerer) directed(x ast.Expr, t, other types.Type) ast.Expr {
	c, ok := t.Underlying().(*types.Chan)
	o, _ := other.Underlying().(*types.Chan)
	if !ok || o == nil || c.Dir() == o.Dir() || o.Dir() == types.SendRecv {
		return x
	}
	return l.call(l.native(OpConvert, t, other, nil), x)
}

// comparands lowers both sides of a comparison; a constant has the other side's
// type, unless that is an interface.
func (l *lowerer) comparands(x, y ast.Expr) []ast.Expr {
	sides := []ast.Expr{x, y}
	return l.exprs(2, func(i int) ast.Expr {
		tv := l.info.Types[sides[i]]
		if tv.IsNil() {
			return l.ident("nil")
		}
		if tv.Value != nil {
			l.at(sides[i])
			return l.constant(tv.Value, tv.Type)
		}
		return l.expr(sides[i])
	})
}

// hasParts reports whether values of a type are compared part by part.
func hasParts(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
		return true
	}
	return false
}

func isNil(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.UntypedNil
}

func intText(v constant.Value) string { return constant.ToInt(v).ExactString() }

package progen

import (
	"fmt"
	"go/constant"
	"go/token"
	"strings"
)

// Names for the operators of package constant.
const (
	floatToken = token.FLOAT
	shiftLeft  = token.SHL
	subtract   = token.SUB
	less       = token.LSS
	greater    = token.GTR
)

// binary returns x op y for operands of one type t.
func (g *gen) binary(t *typ, op token.Token, x, y expr) expr {
	if x.konst && y.konst {
		if out, ok := fold(t, op, x, y); ok {
			return out
		}
		x = g.unfold(x)
	}
	p := op.Precedence()
	return expr{s: x.in(p) + " " + op.String() + " " + y.in(p+1), prec: p}
}

// fold computes x op y when both are integer or string constants and the result
// is a constant of their type.
func fold(t *typ, op token.Token, x, y expr) (expr, bool) {
	if x.val == nil || y.val == nil || !t.integer() && t.kind != kString && t.kind != kBool {
		return expr{}, false
	}
	p := op.Precedence()
	out := expr{s: x.in(p) + " " + op.String() + " " + y.in(p+1), prec: p, konst: true}
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		out.val = constant.MakeBool(constant.Compare(x.val, op, y.val))
		return out, true
	case token.QUO, token.REM:
		if constant.Sign(y.val) == 0 {
			return expr{}, false
		}
		if op == token.QUO {
			op = token.QUO_ASSIGN // integer division
		}
	}
	out.val = constant.BinaryOp(x.val, op, y.val)
	if t.integer() && (out.val.Kind() != constant.Int || !fits(t, out.val)) {
		return expr{}, false
	}
	return out, true
}

func (g *gen) boolExpr(d int) expr {
	switch g.r.IntN(10) {
	case 0:
		x := g.expr(tBool, d-1)
		out := expr{s: "!" + x.in(6), prec: 6, konst: x.konst}
		if x.val != nil {
			out.val = constant.UnaryOp(token.NOT, x.val, 0)
		}
		return out
	case 1, 2:
		return g.logic(d)
	case 3:
		return g.equal(d)
	case 4:
		k := one(g, keyTypes...)
		g.helper("has")
		return operand("has(%s, %s)", g.expr(mapOf(k, g.elemType()), d-1).s, g.expr(k, d-1).s)
	case 5:
		return operand("%s.%s(%s, %s)", g.pkg("strings"), one(g, "Contains", "HasPrefix", "HasSuffix"), g.expr(tString, d-1).s, g.expr(tString, d-1).s)
	}
	t := one(g, tInt, tInt, tInt, tString, tFloat64, tUint8, tInt16, tUint64, tInt32)
	op := one(g, token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ)
	return g.binary(t, op, g.expr(t, d-1), g.expr(t, d-1))
}

// logic joins two conditions.
func (g *gen) logic(d int) expr {
	x, y := g.expr(tBool, d-1), g.expr(tBool, d-1)
	if strings.Contains(y.s, x.s) || strings.Contains(x.s, y.s) {
		g.helper("id")
		x = operand("id(%s)", x.s) // vet would call it redundant
	}
	return g.binary(tBool, one(g, token.LAND, token.LOR), x, y)
}

// equal compares structs, arrays, or an interface with a value.
func (g *gen) equal(d int) expr {
	op := one(g, "==", "!=")
	if g.chance(30) {
		x, t := g.expr(tAny, d-1), one(g, basicTypes...)
		return expr{s: fmt.Sprintf("%s %s any(%s)", g.comparableAny(x), op, g.expr(t, d-1).s), prec: 3}
	}
	for range 5 {
		t := g.randType()
		if (t.kind == kStruct || t.kind == kArray) && t.comparable() {
			x, y := g.expr(t, d-1), g.expr(t, d-1)
			if x.s == y.s {
				g.helper("id")
				x = operand("id(%s)", x.s)
			}
			return expr{s: fmt.Sprintf("(%s %s %s)", x.in(4), op, y.in(4)), prec: 7}
		}
	}
	return g.basicLiteral(tBool)
}

// comparableAny keeps a comparison of interfaces from panicking.
func (g *gen) comparableAny(x expr) string {
	g.helper("plain")
	return "plain(" + x.s + ")"
}

func (g *gen) intExpr(t *typ, d int) expr {
	switch g.r.IntN(12) {
	case 0, 1, 2, 3:
		op := one(g, token.ADD, token.SUB, token.MUL, token.AND, token.OR, token.XOR, token.AND_NOT)
		x, y := g.expr(t, d-1), g.expr(t, d-1)
		return g.binary(t, op, x, y)
	case 4:
		// The divisor is never zero: it is odd.
		y := g.expr(t, d-1)
		y = expr{s: fmt.Sprintf("(%s | 1)", y.in(4)), prec: 7, konst: y.konst}
		return g.binary(t, one(g, token.QUO, token.REM), g.unfold(g.expr(t, d-1)), y)
	case 5:
		return g.shift(t, d)
	case 6:
		x := g.unfold(g.expr(t, d-1))
		return expr{s: one(g, "-", "^", "+") + x.in(7), prec: 6}
	case 7, 8:
		return g.intConversion(t, d)
	case 9:
		h := one(g, "sum", "largest")
		g.helper(h)
		return operand("%s(%s)", h, g.list(t, 1+g.r.IntN(3), d-1))
	case 10:
		return operand("%s(%s, %s)", one(g, "min", "max"), g.unfold(g.expr(t, d-1)).s, g.expr(t, d-1).s)
	}
	return g.count(t, d)
}

// shift shifts by less than 64, which may be more than the width of the type.
func (g *gen) shift(t *typ, d int) expr {
	x := g.unfold(g.expr(t, d-1))
	op := one(g, "<<", ">>")
	if g.chance(50) {
		return expr{s: fmt.Sprintf("%s %s %d", x.in(5), op, g.r.IntN(t.bits)), prec: 5}
	}
	ct := one(g, integerTypes...)
	count := g.unfold(g.expr(ct, d-1))
	return expr{s: fmt.Sprintf("%s %s (%s & %d)", x.in(5), op, count.in(5), one(g, 3, 7, 15, 63)), prec: 5}
}

func (g *gen) intConversion(t *typ, d int) expr {
	if g.chance(20) && t.bits == 64 {
		g.helper("trunc")
		return operand("%s(trunc(%s))", t.src(), g.expr(tFloat64, d-1).s)
	}
	from := one(g, integerTypes...)
	return operand("%s(%s)", t.src(), g.unfold(g.expr(from, d-1)).s)
}

// count returns a length or the like, converted to t.
func (g *gen) count(t *typ, d int) expr {
	var s string
	switch g.r.IntN(6) {
	case 0:
		s = fmt.Sprintf("len(%s)", g.unfold(g.expr(tString, d-1)).s)
	case 1:
		s = fmt.Sprintf("len(%s)", g.expr(sliceOf(g.elemType()), d-1).s)
	case 2:
		s = fmt.Sprintf("len(%s)", g.expr(mapOf(one(g, keyTypes...), tInt), d-1).s)
	case 3:
		s = fmt.Sprintf("%s.%s(%s, %s)", g.pkg("strings"), one(g, "Index", "Count"), g.expr(tString, d-1).s, g.expr(tString, d-1).s)
	case 4:
		s = fmt.Sprintf("%s.RuneCountInString(%s)", g.pkg("unicode/utf8"), g.expr(tString, d-1).s)
	case 5:
		u := one(g, basicTypes...)
		g.helper("fold")
		acc, e := &variable{name: g.name("acc"), t: tInt}, &variable{name: g.name("e"), t: u}
		body := g.literal(true, []*variable{acc, e}, []*typ{tInt}, func() { g.line("return %s", g.expr(tInt, d-1).s) })
		s = fmt.Sprintf("fold(%s, %s, func(%s int, %s %s) int {\n%s})", g.expr(sliceOf(u), d-1).s, g.expr(tInt, d-1).s, acc.name, e.name, u.src(), body)
	}
	if t == tInt {
		return operand("%s", s)
	}
	return operand("%s(%s)", t.src(), s)
}

// floatExpr avoids what a processor may compute with one rounding instead of
// two: each product is converted to its type.
func (g *gen) floatExpr(t *typ, d int) expr {
	switch g.r.IntN(8) {
	case 0, 1:
		return g.binary(t, one(g, token.ADD, token.SUB), g.unfold(g.expr(t, d-1)), g.expr(t, d-1))
	case 2, 3:
		return operand("%s(%s)", t.src(), g.binary(t, token.MUL, g.unfold(g.expr(t, d-1)), g.expr(t, d-1)).s)
	case 4:
		return g.binary(t, token.QUO, g.unfold(g.expr(t, d-1)), g.unfold(g.expr(t, d-1)))
	case 5:
		return operand("%s(%s)", t.src(), g.unfold(g.expr(one(g, integerTypes...), d-1)).s)
	case 6:
		if t == tFloat64 {
			x := g.unfold(g.expr(t, d-1)).s
			return operand("%s.%s(%s)", g.pkg("math"), one(g, "Sqrt", "Floor", "Abs", "Trunc"), x)
		}
		return operand("%s(%s)", t.src(), g.unfold(g.expr(tFloat64, d-1)).s)
	}
	return operand("%s(%s, %s)", one(g, "min", "max"), g.unfold(g.expr(t, d-1)).s, g.expr(t, d-1).s)
}

// complexExpr only adds, so that the result does not depend on rounding.
func (g *gen) complexExpr(t *typ, d int) expr {
	if g.chance(40) {
		return operand("%s(complex(%s, %s))", t.src(), g.unfold(g.expr(tFloat64, d-1)).s, g.unfold(g.expr(tFloat64, d-1)).s)
	}
	return g.binary(t, one(g, token.ADD, token.SUB), g.unfold(g.expr(t, d-1)), g.expr(t, d-1))
}

func (g *gen) stringExpr(t *typ, d int) expr {
	var s string
	switch g.r.IntN(11) {
	case 0, 1, 2:
		return g.binary(t, token.ADD, g.expr(t, d-1), g.expr(t, d-1))
	case 3:
		s = "fmt.Sprint(" + g.expr(g.boxedType(), d-1).s + ")"
	case 4:
		bt := g.boxedType()
		s = fmt.Sprintf("fmt.Sprintf(%q, %s)", g.verb(bt), g.expr(bt, d-1).s)
	case 5:
		s = fmt.Sprintf("%s.%s(%s)", g.pkg("strings"), one(g, "ToUpper", "TrimSpace", "ToLower"), g.expr(tString, d-1).s)
	case 6:
		s = fmt.Sprintf("%s.Repeat(%s, %d)", g.pkg("strings"), g.expr(tString, d-1).s, g.r.IntN(4))
	case 7:
		s = fmt.Sprintf("string(rune('a' + (%s & 15)))", g.unfold(g.expr(tInt32, d-1)).in(5))
	case 8:
		g.helper("cut")
		s = fmt.Sprintf("cut(%s, %s, %d)", g.expr(tString, d-1).s, g.expr(tInt, d-1).s, g.r.IntN(6))
	case 9:
		s = fmt.Sprintf("string(%s)", g.expr(sliceOf(one(g, tUint8, tRune)), d-1).s)
	case 10:
		if g.chance(50) {
			s = fmt.Sprintf("%s.Itoa(%s)", g.pkg("strconv"), g.expr(tInt, d-1).s)
		} else {
			s = fmt.Sprintf("%s.Quote(%s)", g.pkg("strconv"), g.expr(tString, d-1).s)
		}
	}
	if t == tString {
		return operand("%s", s)
	}
	return operand("%s(%s)", t.src(), s)
}

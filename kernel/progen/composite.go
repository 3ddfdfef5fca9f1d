package progen

import (
	"fmt"
	"go/constant"
	"strings"
)

// composite returns a literal whose parts are expressions of depth d.
func (g *gen) composite(t *typ, d int) expr {
	switch t.kind {
	case kSlice:
		return g.sliceLiteral(t, d)
	case kArray:
		if t.name == "" && g.chance(30) {
			return operand("[...]%s{%s}", t.elem.src(), g.list(t.elem, t.n, d-1))
		}
		return operand("%s{%s}", t.src(), g.list(t.elem, g.r.IntN(t.n+1), d-1))
	case kMap:
		return g.mapLiteral(t, d)
	case kStruct:
		return g.structLiteral(t, d)
	case kPointer:
		if t.elem.kind == kStruct {
			return expr{s: "&" + g.structLiteral(t.elem, d).s, prec: 6}
		}
		g.helper("ptr")
		return operand("ptr(%s)", g.expr(t.elem, d-1).s)
	case kAny:
		return operand("any(%s)", g.expr(g.boxedType(), d-1).s)
	case kInterface:
		return operand("%s(%s)", t.name, g.expr(one(g, t.impls...), d-1).s)
	case kFunc:
		return g.funcExpr(t, d)
	}
	return g.basicLiteral(t)
}

// boxedType returns a type for what an any holds.
func (g *gen) boxedType() *typ {
	for range 4 {
		if t := g.randType(); t.kind != kAny && t.kind != kInterface && t.printable() {
			return t
		}
	}
	return tInt
}

func (g *gen) sliceLiteral(t *typ, d int) expr {
	n := g.r.IntN(4)
	switch g.r.IntN(8) {
	case 0:
		return operand("make(%s, %d)", t.src(), n)
	case 1:
		return operand("%s{%d: %s}", t.src(), n, g.expr(t.elem, d-1).s)
	case 2:
		if t.name == "" {
			return operand("append(%s(nil), %s)", t.src(), g.list(t.elem, n+1, d-1))
		}
	}
	return operand("%s{%s}", t.src(), g.list(t.elem, n, d-1))
}

func (g *gen) mapLiteral(t *typ, d int) expr {
	var out []string
	seen := map[string]bool{}
	for range g.r.IntN(4) {
		key := g.mapKey(t.key)
		if !seen[key] {
			seen[key] = true
			out = append(out, key+": "+g.expr(t.elem, d-1).s)
		}
	}
	return operand("%s{%s}", t.src(), strings.Join(out, ", "))
}

func (g *gen) structLiteral(t *typ, d int) expr {
	keyed := g.chance(60)
	var out []string
	for _, f := range t.fields {
		if keyed && g.chance(25) {
			continue
		}
		x := g.expr(f.t, d-1).s
		if keyed {
			x = f.name + ": " + x
		}
		out = append(out, x)
	}
	return operand("%s{%s}", t.src(), strings.Join(out, ", "))
}

// mapKey writes a constant for a map key: two equal ones have equal texts.
func (g *gen) mapKey(t *typ) string {
	switch t.kind {
	case kBool:
		return one(g, "true", "false")
	case kString:
		return fmt.Sprintf("%q", one(g, words...))
	}
	return fmt.Sprint(g.r.IntN(5))
}

var words = []string{"", "a", "go", "key", "x y", "été", "日本", "tab\t", "Zed", "b"}

// basicLiteral returns a constant of a basic type, or of one declared from it.
func (g *gen) basicLiteral(t *typ) expr {
	if len(t.values) > 0 && g.chance(70) {
		return expr{s: one(g, t.values...), prec: 7, konst: true}
	}
	var x expr
	switch t.kind {
	case kBool:
		b := g.chance(50)
		return expr{s: fmt.Sprint(b), prec: 7, konst: true, val: constant.MakeBool(b)}
	case kInt, kUint:
		return g.intLiteral(t)
	case kFloat:
		text := one(g, "0.5", "2.0", "1.25", "3.0", "0.1", "-1.5", "100.0", "1e3", "7.0", "0.0")
		x = expr{s: text, prec: 7, konst: true, val: constant.MakeFromLiteral(strings.TrimPrefix(text, "-"), floatToken, 0)}
		if text[0] == '-' {
			x.prec = 6
		}
	case kComplex:
		x = expr{s: one(g, "(1 + 2i)", "(2 - 1i)", "(0.5i)", "(3 + 0i)"), prec: 7, konst: true}
	case kString:
		w := one(g, words...)
		x = expr{s: fmt.Sprintf("%q", w), prec: 7, konst: true, val: constant.MakeString(w)}
		if g.chance(8) && !strings.Contains(w, "\t") {
			x.s = "`" + w + "`"
		}
	}
	if t != tFloat64 && t != tComplex128 && t != tString {
		x.s, x.prec = t.src()+"("+x.s+")", 7
	}
	return x
}

func (g *gen) intLiteral(t *typ) expr {
	n := int64(g.r.IntN(12))
	switch {
	case g.chance(15):
		n = int64(g.r.IntN(128))
	case g.chance(8) && t.bits > 8:
		n = int64(g.r.IntN(1 << 15))
	}
	if t.kind == kInt && g.chance(15) {
		n = -n
	}
	val := constant.MakeInt64(n)
	if g.chance(6) {
		val = limit(t)
	}
	x := expr{s: val.ExactString(), prec: 7, konst: true, val: val}
	if constant.Sign(val) < 0 {
		x.prec = 6
	} else if g.chance(6) {
		x.s = fmt.Sprintf("%#x", n)
		x.val = constant.MakeInt64(n)
	}
	if !same(t, tInt) {
		x.s, x.prec = t.src()+"("+x.s+")", 7
	}
	return x
}

// limit is the greatest value of an integer type.
func limit(t *typ) constant.Value {
	bits := uint(t.bits)
	if t.kind == kInt {
		bits--
	}
	one := constant.MakeInt64(1)
	return constant.BinaryOp(constant.Shift(one, shiftLeft, bits), subtract, one)
}

// fits reports whether a constant is a value of an integer type.
func fits(t *typ, v constant.Value) bool {
	top := limit(t)
	if constant.Compare(v, greater, top) {
		return false
	}
	bottom := constant.MakeInt64(0)
	if t.kind == kInt {
		bottom = constant.BinaryOp(constant.UnaryOp(subtract, top, 0), subtract, constant.MakeInt64(1))
	}
	return !constant.Compare(v, less, bottom)
}

// sliceExpr returns a slice that shares its elements with no variable.
func (g *gen) sliceExpr(t *typ, d int) expr {
	basic := t.name == ""
	switch n := g.r.IntN(10); {
	case n < 2:
		return operand("append(%s, %s)", g.expr(t, d-1).s, g.list(t.elem, 1+g.r.IntN(2), d-1))
	case n == 2 && basic && t.elem.kind != kAny:
		u := one(g, basicTypes...)
		g.helper("mapTo")
		p := &variable{name: g.name("e"), t: u}
		body := g.literal(true, []*variable{p}, []*typ{t.elem}, func() { g.line("return %s", g.expr(t.elem, d-1).s) })
		return operand("mapTo(%s, func(%s %s) %s {\n%s})", g.expr(sliceOf(u), d-1).s, p.name, u.src(), t.elem.src(), body)
	case n == 3:
		g.helper("filter")
		p := &variable{name: g.name("e"), t: t.elem, fixed: true}
		body := g.literal(true, []*variable{p}, []*typ{tBool}, func() { g.line("return %s", g.expr(tBool, d-1).s) })
		return operand("filter(%s, func(%s %s) bool {\n%s})", g.expr(t, d-1).s, p.name, t.elem.src(), body)
	case n == 4 && same(t, sliceOf(tUint8)):
		return operand("[]byte(%s)", g.expr(tString, d-1).s)
	case n == 4 && same(t, sliceOf(tInt32)):
		return operand("[]rune(%s)", g.expr(tString, d-1).s)
	case n == 5 && t.elem.ordered():
		g.helper("sorted")
		return operand("sorted(%s)", g.expr(t, d-1).s)
	case n == 6:
		g.helper("head")
		return operand("head(%s, %d)", g.expr(t, d-1).s, g.r.IntN(4))
	}
	return g.sliceLiteral(t, d)
}

// funcExpr returns a function that changes nothing outside of it.
func (g *gen) funcExpr(t *typ, d int) expr {
	var params []*variable
	var list []string
	for _, p := range t.params {
		v := &variable{name: g.name("p"), t: p, fixed: p.kind == kSlice || p.kind == kMap}
		params = append(params, v)
		list = append(list, v.name+" "+p.src())
	}
	body := g.literal(true, params, []*typ{t.result}, func() {
		if g.chance(35) && g.depth < maxDepth {
			g.depth++
			g.statement()
			g.depth--
		}
		g.line("return %s", g.expr(t.result, d).s)
	})
	return operand("func(%s) %s {\n%s}", strings.Join(list, ", "), t.result.src(), body)
}

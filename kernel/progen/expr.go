package progen

import (
	"fmt"
	"go/constant"
	"strings"
)

// An expr is an expression. Evaluating it never panics and changes nothing but
// the output.
type expr struct {
	s     string
	prec  int  // of its operator; unary is 6, an operand 7
	konst bool // a constant expression
	val   constant.Value
}

func operand(format string, args ...any) expr {
	return expr{s: fmt.Sprintf(format, args...), prec: 7}
}

// in writes the expression as an operand of an operator of a precedence.
func (x expr) in(prec int) string {
	if x.prec < prec {
		return "(" + x.s + ")"
	}
	return x.s
}

// primary writes the expression so that a selector or index can follow.
func (x expr) primary() string {
	if strings.HasPrefix(x.s, "func") || strings.HasPrefix(x.s, "*") {
		return "(" + x.s + ")"
	}
	return x.in(7)
}

// header writes the expression so that it can stand before a block.
func (x expr) header() string {
	if strings.Contains(x.s, "{") {
		return "(" + x.s + ")"
	}
	return x.s
}

// unfold makes a constant expression one that is not.
func (g *gen) unfold(x expr) expr {
	if !x.konst {
		return x
	}
	g.helper("id")
	return operand("id(%s)", x.s)
}

// expr returns an expression of a type. Its text alone has that type, also
// where the context gives none.
func (g *gen) expr(t *typ, d int) expr {
	if d <= 0 || g.cost > maxCost || g.small && !t.number() && t.kind != kBool {
		return g.leaf(t)
	}
	if g.chance(40) {
		if x, ok := g.source(t, d); ok {
			return x
		}
	}
	switch t.kind {
	case kBool:
		return g.boolExpr(d)
	case kInt, kUint:
		return g.intExpr(t, d)
	case kFloat:
		return g.floatExpr(t, d)
	case kComplex:
		return g.complexExpr(t, d)
	case kString:
		return g.stringExpr(t, d)
	case kSlice:
		return g.sliceExpr(t, d)
	case kFunc:
		return g.funcExpr(t, d)
	}
	return g.composite(t, d)
}

// leaf returns a variable or a literal.
func (g *gen) leaf(t *typ) expr {
	if g.chance(65) {
		if x, ok := g.path(t); ok {
			return x
		}
	}
	return g.composite(t, 0)
}

// A place is a way from a variable to a value in it.
type place struct {
	text string
	v    *variable
	prec int
}

// path returns a value in a variable. What other variables could share is
// copied.
func (g *gen) path(t *typ) (expr, bool) {
	paths := g.paths(g.visible(), t, false)
	if len(paths) == 0 {
		return expr{}, false
	}
	p := one(g, paths...)
	p.v.read = true
	switch t.kind {
	case kSlice:
		return operand("%s.Clone(%s)", g.pkg("slices"), p.text), true
	case kMap:
		return operand("%s.Clone(%s)", g.pkg("maps"), p.text), true
	case kPointer:
		g.helper("ptr")
		return operand("ptr(*%s)", p.text), true
	}
	return expr{s: p.text, prec: p.prec}, true
}

// paths returns the ways from variables to values of a type; with lvalue, to
// those that can be assigned.
func (g *gen) paths(vars []*variable, t *typ, lvalue bool) []place {
	var out []place
	for _, v := range vars {
		g.walk(place{v.name, v, 7}, v.t, t, 2, lvalue, &out)
	}
	return out
}

func (g *gen) walk(p place, at, t *typ, depth int, lvalue bool, out *[]place) {
	if same(at, t) {
		*out = append(*out, p)
	}
	if depth == 0 {
		return
	}
	switch at.kind {
	case kStruct:
		g.walkFields(p, at, t, depth, lvalue, out)
	case kArray:
		g.walk(place{fmt.Sprintf("%s[%d]", p.text, g.r.IntN(at.n)), p.v, 7}, at.elem, t, depth-1, lvalue, out)
	case kPointer:
		if lvalue && !p.v.safe {
			return
		}
		if at.elem.kind == kStruct {
			g.walkFields(p, at.elem, t, depth, lvalue, out)
		}
		if same(at.elem, t) {
			p.text, p.prec = "*"+p.text, 6
			*out = append(*out, p)
		}
	case kMap:
		if !lvalue {
			key := g.mapKey(at.key)
			g.walk(place{p.text + "[" + key + "]", p.v, 7}, at.elem, t, 0, lvalue, out)
		}
	}
}

func (g *gen) walkFields(p place, at, t *typ, depth int, lvalue bool, out *[]place) {
	for _, f := range at.fields {
		g.walk(place{p.text + "." + f.name, p.v, 7}, f.t, t, depth-1, lvalue, out)
		if f.embedded && f.t.kind == kStruct {
			for _, inner := range f.t.fields {
				g.walk(place{p.text + "." + inner.name, p.v, 7}, inner.t, t, depth-1, lvalue, out)
			}
		}
	}
}

// source returns an expression of any type that comes from somewhere else: a
// variable, a call, an element, a field.
func (g *gen) source(t *typ, d int) (expr, bool) {
	switch g.r.IntN(14) {
	case 0, 1, 2, 3:
		return g.path(t)
	case 4, 5:
		if list := g.pure(t); len(list) > 0 {
			return operand("%s", g.call(one(g, list...), d)), true
		}
		return g.path(t)
	case 6:
		return g.callLocal(t, d)
	case 7:
		g.helper("pick")
		return operand("pick(%s, %s, %s)", g.expr(tBool, d-1).s, g.expr(t, d-1).s, g.expr(t, d-1).s), true
	case 8:
		return g.iife(t, d), true
	case 9:
		g.helper("at")
		return operand("at(%s, %s)", g.expr(sliceOf(t), d-1).s, g.expr(tInt, d-1).s), true
	case 10:
		if !t.comparable() {
			return expr{}, false
		}
		g.helper("as")
		return operand("as[%s](%s)", t.src(), g.expr(tAny, d-1).s), true
	case 11:
		n := 1 + g.r.IntN(3)
		return operand("[...]%s{%s}[%d]", t.src(), g.list(t, n, d-1), g.r.IntN(n)), true
	case 12:
		f := one(g, "a", "B", "val")
		return operand("struct{ %s %s }{%s}.%s", f, t.src(), g.expr(t, d-1).s, f), true
	}
	h := one(g, "id", "through", "deref")
	g.helper(h)
	return operand("%s(%s)", h, g.expr(t, d-1).s), true
}

// callLocal calls a function that a variable holds.
func (g *gen) callLocal(t *typ, d int) (expr, bool) {
	vars := g.readable(func(v *variable) bool {
		return v.t.kind == kFunc && v.safe && same(v.t.result, t) && g.cost+v.cost*g.mult < maxCost
	})
	if len(vars) == 0 {
		return g.path(t)
	}
	v := one(g, vars...)
	v.read = true
	g.cost += v.cost * g.mult
	var args []string
	for _, p := range v.t.params {
		args = append(args, g.expr(p, d-1).s)
	}
	return operand("%s(%s)", v.name, strings.Join(args, ", ")), true
}

// iife is a function literal that is called at once.
func (g *gen) iife(t *typ, d int) expr {
	p := &variable{name: g.name("p"), t: one(g, basicTypes...)}
	arg := g.expr(p.t, d-1).s
	body := g.literal(true, []*variable{p}, []*typ{t}, func() {
		if g.chance(30) && g.depth < maxDepth {
			g.depth++
			g.statement()
			g.depth--
		}
		if g.chance(50) {
			g.line("if %s {\nreturn %s\n}", g.expr(tBool, d-1).header(), g.expr(t, d-1).s)
		}
		g.line("return %s", g.expr(t, d-1).s)
	})
	return operand("func(%s %s) %s {\n%s}(%s)", p.name, p.t.src(), t.src(), body, arg)
}

// list writes n expressions.
func (g *gen) list(t *typ, n, d int) string {
	var out []string
	for range n {
		out = append(out, g.expr(t, d).s)
	}
	return strings.Join(out, ", ")
}

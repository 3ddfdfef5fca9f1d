package progen

import (
	"fmt"
	"strings"
)

// statement writes a statement.
func (g *gen) statement() {
	g.cost += g.mult
	if g.cost > maxCost {
		g.declaration()
		return
	}
	nest := g.depth < maxDepth
	switch n := g.r.IntN(100); {
	case n < 18:
		g.declaration()
	case n < 36:
		g.print()
	case n < 52:
		g.assignment()
	case n < 60 && nest:
		g.ifStmt()
	case n < 70 && nest:
		g.loop()
	case n < 76 && nest:
		g.switchStmt()
	case n < 79 && nest:
		g.typeSwitch()
	case n < 83 && nest:
		g.closure()
	case n < 86:
		g.pointer()
	case n < 90:
		g.appendTo()
	case n < 93:
		g.mapChange()
	case n < 95:
		g.deferStmt()
	case n < 97 && nest:
		g.line("{\n%s}", g.block(1+g.r.IntN(2), nil))
	case n < 99:
		g.commaOK()
	default:
		g.methodStmt()
	}
}

// value returns an expression that a variable will hold. Where statements run
// more than once it does not grow what it is made from.
func (g *gen) value(t *typ, d int) expr {
	old := g.small
	g.small = old || g.mult > 1 || g.level > 0
	defer func() { g.small = old }()
	return g.expr(t, d)
}

// declaration declares one or two variables.
func (g *gen) declaration() {
	t := g.randType()
	if g.chance(8) {
		t = funcOf(one(g, basicTypes...), one(g, basicTypes...))
	}
	v := &variable{t: t, safe: true}
	start := g.cost
	x := g.value(t, 2+g.r.IntN(2))
	v.cost = 2 + (g.cost-start)/g.mult
	v.name = g.localName()
	switch n := g.r.IntN(10); {
	case n < 6:
		g.line("%s := %s", v.name, x.s)
	case n < 8:
		g.line("var %s %s = %s", v.name, t.src(), x.s)
	case n == 8 && t.kind != kFunc && t.kind != kInterface:
		y := g.value(t, 1)
		w := &variable{t: t, name: g.name("w"), safe: true}
		g.line("%s, %s := %s, %s", v.name, w.name, x.s, y.s)
		g.declare(v)
		g.declare(w)
		return
	default:
		g.line("var %s = %s", v.name, x.s)
	}
	g.declare(v)
}

// target returns a place of type t that may be assigned here.
func (g *gen) target(t *typ) (place, bool) {
	paths := g.paths(g.writable(func(v *variable) bool { return v.t.kind != kFunc }), t, true)
	if len(paths) == 0 {
		return place{}, false
	}
	return one(g, paths...), true
}

// assignment assigns, also with an operator, or swaps.
func (g *gen) assignment() {
	vars := g.writable(func(v *variable) bool { return v.t.kind != kFunc && v.t.kind != kPointer })
	if len(vars) == 0 {
		g.declaration()
		return
	}
	t := g.partOf(one(g, vars...).t)
	p, ok := g.target(t)
	if !ok {
		g.declaration()
		return
	}
	if t.number() && g.chance(50) {
		g.opAssign(p, t)
		return
	}
	if q, ok := g.target(t); ok && g.chance(25) {
		if !overlap(p.text, q.text) {
			g.line("%s, %s = %s, %s", p.text, q.text, q.text, p.text)
			return
		}
	}
	if t.kind == kString && g.chance(25) {
		g.line("%s += %s", p.text, g.basicLiteral(t).s)
		return
	}
	x := g.value(t, 2)
	if x.s == p.text {
		g.helper("id")
		x = operand("id(%s)", x.s)
	}
	g.line("%s = %s", p.text, x.s)
}

// overlap reports whether two places may be parts of each other.
func overlap(a, b string) bool {
	a, b = strings.TrimPrefix(a, "*"), strings.TrimPrefix(b, "*")
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

// partOf returns the type or that of something in it.
func (g *gen) partOf(t *typ) *typ {
	switch {
	case t.kind == kStruct && g.chance(60) && len(t.fields) > 0:
		return g.partOf(one(g, t.fields...).t)
	case t.kind == kArray && g.chance(60):
		return g.partOf(t.elem)
	}
	return t
}

func (g *gen) opAssign(p place, t *typ) {
	if t.integer() && g.chance(35) {
		g.line("%s%s", p.in(7), one(g, "++", "--"))
		return
	}
	if t.kind == kFloat && g.chance(30) {
		g.line("%s *= %s", p.text, g.basicLiteral(t).s)
		return
	}
	if t.integer() && g.chance(30) {
		g.line("%s %s= %d", p.text, one(g, "<<", ">>", "/", "%"), 1+g.r.IntN(7))
		return
	}
	ops := []string{"+", "-"}
	if t.integer() {
		ops = []string{"+", "-", "*", "^", "|", "&", "&^"}
	}
	x := g.expr(t, 2)
	g.line("%s %s= %s", p.text, one(g, ops...), x.s)
}

func (p place) in(prec int) string { return expr{s: p.text, prec: p.prec}.in(prec) }

// ifStmt writes an if, with else branches and a variable of its own.
func (g *gen) ifStmt() {
	scope := len(g.scope)
	defer func() { g.scope = g.scope[:scope] }()
	init := ""
	if g.chance(25) {
		t := one(g, basicTypes...)
		v := &variable{name: g.name("c"), t: t, level: g.level, safe: true}
		init = v.name + " := " + g.value(t, 2).header() + "; "
		g.scope = append(g.scope, v)
		v.read = true
		text := fmt.Sprintf("if %s%s == %s {\n", init, v.name, expr{s: g.expr(t, 1).in(4)}.header())
		text += g.block(1+g.r.IntN(2), nil) + "}"
		g.line("%s", text+g.elseText())
		return
	}
	text := "if " + g.expr(tBool, 3).header() + " {\n"
	g.depth++
	text += g.capture(func() {
		for range 1 + g.r.IntN(2) {
			g.statement()
		}
		if g.chance(15) {
			g.jump()
		}
	})
	g.depth--
	g.line("%s", text+"}"+g.elseText())
}

func (g *gen) elseText() string {
	switch g.r.IntN(4) {
	case 0:
		return " else {\n" + g.block(1, nil) + "}"
	case 1:
		return " else if " + g.expr(tBool, 2).header() + " {\n" + g.block(1, nil) + "} else {\n" + g.block(1, nil) + "}"
	}
	return ""
}

// jump writes a statement that leaves the block, if there is where to go.
func (g *gen) jump() {
	switch {
	case g.inLoop && g.chance(70):
		if len(g.labels) > 0 && g.chance(50) {
			g.line("%s %s", one(g, "break", "continue"), one(g, g.labels...))
			return
		}
		g.line("%s", one(g, "break", "continue"))
	case g.result != nil:
		g.returnStmt(false)
	}
}

// closure declares a function that changes what is around it, and calls it.
func (g *gen) closure() {
	name := g.name("f")
	mult := g.mult
	times := 1 + g.r.IntN(3)
	if mult*times > maxMult {
		g.declaration()
		return
	}
	g.mult *= times
	t := one(g, basicTypes...)
	p := &variable{name: g.name("p"), t: t}
	oldSmall := g.small
	g.small = true
	body := g.literal(false, []*variable{p}, nil, func() {
		g.depth++
		g.assignment()
		for range g.r.IntN(3) {
			g.statement()
		}
		g.depth--
	})
	g.small = oldSmall
	g.mult = mult
	g.line("%s := func(%s %s) {\n%s}", name, p.name, t.src(), body)
	for range times {
		if g.chance(15) {
			g.line("defer %s(%s)", name, g.expr(t, 1).s)
		} else {
			g.line("%s(%s)", name, g.expr(t, 1).s)
		}
	}
}

// pointer declares a pointer to a variable, or makes one of a new value, and
// writes through it.
func (g *gen) pointer() {
	vars := g.writable(func(v *variable) bool {
		return v.level == g.level && v.t.kind != kFunc && v.t.kind != kPointer
	})
	name := g.name("ptr")
	if len(vars) > 0 && g.chance(70) {
		v := one(g, vars...)
		v.read = true
		g.line("%s := &%s", name, v.name)
		g.declare(&variable{name: name, t: pointerTo(v.t), fixed: false, safe: true})
		x := g.value(v.t, 1)
		if x.s == "*"+name {
			x = g.composite(v.t, 0)
		}
		g.line("*%s = %s", name, x.s)
		return
	}
	t := one(g, basicTypes...)
	if s := g.structs(); len(s) > 0 {
		t = one(g, s...)
	}
	if g.chance(20) {
		g.line("%s := new(%s)", name, t.src())
	} else {
		g.line("%s := %s", name, g.value(pointerTo(t), 2).s)
	}
	g.declare(&variable{name: name, t: pointerTo(t), safe: true})
}

// appendTo appends to a slice variable, copies to it or sets an element.
func (g *gen) appendTo() {
	vars := g.writable(func(v *variable) bool { return v.t.kind == kSlice })
	if len(vars) == 0 {
		g.declaration()
		return
	}
	v := one(g, vars...)
	switch g.r.IntN(5) {
	case 0:
		v.read = true
		g.line("copy(%s, %s)", v.name, g.expr(v.t, 1).s)
	case 1:
		v.read = true
		g.line("if len(%s) > %d {\n%s[%d] = %s\n}", v.name, 1, v.name, g.r.IntN(2), g.value(v.t.elem, 1).s)
	case 2:
		v.read = true
		x, i := g.value(v.t.elem, 1), g.name("i")
		g.line("for %s := range %s {\n%s[%s] = %s\n}", i, v.name, v.name, i, x.s)
	default:
		g.line("%s = append(%s, %s)", v.name, v.name, g.value(v.t.elem, 1).s)
	}
}

// mapChange sets, deletes or clears in a map variable.
func (g *gen) mapChange() {
	vars := g.writable(func(v *variable) bool { return v.t.kind == kMap && v.safe })
	if len(vars) == 0 {
		g.declaration()
		return
	}
	v := one(g, vars...)
	v.read = true
	key := func() string { return g.mapKey(v.t.key) }
	switch g.r.IntN(6) {
	case 0:
		g.line("delete(%s, %s)", v.name, key())
	case 1:
		if v.t.elem.number() {
			g.line("%s[%s]++", v.name, key())
			return
		}
		g.line("clear(%s)", v.name)
	default:
		g.line("%s[%s] = %s", v.name, key(), g.value(v.t.elem, 1).s)
	}
}

// deferStmt defers a print whose arguments are evaluated now.
func (g *gen) deferStmt() {
	t := g.boxedType()
	if g.chance(50) {
		g.line("defer fmt.Println(%q, %s)", g.name("deferred"), g.expr(t, 2).s)
		return
	}
	p := &variable{name: g.name("p"), t: t, read: true, fixed: true}
	arg := g.expr(t, 1).s
	body := g.literal(false, []*variable{p}, nil, func() { g.line("fmt.Println(%q, %s)", g.name("later"), p.name) })
	g.line("defer func(%s %s) {\n%s}(%s)", p.name, t.src(), body, arg)
}

// commaOK declares two variables by a map index, an assertion or a call.
func (g *gen) commaOK() {
	v, ok := &variable{name: g.name("v"), safe: false}, &variable{name: g.name("ok"), t: tBool}
	switch g.r.IntN(3) {
	case 0:
		v.t = g.elemType()
		k := one(g, keyTypes...)
		g.line("%s, %s := %s[%s]", v.name, ok.name, g.expr(mapOf(k, v.t), 2).primary(), g.expr(k, 1).s)
	case 1:
		v.t = one(g, basicTypes...)
		g.line("%s, %s := %s.(%s)", v.name, ok.name, g.expr(tAny, 2).primary(), v.t.src())
	default:
		for _, f := range g.funcs {
			if len(f.result) == 2 && g.affordable(f) {
				v.t, ok.t = f.result[0], f.result[1]
				v.fixed = v.t.kind == kSlice
				g.line("%s, %s := %s", v.name, ok.name, g.call(f, 2))
				g.declare(v)
				g.declare(ok)
				return
			}
		}
		g.declaration()
		return
	}
	g.declare(v)
	g.declare(ok)
}

// methodStmt calls a method that changes its receiver.
func (g *gen) methodStmt() {
	for _, v := range g.writable(func(v *variable) bool { return v.t.kind == kStruct && v.level == g.level }) {
		for _, m := range v.t.methods {
			if !m.pointer || !g.affordable(m) {
				continue
			}
			v.read = true
			var args []string
			for _, p := range m.params {
				args = append(args, g.expr(p, 1).s)
			}
			g.cost += m.cost * g.mult
			res := &variable{name: g.name("r"), t: m.result[0]}
			callee := v.name + "." + m.name
			switch g.r.IntN(4) {
			case 0:
				callee = fmt.Sprintf("(*%s).%s", v.t.name, m.name)
				args = append([]string{"&" + v.name}, args...)
			case 1:
				callee = "(&" + v.name + ")." + m.name
			}
			g.line("%s := %s(%s)", res.name, callee, strings.Join(args, ", "))
			g.declare(res)
			return
		}
	}
	g.declaration()
}

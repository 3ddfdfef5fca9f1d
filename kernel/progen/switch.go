package progen

import (
	"fmt"
	"strings"
)

// switchStmt writes a switch over a value, or over conditions.
func (g *gen) switchStmt() {
	if g.chance(35) {
		g.condSwitch()
		return
	}
	t := one(g, tInt, tInt, tString, tUint8, tInt16, tBool)
	var enums []*typ
	for _, e := range g.types {
		if len(e.values) > 0 {
			enums = append(enums, e)
		}
	}
	if len(enums) > 0 && g.chance(40) {
		t = one(g, enums...)
	}
	tag := g.unfold(g.expr(t, 2))
	cases := g.caseValues(t)
	var b strings.Builder
	fmt.Fprintf(&b, "switch %s {\n", tag.header())
	def := g.r.IntN(len(cases) + 2)
	for i, c := range cases {
		if i == def {
			b.WriteString("default:\n" + g.caseBody(false))
		}
		b.WriteString("case " + c + ":\n" + g.caseBody(i < len(cases)-1))
	}
	if def == len(cases) {
		b.WriteString("default:\n" + g.caseBody(false))
	}
	g.line("%s}", b.String())
}

// caseValues returns lists of different constants.
func (g *gen) caseValues(t *typ) []string {
	var all []string
	switch {
	case len(t.values) > 0:
		all = append(all, t.values...)
	case t.kind == kBool:
		all = []string{"true", "false"}
	case t.kind == kString:
		for _, w := range words[:5] {
			all = append(all, fmt.Sprintf("%q", w))
		}
	default:
		all = []string{"0", "1", "2", "3, 4", "5", "100"}
	}
	g.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+g.r.IntN(len(all))]
}

func (g *gen) caseBody(fall bool) string {
	oldLoop := g.inLoop
	g.inLoop = false // break would leave the switch
	defer func() { g.inLoop = oldLoop }()
	text := g.block(1+g.r.IntN(2), nil)
	switch {
	case fall && g.chance(20):
		text += "fallthrough\n"
	case g.chance(10):
		text = fmt.Sprintf("if %s {\nbreak\n}\n", g.expr(tBool, 2).header()) + text
	}
	return text
}

func (g *gen) condSwitch() {
	var b strings.Builder
	b.WriteString(one(g, "switch {\n", "switch {\n", "switch true {\n"))
	seen := map[string]bool{}
	for range 1 + g.r.IntN(3) {
		c := g.unfold(g.expr(tBool, 2))
		if seen[c.s] {
			c = operand("!(%s)", c.s)
		}
		seen[c.s] = true
		b.WriteString("case " + c.s + ":\n" + g.caseBody(true))
	}
	b.WriteString("default:\n" + g.caseBody(false))
	g.line("%s}", strings.Replace(b.String(), "case true", "case !false", 1))
}

// typeSwitch finds out what an interface value holds.
func (g *gen) typeSwitch() {
	x := g.expr(tAny, 2)
	types := []*typ{tInt, tString, tBool, tFloat64, sliceOf(tInt), tUint8, mapOf(tString, tInt), arrayOf(2, tInt)}
	types = append(types, g.types...)
	g.r.Shuffle(len(types), func(i, j int) { types[i], types[j] = types[j], types[i] })
	name := g.name("v")
	oldLoop := g.inLoop
	g.inLoop = false
	defer func() { g.inLoop = oldLoop }()
	var b strings.Builder
	used := false
	for i, t := range types[:2+g.r.IntN(4)] {
		v := &variable{name: name, t: t, level: g.level, fixed: true}
		list := t.src()
		if i == 1 && g.chance(40) {
			list += ", " + one(g, "nil", "error", "int16", "func()", "chan int")
			v.t = tAny
		}
		fmt.Fprintf(&b, "case %s:\n", list)
		b.WriteString(g.block(1, func() {
			g.scope = append(g.scope, v)
			if v.t.printable() && g.chance(70) {
				v.read = true
				g.line("fmt.Printf(\"%%T %%v\\n\", %s, %s)", name, name)
			}
		}))
		used = used || v.read
	}
	for _, t := range g.ifaces {
		fmt.Fprintf(&b, "case %s:\nfmt.Println(%q, %s)\n", t.name, t.name, name)
		used = true
	}
	if g.chance(50) {
		fmt.Fprintf(&b, "default:\nfmt.Printf(\"other %%T\\n\", %s)\n", name)
		used = true
	}
	if used {
		g.line("switch %s := %s.(type) {\n%s}", name, x.primary(), b.String())
		return
	}
	g.line("switch %s.(type) {\n%s}", x.primary(), b.String())
}

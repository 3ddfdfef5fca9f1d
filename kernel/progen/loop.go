package progen

import (
	"fmt"
	"strings"
)

// loop writes one of the forms of for, which runs at most five times.
func (g *gen) loop() {
	n := 1 + g.r.IntN(5)
	if g.mult*n > maxMult {
		g.declaration()
		return
	}
	scope, mult, oldLoop, oldLabels := len(g.scope), g.mult, g.inLoop, g.labels
	g.mult *= n
	g.inLoop = true
	defer func() { g.mult, g.inLoop, g.labels = mult, oldLoop, oldLabels }()
	label := ""
	if g.chance(25) {
		label = g.name("Loop")
		g.labels = append(append([]string(nil), oldLabels...), label)
	}
	text := g.loopText(n)
	g.scope = g.scope[:scope]
	if label != "" && (strings.Contains(text, "break "+label+"\n") || strings.Contains(text, "continue "+label+"\n")) {
		text = label + ":\n" + text
	}
	g.line("%s", text)
}

func (g *gen) loopText(n int) string {
	switch g.r.IntN(12) {
	case 0, 1:
		return g.countLoop(n)
	case 2:
		return g.condLoop(n)
	case 3, 4:
		v := g.loopVar(tInt)
		body := g.body(nil)
		if !v.read {
			return fmt.Sprintf("for range %d {\n%s}", n, body)
		}
		if g.chance(25) {
			return fmt.Sprintf("for %s := range int(%d) {\n%s}", v.name, n, body)
		}
		return fmt.Sprintf("for %s := range %d {\n%s}", v.name, n, body)
	case 5:
		return g.rangePair(tInt, tRune, g.cutString(n))
	case 6:
		t := g.elemType()
		arr := g.value(arrayOf(n, t), 2)
		if g.chance(40) {
			h := g.name("arr")
			g.line("%s := %s", h, arr.s)
			return g.rangePair(tInt, t, "&"+h)
		}
		return g.rangePair(tInt, t, arr.header())
	case 7:
		return g.mapLoop()
	case 8:
		return g.chanLoop(n)
	case 9:
		return g.iterLoop(n)
	}
	t := g.elemType()
	h := g.name("s")
	g.line("%s := %s", h, g.value(sliceOf(t), 2).s)
	g.helper("head")
	return g.rangePair(tInt, t, fmt.Sprintf("head(%s, %d)", h, n))
}

// body writes what a loop repeats.
func (g *gen) body(first func()) string {
	text := g.block(1+g.r.IntN(3), first)
	if g.chance(20) {
		text = fmt.Sprintf("if %s {\n%s\n}\n", g.expr(tBool, 2).header(), one(g, "continue", "break")) + text
	}
	return text
}

// loopVar makes a variable of the loop's own visible.
func (g *gen) loopVar(t *typ) *variable {
	v := &variable{name: g.name(one(g, "i", "j", "k")), t: t, level: g.level, fixed: true}
	g.scope = append(g.scope, v)
	return v
}

func (g *gen) countLoop(n int) string {
	t := one(g, tInt, tInt, tInt, tUint8, tInt64)
	v := g.loopVar(t)
	body := g.body(nil)
	init, post := "0", v.name+"++"
	cond := fmt.Sprintf("%s < %d", v.name, n)
	switch g.r.IntN(4) {
	case 0:
		init, cond, post = fmt.Sprint(n), v.name+" > 0", v.name+"--"
	case 1:
		init, cond, post = "1", fmt.Sprintf("%s <= %d", v.name, 2*n-1), v.name+" += 2"
	}
	if t != tInt {
		init = t.src() + "(" + init + ")"
	}
	if t == tInt && g.chance(20) {
		w := g.name("q")
		return fmt.Sprintf("for %s, %s := %s, 1; %s; %s, %s = %s, %s*2 {\n_ = %s\n%s}", v.name, w, init, cond, v.name, w, step(post), w, w, body)
	}
	return fmt.Sprintf("for %s := %s; %s; %s {\n%s}", v.name, init, cond, post, body)
}

// step turns i++, i-- and i += 2 into the value that they assign.
func step(post string) string {
	if s, ok := strings.CutSuffix(post, "++"); ok {
		return s + "+1"
	}
	if s, ok := strings.CutSuffix(post, "--"); ok {
		return s + "-1"
	}
	return strings.Replace(post, " += ", "+", 1)
}

// condLoop is a loop with a condition only, or none.
func (g *gen) condLoop(n int) string {
	c := g.name("turn")
	v := &variable{name: c, t: tInt, level: g.level, fixed: true, read: true}
	g.line("%s := 0", c)
	g.scope = append(g.scope, v)
	if g.chance(50) {
		return fmt.Sprintf("for %s < %d {\n%s++\n%s}", c, n, c, g.body(nil))
	}
	return fmt.Sprintf("for {\n%s++\nif %s > %d {\nbreak\n}\n%s}", c, c, n, g.body(nil))
}

// rangePair ranges over something with a key and a value, of which it leaves out
// those that the body does not use.
func (g *gen) rangePair(kt, vt *typ, over string) string {
	k, v := g.loopVar(kt), g.loopVar(vt)
	body := g.body(func() {
		if g.chance(40) && vt.printable() {
			v.read = true
			k.read = true
			g.line("fmt.Println(%s, %s)", k.name, v.name)
		}
	})
	switch {
	case k.read && v.read:
		return fmt.Sprintf("for %s, %s := range %s {\n%s}", k.name, v.name, over, body)
	case v.read:
		return fmt.Sprintf("for _, %s := range %s {\n%s}", v.name, over, body)
	case k.read:
		return fmt.Sprintf("for %s := range %s {\n%s}", k.name, over, body)
	}
	return fmt.Sprintf("for range %s {\n%s}", over, body)
}

func (g *gen) cutString(n int) string {
	g.helper("cut")
	return fmt.Sprintf("cut(%s, 0, %d)", g.value(tString, 2).header(), n)
}

// mapLoop ranges over a map and does what does not depend on the order.
func (g *gen) mapLoop() string {
	k := one(g, tInt, tString)
	if g.chance(50) {
		g.helper("keys")
		m := g.name("m")
		g.line("%s := %s", m, g.value(mapOf(k, g.elemType()), 2).s)
		g.helper("head")
		return g.rangePair(tInt, k, fmt.Sprintf("head(keys(%s), 4)", m))
	}
	total, key, val := g.name("total"), g.name("k"), g.name("e")
	g.line("%s := 0", total)
	g.declare(&variable{name: total, t: tInt})
	keyCount := key
	if k == tString {
		keyCount = "len(" + key + ")"
	}
	return fmt.Sprintf("for %s, %s := range %s {\n%s += %s * %s\n}", key, val, g.expr(mapOf(k, tInt), 2).header(), total, keyCount, val)
}

// chanLoop ranges over a channel that holds all that it will.
func (g *gen) chanLoop(n int) string {
	t := one(g, basicTypes...)
	ch := g.name("ch")
	g.line("%s := make(chan %s, %d)", ch, t.src(), n)
	for range n {
		g.line("%s <- %s", ch, g.expr(t, 1).s)
	}
	g.line("close(%s)", ch)
	v := g.loopVar(t)
	body := g.body(nil)
	if !v.read {
		return fmt.Sprintf("for range %s {\n%s}", ch, body)
	}
	return fmt.Sprintf("for %s := range %s {\n%s}", v.name, ch, body)
}

// iterLoop ranges over a function.
func (g *gen) iterLoop(n int) string {
	switch g.r.IntN(4) {
	case 0:
		g.helper("countTo")
		v := g.loopVar(tInt)
		body := g.body(nil)
		if !v.read {
			return fmt.Sprintf("for range countTo(%d) {\n%s}", n, body)
		}
		return fmt.Sprintf("for %s := range countTo(%d) {\n%s}", v.name, n, body)
	case 1:
		g.helper("head")
		t := g.elemType()
		fn := one(g, "All", "Backward")
		return g.rangePair(tInt, t, fmt.Sprintf("%s.%s(head(%s, %d))", g.pkg("slices"), fn, g.expr(sliceOf(t), 1).header(), n))
	case 2:
		g.helper("pairs")
		t := one(g, basicTypes...)
		return g.rangePair(tInt, t, fmt.Sprintf("pairs(%s)", g.list(t, n, 1)))
	}
	t := one(g, basicTypes...)
	v := g.loopVar(t)
	body := g.body(nil)
	v.read = true
	yields := ""
	for range n {
		yields += fmt.Sprintf("if !yield(%s) {\nreturn\n}\n", g.basicLiteral(t).s)
	}
	return fmt.Sprintf("for %s := range func(yield func(%s) bool) {\n%s} {\n_ = %s\n%s}", v.name, t.src(), yields, v.name, body)
}

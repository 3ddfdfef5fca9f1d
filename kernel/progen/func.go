package progen

import (
	"fmt"
	"strings"
)

// A function is a declared function or method of the soup. Calling it changes
// nothing but the output, unless it has a pointer receiver.
type function struct {
	name     string
	recv     *typ
	pointer  bool // receiver; the method changes it
	params   []*typ
	result   []*typ
	variadic bool // the last parameter
	cost     int
}

// makeFunc declares a function that calls only earlier ones.
func (g *gen) makeFunc() {
	f := &function{name: g.name(one(g, "calc", "Make", "do", "work"))}
	for range g.r.IntN(4) {
		f.params = append(f.params, g.randType())
	}
	f.result = []*typ{g.randType()}
	if g.chance(25) {
		f.result = append(f.result, one(g, basicTypes...))
	}
	if g.chance(15) {
		f.params = append(f.params, one(g, basicTypes...))
		f.variadic = true
	}
	g.writeFunc(f)
	g.funcs = append(g.funcs, f)
}

// makeMethods gives a type methods.
func (g *gen) makeMethods(t *typ, n int) {
	for range n {
		f := &function{name: g.name(one(g, "Get", "sum", "With", "desc")), recv: t}
		if t.kind == kStruct && g.chance(40) {
			f.pointer = true
		}
		for range g.r.IntN(3) {
			f.params = append(f.params, one(g, basicTypes...))
		}
		f.result = []*typ{one(g, basicTypes...)}
		g.writeFunc(f)
		t.methods = append(t.methods, f)
	}
	if t.kind == kStruct && g.chance(25) {
		g.makeString(t)
	}
}

// writeFunc makes the body of a function.
func (g *gen) writeFunc(f *function) {
	g.enter(f.result)
	var head strings.Builder
	head.WriteString("func ")
	if f.recv != nil {
		r := &variable{name: "r", t: f.recv, fixed: !f.pointer}
		star := ""
		if f.pointer {
			r.t, r.safe, star = pointerTo(f.recv), true, "*"
		}
		r.fixed = true
		g.scope = append(g.scope, r)
		fmt.Fprintf(&head, "(r %s%s) ", star, f.recv.name)
	}
	head.WriteString(f.name + "(" + g.parameters(f) + ") ")
	named := g.chance(30)
	var results []string
	for i, t := range f.result {
		text := t.src()
		if named {
			v := &variable{name: fmt.Sprintf("out%d", i), t: t}
			g.scope = append(g.scope, v)
			text = v.name + " " + text
		}
		results = append(results, text)
	}
	if named || len(results) > 1 {
		head.WriteString("(" + strings.Join(results, ", ") + ")")
	} else {
		head.WriteString(results[0])
	}
	if named && g.chance(60) {
		g.deferResult(f)
	}
	for range 1 + g.r.IntN(3) {
		g.statement()
	}
	g.returnStmt(named)
	f.cost = g.cost + 2
	g.decl(head.String() + " {\n" + g.leave() + "}")
}

// parameters writes the parameter list and makes the parameters visible.
func (g *gen) parameters(f *function) string {
	var out []string
	for i, t := range f.params {
		v := &variable{name: fmt.Sprintf("p%d", i), t: t, fixed: t.kind == kSlice || t.kind == kMap}
		text := v.name + " " + t.src()
		if f.variadic && i == len(f.params)-1 {
			v.t, v.fixed = sliceOf(t), true
			text = v.name + " ..." + t.src()
		}
		g.scope = append(g.scope, v)
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// returnStmt returns values of the function's result types.
func (g *gen) returnStmt(bare bool) {
	if bare && g.chance(40) {
		g.line("return")
		return
	}
	var out []string
	for _, t := range g.result {
		out = append(out, g.expr(t, 2).s)
	}
	g.line("return %s", strings.Join(out, ", "))
}

// deferResult defers a function that may change a named result.
func (g *gen) deferResult(f *function) {
	i := g.r.IntN(len(f.result))
	t := f.result[i]
	name := fmt.Sprintf("out%d", i)
	v := &variable{name: name, t: t}
	body := g.literal(false, nil, nil, func() {
		x := g.expr(t, 1)
		if x.s == name {
			x = g.composite(t, 0)
		}
		g.line("%s = %s", name, x.s)
		if g.chance(30) && t.printable() {
			g.line("fmt.Println(%q, %s)", "deferred", v.name)
		}
	})
	g.line("defer func() {\n%s}()", body)
}

// call writes a call of a function with random arguments.
func (g *gen) call(f *function, d int) string {
	callee := f.name
	if f.recv != nil {
		callee = g.receiver(f, d)
	}
	var args []string
	for i, t := range f.params {
		if f.variadic && i == len(f.params)-1 {
			args = append(args, g.variadicArgs(t, d)...)
			break
		}
		args = append(args, g.expr(t, d-1).s)
	}
	g.cost += f.cost * g.mult
	return callee + "(" + strings.Join(args, ", ") + ")"
}

func (g *gen) variadicArgs(t *typ, d int) []string {
	if g.chance(25) {
		return []string{g.expr(sliceOf(t), d-1).s + "..."}
	}
	var out []string
	for range g.r.IntN(4) {
		out = append(out, g.expr(t, d-1).s)
	}
	return out
}

// receiver writes what stands before the parenthesis of a method call that
// changes nothing.
func (g *gen) receiver(f *function, d int) string {
	x := g.expr(f.recv, d-1)
	switch {
	case g.chance(12):
		g.helper("bound")
		return fmt.Sprintf("bound(%s.%s)", x.primary(), f.name)
	case g.chance(12) && !f.variadic:
		h := g.name("m")
		return fmt.Sprintf("func() %s { %s := %s.%s; return %s }()", f.funcType(), h, x.primary(), f.name, h)
	}
	return x.primary() + "." + f.name
}

func (f *function) funcType() string {
	if len(f.result) == 1 {
		return "func(" + join(f.params) + ") " + f.result[0].src()
	}
	return "func(" + join(f.params) + ") (" + join(f.result) + ")"
}

// affordable reports whether the present place can call f without making the
// program slow.
func (g *gen) affordable(f *function) bool { return g.cost+f.cost*g.mult < maxCost }

// pure returns the functions and methods that give one result of a type and
// change nothing.
func (g *gen) pure(t *typ) []*function {
	var out []*function
	add := func(list []*function) {
		for _, f := range list {
			if !f.pointer && len(f.result) == 1 && same(f.result[0], t) && g.affordable(f) {
				out = append(out, f)
			}
		}
	}
	add(g.funcs)
	for _, nt := range g.types {
		add(nt.methods)
	}
	for _, it := range g.ifaces {
		add(it.methods)
	}
	return out
}

// makeInterface declares an interface type and types that implement it.
func (g *gen) makeInterface() {
	t := &typ{name: g.name(one(g, "shape", "Speaker")), kind: kInterface}
	m := &function{name: one(g, "Area", "say", "Less"), recv: t, result: []*typ{one(g, tInt, tString, tFloat64, tBool)}, cost: 20}
	if g.chance(50) {
		m.params = []*typ{one(g, basicTypes...)}
	}
	t.methods = []*function{m}
	embed := ""
	if g.chance(35) {
		embed = "fmt.Stringer\n"
		t.methods = append(t.methods, &function{name: "String", recv: t, result: []*typ{tString}, cost: 3})
	}
	g.decl(fmt.Sprintf("type %s interface {\n%s%s(%s) %s\n}", t.name, embed, m.name, join(m.params), m.result[0].src()))
	for range 1 + g.r.IntN(2) {
		base := one(g, tInt, tString, tFloat64)
		n := &typ{name: g.name(one(g, "square", "Dog", "line")), kind: base.kind, bits: base.bits, basic: base}
		g.declareType(n)
		t.impls = append(t.impls, n)
	}
	for _, s := range g.structs() {
		if g.chance(50) && !s.promoted()[m.name] && !s.hasMethod(m.name) {
			t.impls = append(t.impls, s)
		}
	}
	for _, n := range t.impls {
		own := *m
		own.recv = n
		own.name = m.name
		g.writeFunc(&own)
		n.methods = append(n.methods, &own)
		if embed != "" {
			g.makeString(n)
		}
	}
	g.ifaces = append(g.ifaces, t)
}

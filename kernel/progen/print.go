package progen

import (
	"strings"
)

// print prints variables and expressions.
func (g *gen) print() {
	n := 1 + g.r.IntN(3)
	var args []string
	var format []string
	for range n {
		t := g.printType()
		args = append(args, g.printed(t))
		format = append(format, g.verb(t))
	}
	tag := g.name("p")
	if g.chance(45) {
		g.line("fmt.Printf(%q, %s)", tag+" "+strings.Join(format, " ")+"\n", strings.Join(args, ", "))
		return
	}
	g.line("fmt.Println(%q, %s)", tag, strings.Join(args, ", "))
}

// printType prefers the types of variables at hand.
func (g *gen) printType() *typ {
	vars := g.readable(func(v *variable) bool { return v.t.printable() })
	if len(vars) > 0 && g.chance(70) {
		return one(g, vars...).t
	}
	return g.boxedType()
}

// printed writes a value for printing: a variable as it is, or an expression.
func (g *gen) printed(t *typ) string {
	vars := g.readable(func(v *variable) bool { return same(v.t, t) })
	if len(vars) > 0 && g.chance(70) {
		v := one(g, vars...)
		v.read = true
		return v.name
	}
	return g.expr(t, 2).s
}

// callAndPrint calls a function and prints what it returns.
func (g *gen) callAndPrint(f *function) {
	for _, t := range f.result {
		if !t.printable() {
			return
		}
	}
	if len(f.result) == 1 {
		g.line("fmt.Printf(\"%s %s\\n\", %s)", f.name, g.verb(f.result[0]), g.call(f, 2))
		return
	}
	g.line("fmt.Println(%s)", g.call(f, 2))
}

// verb returns a verb that suits a type.
func (g *gen) verb(t *typ) string {
	if t.hasMethod("String") || t.kind == kAny || t.kind == kInterface {
		return one(g, "%v", "%v", "%+v", "%T", "%#v", "%v")
	}
	verbs := []string{"%v", "%v", "%v", "%+v", "%#v", "%T"}
	switch t.kind {
	case kInt, kUint:
		verbs = append(verbs, "%d", "%5d|", "%-5d|", "%05d", "%+d", "%x", "%X", "%#x", "%b", "%o", "%08b")
		if t.bits == 32 && t.kind == kInt {
			verbs = append(verbs, "%q", "%U")
		}
	case kFloat:
		verbs = append(verbs, "%.2f", "%8.3f|", "%g", "%e", "%6.1f", "%+.1f")
	case kString:
		verbs = append(verbs, "%s", "%q", "%x", "%8s|", "%-8s|", "%.2s", "%+q", "% x")
	case kBool:
		verbs = append(verbs, "%t")
	case kComplex:
		verbs = append(verbs, "%.1f")
	case kSlice, kArray:
		if t.elem.integer() && t.elem.basic == nil {
			verbs = append(verbs, "%d", "%x", "%03d")
		}
		if t.elem == tString {
			verbs = append(verbs, "%q", "%s")
		}
	}
	return one(g, verbs...)
}

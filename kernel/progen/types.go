package progen

import (
	"fmt"
	"strings"
)

type kind int

const (
	kBool kind = iota
	kInt
	kUint
	kFloat
	kComplex
	kString
	kSlice
	kArray
	kMap
	kStruct
	kPointer
	kFunc
	kInterface
	kAny
)

// A typ is a type. Two types are identical when their sources are.
type typ struct {
	name    string // of a basic or declared type
	kind    kind
	bits    int // of a number
	key     *typ
	elem    *typ
	n       int // length of an array
	fields  []field
	params  []*typ // of a function
	result  *typ
	methods []*function
	basic   *typ // what a declared type was made from
	values  []string
	impls   []*typ // types that implement an interface
}

type field struct {
	name     string
	t        *typ
	embedded bool
}

var (
	tBool       = &typ{name: "bool", kind: kBool}
	tInt        = &typ{name: "int", kind: kInt, bits: 64}
	tInt8       = &typ{name: "int8", kind: kInt, bits: 8}
	tInt16      = &typ{name: "int16", kind: kInt, bits: 16}
	tInt32      = &typ{name: "int32", kind: kInt, bits: 32}
	tRune       = &typ{name: "rune", kind: kInt, bits: 32}
	tInt64      = &typ{name: "int64", kind: kInt, bits: 64}
	tUint       = &typ{name: "uint", kind: kUint, bits: 64}
	tUint8      = &typ{name: "uint8", kind: kUint, bits: 8}
	tUint16     = &typ{name: "uint16", kind: kUint, bits: 16}
	tUint32     = &typ{name: "uint32", kind: kUint, bits: 32}
	tUint64     = &typ{name: "uint64", kind: kUint, bits: 64}
	tFloat32    = &typ{name: "float32", kind: kFloat, bits: 32}
	tFloat64    = &typ{name: "float64", kind: kFloat, bits: 64}
	tComplex128 = &typ{name: "complex128", kind: kComplex, bits: 128}
	tString     = &typ{name: "string", kind: kString}
	tAny        = &typ{name: "any", kind: kAny}
)

var (
	basicTypes   = []*typ{tInt, tInt, tInt, tInt, tString, tString, tString, tBool, tFloat64, tInt8, tInt16, tInt32, tInt64, tUint, tUint8, tUint16, tUint32, tUint64, tFloat32, tComplex128}
	integerTypes = []*typ{tInt, tInt8, tInt16, tInt32, tInt64, tUint, tUint8, tUint16, tUint32, tUint64}
	keyTypes     = []*typ{tInt, tString, tString, tUint8, tBool, tInt64}
)

func sliceOf(t *typ) *typ        { return &typ{kind: kSlice, elem: t} }
func arrayOf(n int, t *typ) *typ { return &typ{kind: kArray, n: n, elem: t} }
func mapOf(k, v *typ) *typ       { return &typ{kind: kMap, key: k, elem: v} }
func pointerTo(t *typ) *typ      { return &typ{kind: kPointer, elem: t} }
func funcOf(result *typ, params ...*typ) *typ {
	return &typ{kind: kFunc, params: params, result: result}
}

// src is the type as a program writes it.
func (t *typ) src() string {
	if t.name != "" {
		return t.name
	}
	return t.literal()
}

// literal is the type's own form, without its name.
func (t *typ) literal() string {
	switch t.kind {
	case kSlice:
		return "[]" + t.elem.src()
	case kArray:
		return fmt.Sprintf("[%d]%s", t.n, t.elem.src())
	case kMap:
		return "map[" + t.key.src() + "]" + t.elem.src()
	case kPointer:
		return "*" + t.elem.src()
	case kFunc:
		return "func(" + join(t.params) + ") " + t.result.src()
	case kStruct:
		var fields []string
		for _, f := range t.fields {
			if f.embedded {
				fields = append(fields, f.t.src())
			} else {
				fields = append(fields, f.name+" "+f.t.src())
			}
		}
		return "struct{ " + strings.Join(fields, "; ") + " }"
	}
	return t.basic.src()
}

func join(list []*typ) string {
	var out []string
	for _, t := range list {
		out = append(out, t.src())
	}
	return strings.Join(out, ", ")
}

// same reports whether two types are identical. Byte and rune are other names.
func same(a, b *typ) bool {
	return a == b || alias(a.src()) == alias(b.src())
}

func alias(src string) string {
	switch src {
	case "rune":
		return "int32"
	case "byte":
		return "uint8"
	}
	return src
}

func (t *typ) integer() bool { return t.kind == kInt || t.kind == kUint }
func (t *typ) number() bool  { return t.integer() || t.kind == kFloat || t.kind == kComplex }
func (t *typ) ordered() bool { return t.integer() || t.kind == kFloat || t.kind == kString }

// comparable reports whether == is defined, and never panics.
func (t *typ) comparable() bool {
	switch t.kind {
	case kSlice, kMap, kFunc, kAny, kInterface, kPointer:
		return false
	case kArray:
		return t.elem.comparable()
	case kStruct:
		for _, f := range t.fields {
			if !f.t.comparable() {
				return false
			}
		}
	}
	return true
}

// printable reports whether fmt prints a value without an address in it.
func (t *typ) printable() bool {
	switch t.kind {
	case kFunc, kPointer:
		return false
	case kSlice, kArray, kMap:
		return t.elem.printable()
	case kStruct:
		for _, f := range t.fields {
			if !f.t.printable() {
				return false
			}
		}
	}
	return true
}

// hasMethod reports whether values of the type have a method of that name.
func (t *typ) hasMethod(name string) bool {
	for _, m := range t.methods {
		if m.name == name && !m.pointer {
			return true
		}
	}
	for _, f := range t.fields {
		if f.embedded && f.t.hasMethod(name) {
			return true
		}
	}
	return false
}

// randType returns a type for a value of the soup.
func (g *gen) randType() *typ {
	switch n := g.r.IntN(100); {
	case n < 45:
		return one(g, basicTypes...)
	case n < 65 && len(g.types) > 0:
		return one(g, g.types...)
	case n < 78:
		return sliceOf(g.elemType())
	case n < 86:
		return arrayOf(1+g.r.IntN(4), g.elemType())
	case n < 93:
		return mapOf(one(g, keyTypes...), g.elemType())
	case n < 97:
		return tAny
	}
	if len(g.ifaces) > 0 {
		return one(g, g.ifaces...)
	}
	return sliceOf(sliceOf(one(g, basicTypes...)))
}

func (g *gen) elemType() *typ {
	if len(g.types) > 0 && g.chance(30) {
		return one(g, g.types...)
	}
	return one(g, basicTypes...)
}

// makeTypes declares the program's types, with methods. How many depends on how
// much soup there will be.
func (g *gen) makeTypes(soup int) {
	for range g.r.IntN(soup + 2) {
		switch g.r.IntN(6) {
		case 0:
			g.makeEnum()
		case 1:
			g.makeNamed()
		default:
			g.makeStruct()
		}
	}
	if g.chance(15 + 15*soup) {
		g.makeInterface()
	}
}

// makeStruct declares a struct type, which may embed an earlier one.
func (g *gen) makeStruct() {
	t := &typ{name: g.name(one(g, "point", "Item", "node", "Pair")), kind: kStruct}
	used := map[string]bool{}
	if structs := g.structs(); len(structs) > 0 && g.chance(45) {
		e := one(g, structs...)
		t.fields = append(t.fields, field{e.name, e, true})
		for name := range e.promoted() {
			used[name] = true
		}
	}
	for range 1 + g.r.IntN(4) {
		f := one(g, "x", "y", "name", "Count", "Label", "tags", "ok", "Sub", "w")
		if used[f] {
			continue
		}
		used[f] = true
		ft := g.randType()
		if ft.kind == kInterface || ft.kind == kAny {
			ft = tInt // a field has to be usable when it is zero
		}
		t.fields = append(t.fields, field{f, ft, false})
	}
	g.declareType(t)
	g.makeMethods(t, 1)
}

// promoted are the names that a struct gives to one that embeds it.
func (t *typ) promoted() map[string]bool {
	out := map[string]bool{t.name: true}
	for _, f := range t.fields {
		out[f.name] = true
		if f.embedded {
			for n := range f.t.promoted() {
				out[n] = true
			}
		}
	}
	return out
}

func (g *gen) structs() []*typ {
	var out []*typ
	for _, t := range g.types {
		if t.kind == kStruct {
			out = append(out, t)
		}
	}
	return out
}

// makeEnum declares an integer type with constants made by iota.
func (g *gen) makeEnum() {
	base := one(g, tInt, tUint8, tInt16, tInt64)
	t := &typ{name: g.name(one(g, "color", "State")), kind: base.kind, bits: base.bits, basic: base}
	n := 2 + g.r.IntN(3)
	var b strings.Builder
	for i := range n {
		v := fmt.Sprintf("%s%c", t.name, 'A'+i)
		t.values = append(t.values, v)
		if i == 0 {
			fmt.Fprintf(&b, "%s %s = %s\n", v, t.name, one(g, "iota", "iota", "iota + 1", "1 << iota", "iota * 10"))
		} else {
			fmt.Fprintf(&b, "%s\n", v)
		}
		if g.chance(15) {
			b.WriteString("_\n")
		}
	}
	g.declareType(t)
	g.decl("const (\n" + b.String() + ")")
	if g.chance(60) {
		g.makeString(t)
	}
}

// makeNamed declares a type that stands for an unnamed one.
func (g *gen) makeNamed() {
	base := one(g, tString, tFloat64, tUint16, sliceOf(tInt), sliceOf(tString), arrayOf(3, tInt), mapOf(tString, tInt))
	t := *base
	t.basic, t.name, t.methods = base, g.name(one(g, "list", "Temp", "Text")), nil
	g.declareType(&t)
	g.makeMethods(&t, 1)
	if g.chance(40) {
		g.makeString(&t)
	}
}

func (g *gen) declareType(t *typ) {
	base := t.literal()
	if t.basic != nil {
		base = t.basic.src()
	}
	g.decl("type " + t.name + " " + base)
	g.types = append(g.types, t)
}

// makeString gives a type a String method, which does not print the value
// itself.
func (g *gen) makeString(t *typ) {
	if t.hasMethod("String") {
		return
	}
	body := fmt.Sprintf("return %q", "<"+t.name+">")
	switch t.kind {
	case kInt, kUint:
		body = fmt.Sprintf("return %q + fmt.Sprint(int64(r)) + \")\"", t.name+"(")
	case kString, kSlice, kMap, kArray:
		body = fmt.Sprintf("return fmt.Sprintf(\"%s/%%d\", len(r))", t.name)
	}
	g.decl(fmt.Sprintf("func (r %s) String() string { %s }", t.name, body))
	t.methods = append(t.methods, &function{name: "String", recv: t, result: []*typ{tString}, cost: 3})
}

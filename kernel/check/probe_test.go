package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// probed is a session of one cell.
func probed(t *testing.T, text string) *check.Session {
	t.Helper()
	fset := token.NewFileSet()
	s := check.NewSession(fset, packages)
	c, err := check.Parse(fset, cell.Source{Number: 7, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	checked, err := s.Check(c)
	if err != nil {
		t.Fatal(err)
	}
	s.Commit(checked, func(*check.Object) bool { return true })
	return s
}

// draft parses declarations and the statements of function _ among them.
func draft(t *testing.T, text string) check.Draft {
	t.Helper()
	d := check.Draft{Fset: token.NewFileSet()}
	f, err := parser.ParseFile(d.Fset, "", "package main\n"+text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	d.Imports = f.Imports
	for _, decl := range f.Decls {
		switch fn, ok := decl.(*ast.FuncDecl); {
		case ok && fn.Name.Name == "_":
			d.Stmts = fn.Body.List
		case !ok && decl.(*ast.GenDecl).Tok == token.IMPORT:
		default:
			d.Decls = append(d.Decls, decl)
			if ok {
				d.Focus = fn
			}
		}
	}
	return d
}

// typeOf is the type that a probe knows for a name.
func typeOf(p *check.Probe, name string) string {
	for id, obj := range p.Info.Defs {
		if id.Name == name && obj != nil {
			return types.TypeString(obj.Type(), check.Qualifier)
		}
	}
	return "unknown"
}

func TestProbe(t *testing.T) {
	const earlier = "import . \"strings\"\ntype point struct{ x int }\nfunc (p *point) Move() int { return 1 }\ntype list[T interface{ Len() int }] []T\norigin := point{}"
	for _, c := range []struct {
		name, text     string
		global, whole  bool
		variable, want string
	}{
		{name: "name of the session", text: "func _() { v := origin }", variable: "v", want: "point"},
		{name: "unexported field", text: "func _() { v := origin.x }", variable: "v", want: "int"},
		{name: "import with a dot", text: "func _() { v := ToUpper(`a`) }", variable: "v", want: "string"},
		{name: "package that is not imported", text: "func _() { v := time.Now() }", variable: "v", want: "time.Time"},
		{name: "package of the right members", text: "func _() { v := rand.IntN(1) }", variable: "v", want: "int"},
		{name: "import", text: "import s \"strconv\"\nfunc _() { v := s.Itoa(1) }", variable: "v", want: "string"},
		{name: "own type hides", text: "type point string\nfunc _() { v := point(`a`) }", variable: "v", want: "point"},
		{name: "method for an earlier type", text: "func (p *point) Far() { v := p.Move() }", global: true, variable: "v", want: "int"},
		{name: "method for an earlier generic type", text: "func (l list[E]) Far() { v := l[0].Len() }", global: true, variable: "v", want: "int"},
		{name: "variable of a statement", text: "func f() { v := a }\nfunc _() { a, b := 1.5, 2 }", global: true, variable: "v", want: "float64"},
		{name: "not in a statement before", text: "func _() { v := late\nlate := 1 }", variable: "v", want: "invalid type"},
		{name: "program", text: "func f() { v := origin }", global: true, whole: true, variable: "v", want: "invalid type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := probed(t, earlier)
			d := draft(t, c.text)
			d.Global, d.Program = c.global, c.whole
			if got := typeOf(s.Probe(d), c.variable); got != c.want {
				t.Errorf("%s is of type %s, want %s", c.variable, got, c.want)
			}
		})
	}
}

// A probe leaves no trace: neither names nor methods.
func TestProbeChangesNothing(t *testing.T) {
	s := probed(t, "type point struct{ x int }\norigin := point{}")
	before := s.Objects()
	d := draft(t, "func (p *point) Fly() {}\ntype other int\nfunc _() { origin, more := 1, 2 }")
	s.Probe(d)
	if !slices.Equal(before, s.Objects()) {
		t.Error("the session has other objects")
	}
	if n := s.Lookup("point").Type().(*types.Named).NumMethods(); n != 0 {
		t.Errorf("point has %d methods", n)
	}
}

func TestPackagesNamed(t *testing.T) {
	s := probed(t, "")
	paths := func(name string, members ...string) []string {
		var out []string
		for _, p := range s.PackagesNamed(name, members) {
			out = append(out, p.Path())
		}
		slices.Sort(out)
		return out
	}
	for _, c := range []struct{ got, want []string }{
		{paths("rand"), []string{"crypto/rand", "math/rand", "math/rand/v2"}},
		{paths("rand", "IntN"), []string{"math/rand/v2"}},
		{paths("rand", "NoSuchThing"), []string{"crypto/rand", "math/rand", "math/rand/v2"}},
		{paths("nothing"), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
}

func TestDeclared(t *testing.T) {
	text := "// 数\ntype point struct {\n\tx int\n}\nfunc (p point) Move() {}\na, b := 1, 2"
	s := probed(t, text)
	point := s.Lookup("point")
	field := point.Type().Underlying().(*types.Struct).Field(0)
	for _, c := range []struct {
		obj         types.Object
		owner, want string
	}{
		{point.Object, "", "point struct"},
		{field, "point", "x int"},
		{s.Lookup("point.Move").Object, "point", "Move()"},
		{s.Lookup("b").Object, "", "b :="},
	} {
		src, offset, ok := s.Declared(c.obj, c.owner)
		if !ok || src.Number != 7 || len(text) < offset+len(c.want) || text[offset:offset+len(c.want)] != c.want {
			t.Errorf("%s: offset %d of %s, %v; want that of %q", c.obj.Name(), offset, src.Name(), ok, c.want)
		}
	}
}

package program

import (
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
)

func TestByName(t *testing.T) {
	p := NewPackages(nil, map[string][]string{"lib": {"example.com/lib/v2"}, "errors": {"github.com/pkg/errors"}})
	for _, c := range []struct{ name, members, want string }{
		{"fmt", "Println", "fmt"},
		{"rand", "Intn", "math/rand"},
		{"rand", "IntN", "math/rand/v2"},
		{"rand", "Text", "crypto/rand"},
		{"rand", "Intn IntN", "math/rand"},
		{"rand", "Nothing", "math/rand"},
		{"template", "New", "text/template"},
		{"template", "HTML New", "html/template"},
		{"show", "Table", "chanbook/show"},
		{"errgroup", "Group WithContext", "golang.org/x/sync/errgroup"},
		{"rate", "NewLimiter", "golang.org/x/time/rate"},
		{"lib", "Do", "example.com/lib/v2"},
		{"errors", "New Is", "errors"},
		{"errors", "New Wrap", "github.com/pkg/errors"},
		{"nothing", "At", ""},
	} {
		if got := p.ByName(c.name, strings.Fields(c.members)); got != c.want {
			t.Errorf("%s with %s is %q, not %q", c.name, c.members, got, c.want)
		}
	}
	if name, ok := p.Name("example.com/lib/v2"); name != "lib" || !ok {
		t.Error(name, ok)
	}
}

// TestGuessedNames tells that an import of a path whose package nobody knows is
// left where it may be used.
func TestGuessedNames(t *testing.T) {
	for _, c := range []struct {
		text string
		want string
	}{
		{`import "gopkg.in/yaml.v3"` + "\nyaml.Marshal(1)", "gopkg.in/yaml.v3"},
		{`import "github.com/redis/go-redis/v9"` + "\nredis.New()", "github.com/redis/go-redis/v9"},
		{`import "example.com/json"` + "\njson.Any()", "example.com/json"},
		{`import "example.com/x"; import "os"` + "\nother.Any()", "example.com/x"},
		{`import json "example.com/any"` + "\nfmt.Println()", "fmt"},
	} {
		p, err := Make(cell.Source{Number: 1, Text: c.text}, Options{Importer: importer})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(p.Imports, " "); got != c.want {
			t.Errorf("%s imports %s, not %s", c.text, got, c.want)
		}
	}
}

func TestProgram(t *testing.T) {
	for _, c := range []struct {
		text    string
		runs    bool
		imports string
	}{
		{"type T struct{ sync.Mutex }\nvar t T\nvar n = 5\nvar m = make(map[string]int)", false, "sync"},
		{"func main() {}", true, ""},
		{"func init() {}", true, ""},
		{"var x = f()\nfunc f() int { return 1 }", true, ""},
		{"x := 1", true, ""},
		{"package main\nimport \"os\"\nfunc main() { fmt.Println(os.Args, rand.IntN(2)) }", true, "fmt math/rand/v2 os"},
		{"import _ \"embed\"\nimport . \"math\"\nimport \"os\"\nfmt.Println(Pi)", true, "embed fmt math"},
	} {
		p, err := Make(cell.Source{Number: 1, Text: c.text}, Options{Importer: importer})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(p.Imports, " "); got != c.imports || p.HasMain != c.runs {
			t.Errorf("%s imports %q and runs: %v", c.text, got, p.HasMain)
		}
	}
}

// TestNoImporter makes a program when nobody knows packages.
func TestNoImporter(t *testing.T) {
	p, err := Make(cell.Source{Number: 1, Text: "import \"os\"\nfmt.Println(os.Args)"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.Imports, " "); got != "os" {
		t.Errorf("imports %s", got)
	}
	_, err = Make(cell.Source{Number: 1, Text: "println()\nx := f()\nfunc f() int { return x }"}, Options{})
	if err != nil {
		t.Error(err)
	}
	_, err = Make(cell.Source{Number: 1, Text: "import \"example.com/lib\"\nprintln()\nx := lib.F()\nfunc f() { println(x) }"}, Options{})
	if err == nil || !strings.Contains(err.Error(), "In[1]:3:1: x is used by a declared function, and its type is not known here") {
		t.Error(err)
	}
}

// TestNameable tells which types a program can write.
func TestNameable(t *testing.T) {
	own, other, hidden := types.NewPackage("main", "main"), types.NewPackage("a/b", "b"), types.NewPackage("a/internal/b", "b")
	named := func(p *types.Package, name string, in *types.Scope) types.Type {
		o := types.NewTypeName(token.NoPos, p, name, nil)
		in.Insert(o)
		return types.NewNamed(o, types.Typ[types.Int], nil)
	}
	local := types.NewScope(own.Scope(), token.NoPos, token.NoPos, "")
	field := func(p *types.Package, name string, typ types.Type) types.Type {
		return types.NewStruct([]*types.Var{types.NewField(token.NoPos, p, name, typ, false)}, nil)
	}
	function := types.NewSignatureType(nil, nil, nil, types.NewTuple(types.NewParam(token.NoPos, other, "x", named(other, "x", other.Scope()))), nil, false)
	for _, c := range []struct {
		what string
		typ  types.Type
		want bool
	}{
		{"error", types.Universe.Lookup("error").Type(), true},
		{"own", named(own, "t", own.Scope()), true},
		{"pointer to exported", types.NewPointer(named(other, "T", other.Scope())), true},
		{"slice of unexported", types.NewSlice(named(other, "t", other.Scope())), false},
		{"of an internal package", named(hidden, "T", hidden.Scope()), false},
		{"of a function", named(own, "u", local), false},
		{"own field", field(own, "x", types.Typ[types.Int]), true},
		{"field of another", field(other, "x", types.Typ[types.Int]), false},
		{"map", types.NewMap(types.Typ[types.String], types.NewChan(types.SendOnly, types.Typ[types.Int])), true},
		{"function of unexported", function, false},
		{"any", types.Universe.Lookup("any").Type(), true},
		{"nil", types.Typ[types.UntypedNil], false},
		{"wrong", types.Typ[types.Invalid], false},
	} {
		if got := nameable(c.typ, own); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

func BenchmarkMake(b *testing.B) {
	src := cell.Source{Number: 1, Text: "x := rand.Intn(3)\nfor i := range x { fmt.Println(i, time.Now(), strings.ToUpper(os.Args[0])) }"}
	for b.Loop() {
		if _, err := Make(src, Options{Importer: importer}); err != nil {
			b.Fatal(err)
		}
	}
}

package complete_test

import (
	"bytes"
	"flag"
	"go/types"
	"os"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/complete"
)

// needSources skips a test that reads the sources of an installed Go.
func needSources(t *testing.T) {
	t.Helper()
	if complete.Goroot() != "" {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatal("no Go sources; install Go")
	}
	t.Skip("no Go sources; install Go")
}

// Of each case the plain text begins with the first part of want; the others are
// in it. Parts are separated by empty lines. A part that begins with ! is not in
// it.
func TestInspect(t *testing.T) {
	needSources(t)
	s := run(t, earlier, `
// A shape has an area.
type shape interface {
	Area() float64 // in square metres
}

type square struct {
	side float64 // its length
	Tag  string `+"`json:\"tag\"`"+`
}

/* Area is the side, squared. */
func (s square) Area() float64 { return s.side * s.side }

const answer = 42 // what else
type alias = square`)
	for _, c := range []struct{ name, code, want string }{
		{"function", "fmt.Prin|tln(1)", "func fmt.Println(a ...any) (n int, err error)\n\nSpaces are always added\n\nhttps://pkg.go.dev/fmt#Println"},
		{"end of a name", "fmt.Println|", "func fmt.Println("},
		{"method", "var b strings.Builder\nb.WriteStr|ing(\"\")", "func (b *strings.Builder) WriteString(s string) (int, error)\n\nappends the contents of s\n\nhttps://pkg.go.dev/strings#Builder.WriteString"},
		{"field", "var s http.Server\ns.Ad|dr = \"\"", "field Addr string // of http.Server\n\nTCP address for the server"},
		{"field in a literal", "s := http.Server{Ad|dr: \"\"}", "field Addr string // of http.Server\n\nTCP address"},
		{"field in a literal that is not whole", "s := http.Server{Addr|", "field Addr string // of http.Server"},
		{"interface method", "var r io.Reader\nr.Re|ad(nil)", "func (io.Reader) Read(p []byte) (n int, err error)\n\nhttps://pkg.go.dev/io#Reader.Read"},
		{"type", "var wg sync.Wait|Group", "type sync.WaitGroup struct {\n\t// and fields that are not exported\n}\n\ncounting semaphore\n\nfunc (wg *sync.WaitGroup) Add(delta int)\n\n!noCopy"},
		{"constant", "math.P|i", "const math.Pi = 3.14159 // untyped float\n\nMathematical constants"},
		{"typed constant", "time.Sec|ond", "const time.Second time.Duration = 1000000000\n\nhttps://pkg.go.dev/time#Second"},
		{"variable of a package", "io.EO|F", "var io.EOF error\n\nno more input"},
		{"package", "fm|t.Println", "package fmt // import \"fmt\"\n\nPackage fmt implements\n\nhttps://pkg.go.dev/fmt"},
		{"package alone", "slog|", "package slog // import \"log/slog\""},
		{"imported path", "import \"net/ht|tp\"", "package http // import \"net/http\""},
		{"path", "math/rand/v2|", "package rand // import \"math/rand/v2\""},
		{"generic function", "slices.So|rt([]int{})", "func slices.Sort[S ~[]E, E cmp.Ordered](x S)\n\nascending order"},
		{"method of a type by its name", "sync.Once.Do|", "func (o *sync.Once) Do(f func())\n\nhttps://pkg.go.dev/sync#Once.Do"},
		{"field of a type by its name", "http.Server.Addr|", "field Addr string // of http.Server"},
		{"method of a generic type", "atomic.Pointer.Load|", "func (x *atomic.Pointer[T]) Load() *T"},
		{"field of an own type by its name", "point.X|", "field X int // of point\n\nto the right"},
		{"promoted method of a type by its name", "named.Move|", "func (p *point) Move(dx int)"},
		{"constraint", "cmp.Order|ed", "type cmp.Ordered interface"},
		{"any", "var a an|y", "type any = interface{}"},
		{"member that only another package has", "rand.Int|N(1)", "func rand.IntN(n int) int\n\nhttps://pkg.go.dev/math/rand/v2#IntN"},

		{"built-in function", "app|end(nil)", "func append(slice []Type, elems ...Type) []Type\n\nappends elements\n\nhttps://pkg.go.dev/builtin#append"},
		{"built-in type", "var x in|t", "type int\n\nsigned integer type"},
		{"error", "var e err|or", "type error interface {\n\tError() string\n}\n\nhttps://pkg.go.dev/builtin#error"},
		{"keyword", "sel|ect {}", "select\n\nhttps://go.dev/ref/spec#Select_statements"},
		{"command", "%who|", "%who\n\nwho lists what"},

		{"function of the session", "dou|ble(1)", "func double(n int) int\n\ndouble returns twice n.\n\ndeclared at In[1]:22"},
		{"variable of the session", "orig|in", "var origin point\n\norigin is where all begins.\n\ndeclared at In[1]:27"},
		{"variable with a comment behind", "rat|e", "var rate float64\n\nhow much\n\ndeclared at In[1]:28"},
		{"type of the session", "var p poi|nt", "type point struct {\n\tX int\n\ty int\n}\n\nA point is a place\n\nfunc (p point) Dist() float64\nfunc (p *point) Move(dx int)\n\ndeclared at In[1]:4"},
		{"field of the session", "origin.|X", "field X int // of point\n\nto the right\n\ndeclared at In[1]:5"},
		{"unexported field", "var q square\nq.si|de", "field side float64 // of square\n\nits length\n\ndeclared at In[2]:8"},
		{"promoted field", "var n named\nn.|X", "field X int // of point"},
		{"method of the session", "origin.Di|st()", "func (p point) Dist() float64\n\nthe distance from the origin\n\ndeclared at In[1]:10"},
		{"block comment", "square{}.Ar|ea()", "func (s square) Area() float64\n\nArea is the side, squared."},
		{"tags", "var q squ|are", "type square struct {\n\tside float64\n\tTag  string `json:\"tag\"`\n}"},
		{"interface of the session", "var s sha|pe", "type shape interface {\n\tArea() float64\n}\n\nA shape has an area."},
		{"method of an interface", "var s shape\ns.Ar|ea()", "func (shape) Area() float64\n\nin square metres\n\ndeclared at In[2]:4"},
		{"constant of the session", "ans|wer", "const answer = 42 // untyped int\n\nwhat else\n\ndeclared at In[2]:15"},
		{"alias", "var a ali|as", "type alias = square"},
		{"generic type", "var s sta|ck[point]", "type stack[T fmtStringer] struct {\n\titems []T\n}"},

		{"of this cell", "// f does it.\nfunc f() {}\nf|()", "func f()\n\nf does it.\n\ndeclared in this cell, line 2"},
		{"its declaration", "// f does it.\nfunc |f(a int) {}", "func f(a int)\n\nf does it."},
		{"of this cell, further down", "x := 1\ny := 2\n// z is last.\nz := 3\nz|", "var z int\n\nz is last.\n\ndeclared in this cell, line 4"},
		{"parameter", "func f(count int) { _ = cou|nt }", "var count int\n\ndeclared in this cell, line 1"},
		{"declared variable", "tot|al := 1.5", "var total float64"},
		{"type switch", "var a any\nswitch v := a.(type) {\ncase int:\n\t_ = v|\n}", "var v int"},
		{"broken elsewhere", "x := = 1\nfmt.Println|(", "func fmt.Println("},
		{"program", "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Prin|tln()\n}", "func fmt.Println("},

		{"arguments", "double(|", "func double(n int) int"},
		{"argument", "double(1|2)", "func double(n int) int"},
		{"second argument", "strings.Split(\"a b\", |)", "func strings.Split(s, sep string) []string"},
		{"string argument", "strings.Split(\"a |b\", \" \")", "func strings.Split("},
		{"inner call", "double(double(|))", "func double("},
		{"method call", "origin.Move(|", "func (p *point) Move(dx int)"},
		{"function value", "f := func(a string) bool { return true }\nf(|", "var f func(a string) bool"},
		{"generic call", "slices.Index(|", "func slices.Index["},
		{"behind a call", "double(1)|", "func double("},
		{"call of a literal", "func(a int) {}(|", "func(a int)"},

		{"nothing", "|", ""},
		{"unknown", "nothing_of_the_kind|", ""},
		{"comment", "// fmt.Prin|tln", ""},
		{"string", "x := \"fmt.Prin|tln\"", ""},
		{"body of a literal in a call", "double(func() {\n\t|\n})", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, at := cursor(t, c.code)
			got := complete.Inspect(s, code, at, 0)
			text, _ := got.Data["text/plain"].(string)
			if c.want == "" {
				if got.Found {
					t.Errorf("found %q", text)
				}
				return
			}
			for i, part := range strings.Split(c.want, "\n\n") {
				switch part, not := strings.CutPrefix(part, "!"); {
				case not && strings.Contains(text, part):
					t.Errorf("has %q:\n%s", part, text)
				case !not && i == 0 && !strings.HasPrefix(text, part), !not && !strings.Contains(text, part):
					t.Errorf("lacks %q:\n%s", part, text)
				}
			}
		})
	}
}

func TestInspectDetail(t *testing.T) {
	needSources(t)
	s := run(t, earlier)
	for _, c := range []struct{ code, want string }{
		{"double", "func double(n int) int { return 2 * n }"},
		{"point", "\tX int // to the right"},
		{"limit", "limit, rate := 10, 1.5"},
		{"strings.Repeat", "func Repeat(s string, count int) string {"},
		{"http.Server", "\tReadTimeout time.Duration"},
		{"fmt", "# Printing"},
	} {
		brief := complete.Inspect(s, c.code, len(c.code), 0).Data["text/plain"].(string)
		full := complete.Inspect(s, c.code, len(c.code), 1).Data["text/plain"].(string)
		if !strings.Contains(full, c.want) || strings.Contains(brief, c.want) && c.code != "http.Server" {
			t.Errorf("%s: %q is to be in the second only:\n%s\n-----\n%s", c.code, c.want, brief, full)
		}
	}
}

func TestInspectMarkdown(t *testing.T) {
	needSources(t)
	s := run(t, earlier)
	got := complete.Inspect(s, "errors.Is", 9, 0).Data["text/markdown"].(string)
	for _, want := range []string{
		"```go\nfunc errors.Is(err, target error) bool\n```\n",
		"\nIs reports whether",
		"[pkg.go.dev/errors#Is](https://pkg.go.dev/errors#Is)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if got := complete.Inspect(s, "http.Get", 8, 0).Data["text/markdown"].(string); !strings.Contains(got, "[\\*url.Error](https://pkg.go.dev/net/url#Error)") {
		t.Errorf("no link to another package:\n%s", got)
	}
	if got := complete.Inspect(s, "io.Copy", 7, 0).Data["text/markdown"].(string); !strings.Contains(got, "(https://pkg.go.dev/io#WriterTo)") {
		t.Errorf("no link to another symbol:\n%s", got)
	}
}

var update = flag.Bool("update", false, "write show.json")

// What is embedded of package show is what its sources say.
func TestShow(t *testing.T) {
	want, err := complete.Documentation("../show")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("show.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !*update && !bytes.Equal(want, complete.Embedded()) {
		t.Error("show.json is stale; run go test ./kernel/complete -run TestShow -update")
	}
	s := run(t)
	text, _ := complete.Inspect(s, "show.HTML", 9, 0).Data["text/plain"].(string)
	if !strings.HasPrefix(text, "func show.HTML(") && !strings.HasPrefix(text, "type show.HTML") || !strings.Contains(text, "HTML") || strings.Contains(text, "pkg.go.dev") {
		t.Errorf("show.HTML: %q", text)
	}
}

// Packages of others are documented in our words: what they export, all of it and
// nothing else.
func TestOthers(t *testing.T) {
	for _, path := range []string{"golang.org/x/sync/errgroup", "golang.org/x/sync/semaphore", "golang.org/x/sync/singleflight", "golang.org/x/time/rate"} {
		pkg, err := standard.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		documented := complete.Symbols(path)
		for _, symbol := range exported(pkg) {
			if !documented[symbol] {
				t.Errorf("%s.%s has no documentation", path, symbol)
			}
			delete(documented, symbol)
		}
		for symbol := range documented {
			t.Errorf("%s.%s is documented and does not exist", path, symbol)
		}
	}
	s := run(t)
	got, _ := complete.Inspect(s, "errgroup.WithContext", 20, 1).Data["text/plain"].(string)
	want := "func errgroup.WithContext(ctx context.Context) (*errgroup.Group, context.Context)\n\nWithContext makes a group"
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "https://pkg.go.dev/golang.org/x/sync/errgroup#WithContext") {
		t.Errorf("errgroup.WithContext: %s", got)
	}
}

// exported lists the exported names of a package, with the methods and fields of
// its types.
func exported(pkg *types.Package) []string {
	var out []string
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		out = append(out, name)
		named, ok := obj.Type().(*types.Named)
		if _, isType := obj.(*types.TypeName); !ok || !isType {
			continue
		}
		for m := range named.Methods() {
			if m.Exported() {
				out = append(out, name+"."+m.Name())
			}
		}
		if s, ok := named.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if f.Exported() {
					out = append(out, name+"."+f.Name())
				}
			}
		}
	}
	return out
}

// Without sources there are signatures alone.
func TestInspectWithoutGo(t *testing.T) {
	s := run(t, earlier)
	restore := complete.WithoutGo()
	defer restore()
	got := complete.Inspect(s, "fmt.Println", 11, 1).Data["text/plain"]
	if want := "func fmt.Println(a ...any) (n int, err error)\n\nhttps://pkg.go.dev/fmt#Println"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := complete.Inspect(s, "append", 6, 1); !got.Found || !strings.HasPrefix(got.Data["text/plain"].(string), "func append(slice []Type") {
		t.Errorf("append: %+v", got)
	}
}

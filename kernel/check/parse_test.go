package check_test

import (
	"errors"
	"go/ast"
	"go/token"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

func TestParseTellsDeclarationsFromStatements(t *testing.T) {
	for _, c := range []struct {
		text         string
		decls, stmts int
	}{
		{"x := 1; func f() {}; y := 2", 1, 2},
		{"func() { x() }()", 0, 1},
		{"func(a int) string { return s }(1)", 0, 1},
		{"func(a int) (b int) { return }(1)", 0, 1},
		{"func (t T) M() {}", 1, 0},
		{"func (t *T[K, V]) M(x int) (y int) { return }", 1, 0},
		{"func F[T any](x T) {}", 1, 0},
		{"type (\n\tA int\n\tB string\n)\nvar x A\nconst c = 1", 2, 1},
		{"import \"fmt\"; fmt.Println(1)", 0, 1},
		{"for i := 0; i < 3; i++ { type T int; func() {}() }", 0, 1},
		{"x := 1 // func f() {}\n/* type T int */", 0, 1},
		{"s := `\nfunc f() {}\n`", 0, 1},
	} {
		got, err := check.Parse(token.NewFileSet(), cell.Source{Number: 1, Text: c.text})
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if len(got.Decls) != c.decls || len(got.Body.Body.List) != c.stmts {
			t.Errorf("%q: %d declarations and %d statements, want %d and %d", c.text, len(got.Decls), len(got.Body.Body.List), c.decls, c.stmts)
		}
	}
}

func TestParseKeepsPositions(t *testing.T) {
	fset := token.NewFileSet()
	text := "x := 1; func f() {\n\treturn\n}\n\ty := \"é\" + z"
	c, err := check.Parse(fset, cell.Source{Number: 7, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	visit := func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			got[id.Name] = fset.Position(id.Pos()).String()
		}
		return true
	}
	ast.Inspect(c.Body.Body, visit)
	ast.Inspect(c.Decls[0], visit)
	for name, want := range map[string]string{"x": "In[7]:1:1", "f": "In[7]:1:14", "y": "In[7]:4:2", "z": "In[7]:4:14"} {
		if got[name] != want {
			t.Errorf("%s is at %s, want %s", name, got[name], want)
		}
	}
}

func TestParseReportsSyntaxErrors(t *testing.T) {
	for text, want := range map[string]string{
		"x := (1":           "In[1]:1:8",
		"a := 1\nb = = 2":   "In[1]:2:5",
		"func f( {}":        "In[1]:1:",
		"}\nfmt.Println(1)": "In[1]:",
		"x := \"abc":        "string literal not terminated",
	} {
		_, err := check.Parse(token.NewFileSet(), cell.Source{Number: 1, Text: text})
		var d check.Diagnostics
		if !errors.As(err, &d) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// FuzzParse looks for text that brings the splitter or the parser down, and for
// positions that are not in the cell.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"x := 1", "func f() {}\nf()", "type T struct{", "`", "/*", "\x00", "é := 1", "a;b;c", "func (", "}}}", "//line x:1\nx"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		src := cell.Source{Number: 1, Text: text}
		_, err := check.Parse(token.NewFileSet(), src)
		var d check.Diagnostics
		if err != nil && (!errors.As(err, &d) || len(d) == 0) {
			t.Errorf("%q: an error without diagnostics: %v", text, err)
		}
	})
}

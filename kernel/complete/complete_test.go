package complete_test

import (
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/complete"
)

type importer struct{ *exportdata.Importer }

func (importer) ByName(name string) []string { return exportdata.ByName(name) }

// session returns a session in which an earlier cell has declared a few things.
func session(t testing.TB) *check.Session {
	t.Helper()
	fset := token.NewFileSet()
	s := check.NewSession(fset, importer{exportdata.NewImporter()})
	c, err := check.Parse(fset, cell.Source{Number: 1, Text: `
type point struct{ X, y int }
func (p point) Dist() float64 { return 0 }
func (p *point) Move(dx int) {}
origin := point{}
func double(n int) int { return 2 * n }
`})
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

// In the code of these cases, | is the cursor.
func TestComplete(t *testing.T) {
	for _, c := range []struct {
		code    string
		want    []string // all matches, or those that have to be among them
		among   bool
		without string
	}{
		{code: "fmt.Printl|", want: []string{"Println"}},
		{code: "strings.Bu|", want: []string{"Builder"}},
		{code: "origin.|", want: []string{"Dist", "Move", "X", "y"}},
		{code: "dou|", want: []string{"double"}},
		{code: "func f(local int) {\n\tif local > 0 {\n\t\tloc|", want: []string{"local"}},
		{code: "words := []string{}\nfor _, word := range words {\n\tfmt.Println(wo|", want: []string{"word", "words"}},
		{code: "wo|\nword := 1", want: nil},
		{code: "var wg sync.WaitGroup\nwg.|", want: []string{"Add", "Done", "Go", "Wait"}},
		{code: "x := &origin\nx.Mo|", want: []string{"Move"}},
		{code: "for i := ra|", want: []string{"range"}, among: true},
		{code: "import \"encoding/js|", want: []string{"encoding/json", "encoding/json/jsontext", "encoding/json/v2"}, among: true},
		{code: "%h|", want: []string{"%help"}},
		{code: "fmt.Sprintf(\"%d\", origin.|", want: []string{"Dist", "Move", "X", "y"}},
		{code: "数 := 1\n数|", want: []string{"数"}},
		{code: "nothing.|", want: nil},
		{code: "|", want: []string{"double", "for", "fmt", "len", "origin"}, among: true, without: "_"},
	} {
		at := strings.IndexByte(c.code, '|')
		code := c.code[:at] + c.code[at+1:]
		got := complete.Complete(session(t), code, at)
		var names []string
		for _, m := range got.Matches {
			names = append(names, m.Text)
		}
		switch {
		case c.among:
			found := 0
			for _, w := range c.want {
				if slices.Contains(names, w) {
					found++
				}
			}
			if found == 0 || c.without != "" && slices.Contains(names, c.without) || !strings.Contains(c.code, "import") && found < len(c.want) {
				t.Errorf("%q: %v, want %v among them", c.code, names, c.want)
			}
		case !slices.Equal(names, c.want):
			t.Errorf("%q: %v, want %v", c.code, names, c.want)
		}
	}
}

func TestInspect(t *testing.T) {
	for code, want := range map[string]string{
		"fmt.Prin|tln":         "func fmt.Println(a ...any)",
		"origin|":              "var origin point",
		"doub|le(1)":           "func double(n int) int",
		"double(|":             "func double(n int) int",
		"origin.Mo|ve":         "Move(dx int)",
		"x := 1\nx|":           "var x int",
		"sync.WaitGroup|":      "type sync.WaitGroup struct",
		"math.P|i":             "const Pi",
		"len|":                 "func len",
		"fm|t.Println":         "package fmt",
		"nothing_of_the_kind|": "",
		"|":                    "",
	} {
		at := strings.IndexByte(code, '|')
		got := complete.Inspect(session(t), code[:at]+code[at+1:], at, 0)
		text, _ := got.Data["text/plain"].(string)
		if got.Found != (want != "") || !strings.Contains(text, want) {
			t.Errorf("%q: found %v, %q; want %q in it", code, got.Found, text, want)
		}
	}
}

func TestIsComplete(t *testing.T) {
	for _, c := range []struct{ text, status, indent string }{
		{"x := 1", cell.Complete, ""},
		{"", cell.Complete, ""},
		{"func f() {", cell.Incomplete, "\t"},
		{"for {\n\tif x {", cell.Incomplete, "\t\t"},
		{"fmt.Println(1,", cell.Incomplete, "\t"},
		{"x := 1 +", cell.Incomplete, ""},
		{"s := `raw", cell.Incomplete, ""},
		{"/* comment", cell.Incomplete, ""},
		{"x := \"abc", cell.Invalid, ""},
		{"x = = 1", cell.Invalid, ""},
		{"}", cell.Invalid, ""},
		{"%help", cell.Complete, ""},
		{"fmt.Println?", cell.Complete, ""},
		{"package main\nfunc main() {}", cell.Complete, ""},
		{"package main\nfunc main() {", cell.Incomplete, "\t"},
		{"type T struct{ a int }\nvar t T\nt", cell.Complete, ""},
	} {
		got := complete.IsComplete(c.text)
		if got.Status != c.status || got.Indent != c.indent {
			t.Errorf("%q: %+v, want %s with indent %q", c.text, got, c.status, c.indent)
		}
	}
}

// FuzzProbe looks for code that brings completion or inspection down.
func FuzzProbe(f *testing.F) {
	for _, s := range []string{"fmt.", "func (x", "x := map[", "`", "/*", "type T[", "a.b.c(", "package main\nfunc", "for i := range ", "\x00", "switch x := y.("} {
		f.Add(s)
	}
	s := session(f)
	f.Fuzz(func(t *testing.T, code string) {
		c := complete.Complete(s, code, len(code))
		if c.Start > c.End || c.End != len(code) {
			t.Errorf("%q: replaces %d to %d", code, c.Start, c.End)
		}
		complete.Inspect(s, code, len(code)/2, 1)
		complete.IsComplete(code)
	})
}

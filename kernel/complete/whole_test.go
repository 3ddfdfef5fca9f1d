package complete_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/complete"
)

func TestIsComplete(t *testing.T) {
	for _, c := range []struct{ text, status, indent string }{
		{"x := 1", cell.Complete, ""},
		{"x := 1 // one", cell.Complete, ""},
		{"x := 1;", cell.Complete, ""},
		{"x := 1\n\n", cell.Complete, ""},
		{"", cell.Complete, ""},
		{"// a comment", cell.Complete, ""},
		{"/* a comment */", cell.Complete, ""},
		{"x++", cell.Complete, ""},
		{"return", cell.Complete, ""},
		{"import \"fmt\"", cell.Complete, ""},
		{"type T struct{ a int }\nvar t T\nt", cell.Complete, ""},
		{"func f() {\n}", cell.Complete, ""},
		{"L:\nfor {\n\tbreak L\n}", cell.Complete, ""},

		{"func f() {", cell.Incomplete, "\t"},
		{"func f() {\n", cell.Incomplete, "\t"},
		{"for {\n\tif x {", cell.Incomplete, "\t\t"},
		{"for {\n\tif x {\n\t}", cell.Incomplete, "\t"},
		{"go func() {", cell.Incomplete, "\t"},
		{"wg.Go(func() {", cell.Incomplete, "\t"},
		{"wg.Go(func() {\n\tfor {", cell.Incomplete, "\t\t"},
		{"fmt.Println(1,", cell.Incomplete, "\t"},
		{"fmt.Println(", cell.Incomplete, "\t"},
		{"x := []int{", cell.Incomplete, "\t"},
		{"x := map[string]point{\n\t\"a\": {", cell.Incomplete, "\t\t"},
		{"type T struct {", cell.Incomplete, "\t"},
		{"type I interface {", cell.Incomplete, "\t"},
		{"import (", cell.Incomplete, "\t"},
		{"const (\n\ta = iota", cell.Incomplete, "\t"},
		{"x := 1 +", cell.Incomplete, "\t"},
		{"x :=", cell.Incomplete, "\t"},
		{"a, b :=", cell.Incomplete, "\t"},
		{"a := b.", cell.Incomplete, "\t"},
		{"if a &&", cell.Incomplete, "\t"},
		{"if a &&\n\tb {", cell.Incomplete, "\t"},
		{"for {\n\tx := 1 +", cell.Incomplete, "\t\t"},
		{"if x {\n} else", cell.Incomplete, ""},
		{"if x {\n} else {", cell.Incomplete, "\t"},
		{"switch x {", cell.Incomplete, ""},
		{"switch x {\ncase 1:", cell.Incomplete, "\t"},
		{"switch x {\ncase 1:\n\tf()", cell.Incomplete, "\t"},
		{"switch x {\ncase 1:\n\tfor {", cell.Incomplete, "\t\t"},
		{"select {", cell.Incomplete, ""},
		{"select {\ncase <-ch:", cell.Incomplete, "\t"},
		{"select {\ndefault:", cell.Incomplete, "\t"},
		{"for {\n\tselect {\n\tcase <-ch:", cell.Incomplete, "\t\t"},
		{"func f() {\n\tswitch {", cell.Incomplete, "\t"},
		{"outer:", cell.Incomplete, ""},
		{"for {\nouter:", cell.Incomplete, "\t"},
		{"for i := 0;", cell.Incomplete, ""},
		{"s := `raw", cell.Incomplete, ""},
		{"for {\n\ts := `raw", cell.Incomplete, ""},
		{"/* comment", cell.Incomplete, ""},
		{"x := 1 /* comment", cell.Incomplete, ""},
		{"func", cell.Incomplete, ""},

		{"x := \"abc", cell.Invalid, ""},
		{"x := 'a", cell.Invalid, ""},
		{"x = = 1", cell.Invalid, ""},
		{"x = = func() {", cell.Invalid, ""},
		{"}", cell.Invalid, ""},
		{"f(]", cell.Invalid, ""},
		{"f())", cell.Invalid, ""},
		{"if x", cell.Invalid, ""},
		{"func f()", cell.Invalid, ""},
		{"func f() {\nfunc g() {\n}", cell.Invalid, ""},
		{"1 # 2", cell.Invalid, ""},

		{"%help", cell.Complete, ""},
		{"!ls", cell.Complete, ""},
		{"fmt.Println?", cell.Complete, ""},
		{"%%go", cell.Incomplete, ""},
		{"%%go\npackage main\n\nfunc main() {", cell.Incomplete, "\t"},
		{"%%go\npackage main\n\nfunc main() {\n}", cell.Complete, ""},
		{"%%bash\nif true; then", cell.Incomplete, ""},
		{"%%bash\nls\n\n", cell.Complete, ""},
		{"package main", cell.Incomplete, ""},
		{"package main\nfunc main() {}", cell.Complete, ""},
		{"package main\nfunc main() {", cell.Incomplete, "\t"},
	} {
		got := complete.IsComplete(c.text)
		if got.Status != c.status || got.Indent != c.indent {
			t.Errorf("%q: %+v, want %s with indent %q", c.text, got, c.status, c.indent)
		}
	}
}

// The indent is that of gofmt: where a file of this package is cut at the end of
// a line, the next line begins with it, if a bracket does not close there.
func TestIndent(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	checked := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue // they have raw strings
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(data), "\n")
		for i := 1; i < len(lines); i++ {
			next := strings.TrimSpace(lines[i])
			if next == "" || strings.ContainsAny(next[:1], ")}]") || strings.HasPrefix(next, "case ") || next == "default:" || strings.HasPrefix(lines[i-1], "package") {
				continue
			}
			c := complete.IsComplete(strings.Join(lines[:i], ""))
			if c.Status != cell.Incomplete {
				continue
			}
			checked++
			want := lines[i][:len(lines[i])-len(strings.TrimLeft(lines[i], "\t"))]
			if c.Indent != want {
				t.Errorf("%s:%d: indent %q, want %q", name, i+1, c.Indent, want)
			}
		}
	}
	if checked < 500 {
		t.Errorf("only %d lines compared", checked)
	}
}

package check_test

import (
	"errors"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// nextCell stands between the cells of a fuzz input.
const nextCell = "\n%%%%\n"

// addCells adds the cells of the session's tests to the seeds: each with the one
// before it.
func addCells(f *testing.F) {
	files, err := filepath.Glob("../session/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no cells to start from: ", err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		before := ""
		for _, part := range ar.Files {
			if text := string(part.Data); strings.HasPrefix(part.Name, "In") {
				f.Add(before + nextCell + text)
				before = text
			}
		}
	}
	for _, s := range []string{
		"x := 1" + nextCell + "x := x + 1; x",
		"type T struct{ T *T }\nfunc (t T) M() T { return t }" + nextCell + "type T int\nvar t T = 1\nt.M()",
		"func f[T any](x T) T { return f(x) }" + nextCell + "func f() {}\nf()",
		"type T[P any] struct{ x P }" + nextCell + "func (t T[Q]) M() Q { return t.x }\nT[int]{}.M()",
		"import \"math/rand\"" + nextCell + "rand := 1; rand",
		"goto L; L: for { break L }" + nextCell + "L: _ = 1",
		"const c = iota" + nextCell + "const ( a = c; c )",
		"type A = B; type B = A", "var x = y; var y = x", "x, err := 1; return 2", "func init() {}", "package main\nfunc main() {}",
		"fmt.Println(\"a\"); \"unused\"", "for range 3 { defer func() {}() }", "type I interface{ ~int | I }", "var _ = func() { goto x }",
	} {
		f.Add(s)
	}
}

// standard serves the standard library.
type standard struct{ *exportdata.Importer }

func (standard) ByName(name string) []string { return exportdata.ByName(name) }

// FuzzSplit looks for text that brings the splitter or the parser down, and for
// nodes whose positions are not where their text is.
func FuzzSplit(f *testing.F) {
	addCells(f)
	for _, s := range []string{"func f() {}; func() {}()", "type T struct{", "`", "/*", "\x00", "é := 1", "func (", "}}}", "//line x:1\nx", "func (a) b(", "x :=\n\n\n", "\r\n\rx", "\xef\xbb\xbfx", "x\xef\xbb\xbf", "func A\n0\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fset := token.NewFileSet()
		src := cell.Source{Number: 1, Text: text}
		c, err := check.Parse(fset, src)
		if err != nil {
			wantDiagnostics(t, src, err)
			return
		}
		if strings.Contains(text, "line ") {
			return // a line directive may move positions anywhere
		}
		nodes := []ast.Node{c.Body.Body}
		for _, d := range c.Decls {
			nodes = append(nodes, d)
		}
		for _, n := range nodes {
			ast.Inspect(n, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && id.Name != "_" {
					wantThere(t, src, fset.Position(id.Pos()), id.Name)
				}
				return true
			})
		}
	})
}

// wantThere requires that the text at a position begins with a name.
func wantThere(t *testing.T, src cell.Source, p token.Position, name string) {
	t.Helper()
	line := src.Line(p.Line)
	if p.Column < 1 || p.Column > len(line) || !strings.HasPrefix(line[p.Column-1:], name) {
		t.Errorf("%s is said to be at %v, where the text is %q", name, p, line)
	}
}

// wantDiagnostics requires that an error says where in the cell it is.
func wantDiagnostics(t *testing.T, src cell.Source, err error) {
	t.Helper()
	var list check.Diagnostics
	if !errors.As(err, &list) || len(list) == 0 {
		t.Fatalf("an error without diagnostics: %v", err)
	}
	lines := strings.Count(src.Text, "\n") + 1
	for _, d := range list {
		if strings.Contains(src.Text, "line ") {
			continue
		}
		if d.Pos.Line < 0 || d.Pos.Line > lines || d.Pos.Column < 0 || d.Pos.Column > len(src.Line(d.Pos.Line))+1 {
			t.Errorf("%v: a position outside the cell", d)
		}
	}
}

// FuzzCheck looks for cells that bring the checker down, also when they are run
// after others, and for cells with errors that change the session.
func FuzzCheck(f *testing.F) {
	addCells(f)
	imp := standard{exportdata.NewImporter()}
	f.Fuzz(func(t *testing.T, text string) {
		fset := token.NewFileSet()
		s := check.NewSession(fset, imp)
		for n, text := range strings.SplitN(text, nextCell, 3) {
			src := cell.Source{Number: n + 1, Text: text}
			c, err := check.Parse(fset, src)
			if err != nil {
				wantDiagnostics(t, src, err)
				continue
			}
			before := s.Objects()
			checked, err := s.Check(c)
			if !slices.Equal(before, s.Objects()) {
				t.Errorf("the check of %q changed the session", text)
			}
			if err != nil {
				wantDiagnostics(t, src, err)
				continue
			}
			s.Commit(checked, func(*check.Object) bool { return true })
		}
	})
}

package lower_test

import (
	"errors"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/lower"
)

// nextCell stands between the cells of a fuzz input.
const nextCell = "\n%%%%\n"

// standard serves the standard library.
type standard struct{ *exportdata.Importer }

func (standard) ByName(name string) []string { return exportdata.ByName(name) }

// FuzzLower looks for cells that pass the checker and bring the lowering down.
func FuzzLower(f *testing.F) {
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
		"for i := range 3 { defer func() { recover() }(); if i > 1 { continue } }",
		"type T[P any] struct{ x P }\nfunc (t *T[Q]) M() Q { return t.x }" + nextCell + "var t T[T[int]]; t.M()",
		"L: for x := range func(yield func(int) bool) { yield(1) } { switch { case x > 0: break L; default: continue L } }",
		"select { case x, ok := <-make(chan int): _ = x; _ = ok; default: goto L }\nL: return",
		"const big = 1 << 100; big >> 98", "var a [2]struct{ f func() }; a[0].f == nil", "type I interface{ M() }; type S struct{ I }; I.M; (*S).M",
		"x, y := 1, \"a\"; x, y := y, x", "m := map[[2]any]func(...int){}; m[[2]any{1, nil}](1, 2)", "go func() { panic(1) }()", "clear(map[int]int{}); min(1, 2.5)", "_:",
	} {
		f.Add(s)
	}
	imp := standard{exportdata.NewImporter()}
	f.Fuzz(func(t *testing.T, text string) {
		fset := token.NewFileSet()
		s := check.NewSession(fset, imp)
		l := lower.New(s, fset)
		for n, text := range strings.SplitN(text, nextCell, 3) {
			c, err := check.Parse(fset, cell.Source{Number: n + 1, Text: text})
			if err != nil {
				continue
			}
			checked, err := s.Check(c)
			if err != nil {
				continue
			}
			_, err = l.Lower(checked)
			var list check.Diagnostics
			if err != nil && (!errors.As(err, &list) || len(list) == 0) {
				t.Fatalf("an error without diagnostics: %v", err)
			}
			if err == nil {
				s.Commit(checked, func(*check.Object) bool { return true })
			}
		}
	})
}

package complete_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/complete"
)

type looked struct {
	session *check.Session
	code    string
	offset  int
}

// FuzzComplete looks for code that brings a look at it down. Panics are not
// caught here.
func FuzzComplete(f *testing.F) {
	for _, code := range []string{
		"fmt.", "func (x", "x := map[", "`", "/*", "type T[", "a.b.c(", "package main\nfunc", "for i := range ", "\x00", "switch x := y.(",
		"func (p *point) M() {\n\tp.", "func (s *stack[T]) Push(v T) { v.", "point{X: 1, ", "%%go\nfunc", "L: goto ", "import (\n\"", "x.\xff.y", "\ufeff",
		"type T struct{ T }\nvar t T\nt.", "type A = B\ntype B = A\nvar a A\na.", "func f[T any](x T) { f(f)(x.", "var x = x\nx.", "x := = 1\n) ] }", "\r\n\r",
	} {
		f.Add(code, uint(len(code)))
		f.Add(code, uint(len(code)/2))
	}
	s := run(f, earlier)
	f.Fuzz(func(t *testing.T, code string, at uint) {
		offset := int(at % uint(len(code)+1))
		c := complete.Complete(s, code, offset)
		if c.Start > c.End || c.End > offset || c.Start < 0 {
			t.Errorf("%q at %d: replaces %d to %d", code, offset, c.Start, c.End)
		}
		complete.Find(s, code, offset).Inspection(1)
		complete.IsComplete(code)
		complete.IsComplete(code[:offset])
	})
}

// Every place of every notebook can be looked at, in the whole cell and in what
// stands before the place.
func TestNotebooks(t *testing.T) {
	notebooks, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(notebooks) == 0 {
		t.Fatal("no notebooks", err)
	}
	for _, path := range notebooks {
		step := 0
		everywhere(t, path, func(l *looked) {
			if step++; step%41 != 0 {
				return
			}
			before := l.code[:l.offset]
			complete.Complete(l.session, l.code, l.offset)
			complete.Complete(l.session, before, l.offset)
			complete.Find(l.session, l.code, l.offset)
			complete.Find(l.session, before, l.offset)
			complete.IsComplete(before)
		})
	}
}

// Texts that nobody writes are answered too, with nothing if need be.
func TestHostile(t *testing.T) {
	s := run(t, earlier)
	const n = 5000
	for _, code := range []string{
		strings.Repeat("(", n), strings.Repeat("{", n), strings.Repeat("func() {", n), strings.Repeat("if x {\n", n),
		"x := " + strings.Repeat("-", n) + "1", "var x " + strings.Repeat("*", n) + "int", strings.Repeat("}\n", n),
		strings.Repeat("\"\n", n), strings.Repeat("x := = 1\n", n/10), "var m " + strings.Repeat("map[string]", n/10) + "int\nm",
		"type T[P any] struct { f *T[T[P]] }\nvar v T[int]\nv.f.f.f.", strings.Repeat("x", 2<<20),
	} {
		complete.Complete(s, code, len(code))
		complete.Find(s, code, len(code))
		complete.IsComplete(code)
	}
}

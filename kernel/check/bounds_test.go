package check_test

import (
	"fmt"
	"go/token"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// TestDeepCellsAreRefused: the recursion of parser and checker on such text could
// end the process.
func TestDeepCellsAreRefused(t *testing.T) {
	const n = 100_000
	for name, text := range map[string]string{
		"parentheses": "x := " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n),
		"blocks":      strings.Repeat("{", n) + strings.Repeat("}", n),
		"sum":         "x := 1" + strings.Repeat("+1", n),
		"signs":       "x := " + strings.Repeat("-", n) + "1",
		"pointers":    "var x " + strings.Repeat("*", n) + "int",
		"slices":      "var x " + strings.Repeat("[]", n) + "int",
		"calls":       "x := f" + strings.Repeat("()", n),
		"fields":      "x := a" + strings.Repeat(".b", n),
		"else":        strings.Repeat("if true {} else ", n) + "{}",
		"program":     "package main\nvar x = " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n),
	} {
		t.Run(name, func(t *testing.T) {
			src := cell.Source{Number: 1, Text: text}
			var err error
			if check.IsProgram(text) {
				_, _, err = check.Program(token.NewFileSet(), packages, src)
			} else {
				_, err = check.Parse(token.NewFileSet(), src)
			}
			if err == nil || !strings.Contains(err.Error(), "nested too deep") {
				t.Errorf("got %.200v", err)
			}
		})
	}
}

// TestManyErrors: each error has an explanation, which must not be made for
// thousands of them.
func TestManyErrors(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "func f%d() int { return undefined%d }\n", i, i)
	}
	fset := token.NewFileSet()
	s := check.NewSession(fset, packages)
	c, err := check.Parse(fset, cell.Source{Number: 1, Text: b.String()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Check(c)
	if err == nil || !strings.HasSuffix(err.Error(), "and many more errors") {
		t.Errorf("got %.200v", err)
	}
	if len(s.Objects()) != 0 {
		t.Error("a cell with errors has declared something")
	}
}

// TestDiscard: a cell that was checked and cannot run leaves no method behind.
func TestDiscard(t *testing.T) {
	fset := token.NewFileSet()
	s := check.NewSession(fset, packages)
	number := 0
	run := func(text string) (*check.Checked, error) {
		number++
		c, err := check.Parse(fset, cell.Source{Number: number, Text: text})
		if err != nil {
			return nil, err
		}
		return s.Check(c)
	}
	first, err := run("type S[T any] struct{}\nvar s S[int]\ntype P struct{}\nvar p P")
	if err != nil {
		t.Fatal(err)
	}
	s.Commit(first, func(*check.Object) bool { return true })
	for range 2 {
		if _, err := run("func (S[T]) M() {}\nfunc (P) M() {}\ns.M(); p.M()"); err != nil {
			t.Fatal(err)
		}
		s.Discard()
		for _, text := range []string{"s.M()", "p.M()"} {
			if _, err := run(text); err == nil {
				t.Errorf("%s is known after the cell was discarded", text)
			}
		}
	}
	again, err := run("func (S[T]) M() {}\nfunc (P) M() {}")
	if err != nil {
		t.Fatal(err)
	}
	s.Commit(again, func(*check.Object) bool { return true })
	if _, err := run("s.M(); p.M()"); err != nil {
		t.Error(err)
	}
}

package check_test

import (
	"go/token"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// TestBefore: a function takes the place of an earlier one when it can be called
// in its place.
func TestBefore(t *testing.T) {
	fset := token.NewFileSet()
	s := check.NewSession(fset, packages)
	number := 0
	run := func(text string) map[string]*check.Object {
		t.Helper()
		number++
		c, err := check.Parse(fset, cell.Source{Number: number, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		checked, err := s.Check(c)
		if err != nil {
			t.Fatal(err)
		}
		s.Commit(checked, func(*check.Object) bool { return true })
		out := map[string]*check.Object{}
		for _, o := range append(checked.Objects, checked.Refreshed...) {
			out[o.Key] = o
		}
		return out
	}
	first := run("type T struct{ n int }\nfunc (T) M() int { return 1 }\nfunc f(T) int { return 1 }\nfunc g[E any](x E) E { return x }\nfunc user() int { return f(T{}) }")
	for key, o := range first {
		if o.Before != nil {
			t.Errorf("%s takes the place of something", key)
		}
	}
	second := run("func (T) M() int { return 2 }\nfunc f(T) int { return 2 }\nfunc g[X any](x X) X { return x }")
	for _, key := range []string{"T.M", "f", "g", "user"} {
		if second[key] == nil || second[key].Before != first[key] {
			t.Errorf("%s does not take the place of the one before", key)
		}
	}
	third := run("func f(T) string { return \"\" }")
	if third["f"].Before != nil {
		t.Error("f has another result and takes the place of the one before")
	}
	fourth := run("type T struct{ n, m int }")
	for _, key := range []string{"T.M", "f"} {
		if fourth[key] == nil || fourth[key].Before != nil {
			t.Errorf("%s of another T: %v", key, fourth[key])
		}
	}
}

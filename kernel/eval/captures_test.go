package eval_test

import (
	"reflect"
	"testing"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// Literals refer to variables of all the functions around them, and keep nothing
// else.
func TestLiteralsReferToVariables(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		want []any
	}{
		"of two levels": {`a := 1; f := func(b int) func() int { return func() int { a += b; b++; return a + b } }(10)
rt.Report(f()); rt.Report(f()); rt.Report(a)`, []any{22, 34, 22}},
		"through a literal that does not": {`a := 1; func() { func() { func() { a++ }() }() }(); rt.Report(a)`, []any{2}},
		"by two literals":                 {`a := 1; inc := func() { a++ }; get := func() int { return a }; inc(); inc(); rt.Report(get()); a = 9; rt.Report(get())`, []any{3, 9}},
		"of its own, like outside":        {`a := 1; f := func() int { a := a + 1; g := func() int { a++; return a }; return g() + a }; rt.Report(f()); rt.Report(a)`, []any{6, 1}},
		"itself":                          {`var f func(int) int; f = func(n int) int { if n < 2 { return 1 }; return n * f(n-1) }; rt.Report(f(5))`, []any{120}},
		"that are packages":               {`f := func() func() { return func() { rt.Report(7) } }; f()()`, []any{7}},
		"declared by turns": {`var list []func() int; for i := 0; i < 3; i++ { j := i; list = append(list, func() int { j += 10; return j }) }
for _, f := range list { rt.Report(f() + f()) }`, []any{30, 32, 34}},
		"with a result":         {`f := func() (n int) { g := func() { n = 5 }; g(); return }; rt.Report(f())`, []any{5}},
		"of a package's caller": {`a := 0; rt.Call(func() { a++; rt.Call(func() { a += 10 }) }); rt.Report(a)`, []any{11}},
		"set by an operation":   {`a, b := 1, 2; s := []int{}; func() { a = b + 1; s = append(s, a); b = len(s) }(); rt.Report(a); rt.Report(b)`, []any{3, 1}},
		"set by a call":         {`a := 1; next := func() int { return a + 1 }; func() { a = next() }(); rt.Report(a)`, []any{2}},
		"set by a receive":      {`a, ok := 1, false; c := make(chan int, 2); c <- 5; c <- 6; func() { a = <-c }(); rt.Report(a); func() { a, ok = <-c }(); rt.Report(a); rt.Report(ok)`, []any{5, 6, true}},
		"set to a literal":      {`f := func() int { return 1 }; func() { f = func() int { return 2 } }(); rt.Report(f())`, []any{2}},
	} {
		in, got := newInterp()
		in.Override("test/rt", map[string]reflect.Value{"Call": reflect.ValueOf(func(f func()) { f() })})
		f := program(t, in, "p", "import \"test/rt\"\nfunc init() {\n"+c.src+"\n}")
		if err := in.Run(t.Context(), goroutine.NewGroup("test"), f, []string{"test/rt"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s: got %v, want %v", name, *got, c.want)
		}
	}
}

package eval_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

// where lists the frames of the panic that ends a program.
func where(t *testing.T, src string) []string {
	t.Helper()
	in, _ := newInterp()
	in.Override("test/rt", map[string]reflect.Value{
		"Call":  reflect.ValueOf(func(f func()) { f() }),
		"Again": reflect.ValueOf(func(f func()) { again(in, f) }),
	})
	err := in.Run(t.Context(), goroutine.NewGroup("test"), program(t, in, "p", "import \"test/rt\"\n"+src), []string{"test/rt"})
	var p *eval.Panic
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want a panic", err)
	}
	var out []string
	for _, f := range p.Frames() {
		if f.Elided > 0 {
			out = append(out, fmt.Sprint("...", f.Elided))
			continue
		}
		out = append(out, fmt.Sprintf("%s:%d", f.Func, f.Pos.Line))
	}
	return out
}

// again recovers a panic of f, runs interpreted code that panics and recovers
// too, and goes on with the first.
func again(in *eval.Interp, f func()) {
	defer func() { in.Raise(in.Caught(recover())) }()
	f()
}

func TestFrames(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"calls of declared functions", `
func inner(a []int) int {
	return a[3]
}
func outer() int {
	return inner(nil) +
		1
}
func init() {
	outer()
}`, "inner:5 outer:8 init:12"},
		{"methods, literals and function values", `
type T struct{ p *int }
func (t *T) get() int {
	return *t.p
}
func init() {
	t := &T{}
	f := func() {
		rt.Call(func() {
			t.get()
		})
	}
	f()
}`, "(*T).get:6 init.func.func:12 init.func:11 init:15"},
		{"loops and branches", `
func init() {
	d := 3
	for i := 0; i < 10; i++ {
		if i%2 == 0 {
			continue
		}
		d -= i
		_ = 10 /
			(d + 1)
	}
}`, "init:11"},
		{"a panic that native code raises again", `
func fail() {
	panic("x")
}
func init() {
	rt.Again(func() {
		fail()
	})
}`, "fail:5 init.func:9 init:8"},
		{"a variable of the program", `
func two(m map[string]int) int {
	m["a"] = 1
	return 2
}
var x = 1 +
	two(nil)
func init() {}`, "two:5 init:9"},
	} {
		if got := strings.Join(where(t, c.src), " "); got != c.want {
			t.Errorf("%s:\n got  %s\n want %s", c.name, got, c.want)
		}
	}
}

// A panic leaves ten thousand calls in time that grows with their number alone.
func TestFramesOfDeepRecursion(t *testing.T) {
	got := where(t, `
func deep(n int) int {
	if n == 0 {
		panic("bottom")
	}
	return deep(n-1) + 1
}
func init() { deep(10000) }`)
	if len(got) != 65 || got[0] != "deep:6" || got[1] != "deep:8" || got[48] != "...9938" || got[64] != "init:10" {
		t.Errorf("got %d frames: %v", len(got), got)
	}
}

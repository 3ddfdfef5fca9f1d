package eval_test

import (
	"reflect"
	"testing"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

type self []self

// Each program reports what compiled Go would.
func TestAssignments(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      []any
	}{
		{"what is received becomes the value of the variable", `
			x := 1
			get := func() int { return x }
			p := &x
			c := make(chan int, 3)
			c <- 2; c <- 3; c <- 4
			x = <-c
			rt.Report(get()); rt.Report(*p)
			func() { x = <-c }()
			rt.Report(x); rt.Report(*p)
			a := []int{0}
			a[0] = <-c
			rt.Report(a[0])`, []any{2, 2, 3, 3, 4}},
		{"a definition of two variables makes new ones each time", `
			c := make(chan int, 3)
			m := map[int]int{0: 10, 2: 30}
			var fs []func() int
			for i := 0; i < 3; i++ {
				c <- i
				v, ok := <-c
				w, found := m[i]
				fs = append(fs, func() int { if ok && found { return v + w }; return -w })
			}
			for _, f := range fs { rt.Report(f()) }`, []any{10, 0, 32}},
		{"a closed channel gives zero", `
			c := make(chan int)
			close(c)
			v, ok := <-c
			rt.Report(v); rt.Report(ok)
			v = 7
			v, ok = <-c
			rt.Report(v)`, []any{0, false, 0}},
		{"a slice can be appended to itself as an element", `
			var s rt.Self
			s = append(s, s)
			s = append(s, s, s)
			rt.Report(len(s)); rt.Report(len(s[1])); rt.Report(s[0] == nil)`, []any{3, 1, true}},
		{"named results begin with zero", `
			for i := 0; i < 3; i++ { rt.Report(count()) }`, []any{1, 1, 1}},
		{"the right side is evaluated before the left fails", `
			a := []int{1}
			i := 5
			try(func() { a[i] = note(1) })
			var p *pair
			try(func() { p.x = note(2) })`,
			[]any{1, "runtime error: index out of range [5] with length 1", 2, "runtime error: invalid memory address or nil pointer dereference"}},
	} {
		in, got := newInterp()
		in.Override("test/rt", map[string]reflect.Value{"Self": reflect.ValueOf((*self)(nil)), "Try": reflect.ValueOf(func(f func()) (err error) {
			defer func() { err = recover().(error) }()
			f()
			return nil
		})})
		f := program(t, in, "p", `import "test/rt"
type pair struct{ x int }
func count() (n int) { n++; return }
func note(n int) int { rt.Report(n); return n }
func try(f func()) { rt.Report(rt.Try(f).Error()) }
func init() {`+c.src+`
}`)
		if err := in.Run(t.Context(), goroutine.NewGroup("test"), f, []string{"test/rt"}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s:\n got  %v\n want %v", c.name, *got, c.want)
		}
	}
}

package eval_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

type pair struct{ x, y int }

func (p *pair) sum() int { return p.x + p.y }

var (
	sinkInt   int
	sinkAny   any
	sinkBytes []byte
	minus, no = -1, 0
	five      = 5
	huge      = uint64(1<<64 - 1)
	small     = uint8(200)
)

// Each fault is a statement for the interpreter and the same, compiled.
var faultCases = []struct {
	src      string
	compiled func()
}{
	{`a := []int{1, 2, 3}; rt.Report(a[five])`, func() { a := []int{1, 2, 3}; sinkInt = a[five] }},
	{`a := []int{1, 2, 3}; a[five] = 1`, func() { a := []int{1, 2, 3}; a[five] = 1 }},
	{`a := []int{1, 2, 3}; a[five]++`, func() { a := []int{1, 2, 3}; a[five]++ }},
	{`a := []int{1, 2, 3}; a[five] += 2`, func() { a := []int{1, 2, 3}; a[five] += 2 }},
	{`a := []int{1, 2, 3}; rt.Report(a[minus])`, func() { a := []int{1, 2, 3}; sinkInt = a[minus] }},
	{`a := []int{1, 2, 3}; rt.Report(a[huge])`, func() { a := []int{1, 2, 3}; sinkInt = a[huge] }},
	{`a := []int{1, 2, 3}; rt.Report(a[small])`, func() { a := []int{1, 2, 3}; sinkInt = a[small] }},
	{`a := []int{1, 2, 3}; rt.Report(a[7])`, func() { a := []int{1, 2, 3}; sinkInt = a[7] }},
	{`a := [3]int{}; rt.Report(a[five])`, func() { a := [3]int{}; sinkInt = a[five] }},
	{`a := &[3]int{}; rt.Report(a[five])`, func() { a := &[3]int{}; sinkInt = a[five] }},
	{`var a *[3]int; rt.Report(a[no])`, func() { var a *[3]int; sinkInt = a[no] }},
	{`a := "abc"; rt.Report(a[five])`, func() { a := "abc"; sinkInt = int(a[five]) }},
	{`a := []bool{true}; if a[five] { rt.Report(1) }`, func() {
		a := []bool{true}
		if a[five] {
			sinkInt = 1
		}
	}},
	{`a := [][]int{{1}}; rt.Report(a[0][five])`, func() { a := [][]int{{1}}; sinkInt = a[0][five] }},
	{`a := []int{1, 2, 3}; rt.Report(a[:five])`, func() { a := []int{1, 2, 3}; sinkAny = a[:five] }},
	{`a := []int{1, 2, 3}; rt.Report(a[five:])`, func() { a := []int{1, 2, 3}; sinkAny = a[five:] }},
	{`a := []int{1, 2, 3}; rt.Report(a[2:1+no])`, func() { a := []int{1, 2, 3}; sinkAny = a[2 : 1+no] }},
	{`a := []int{1, 2, 3}; rt.Report(a[minus:])`, func() { a := []int{1, 2, 3}; sinkAny = a[minus:] }},
	{`a := []int{1, 2, 3}; rt.Report(a[:minus])`, func() { a := []int{1, 2, 3}; sinkAny = a[:minus] }},
	{`a := []int{1, 2, 3}; rt.Report(a[:huge])`, func() { a := []int{1, 2, 3}; sinkAny = a[:huge] }},
	{`a := make([]int, 3, 4); rt.Report(a[0:1:five])`, func() { a := make([]int, 3, 4); sinkAny = a[0:1:five] }},
	{`a := make([]int, 3, 9); rt.Report(a[0:five+1:five])`, func() { a := make([]int, 3, 9); sinkAny = a[0 : five+1 : five] }},
	{`a := make([]int, 3, 9); rt.Report(a[five:2:five])`, func() { a := make([]int, 3, 9); sinkAny = a[five:2:five] }},
	{`a := make([]int, 3, 4); rt.Report(a[:1:five])`, func() { a := make([]int, 3, 4); sinkAny = a[:1:five] }},
	{`a := [3]int{}; rt.Report(a[:five])`, func() { a := [3]int{}; sinkAny = a[:five] }},
	{`a := [3]int{}; rt.Report(a[five:])`, func() { a := [3]int{}; sinkAny = a[five:] }},
	{`a := [3]int{}; rt.Report(a[0:1:five])`, func() { a := [3]int{}; sinkAny = a[0:1:five] }},
	{`a := &[3]int{}; rt.Report(a[:five])`, func() { a := &[3]int{}; sinkAny = a[:five] }},
	{`a := "abc"; rt.Report(a[:five])`, func() { a := "abc"; sinkAny = a[:five] }},
	{`a := "abc"; rt.Report(a[five:])`, func() { a := "abc"; sinkAny = a[five:] }},
	{`a := "abc"; rt.Report(a[2:1+no])`, func() { a := "abc"; sinkAny = a[2 : 1+no] }},
	{`var p *pair; rt.Report(p.x)`, func() { var p *pair; sinkInt = p.x }},
	{`var p *pair; p.y = 1`, func() { var p *pair; p.y = 1 }},
	{`var p *pair; p.y++`, func() { var p *pair; p.y++ }},
	{`var p *pair; rt.Report(*p)`, func() { var p *pair; sinkAny = *p }},
	{`var p *pair; q := *p; rt.Report(q)`, func() { var p *pair; q := *p; sinkAny = q }},
	{`var p *pair; _ = *p`, func() { var p *pair; _ = *p }},
	{`var p *int; *p = 1`, func() { var p *int; *p = 1 }},
	{`var p *int; *p += 1`, func() { var p *int; *p += 1 }},
	{`var p *int; rt.Report(*p + 1)`, func() { var p *int; sinkInt = *p + 1 }},
	{`var p *bool; if *p { rt.Report(1) }`, func() {
		var p *bool
		if *p {
			sinkInt = 1
		}
	}},
	{`var p *node; rt.Report(p.next.next)`, func() { type node struct{ next *node }; var p *node; sinkAny = p.next.next }},
	{`p := &node{}; rt.Report(p.next.next)`, func() { type node struct{ next *node }; p := &node{}; sinkAny = p.next.next }},
	{`p := &node{}; p.next.next = p`, func() { type node struct{ next *node }; p := &node{}; p.next.next = p }},
	{`var f func(); f()`, func() { var f func(); f() }},
	{`var f func(int) int; rt.Report(f(1))`, func() { var f func(int) int; sinkInt = f(1) }},
	{`fs := map[string]func(){}; fs["a"]()`, func() { fs := map[string]func(){}; fs["a"]() }},
	{`var e error; rt.Report(e.Error())`, func() { var e error; sinkAny = e.Error() }},
	{`rt.Report(five / no)`, func() { sinkInt = five / no }},
	{`rt.Report(five % no)`, func() { sinkInt = five % no }},
	{`rt.Report(small / (small - 200))`, func() { small = small / (small - 200) }},
	{`rt.Report(huge % (huge + 1))`, func() { huge = huge % (huge + 1) }},
	{`x := 7; x /= no; rt.Report(x)`, func() { x := 7; x /= no; sinkInt = x }},
	{`x := 7; x %= no; rt.Report(x)`, func() { x := 7; x %= no; sinkInt = x }},
	{`rt.Report(1 << minus)`, func() { sinkInt = 1 << minus }},
	{`rt.Report(five >> minus)`, func() { sinkInt = five >> minus }},
	{`x := 7; x <<= minus; rt.Report(x)`, func() { x := 7; x <<= minus; sinkInt = x }},
	{`x := uint8(7); x >>= minus; rt.Report(x)`, func() { x := uint8(7); x >>= minus; sinkAny = x }},
	{`rt.Report(make([]int, minus))`, func() { sinkAny = make([]int, minus) }},
	{`rt.Report(make([]int, 2, no))`, func() { sinkAny = make([]int, 2, no) }},
	{`rt.Report(make([]int, 2, minus))`, func() { sinkAny = make([]int, 2, minus) }},
	{`rt.Report(make([]int, 1<<60+no))`, func() { sinkAny = make([]int, 1<<60+no) }},
	{`rt.Report(make([]int, 0, 1<<60+no))`, func() { sinkAny = make([]int, 0, 1<<60+no) }},
	{`rt.Report(make(chan int, minus))`, func() { sinkAny = make(chan int, minus) }},
	{`var m map[string]int; m["a"] = 1`, func() { var m map[string]int; m["a"] = 1 }},
	{`var m map[string]int; m["a"]++`, func() { var m map[string]int; m["a"]++ }},
	{`m := map[any]int{}; m[[]int{}] = 1`, func() { m := map[any]int{}; m[[]int{}] = 1 }},
	{`m := map[any]int{}; var k any = []int{}; rt.Report(m[k])`, func() { m := map[any]int{}; var k any = []int{}; sinkInt = m[k] }},
	{`m := map[any]int{}; var k any = []int{}; delete(m, k)`, func() { m := map[any]int{}; var k any = []int{}; delete(m, k) }},
	{`m := map[any]int{1: 2}; var k any = []int{}; delete(m, k)`, func() { m := map[any]int{1: 2}; var k any = []int{}; delete(m, k) }},
	{`var a, b any = []int{}, []int{}; rt.Report(a == b)`, func() { var a, b any = []int{}, []int{}; sinkAny = a == b }},
	{`var c chan int; close(c)`, func() { var c chan int; close(c) }},
	{`c := make(chan int); close(c); close(c)`, func() { c := make(chan int); close(c); close(c) }},
	{`c := make(chan int); close(c); c <- 1`, func() { c := make(chan int); close(c); c <- 1 }},
	{`a := []int{1}; rt.Report([2]int(a))`, func() { a := []int{1}; sinkAny = [2]int(a) }},
	{`a := []int{1}; rt.Report((*[2]int)(a))`, func() { a := []int{1}; sinkAny = (*[2]int)(a) }},
	{`var i any = "s"; rt.Report(i.(int))`, func() { var i any = "s"; sinkInt = i.(int) }},
	{`var i any; rt.Report(i.(int))`, func() { var i any; sinkInt = i.(int) }},
	{`var i any = 1; rt.Report(i.(error))`, func() { var i any = 1; sinkAny = i.(error) }},
	{`panic(nil)`, func() { panic(nil) }},
	{`panic("text")`, func() { panic("text") }},
	{`panic(5)`, func() { panic(5) }},
}

func TestFaultsAreThoseOfCompiledCode(t *testing.T) {
	for _, c := range faultCases {
		want := func() (v any) {
			defer func() { v = recover() }()
			c.compiled()
			return nil
		}()
		in, got := newInterp()
		f := program(t, in, "p", `import "test/rt"
type pair struct{ x, y int }
type node struct{ next *node }
var minus, no, five, huge, small = -1, 0, 5, uint64(1<<64 - 1), uint8(200)
func init() {
	rt.Report(nil)
	`+c.src+`
}`)
		err := in.Run(t.Context(), goroutine.NewGroup("test"), f, []string{"test/rt"})
		var p *eval.Panic
		if !errors.As(err, &p) {
			t.Errorf("%s: got %v %v, want panic %v", c.src, err, *got, want)
			continue
		}
		_, isFault := p.Value.(runtime.Error)
		_, wantFault := want.(runtime.Error)
		if g, w := fmt.Sprintf("%T %v", p.Value, p.Value), fmt.Sprintf("%T %v", want, want); g != w || isFault != wantFault {
			t.Errorf("%s:\n got  %s\n want %s", c.src, g, w)
		}
		if s := fmt.Sprint(p.Frames()); !strings.HasPrefix(s, "[{init p:8:") {
			t.Errorf("%s: frames %s", c.src, s)
		}
	}
}

package eval_test

import (
	"reflect"
	"testing"

	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

// Intrinsics and other made functions give their results wherever a program
// wants them.
func TestMadeFunctions(t *testing.T) {
	in, got := newInterp()
	in.Override("test/made", map[string]reflect.Value{
		"Next": eval.Unary(reflect.TypeFor[func(int) int](), func(result, x reflect.Value) { result.SetInt(x.Int() + 1) }),
		"Even": eval.Unary(reflect.TypeFor[func(int) bool](), func(result, x reflect.Value) { result.SetBool(x.Int()%2 == 0) }),
		"Box":  eval.Unary(reflect.TypeFor[func(int) any](), func(result, x reflect.Value) { result.Set(x) }),
		"Unbox": eval.UnaryOK(reflect.TypeFor[func(any) (int, bool)](), func(result, ok, x reflect.Value) {
			i, is := x.Interface().(int)
			result.SetInt(int64(i))
			ok.SetBool(is)
		}),
		"Sum": reflect.MakeFunc(reflect.TypeFor[func(int, any) (int, string)](), func(in []reflect.Value) []reflect.Value {
			return []reflect.Value{reflect.ValueOf(int(in[0].Int()) + in[1].Interface().(int)), reflect.ValueOf("sum")}
		}),
	})
	f := program(t, in, "p", `import ("test/made"; "test/rt")
var global = made.Next(9)
func next(x int) int { return made.Next(x) }
func sum() (int, string) { return made.Sum(1, made.Box(2)) }
func init() {
	x := made.Next(1)
	x = made.Next(x)
	x = made.Next(made.Next(x)) + made.Next(0)
	rt.Report(x)
	rt.Report(next(x))
	rt.Report(global)
	if made.Even(x) { rt.Report("even") } else { rt.Report("odd") }
	for made.Even(x) || x < 10 { x = made.Next(x) }
	rt.Report(x)
	var fs []func() int
	for i := 0; i < 2; i++ {
		v, ok := made.Unbox(made.Box(i))
		fs = append(fs, func() int { if !ok { return -1 }; return v })
	}
	rt.Report(fs[0]()); rt.Report(fs[1]())
	v, ok := made.Unbox("text")
	rt.Report(v); rt.Report(ok)
	_, ok = made.Unbox(made.Box(3))
	rt.Report(ok)
	a := []int{5}
	a[0] = made.Next(a[0])
	m := map[string]int{}
	m["k"] = made.Next(a[0])
	rt.Report(a[0]); rt.Report(m["k"])
	n, s := sum()
	rt.Report(n); rt.Report(s)
	f := made.Next
	rt.Report(f(1))
	p := &x
	*p = made.Next(*p)
	rt.Report(x)
}`)
	if err := in.Run(t.Context(), goroutine.NewGroup("test"), f, []string{"test/made", "test/rt"}); err != nil {
		t.Fatal(err)
	}
	want := []any{6, 7, 10, "even", 11, 0, 1, 0, false, true, 6, 7, 3, "sum", 2, 12}
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("\ngot  %v\nwant %v", *got, want)
	}
}

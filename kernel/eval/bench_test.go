package eval_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

func benchmark(b *testing.B, src string) {
	in, _ := newInterp()
	f := program(b, in, "p", src)
	if err := in.Run(b.Context(), goroutine.NewGroup("test"), f, []string{"test/rt"}); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkFib(b *testing.B) {
	for b.Loop() {
		benchmark(b, `import "test/rt"
func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
func init() { rt.Report(fib(24)) }`)
	}
}

func BenchmarkLoop(b *testing.B) {
	for b.Loop() {
		benchmark(b, `import "test/rt"
func init() { s := 0; for i := 0; i < 1000000; i++ { s += i }; rt.Report(s) }`)
	}
}

func BenchmarkArray(b *testing.B) {
	for b.Loop() {
		benchmark(b, `import "test/rt"
func init() { a := make([]int, 1000); for j := 0; j < 300; j++ { for i := 1; i < len(a); i++ { a[i] += a[i-1] + j } }; rt.Report(a[9]) }`)
	}
}

func BenchmarkLiteral(b *testing.B) {
	for b.Loop() {
		benchmark(b, `import "test/rt"
func init() { s := 0; f := func(x int) int { return x + 1 }; for i := 0; i < 100000; i++ { s = f(s) }; rt.Report(s) }`)
	}
}

func BenchmarkMade(b *testing.B) {
	in, _ := newInterp()
	typ := reflect.TypeFor[func(int) any]()
	in.Override("test/made", map[string]reflect.Value{"Box": reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		out := reflect.New(typ.Out(0)).Elem()
		out.Set(args[0])
		return []reflect.Value{out}
	})})
	for n := 0; b.Loop(); n++ {
		f := program(b, in, fmt.Sprint("p", n), `import "test/made"
func init() { var x any; for i := 0; i < 100000; i++ { x = made.Box(i) }; _ = x }`)
		if err := in.Run(b.Context(), goroutine.NewGroup("test"), f, []string{"test/made"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIntrinsic(b *testing.B) {
	in, _ := newInterp()
	in.Override("test/made", map[string]reflect.Value{"Next": eval.Unary(reflect.TypeFor[func(int) int](), func(result, x reflect.Value) {
		result.SetInt(x.Int() + 1)
	})})
	for n := 0; b.Loop(); n++ {
		f := program(b, in, fmt.Sprint("p", n), `import "test/made"
func init() { x := 0; for i := 0; i < 100000; i++ { x = made.Next(x) }; _ = x }`)
		if err := in.Run(b.Context(), goroutine.NewGroup("test"), f, []string{"test/made"}); err != nil {
			b.Fatal(err)
		}
	}
}

package eval_test

import (
	"testing"
)

func benchmark(b *testing.B, src string) {
	in, _ := newInterp()
	f := program(b, in, "p", src)
	if err := in.Run(b.Context(), f, []string{"test/rt"}, nil); err != nil {
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

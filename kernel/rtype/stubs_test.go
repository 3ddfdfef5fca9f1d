//go:build amd64 || arm64

package rtype

import (
	"reflect"
	"testing"
	"unsafe"
)

// Each stub calls its own func value, with the arguments where they were.
func TestStubs(t *testing.T) {
	for i := int(stubsUsed.Load()); i < stubCount; i += 61 {
		setStub(i, closure(reflect.ValueOf(func(a int, s string, f float64) (int, string, float64) {
			return a + i, s, f
		})))
		code := stubBase() + uintptr(i)*stubSize
		word := unsafe.Pointer(&code)
		call := *(*func(int, string, float64) (int, string, float64))(unsafe.Pointer(&word))
		if a, s, f := call(5, "x", 1.5); a != i+5 || s != "x" || f != 1.5 {
			t.Fatalf("stub %d gives %d %q %g", i, a, s, f)
		}
		setStub(i, nil)
	}
}

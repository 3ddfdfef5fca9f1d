package runtime

import (
	"chanbook/rt"
	"unsafe"
)

func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	return rt.AddCleanup(unsafe.Pointer(ptr), bound(cleanup, arg), arg)
}

// bound is a function of its own because the interpreter's closures hold on to
// all variables around them: ptr would never become unreachable.
func bound[S any](cleanup func(S), arg S) func() {
	return func() { cleanup(arg) }
}

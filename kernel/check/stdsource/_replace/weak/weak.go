package weak

import (
	"chanbook/rt"
	"unsafe"
)

func Make[T any](ptr *T) Pointer[T] { return Pointer[T]{u: rt.WeakMake(unsafe.Pointer(ptr))} }

func (p Pointer[T]) Value() *T { return (*T)(rt.WeakValue(p.u)) }

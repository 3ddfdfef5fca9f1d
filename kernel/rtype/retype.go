package rtype

import (
	"fmt"
	"reflect"
	"unsafe"
)

// valueWords is the memory of a reflect.Value (reflect/value.go).
type valueWords struct {
	typ  *head
	ptr  unsafe.Pointer
	flag uintptr
}

const (
	valueReadOnly    = 1<<5 | 1<<6
	valueAddressable = 1 << 8
	valueMethod      = 1 << 9
)

// Retype gives the value another type of the same memory layout. What was
// addressable stays so and shares its memory. The result may be set and taken out
// with Interface also when v came from a field that is not exported.
func Retype(v reflect.Value, to reflect.Type) reflect.Value {
	if v.Kind() != to.Kind() || v.Type().Size() != to.Size() ||
		to.Kind() == reflect.Interface && (v.Type().NumMethod() == 0) != (to.NumMethod() == 0) {
		panic(fmt.Sprintf("rtype: a value of type %v cannot become one of %v", v.Type(), to))
	}
	w := (*valueWords)(unsafe.Pointer(&v))
	if w.flag&valueMethod != 0 {
		v = reflect.ValueOf(v.Interface())
		w = (*valueWords)(unsafe.Pointer(&v))
	}
	if w.flag&valueAddressable != 0 {
		return reflect.NewAt(to, v.Addr().UnsafePointer()).Elem()
	}
	w.typ = headOf(to)
	w.flag &^= valueReadOnly
	return v
}

package eval

import (
	"reflect"
	"unsafe"
)

// A function made by reflect.MakeFunc begins as the compiler has it, with the
// address of its code, and holds the Go function that it was made from. A call
// through reflection moves the arguments to registers and back; here that
// function is called with them as they are.

// maker is a function to make functions from.
type maker = func([]reflect.Value) []reflect.Value

// Facts about the layout of made functions and of reflect.Value, found by probes.
var (
	madeStub   uintptr // the code of all made functions
	madeOffset uintptr // of the maker, 0 if it was not found
	flagIndir  uintptr // of a Value that holds the address of its value
	flagMethod uintptr // of a Value that is a method
)

func init() {
	var probed maker = func([]reflect.Value) []reflect.Value { return nil }
	made := reflect.MakeFunc(reflect.TypeFor[func()](), probed)
	at := words(&made).ptr
	madeStub = *(*uintptr)(at)
	for off := uintptr(8); off <= 40; off += unsafe.Sizeof(off) {
		if *(*unsafe.Pointer)(unsafe.Add(at, off)) == *(*unsafe.Pointer)(unsafe.Pointer(&probed)) {
			madeOffset = off
		}
	}
	inStruct := reflect.ValueOf(struct{ F, G func() }{}).Field(0)
	flagIndir = words(&inStruct).flag &^ words(&made).flag
	method := reflect.ValueOf(reflect.TypeFor[int]()).Method(0)
	flagMethod = words(&method).flag &^ (words(&inStruct).flag | flagIndir<<1)
}

// words is the memory of a Value: its type, the value or its address, and flags.
func words(v *reflect.Value) *value { return (*value)(unsafe.Pointer(v)) }

// funcWord is the value of a function as the compiler has it. It is not known
// for methods of a Value.
func funcWord(v reflect.Value) (unsafe.Pointer, bool) {
	w := words(&v)
	switch {
	case w.flag&flagMethod >= 1<<9:
		return nil, false
	case w.flag&flagIndir != 0:
		return *(*unsafe.Pointer)(w.ptr), true
	}
	return w.ptr, true
}

// makerOf is what a function was made from, nil for one that is not made.
func makerOf(word unsafe.Pointer) maker {
	if word == nil || madeOffset == 0 || *(*uintptr)(word) != madeStub {
		return nil
	}
	return *(*maker)(unsafe.Add(word, madeOffset))
}

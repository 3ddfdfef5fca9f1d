package eval

import (
	"reflect"
	"unsafe"
)

// forgetTrees lets go of the syntax trees that yaegi keeps for its debugger alone:
// some 15 kB for the smallest program, for ever. What functions and types need of
// their trees they hold themselves.
func (in *Interp) forgetTrees() {
	yaegi := reflect.ValueOf(in.yaegi).Elem()
	field(yaegi, "roots").SetZero()
	if scope := field(yaegi, "scopes").MapIndex(reflect.ValueOf("main")); scope.IsValid() {
		field(scope.Elem(), "child").SetZero()
	}
}

// field is a field of an addressable struct, exported or not, as one that can be
// read and set.
func field(v reflect.Value, name string) reflect.Value {
	f := v.FieldByName(name)
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}

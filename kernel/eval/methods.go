package eval

import (
	"reflect"
	"unsafe"
)

// ForgetMethod makes the interpreter forget a method of a type that an earlier
// program declared, so that the next program can declare it again: by itself
// yaegi keeps both and calls the first. There is no interface for that, so this
// reaches into the structures of yaegi v0.16.1; TestForgetMethod tells when they
// have changed.
func (in *Interp) ForgetMethod(typeName, method string) {
	scopes := field(reflect.ValueOf(in.yaegi).Elem(), "scopes")
	scope := scopes.MapIndex(reflect.ValueOf("main"))
	if !scope.IsValid() {
		return
	}
	symbol := field(scope.Elem(), "sym").MapIndex(reflect.ValueOf(typeName))
	if !symbol.IsValid() || symbol.IsNil() {
		return
	}
	itype := field(symbol.Elem(), "typ")
	for depth := 0; depth < 2 && !itype.IsNil(); depth++ {
		dropMethod(field(itype.Elem(), "method"), method)
		itype = field(itype.Elem(), "ptr")
	}
}

// dropMethod removes the declarations of a method from a list of yaegi's nodes.
func dropMethod(list reflect.Value, method string) {
	kept := reflect.MakeSlice(list.Type(), 0, list.Len())
	for i := range list.Len() {
		node := list.Index(i)
		name := field(field(node.Elem(), "child").Index(1).Elem(), "ident")
		if name.String() != method {
			kept = reflect.Append(kept, node)
		}
	}
	list.Set(kept)
}

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

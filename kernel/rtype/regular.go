package rtype

import "reflect"

// flagRegular says that values are compared and hashed as plain memory.
const flagRegular = 1 << 3

// structOf and arrayOf make types with the flag that the compiler would give them.
// Package reflect leaves it out for structs of several fields (it asks before it
// knows the size) and for arrays of length 0. The flag decides how keys of maps are
// hashed: a map must not notice whether a type was compiled or made.
func structOf(fields []reflect.StructField) reflect.Type {
	return settleRegular(reflect.StructOf(fields))
}

func arrayOf(n int, elem reflect.Type) reflect.Type { return settleRegular(reflect.ArrayOf(n, elem)) }

func settleRegular(r reflect.Type) reflect.Type {
	h := headOf(r)
	made := h.str < 0 // a number of addReflectOff; compiled types cannot be written
	if made && h.flags&flagRegular == 0 && regular(r) {
		h.flags |= flagRegular
	}
	return r
}

// regular follows AlgType of cmd/compile/internal/types.
func regular(r reflect.Type) bool {
	switch r.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return true
	case reflect.Array:
		return regular(r.Elem()) || r.Len() == 0 && r.Elem().Comparable()
	case reflect.Struct:
		end := uintptr(0)
		for i := range r.NumField() {
			f := r.Field(i)
			if f.Name == "_" || f.Offset != end || !regular(f.Type) {
				return false
			}
			end = f.Offset + f.Type.Size()
		}
		return end == r.Size()
	}
	return false
}

package rtype

import (
	"reflect"
	"sync"
	"unsafe"
)

// flagRegular says that values are compared and hashed as plain memory.
const flagRegular = 1 << 3

// structOf and arrayOf make types with the flag that the compiler would give them.
// Package reflect leaves it out for structs of several fields (it asks before it
// knows the size) and for arrays of length 0. The flag decides how keys of maps are
// hashed: a map must not notice whether a type was compiled or made.
func structOf(fields []reflect.StructField) reflect.Type {
	return settleEqual(settleRegular(reflect.StructOf(fields)))
}

// settled are the struct types that compare without their blank fields.
var settled sync.Map // *head → true

// settleEqual makes a struct type ignore blank fields when values are compared.
// Package reflect compares all.
func settleEqual(r reflect.Type) reflect.Type {
	h := headOf(r)
	blank := false
	for i := range r.NumField() {
		blank = blank || r.Field(i).Name == "_"
	}
	made := h.str < 0
	if !blank || !made || h.equal == nil {
		return r
	}
	if _, done := settled.LoadOrStore(h, true); done {
		return r
	}
	fields := (*structType)(unsafe.Pointer(h)).fields
	h.equal = func(p, q unsafe.Pointer) bool {
		for i := range fields {
			f := &fields[i]
			if !isBlank(f.name) && !f.typ.equal(unsafe.Add(p, f.offset), unsafe.Add(q, f.offset)) {
				return false
			}
		}
		return true
	}
	return r
}

// isBlank reports whether an encoded name is "_".
func isBlank(n encodedName) bool {
	b := unsafe.Slice(n.bytes, 3)
	return b[1] == 1 && b[2] == '_'
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

package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"
)

var unsafePointer = reflect.TypeFor[unsafe.Pointer]()

type oneMethod interface{ M() }

// layout gives a type with the memory layout of typ in which nothing has to be
// known of what pointers point to: it exists for every type, however recursive.
// Its size, its pointer mask, its comparison and the way its memory is hashed are
// those of typ. Types in the making begin as copies of it, so that package reflect
// can compose types of them before they are finished.
func (t *Types) layout(typ types.Type) (reflect.Type, error) {
	typ = types.Unalias(typ)
	if r, ok := t.layouts.get(typ); ok {
		return r, nil
	}
	r, err := t.newLayout(typ)
	if err == nil {
		t.keep(&t.layouts, typ, r)
	}
	return r, err
}

func (t *Types) newLayout(typ types.Type) (reflect.Type, error) {
	switch typ := typ.(type) {
	case *types.Basic:
		if r, ok := basics[typ.Kind()]; ok {
			return r, nil
		}
	case *types.Named:
		if r, ok := t.nativeNamed(typ); ok {
			return r, nil
		}
		return t.layout(typ.Underlying())
	case *types.Pointer:
		return reflect.TypeFor[*byte](), nil
	case *types.Slice:
		return reflect.TypeFor[[]byte](), nil
	case *types.Chan:
		return reflect.TypeFor[chan byte](), nil
	case *types.Map:
		return reflect.TypeFor[map[byte]byte](), nil
	case *types.Signature:
		return reflect.TypeFor[func()](), nil
	case *types.Interface:
		switch {
		case !typ.IsMethodSet():
			return nil, fmt.Errorf("%s is a constraint and no type of values", typ)
		case typ.Empty():
			return reflect.TypeFor[any](), nil
		}
		return reflect.TypeFor[oneMethod](), nil
	case *types.Array:
		return composite(typ, t.layout)
	case *types.Struct:
		if r, ok := t.nativeStruct(typ); ok {
			return r, nil
		}
		fields, err := numbered(typ, t.layout)
		if err != nil {
			return nil, err
		}
		return structOf(fields), nil
	}
	return nil, fmt.Errorf("a value cannot have the type %s", typ)
}

// numbered gives fields F0, F1, … of what part makes of a struct's fields. Blank
// fields stay blank: maps do not hash them.
func numbered(s *types.Struct, part func(types.Type) (reflect.Type, error)) ([]reflect.StructField, error) {
	fields := make([]reflect.StructField, s.NumFields())
	for i := range fields {
		r, err := part(s.Field(i).Type())
		if err != nil {
			return nil, err
		}
		fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: r}
		if s.Field(i).Name() == "_" {
			fields[i].Name, fields[i].PkgPath = "_", "main"
		}
	}
	return fields, nil
}

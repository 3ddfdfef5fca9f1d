package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"
)

// erasure is the erased type of a type without name. Types that are identical but
// for tags have one.
type erasure struct {
	of     types.Type
	erased reflect.Type
}

func (t *Types) makeErased(typ types.Type) (reflect.Type, error) {
	typ = types.Unalias(typ)
	if r, ok := t.erased.get(typ); ok {
		return r, nil
	}
	r, err := t.newErased(typ)
	if err == nil {
		t.keep(&t.erased, typ, r)
	}
	return r, err
}

func (t *Types) newErased(typ types.Type) (reflect.Type, error) {
	switch typ := typ.(type) {
	case *types.Basic:
		return t.layout(typ)
	case *types.Named:
		if r, ok := t.nativeNamed(typ); ok {
			return r, nil
		}
		if i, ok := typ.Underlying().(*types.Interface); ok && !i.Empty() {
			return t.makeTrue(typ)
		}
		if t.recursive(typ) {
			return t.newLoop(typ.Underlying())
		}
		return t.makeErased(typ.Underlying())
	case *types.Interface:
		return t.makeTrue(typ)
	case *types.Struct:
		if r, ok := t.nativeStruct(typ); ok {
			return r, nil
		}
	}
	// The parts come first: they may show that typ is the inside of a loop.
	var r reflect.Type
	var err error
	if s, ok := typ.(*types.Struct); ok {
		r, err = t.plainStruct(s)
	} else {
		r, err = composite(typ, t.makeErased)
	}
	if err != nil {
		return nil, err
	}
	if known, ok := t.erasureOf(typ); ok {
		return known, nil
	}
	t.keepErasure(typ, r)
	return r, nil
}

// plainStruct makes a struct that does not contain itself. The string of a struct
// contains those of its fields; where that grows long, a short one is given
// instead, with a number.
func (t *Types) plainStruct(typ *types.Struct) (reflect.Type, error) {
	const long = 1000
	fields, err := numbered(typ, t.makeErased)
	if err != nil {
		return nil, err
	}
	length := 0
	for _, f := range fields {
		length += len(f.Type.String())
	}
	if length < long {
		return structOf(fields), nil
	}
	return t.newLoop(typ)
}

func (t *Types) erasureOf(typ types.Type) (reflect.Type, bool) {
	for _, e := range t.erasures[erasureKey(typ, 3)] {
		if types.IdenticalIgnoreTags(e.of, typ) {
			return e.erased, true
		}
	}
	return nil, false
}

func (t *Types) keepErasure(typ types.Type, r reflect.Type) {
	key := erasureKey(typ, 3)
	before := t.erasures[key]
	t.erasures[key] = append(before, erasure{typ, r})
	t.undo = append(t.undo, func() { t.erasures[key] = before })
}

// erasureKey is equal for types that are identical but for tags, and seldom for
// others. It looks into a type to a depth.
func erasureKey(typ types.Type, depth int) string {
	if depth == 0 {
		return ""
	}
	inner := func(typ types.Type) string { return erasureKey(typ, depth-1) }
	switch typ := types.Unalias(typ).(type) {
	case *types.Named:
		return typ.Obj().Name()
	case *types.Basic:
		return fmt.Sprint(typ.Kind())
	case *types.Pointer:
		return "*" + inner(typ.Elem())
	case *types.Slice:
		return "[]" + inner(typ.Elem())
	case *types.Array:
		return fmt.Sprint("[", typ.Len(), "]", inner(typ.Elem()))
	case *types.Chan:
		return "chan " + inner(typ.Elem())
	case *types.Map:
		return "map[" + inner(typ.Key()) + "]" + inner(typ.Elem())
	case *types.Signature:
		key := fmt.Sprint("func ", typ.Params().Len(), " ", typ.Results().Len())
		for v := range typ.Params().Variables() {
			key += " " + inner(v.Type())
		}
		return key
	case *types.Struct:
		key := "struct"
		for f := range typ.Fields() {
			key += " " + f.Name() + " " + inner(f.Type())
		}
		return key
	}
	return fmt.Sprintf("%T", typ)
}

// newLoop makes the erased type of an underlying type by hand: one that contains
// itself, which no composition of package reflect gives, or one with a long string.
func (t *Types) newLoop(underlying types.Type) (reflect.Type, error) {
	if r, ok := t.erasureOf(underlying); ok {
		return r, nil
	}
	like, err := t.layout(underlying)
	if err != nil {
		return nil, err
	}
	str := fmt.Sprintf("%s /* erased %d */", like.Kind(), made.Load())
	b := newBlock(like, str, "", shape{args: argCount(underlying)})
	r := b.typ()
	t.keepErasure(underlying, r)
	t.later = append(t.later, func() error {
		if s, ok := underlying.(*types.Struct); ok {
			return t.setNumbered(b.head, s)
		}
		inner, err := composite(underlying, t.makeErased)
		if err != nil {
			return err
		}
		if err := b.finish(inner); err != nil {
			return err
		}
		if r.Kind() == reflect.Pointer { // for reflect.PointerTo
			headOf(r.Elem()).ptrToThis = typeOff(r)
		}
		return nil
	})
	return r, nil
}

func (t *Types) setNumbered(h *head, s *types.Struct) error {
	numbered, err := numbered(s, t.makeErased)
	if err != nil {
		return err
	}
	// The names are those of the layout already; the slice is that of a type that
	// others use.
	st := (*structType)(unsafe.Pointer(h))
	st.fields = append([]structField(nil), st.fields...)
	for i := range numbered {
		typeOff(numbered[i].Type) // keeps it
		st.fields[i].typ = headOf(numbered[i].Type)
	}
	return nil
}

// argCount is the number of parameters and results of a function type.
func argCount(underlying types.Type) int {
	sig, ok := underlying.(*types.Signature)
	if !ok {
		return 0
	}
	return sig.Params().Len() + sig.Results().Len()
}

package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"unsafe"
)

// loop is an erased type that contains itself. No composition of package reflect
// gives one; it is made by hand.
type loop struct {
	of     types.Type // underlying
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
		fields, err := numbered(typ, t.makeErased)
		if err != nil {
			return nil, err
		}
		if r, ok := t.loopOf(typ); ok {
			return r, nil
		}
		return t.plainStruct(typ, fields)
	}
	// The parts come first: they may show that typ is the inside of a loop.
	if _, err := composite(typ, t.makeErased); err != nil {
		return nil, err
	}
	if r, ok := t.loopOf(typ); ok {
		return r, nil
	}
	return composite(typ, t.makeErased)
}

// plainStruct makes a struct that does not contain itself. The string of a struct
// contains those of its fields; where that grows long, a short one is given
// instead, with a number.
func (t *Types) plainStruct(typ *types.Struct, fields []reflect.StructField) (reflect.Type, error) {
	const long = 1000
	length := 0
	for _, f := range fields {
		length += len(f.Type.String())
	}
	if length < long {
		return structOf(fields), nil
	}
	return t.newLoop(typ)
}

func (t *Types) loopOf(underlying types.Type) (reflect.Type, bool) {
	for _, l := range t.loops[loopKey(underlying)] {
		if types.IdenticalIgnoreTags(l.of, underlying) {
			return l.erased, true
		}
	}
	return nil, false
}

// loopKey is equal for types that are identical but for tags.
func loopKey(underlying types.Type) string {
	s, ok := underlying.(*types.Struct)
	if !ok {
		return fmt.Sprintf("%T", underlying)
	}
	var names []string
	for f := range s.Fields() {
		names = append(names, f.Name())
	}
	return strings.Join(names, " ")
}

// newLoop makes the erased type of an underlying type by hand.
func (t *Types) newLoop(underlying types.Type) (reflect.Type, error) {
	if r, ok := t.loopOf(underlying); ok {
		return r, nil
	}
	like, err := t.layout(underlying)
	if err != nil {
		return nil, err
	}
	str := fmt.Sprintf("%s /* erased %d */", like.Kind(), made.Load())
	b := newBlock(like, str, "", shape{args: argCount(underlying)})
	r := b.typ()
	key := loopKey(underlying)
	t.loops[key] = append(t.loops[key], loop{underlying, r})
	t.undo = append(t.undo, func() { t.loops[key] = t.loops[key][:len(t.loops[key])-1] })
	t.later = append(t.later, func() error {
		if s, ok := underlying.(*types.Struct); ok {
			return t.setNumbered(b.head, s)
		}
		inner, err := composite(underlying, t.makeErased)
		if err != nil {
			return err
		}
		return b.finish(inner)
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

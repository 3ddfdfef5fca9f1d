package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"
)

func (t *Types) makeTrue(typ types.Type) (reflect.Type, error) {
	typ = types.Unalias(typ)
	if r, ok := t.current.get(typ); ok {
		return r, nil
	}
	switch typ := typ.(type) {
	case *types.Basic:
		r, err := t.layout(typ)
		if err == nil {
			t.keepTrue(typ, r)
		}
		return r, err
	case *types.Named:
		return t.trueNamed(typ)
	case *types.Interface:
		if typ.Empty() {
			t.keepTrue(typ, reflect.TypeFor[any]())
			return reflect.TypeFor[any](), nil
		}
		return t.trueInterface(typ)
	case *types.Struct:
		return t.trueStruct(typ)
	}
	r, err := composite(typ, t.makeTrue)
	if err != nil {
		return nil, err
	}
	t.keepTrue(typ, r)
	return r, nil
}

// trueNamed makes a named type and the pointer to it, which has methods too.
func (t *Types) trueNamed(n *types.Named) (reflect.Type, error) {
	if r, ok := t.nativeNamed(n); ok {
		t.keepTrue(n, r)
		return r, nil
	}
	if n.Obj().Pkg() == nil {
		return nil, fmt.Errorf("a value cannot have the type %s", n)
	}
	str := t.typeString(n)
	if r, ok := t.compiledInstance(n, str); ok {
		t.keepTrue(n, r)
		return r, nil
	}
	like, err := t.layout(n)
	if err != nil {
		return nil, err
	}
	r, err := t.byHand(n, like, str, n.Obj().Pkg())
	if err != nil {
		return nil, err
	}
	headOf(r).flags |= flagNamed
	return r, nil
}

// compiledInstance finds an instance of a generic type that native code uses,
// such as iter.Seq[string]. The string of a type is enough to know it by when
// none of its arguments is made by hand.
func (t *Types) compiledInstance(n *types.Named, str string) (reflect.Type, bool) {
	if n.TypeArgs().Len() == 0 || n.Obj().Pkg().Path() == "main" {
		return nil, false
	}
	for arg := range n.TypeArgs().Types() {
		if t.mentions(arg, func(m *types.Named) bool {
			if m.TypeArgs().Len() > 0 {
				return m.Obj().Pkg().Path() == "main"
			}
			_, native := t.nativeNamed(m)
			return !native
		}) {
			return nil, false
		}
	}
	return byString(str, n.Obj().Pkg().Path())
}

// Compiled finds a named type of this binary by the name and the path of its
// package and its own name, also one that is not exported. It fails when the
// binary has no description of the type, or of several with this name.
func Compiled(pkg *types.Package, name string) (reflect.Type, bool) {
	return byString(pkg.Name()+"."+name, pkg.Path())
}

// byString finds a named type. The binary lists pointers to named types.
func byString(str, path string) (found reflect.Type, ok bool) {
	for _, h := range typesByString("*" + str) {
		r := typeOf(h).Elem()
		if r.String() == str && r.PkgPath() == path {
			if found != nil {
				return nil, false
			}
			found = r
		}
	}
	return found, found != nil
}

// trueInterface makes an interface type that has no name.
func (t *Types) trueInterface(i *types.Interface) (reflect.Type, error) {
	like, err := t.layout(i)
	if err != nil {
		return nil, err
	}
	str := t.typeString(i)
	b := newBlock(like, str, "", shape{})
	t.keepTrue(i, b.typ())
	t.later = append(t.later, func() error { return t.setMethods(b.head, i, nil) })
	return b.typ(), nil
}

// trueStruct makes a struct type that has no name. Package reflect makes the
// simple ones; it cannot embed types.
func (t *Types) trueStruct(s *types.Struct) (reflect.Type, error) {
	fields := make([]reflect.StructField, s.NumFields())
	for i := range fields {
		v := s.Field(i)
		if v.Embedded() {
			like, err := t.layout(s)
			if err != nil {
				return nil, err
			}
			return t.byHand(s, like, t.typeString(s), nil)
		}
		r, err := t.makeTrue(v.Type())
		if err != nil {
			return nil, err
		}
		fields[i] = reflect.StructField{Name: v.Name(), Type: r, Tag: reflect.StructTag(s.Tag(i))}
		if !v.Exported() {
			fields[i].PkgPath = v.Pkg().Path()
		}
	}
	r := structOf(fields)
	t.keepTrue(s, r)
	return r, nil
}

// byHand makes a type that can have methods, and the pointer to it.
func (t *Types) byHand(typ types.Type, like reflect.Type, str string, pkg *types.Package) (reflect.Type, error) {
	onValue, onPointer, err := t.methodsOf(typ, pkg)
	if err != nil {
		return nil, err
	}
	path := ""
	if pkg != nil {
		path = pkg.Path()
	}
	named := pkg != nil
	b := newBlock(like, str, path, shape{
		uncommon: named || len(onValue) > 0,
		args:     argCount(typ.Underlying()),
		methods:  len(onValue),
	})
	p := newBlock(reflect.TypeFor[*byte](), "*"+str, path, shape{
		uncommon: len(onPointer) > 0,
		methods:  len(onPointer),
	})
	(*elemType)(unsafe.Pointer(p.head)).elem = b.head
	b.head.ptrToThis = addReflectOff(unsafe.Pointer(p.head))
	t.keepTrue(typ, b.typ())
	t.keepTrue(types.NewPointer(typ), p.typ())

	direct := b.head.flags&flagDirect != 0
	fillMethods(b, onValue, pkg, func(m *tableMethod) (ifn, tfn int) {
		switch {
		case direct:
			return m.value, m.value
		case m.value < 0:
			return m.pointer, m.pointer
		}
		return m.pointer, m.value
	})
	fillMethods(p, onPointer, pkg, func(m *tableMethod) (ifn, tfn int) { return m.pointer, m.pointer })
	t.later = append(t.later,
		func() error { return t.fill(b, typ, like) },
		func() error { return t.signMethods(b, onValue) },
		func() error { return t.signMethods(p, onPointer) },
	)
	return b.typ(), nil
}

// fill gives a type made by hand its true parts.
func (t *Types) fill(b block, typ types.Type, like reflect.Type) error {
	switch u := typ.Underlying().(type) {
	case *types.Basic:
		return nil
	case *types.Interface:
		if u.Empty() {
			return nil
		}
		var pkg *types.Package
		if n, ok := typ.(*types.Named); ok {
			pkg = n.Obj().Pkg()
		}
		return t.setMethods(b.head, u, pkg)
	case *types.Struct:
		if _, native := t.nativeStruct(u); native {
			return nil // the layout is the compiled type, with its own field names
		}
		return t.setFields(b.head, u, t.makeTrue)
	default:
		inner, err := composite(u, t.makeTrue)
		if err != nil {
			return err
		}
		return b.finish(inner)
	}
}

package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"
)

// block is the memory of a type made by hand: the part of its kind, the uncommon
// part when it is named or has methods, the parameters of a function, the methods.
type block struct {
	head    *head
	args    []*head
	methods []method
}

type shape struct {
	uncommon      bool
	args, methods int
}

// newBlock copies the part of its kind from a type of the same layout.
func newBlock(like reflect.Type, str, pkg string, hash uint32, s shape) block {
	kind, ok := kindBlock[like.Kind()]
	if !ok {
		kind = reflect.TypeFor[head]()
	}
	fields := []reflect.StructField{{Name: "K", Type: kind}}
	add := func(name string, typ reflect.Type) {
		fields = append(fields, reflect.StructField{Name: name, Type: typ})
	}
	if s.uncommon {
		add("U", reflect.TypeFor[uncommon]())
	}
	add("A", reflect.ArrayOf(s.args, reflect.TypeFor[*head]()))
	add("M", reflect.ArrayOf(s.methods, reflect.TypeFor[method]()))
	v := reflect.New(reflect.StructOf(fields)).Elem()
	v.FieldByName("K").Set(reflect.NewAt(kind, unsafe.Pointer(headOf(like))).Elem())

	b := block{
		head:    (*head)(v.Addr().UnsafePointer()),
		args:    v.FieldByName("A").Slice(0, s.args).Interface().([]*head),
		methods: v.FieldByName("M").Slice(0, s.methods).Interface().([]method),
	}
	b.head.flags &^= flagUncommon | flagNamed | flagStar
	b.head.str = plainName(str)
	b.head.hash = hash
	b.head.ptrToThis = 0
	if s.uncommon {
		b.head.flags |= flagUncommon
		u := v.FieldByName("U").Addr().Interface().(*uncommon)
		if pkg != "" {
			u.pkgPath = plainName(pkg)
		}
		u.mcount = uint16(s.methods)
		m, _ := v.Type().FieldByName("M")
		f, _ := v.Type().FieldByName("U")
		u.moff = uint32(m.Offset - f.Offset)
	}
	addReflectOff(unsafe.Pointer(b.head)) // keeps the block
	return b
}

func (b block) typ() reflect.Type { return typeOf(b.head) }

func (b block) setExported(n int) {
	offset := kindSize[reflect.Kind(b.head.kind)]
	if offset == 0 {
		offset = unsafe.Sizeof(head{})
	}
	(*uncommon)(unsafe.Add(unsafe.Pointer(b.head), offset)).xcount = uint16(n)
}

// newHash gives a hash that differs from those of other types with the same
// string, as types declared in different cells have.
func (t *Types) newHash(str string) uint32 {
	t.unique++
	h := uint32(2166136261) ^ t.unique*0x9E3779B9
	for i := range len(str) {
		h = (h ^ uint32(str[i])) * 16777619
	}
	return h
}

// finish gives a type made by hand the parts that it has in common with a type of
// its kind without a name: all but the head.
func (b block) finish(like reflect.Type) error {
	p, from := unsafe.Pointer(b.head), unsafe.Pointer(headOf(like))
	if b.head.kind != headOf(like).kind {
		return fmt.Errorf("%v has another kind than %v", b.typ(), like)
	}
	switch like.Kind() {
	case reflect.Slice, reflect.Pointer:
		(*elemType)(p).elem = (*elemType)(from).elem
	case reflect.Chan:
		c, f := (*chanType)(p), (*chanType)(from)
		c.elem, c.dir = f.elem, f.dir
	case reflect.Array:
		a, f := (*arrayType)(p), (*arrayType)(from)
		a.elem, a.slice, a.len = f.elem, f.slice, f.len
	case reflect.Map:
		m, saved := (*mapType)(p), *b.head
		*m = *(*mapType)(from)
		m.head = saved
	case reflect.Func:
		f, l := (*funcType)(p), (*funcType)(from)
		f.in, f.out = l.in, l.out
		for i := range like.NumIn() {
			b.args[i] = headOf(like.In(i))
		}
		for i := range like.NumOut() {
			b.args[like.NumIn()+i] = headOf(like.Out(i))
		}
	}
	return nil
}

// setFields gives a struct type made by hand the names, tags and types of s.
func (t *Types) setFields(h *head, s *types.Struct, part func(types.Type) (reflect.Type, error)) error {
	st := (*structType)(unsafe.Pointer(h))
	fields := make([]structField, s.NumFields())
	pkg := ""
	for i := range fields {
		v := s.Field(i)
		r, err := part(v.Type())
		if err != nil {
			return err
		}
		typeOff(r) // keeps it
		if !v.Exported() && pkg == "" && v.Pkg() != nil {
			pkg = v.Pkg().Path()
		}
		fields[i] = structField{
			name:   encode(v.Name(), s.Tag(i), "", v.Exported(), v.Embedded()),
			typ:    headOf(r),
			offset: st.fields[i].offset,
		}
	}
	st.pkgPath = encodedName{}
	if pkg != "" {
		st.pkgPath = encode(pkg, "", "", false, false)
	}
	st.fields = fields
	return nil
}

// setMethods gives an interface type made by hand its methods.
func (t *Types) setMethods(h *head, typ *types.Interface, pkg *types.Package) error {
	it := (*interfaceType)(unsafe.Pointer(h))
	list := make([]*types.Func, typ.NumMethods())
	for i := range list {
		list[i] = typ.Method(i)
		if !list[i].Exported() && pkg == nil {
			pkg = list[i].Pkg()
		}
	}
	sortMethods(list)
	it.pkgPath = encodedName{}
	if pkg != nil {
		it.pkgPath = encode(pkg.Path(), "", "", false, false)
	}
	methods := make([]imethod, len(list))
	for i, m := range list {
		sig, err := t.signature(m.Signature())
		if err != nil {
			return err
		}
		methods[i] = imethod{methodName(m, pkg), typeOff(sig)}
	}
	it.methods = methods
	return nil
}

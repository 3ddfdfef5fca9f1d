package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// block is the memory of a type made by hand: the part of its kind, the uncommon
// part when it is named or has methods, the parameters of a function, the methods.
type block struct {
	head     *head
	uncommon *uncommon // may be nil
	args     []*head
	methods  []method
}

// shape says what a block is made of.
type shape struct {
	kind          reflect.Kind
	uncommon      bool
	args, methods int
}

var memories sync.Map // shape → reflect.Type

// memory gives the struct type that a block of this shape is allocated as, so that
// the collector knows its pointers.
func (s shape) memory() reflect.Type {
	if r, ok := memories.Load(s); ok {
		return r.(reflect.Type)
	}
	fields := []reflect.StructField{{Name: "Kind", Type: s.part()}}
	if s.uncommon {
		fields = append(fields, reflect.StructField{Name: "Uncommon", Type: reflect.TypeFor[uncommon]()})
	}
	r := reflect.StructOf(append(fields,
		reflect.StructField{Name: "Args", Type: reflect.ArrayOf(s.args, reflect.TypeFor[*head]())},
		reflect.StructField{Name: "Methods", Type: reflect.ArrayOf(s.methods, reflect.TypeFor[method]())},
	))
	memories.Store(s, r)
	return r
}

// part is the type of the part that belongs to a kind.
func (s shape) part() reflect.Type {
	if r, ok := kindPart[s.kind]; ok {
		return r
	}
	return reflect.TypeFor[head]()
}

// newBlock copies the part of its kind from a type of the same layout.
func newBlock(like reflect.Type, str, pkg string, s shape) block {
	s.kind = like.Kind()
	v := reflect.New(s.memory()).Elem()
	n := v.NumField()
	v.Field(0).Set(reflect.NewAt(s.part(), unsafe.Pointer(headOf(like))).Elem())
	b := block{
		head:    (*head)(v.Addr().UnsafePointer()),
		args:    v.Field(n-2).Slice(0, s.args).Interface().([]*head),
		methods: v.Field(n-1).Slice(0, s.methods).Interface().([]method),
	}
	b.head.flags &^= flagUncommon | flagNamed | flagStar
	b.head.str = plainName(str)
	b.head.hash = newHash(str)
	b.head.ptrToThis = 0
	if s.uncommon {
		b.head.flags |= flagUncommon
		b.uncommon = v.Field(1).Addr().Interface().(*uncommon)
		if pkg != "" {
			b.uncommon.pkgPath = plainName(pkg)
		}
		b.uncommon.mcount = uint16(s.methods)
		b.uncommon.moff = uint32(v.Type().Field(n-1).Offset - v.Type().Field(1).Offset)
	}
	addReflectOff(unsafe.Pointer(b.head)) // keeps the block
	return b
}

func (b block) typ() reflect.Type { return typeOf(b.head) }

// made counts the types made by hand in this process.
var made atomic.Uint32

// newHash gives a hash that differs from those of other types with the same
// string, as types declared in different cells have.
func newHash(str string) uint32 {
	h := uint32(2166136261) ^ made.Add(1)*0x9E3779B9
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

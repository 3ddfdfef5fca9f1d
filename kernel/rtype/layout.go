package rtype

import (
	"reflect"
	"sync"
	"unsafe"
)

// The structs of this file mirror those of internal/abi; supported compares them
// with what the running binary has.

// flags of a type.
const (
	flagUncommon = 1 << 0
	flagStar     = 1 << 1 // the string has a star too many in front
	flagNamed    = 1 << 2
	flagDirect   = 1 << 5 // the value itself is the data word of an interface
)

// flags of an encoded name.
const (
	nameExported = 1 << 0
	nameTag      = 1 << 1
	namePkg      = 1 << 2
	nameEmbedded = 1 << 3
)

type head struct {
	size       uintptr
	ptrBytes   uintptr
	hash       uint32
	flags      uint8
	align      uint8
	fieldAlign uint8
	kind       uint8
	equal      func(unsafe.Pointer, unsafe.Pointer) bool
	gcData     *byte
	str        int32
	ptrToThis  int32
}

type uncommon struct {
	pkgPath        int32
	mcount, xcount uint16
	moff           uint32
	_              uint32
}

type method struct{ name, typ, ifn, tfn int32 }

type imethod struct{ name, typ int32 }

type encodedName struct{ bytes *byte }

type structField struct {
	name   encodedName
	typ    *head
	offset uintptr
}

type structType struct {
	head
	pkgPath encodedName
	fields  []structField
}

type interfaceType struct {
	head
	pkgPath encodedName
	methods []imethod
}

type arrayType struct {
	head
	elem, slice *head
	len         uintptr
}

type chanType struct {
	head
	elem *head
	dir  int
}

type elemType struct { // pointer and slice
	head
	elem *head
}

type funcType struct {
	head
	in, out uint16 // the top bit of out: variadic
}

type mapType struct {
	head
	key, elem, group             *head
	hasher                       func(unsafe.Pointer, uintptr) uintptr
	groupSize, slotSize, elemOff uintptr
	flags                        uint32
}

// addReflectOff gives a number by which the runtime finds ptr again, and keeps
// what it points to.
//
//go:linkname addReflectOff reflect.addReflectOff
func addReflectOff(ptr unsafe.Pointer) int32

// typesByString lists the types of the binary that are written s.
//
//go:linkname typesByString reflect.typesByString
func typesByString(s string) []*head

type interfaceWords struct{ tab, data unsafe.Pointer }

// headOf gives the memory of a runtime type.
func headOf(t reflect.Type) *head {
	return (*head)((*interfaceWords)(unsafe.Pointer(&t)).data)
}

// typeOf is the reverse of headOf.
func typeOf(h *head) reflect.Type {
	t := reflect.TypeFor[int]()
	(*interfaceWords)(unsafe.Pointer(&t)).data = unsafe.Pointer(h)
	return t
}

func typeOff(t reflect.Type) int32 { return addReflectOff(unsafe.Pointer(headOf(t))) }

// encode writes a name as internal/abi reads it. A pkg is written only when it is
// not empty.
func encode(name, tag, pkg string, exported, embedded bool) encodedName {
	var flags byte
	if exported {
		flags |= nameExported
	}
	if embedded {
		flags |= nameEmbedded
	}
	b := appendLength([]byte{0}, name)
	if tag != "" {
		flags |= nameTag
		b = appendLength(b, tag)
	}
	if pkg != "" {
		flags |= namePkg
		off := plainName(pkg)
		b = append(b, unsafe.Slice((*byte)(unsafe.Pointer(&off)), 4)...)
	}
	b[0] = flags
	return encodedName{&b[0]}
}

func appendLength(b []byte, s string) []byte {
	n := len(s)
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(append(b, byte(n)), s...)
}

type nameKey struct {
	name, pkg string
	exported  bool
}

// names keeps the numbers of names: what has one is kept for ever by the runtime,
// so that every name is made once.
var names = struct {
	sync.Mutex
	off map[nameKey]int32
}{off: map[nameKey]int32{}}

// plainName is the offset of a package path or of the string of a type.
func plainName(s string) int32 { return nameOff(s, "", false) }

// nameOff is the offset of a name.
func nameOff(name, pkg string, exported bool) int32 {
	key := nameKey{name, pkg, exported}
	names.Lock()
	off, ok := names.off[key]
	names.Unlock()
	if ok {
		return off
	}
	off = addReflectOff(unsafe.Pointer(encode(name, "", pkg, exported, false).bytes))
	names.Lock()
	names.off[key] = off
	names.Unlock()
	return off
}

// kindPart gives the types of the parts that are longer than a head.
var kindPart = map[reflect.Kind]reflect.Type{
	reflect.Array:     reflect.TypeFor[arrayType](),
	reflect.Chan:      reflect.TypeFor[chanType](),
	reflect.Func:      reflect.TypeFor[funcType](),
	reflect.Interface: reflect.TypeFor[interfaceType](),
	reflect.Map:       reflect.TypeFor[mapType](),
	reflect.Pointer:   reflect.TypeFor[elemType](),
	reflect.Slice:     reflect.TypeFor[elemType](),
	reflect.Struct:    reflect.TypeFor[structType](),
}

// supported reports whether the running binary describes types as the structs
// above do, as far as it can be seen from outside.
var supported = sync.OnceValue(func() bool {
	rtype := reflect.TypeOf(reflect.TypeFor[int]()).Elem()
	if rtype.Kind() != reflect.Struct || rtype.NumField() != 1 {
		return false
	}
	theirs, ours := rtype.Field(0).Type, reflect.TypeFor[head]()
	if theirs.Kind() != reflect.Struct || theirs.NumField() != ours.NumField() {
		return false
	}
	for i := range ours.NumField() {
		a, b := theirs.Field(i), ours.Field(i)
		if a.Offset != b.Offset || a.Type.Kind() != b.Type.Kind() {
			return false
		}
	}
	m := (*mapType)(unsafe.Pointer(headOf(reflect.TypeFor[map[string]int16]())))
	s := (*structType)(unsafe.Pointer(headOf(reflect.TypeFor[struct {
		A int8
		B int16
	}]())))
	return m.key == headOf(reflect.TypeFor[string]()) && m.elem == headOf(reflect.TypeFor[int16]()) &&
		m.slotSize == unsafe.Sizeof("")+unsafe.Sizeof(uintptr(0)) && m.elemOff == unsafe.Sizeof("") &&
		len(s.fields) == 2 && s.fields[1].offset == 2 && s.fields[1].typ == headOf(reflect.TypeFor[int16]())
})

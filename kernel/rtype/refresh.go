package rtype

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

// Refresh makes values of older versions of types into ones of the newest: those
// in interfaces that are found from a variable, through pointers, slices, structs,
// maps and other interfaces. v is addressable. Nothing else may use what is found
// meanwhile. What only channels, closures and compiled types (but the lists and
// rings of package container) lead to is not found.
//
// The memory of the values stays as it is; only type words change.
func (t *Types) Refresh(v reflect.Value) {
	if t.generation.Load() == 0 {
		return
	}
	r := refreshing{types: t, seen: map[place]bool{}}
	r.visit(v.Addr().UnsafePointer(), v.Type())
	for len(r.todo) > 0 {
		p := r.todo[len(r.todo)-1]
		r.todo = r.todo[:len(r.todo)-1]
		for i := range p.n {
			r.visit(unsafe.Add(p.at, uintptr(i)*p.typ.Size()), p.typ)
		}
	}
}

// place is where n values of a type follow each other in memory.
type place struct {
	at  unsafe.Pointer
	typ reflect.Type
	n   int
}

type refreshing struct {
	types   *Types
	seen    map[place]bool
	todo    []place // reached through pointers, so that long lists need no deep stack
	changed bool    // a type word was written
}

func (r *refreshing) later(at unsafe.Pointer, typ reflect.Type, n int) {
	p := place{at, typ, n}
	if at != nil && !r.seen[p] && typ.Size() > 0 {
		r.seen[p] = true
		r.todo = append(r.todo, p)
	}
}

func (r *refreshing) visit(at unsafe.Pointer, typ reflect.Type) {
	switch typ.Kind() {
	case reflect.Interface:
		r.visitInterface(at, typ)
	case reflect.Pointer:
		r.later(*(*unsafe.Pointer)(at), typ.Elem(), 1)
	case reflect.Slice:
		if !plain(typ.Elem()) {
			s := reflect.NewAt(typ, at).Elem()
			r.later(s.UnsafePointer(), typ.Elem(), s.Len())
		}
	case reflect.Array:
		for i := range typ.Len() {
			r.visit(unsafe.Add(at, uintptr(i)*typ.Elem().Size()), typ.Elem())
		}
	case reflect.Struct:
		if r.opaque(typ) {
			return
		}
		for i := range typ.NumField() {
			r.visit(unsafe.Add(at, typ.Field(i).Offset), typ.Field(i).Type)
		}
	case reflect.Map:
		if !plain(typ.Key()) || !plain(typ.Elem()) {
			r.visitMap(reflect.NewAt(typ, at).Elem())
		}
	}
}

func (r *refreshing) visitInterface(at unsafe.Pointer, typ reflect.Type) {
	v := reflect.NewAt(typ, at).Elem()
	if v.IsNil() {
		return
	}
	words := (*interfaceWords)(at)
	old := reflect.TypeOf(v.Elem().Interface())
	now := r.types.Current(old)
	if now != old {
		again := reflect.New(typ)
		again.Elem().Set(Retype(v.Elem(), now))
		atomic.StorePointer(&words.tab, (*interfaceWords)(again.UnsafePointer()).tab)
		r.changed = true
	}
	if headOf(now).flags&flagDirect != 0 {
		r.visit(unsafe.Pointer(&words.data), now)
	} else {
		r.later(words.data, now, 1)
	}
}

// visitMap puts entries in again whose type words change. Hashes do not depend on
// versions.
func (r *refreshing) visitMap(m reflect.Value) {
	typ := m.Type()
	outer := r.changed
	for it := m.MapRange(); it.Next(); {
		key, elem := reflect.New(typ.Key()), reflect.New(typ.Elem())
		key.Elem().Set(it.Key())
		elem.Elem().Set(it.Value())
		before := it.Key()
		r.changed = false
		r.visit(key.UnsafePointer(), typ.Key())
		if r.changed {
			m.SetMapIndex(before, reflect.Value{})
		}
		r.visit(elem.UnsafePointer(), typ.Elem())
		if r.changed {
			m.SetMapIndex(key.Elem(), elem.Elem())
		}
		outer = outer || r.changed
	}
	r.changed = outer
}

// plain reports whether values of a type lead nowhere.
func plain(typ reflect.Type) bool {
	return typ.Kind() < reflect.Array || typ.Kind() == reflect.String
}

// opaque reports whether a type is a compiled one, into which one does not look.
func (r *refreshing) opaque(typ reflect.Type) bool {
	if typ.Kind() != reflect.Struct || typ.Name() == "" || headOf(typ).str < 0 {
		return false
	}
	return typ.PkgPath() != "container/list" && typ.PkgPath() != "container/ring"
}

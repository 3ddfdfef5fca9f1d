// Package native holds what interpreted replacements of generic functions of the
// standard library cannot do themselves: the functions of the pseudo package
// chanbook/rt that check/stdsource declares.
//
// An argument of type any holds a value of the type that the program declares,
// not of what the interpreter uses in its place. The package knows neither the
// interpreter nor sessions. Pull starts a coroutine, which ends when its sequence
// does or at stop, as with iter.Pull; nothing else starts a goroutine.
package native

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	"database/sql"
	"database/sql/driver"
	"hash"
	"hash/maphash"
	"iter"
	"reflect"
	"runtime"
	"sync"
	"unsafe"
	"weak"
)

// Functions are the functions of chanbook/rt by name.
var Functions = map[string]any{
	"AddCleanup":      addCleanup,
	"AssignSQL":       assignSQL,
	"HKDFExpand":      hkdf.Expand[hash.Hash],
	"HKDFExtract":     hkdf.Extract[hash.Hash],
	"HKDFKey":         hkdf.Key[hash.Hash],
	"HashComparable":  maphash.Comparable[any],
	"Overlap":         overlap,
	"PBKDF2Key":       pbkdf2.Key[hash.Hash],
	"Pull":            pull,
	"Pull2":           pull2,
	"SortOrdered":     sortOrdered,
	"UniqueMake":      uniqueMake,
	"ValueSQL":        valueSQL,
	"WeakMake":        weakMake,
	"WeakValue":       weakValue,
	"WriteComparable": maphash.WriteComparable[any],
}

// overlap tells whether the elements of two slices of one type share memory.
func overlap(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	size := x.Type().Elem().Size()
	if size == 0 || x.Len() == 0 || y.Len() == 0 {
		return false
	}
	return x.Pointer() < y.Pointer()+uintptr(y.Len())*size && y.Pointer() < x.Pointer()+uintptr(x.Len())*size
}

func pull(seq func(yield func() bool)) (next func() bool, stop func()) {
	more, stop := iter.Pull(func(yield func(struct{}) bool) {
		seq(func() bool { return yield(struct{}{}) })
	})
	return func() bool { _, ok := more(); return ok }, stop
}

func pull2(seq func(yield func() bool)) (next func() bool, stop func()) {
	more, stop := iter.Pull2(func(yield func(_, _ struct{}) bool) {
		seq(func() bool { return yield(struct{}{}, struct{}{}) })
	})
	return func() bool { _, _, ok := more(); return ok }, stop
}

// addCleanup calls run after p has become unreachable. The runtime gets to see
// an argument that is a pointer, because it refuses one to what p points to.
func addCleanup(p unsafe.Pointer, run func(), arg any) runtime.Cleanup {
	if v := reflect.ValueOf(arg); v.Kind() == reflect.Pointer || v.Kind() == reflect.UnsafePointer {
		return runtime.AddCleanup((*byte)(p), func(unsafe.Pointer) { run() }, v.UnsafePointer())
	}
	return runtime.AddCleanup((*byte)(p), func(f func()) { f() }, run)
}

// A weak.Pointer is one pointer to what the runtime keeps for the object,
// whatever the object's type.

func weakMake(p unsafe.Pointer) unsafe.Pointer {
	w := weak.Make((*byte)(p))
	return *(*unsafe.Pointer)(unsafe.Pointer(&w))
}

func weakValue(u unsafe.Pointer) unsafe.Pointer {
	return unsafe.Pointer((*(*weak.Pointer[byte])(unsafe.Pointer(&u))).Value())
}

// handles are the values that uniqueMake has seen. Unlike package unique it
// never forgets one.
var handles sync.Map // from handleKey to unsafe.Pointer

type handleKey struct {
	t     reflect.Type // of a handle, which may be an interface type
	value any
}

// uniqueMake returns the same pointer for pointers to equal values of one type.
func uniqueMake(p any) unsafe.Pointer {
	v := reflect.ValueOf(p).Elem()
	key := handleKey{v.Type(), v.Interface()}
	if h, ok := handles.Load(key); ok {
		return h.(unsafe.Pointer)
	}
	own := reflect.New(key.t)
	own.Elem().Set(v)
	h, _ := handles.LoadOrStore(key, own.UnsafePointer())
	return h.(unsafe.Pointer)
}

//go:linkname assignSQL database/sql.convertAssign
func assignSQL(dest, src any) error

func valueSQL(v any) (driver.Value, error) { return sql.Null[any]{V: v, Valid: true}.Value() }

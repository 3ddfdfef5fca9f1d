// Package rt declares what the interpreter's runtime does natively for the
// files beside it.
package rt

import (
	"database/sql/driver"
	"hash"
	"hash/maphash"
	"runtime"
	"unsafe"
)

// SortOrdered sorts a slice whose elements are of an ordered kind.
func SortOrdered(x any)

// Overlap tells whether two slices of one type share memory.
func Overlap(a, b any) bool

// Pull turns a function that calls yield once for each value into one that is
// called once for each value.
func Pull(seq func(yield func() bool)) (next func() bool, stop func())

// Pull2 is Pull with the messages of iter.Pull2.
func Pull2(seq func(yield func() bool)) (next func() bool, stop func())

// AddCleanup has run called after p has become unreachable. It refuses an arg
// that is a pointer to or into what p points to.
func AddCleanup(p unsafe.Pointer, run func(), arg any) runtime.Cleanup

// WeakMake gives what a weak pointer to p holds, nil for nil.
func WeakMake(p unsafe.Pointer) unsafe.Pointer

// WeakValue gives the pointer that WeakMake got, or nil when its object is gone.
func WeakValue(u unsafe.Pointer) unsafe.Pointer

// UniqueMake gives the one pointer that stands for the value that p points to.
func UniqueMake(p any) unsafe.Pointer

// HashComparable is maphash.Comparable of a value's dynamic type.
func HashComparable(seed maphash.Seed, v any) uint64

// WriteComparable is maphash.WriteComparable of a value's dynamic type.
func WriteComparable(h *maphash.Hash, v any)

// AssignSQL copies a column's value to what dest points to.
func AssignSQL(dest, src any) error

// ValueSQL makes a column's value of v.
func ValueSQL(v any) (driver.Value, error)

// HKDFExtract is hkdf.Extract.
func HKDFExtract(h func() hash.Hash, secret, salt []byte) ([]byte, error)

// HKDFExpand is hkdf.Expand.
func HKDFExpand(h func() hash.Hash, pseudorandomKey []byte, info string, keyLength int) ([]byte, error)

// HKDFKey is hkdf.Key.
func HKDFKey(h func() hash.Hash, secret, salt []byte, info string, keyLength int) ([]byte, error)

// PBKDF2Key is pbkdf2.Key.
func PBKDF2Key(h func() hash.Hash, password string, salt []byte, iter, keyLength int) ([]byte, error)

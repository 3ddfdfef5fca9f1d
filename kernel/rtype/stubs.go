//go:build amd64 || arm64

package rtype

import (
	"sync/atomic"
	"unsafe"
)

// haveStubs tells whether types can have methods.
const haveStubs = true

const (
	stubCount = 32768
	stubSize  = 16
)

// contexts holds the func values that the stubs call, as the pointer that a func
// variable holds.
var contexts [stubCount]unsafe.Pointer

var stubsUsed atomic.Int64

// stubs is the code of all stubs, one after the other. It is not to be called.
func stubs()

// stubBase gives the address of the first stub. A func value would give the
// address of a wrapper.
func stubBase() uintptr

// newStub takes a stub that nobody has.
func newStub() (int, bool) {
	i := stubsUsed.Add(1) - 1
	if i >= stubCount {
		stubsUsed.Add(-1)
		return 0, false
	}
	return int(i), true
}

// stubsLeft is the number of stubs that nobody has.
func stubsLeft() int { return stubCount - int(stubsUsed.Load()) }

// setStub makes stub i call fn.
func setStub(i int, fn unsafe.Pointer) { atomic.StorePointer(&contexts[i], fn) }

// stubOff is the text offset of stub i.
func stubOff(i int) int32 {
	return addReflectOff(unsafe.Add(codePointer(stubBase()), i*stubSize))
}

// codePointer makes a pointer of the address of code, which no collector moves.
func codePointer(addr uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) }

//go:build !amd64 && !arm64

package rtype

import "unsafe"

const haveStubs = false

const stubCount = 0

func newStub() (int, bool) { return 0, false }

func setStub(int, unsafe.Pointer) {}

func stubOff(int) int32 { return 0 }

func stubsLeft() int { return 0 }

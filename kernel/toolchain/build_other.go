//go:build !unix

package toolchain

import "os/exec"

// ownGroup does nothing where there are no process groups.
func ownGroup(*exec.Cmd) {}

// guardedGroup does nothing either.
func guardedGroup(*exec.Cmd) (end func()) { return func() {} }

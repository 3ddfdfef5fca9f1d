//go:build unix && !linux

package toolchain

import "syscall"

// quit asks the program for its goroutines.
func (x *running) quit() { x.program.Process.Signal(syscall.SIGQUIT) }

//go:build unix

package toolchain

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// signalName is the name of a signal and what it means: "SIGTERM (terminated)".
func signalName(s os.Signal) string {
	if n, ok := s.(syscall.Signal); ok {
		if name := unix.SignalName(n); name != "" {
			return name + " (" + s.String() + ")"
		}
	}
	return s.String()
}

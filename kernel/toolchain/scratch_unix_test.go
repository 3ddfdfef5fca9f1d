//go:build unix

package toolchain

import (
	"syscall"
	"time"
)

// lives reports whether a process of a group lives. One that was killed takes a
// moment to go.
func lives(group int) bool {
	for range 200 {
		if syscall.Kill(-group, 0) != nil {
			return false
		}
		time.Sleep(10 * time.Millisecond)
	}
	return true
}

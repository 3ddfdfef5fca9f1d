//go:build unix

package session

import (
	"syscall"
	"time"
)

// processTimes is the CPU time that the process has used, less than 0 when it
// cannot be told.
func processTimes() (user, system time.Duration) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return -1, -1
	}
	return time.Duration(u.Utime.Nano()), time.Duration(u.Stime.Nano())
}

//go:build unix

package session

import (
	"syscall"
	"time"
)

// processTimes is the CPU time that the process has used, if it can be told.
func processTimes() (user, system time.Duration, known bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0, false
	}
	return time.Duration(u.Utime.Nano()), time.Duration(u.Stime.Nano()), true
}

package session

import (
	"syscall"
	"time"
)

// processTimes is the CPU time that the process has used, if it can be told.
func processTimes() (user, system time.Duration, known bool) {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0, 0, false
	}
	var created, exited, inKernel, inUser syscall.Filetime
	if err := syscall.GetProcessTimes(self, &created, &exited, &inKernel, &inUser); err != nil {
		return 0, 0, false
	}
	return ticks(inUser), ticks(inKernel), true
}

// ticks are of 100 ns.
func ticks(t syscall.Filetime) time.Duration {
	return time.Duration(uint64(t.HighDateTime)<<32|uint64(t.LowDateTime)) * 100
}

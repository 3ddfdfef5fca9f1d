//go:build unix

package worker

import (
	"os"
	"syscall"
	"time"
)

// endGroup ends this process and every program that user code started, if the
// process leads its own group, as it does below a supervisor.
func endGroup() {
	if syscall.Getpgrp() == os.Getpid() {
		syscall.Kill(0, syscall.SIGKILL)
	}
}

// dieWithReport ends the process with the traceback of all goroutines on
// standard error, and does not return. User code may have caught SIGQUIT.
func dieWithReport() {
	syscall.Kill(os.Getpid(), syscall.SIGQUIT)
	time.Sleep(time.Second)
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

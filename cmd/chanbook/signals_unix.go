//go:build unix

package main

import (
	"os"
	"strconv"
	"syscall"
)

// endSignals ask for an orderly end.
var endSignals = []os.Signal{syscall.SIGTERM, syscall.SIGHUP}

// startedByJupyter tells whether the parent process is the Jupyter that wants
// its kernels to end with it.
func startedByJupyter(parent int) bool { return os.Getenv("JPY_PARENT_PID") == strconv.Itoa(parent) }

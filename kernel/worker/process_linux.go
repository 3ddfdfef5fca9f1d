package worker

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// ParentDeath is the signal that the system sends to the worker when the kernel
// dies. It is one that user code has no reason to listen for: SIGKILL would
// leave the programs that user code started behind, SIGTERM is a subject of
// lessons.
const ParentDeath = syscall.Signal(63)

// endWithParent ends the process group when the kernel dies. The closed pipe
// does that too; the signal also reaches a worker that does not read.
func endWithParent() {
	died := make(chan os.Signal, 1)
	signal.Notify(died, ParentDeath)
	go func() {
		<-died
		endGroup()
		os.Exit(statusFail)
	}()
}

var dataLimit struct {
	sync.Mutex
	limited      bool
	lowered, was syscall.Rlimit
}

// limitData makes the system refuse memory somewhat above limit: where
// allocation outruns the watchdog, the Go runtime dies of "out of memory"
// instead of the machine. What is mapped already does not count.
func limitData(limit int64) error {
	if raceEnabled {
		return nil
	}
	mapped, err := mappedData()
	if err != nil {
		return fmt.Errorf("memory cap: %w", err)
	}
	d := &dataLimit
	if err := syscall.Getrlimit(syscall.RLIMIT_DATA, &d.was); err != nil {
		return fmt.Errorf("memory cap: %w", err)
	}
	d.lowered = d.was
	d.lowered.Cur = min(d.was.Max, uint64(mapped+limit+dataSlack(limit)))
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &d.lowered); err != nil {
		return fmt.Errorf("memory cap: %w", err)
	}
	d.limited = true
	return nil
}

// dataSlack is what the limit of data may exceed the cap by: the runtime maps
// its heap in steps of 64 MiB, and each thread of a cgo program maps a stack of
// 8 MiB of which it uses little.
func dataSlack(limit int64) int64 { return 512<<20 + limit/8 }

// mappedData is the size of private writable memory, in bytes.
func mappedData() (int64, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text))
	if len(fields) < 6 {
		return 0, fmt.Errorf("/proc/self/statm has %d fields", len(fields))
	}
	pages, err := strconv.ParseInt(fields[5], 10, 64)
	return pages * int64(os.Getpagesize()), err
}

// startUnlimited lifts the limit of data for as long as the start takes. The
// watchdog is on guard meanwhile.
func startUnlimited(cmd *exec.Cmd) error {
	d := &dataLimit
	d.Lock()
	defer d.Unlock()
	if d.limited {
		syscall.Setrlimit(syscall.RLIMIT_DATA, &d.was)
		defer syscall.Setrlimit(syscall.RLIMIT_DATA, &d.lowered)
	}
	return cmd.Start()
}

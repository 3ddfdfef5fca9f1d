package toolchain

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestReadCall(t *testing.T) {
	for text, want := range map[string]int{
		fmt.Sprintf("%d 0x0 0xc000120000 0x1000 0x0 0x0 0x0 0x7ffd 0x46a\n", syscall.SYS_READ):  0,
		fmt.Sprintf("%d 0x1f 0xc000120000 0x2 0x0 0x0 0x0 0x7ffd 0x46a\n", syscall.SYS_READV):   31,
		fmt.Sprintf("%d 0x1 0xc000120000 0x1000 0x0 0x0 0x0 0x7ffd 0x46a\n", syscall.SYS_WRITE): -1,
		"running\n": -1, "-1 0x7ffd 0x46a\n": -1, "": -1, "0": -1, "x y z": -1,
	} {
		fd, ok := readCall(text)
		if !ok {
			fd = -1
		}
		if fd != want {
			t.Errorf("%q reads %d, not %d", text, fd, want)
		}
	}
}

func TestGroupOf(t *testing.T) {
	if got := groupOf(os.Getpid()); got != syscall.Getpgrp() {
		t.Errorf("the group of this process is %d, not %d", got, syscall.Getpgrp())
	}
	if got := groupOf(1 << 30); got != 0 {
		t.Errorf("a process that is not there has the group %d", got)
	}
}

// To look whether a program reads costs next to nothing.
func TestRunLooksAreCheap(t *testing.T) {
	before := ownTime(t)
	p := newPage()
	r := stopping(t, t.Context(), p, Run{Timeout: 2 * time.Second}, "sleep")()
	used := ownTime(t) - before
	t.Logf("%v of CPU time for %v of looking", used, r.Wall)
	if used > r.Wall/20 {
		t.Errorf("%v of CPU time for %v of looking", used, r.Wall)
	}
}

// ownTime is the CPU time that this process has used.
func ownTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

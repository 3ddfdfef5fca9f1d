package supervisor

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

func init() { crashes["no thread"] = noMoreThreads }

// noMoreThreads needs a thread for each of many goroutines while the system
// gives no memory for their stacks.
func noMoreThreads() {
	label("cell", "In[5]")
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &limit); err != nil {
		panic(err)
	}
	for range 100 {
		go func() {
			var pipe [2]int
			syscall.Pipe(pipe[:])
			syscall.Read(pipe[0], make([]byte, 1))
		}()
	}
	time.Sleep(10 * time.Second)
}

// The runtime says that it got no thread in one way when the program uses cgo
// and in another when it does not; both are for want of memory.
func TestNoMoreThreads(t *testing.T) {
	text := "cells wrote this\n" + crash(t, "no thread")
	var shown strings.Builder
	h := &holder{ask: func() {}, show: func(s string) { shown.WriteString(s) }}
	h.feed(text)
	r := h.finish()
	if r == nil || r.Kind != "fatal error" || !r.outOfMemory() {
		t.Fatalf("report %+v of\n%.2000s", r, text)
	}
	if got := shown.String(); got != "cells wrote this\n" {
		t.Errorf("shown as text of the cells: %q", got)
	}
	if r.Goroutines != nil && r.Goroutines[0].Cell != "In[5]" {
		t.Errorf("goroutines: %+v", r.Goroutines)
	}
}

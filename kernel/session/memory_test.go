package session_test

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// A cell whose goroutines have ended is let go, with its front end. One whose
// goroutine lives on is not: the goroutine may still print.
func TestCellsAreLetGo(t *testing.T) {
	const cells = 20
	s := session.New(session.Options{})
	defer s.Close()
	var collected atomic.Int64
	run := func(n int, text string) {
		fe := &recorder{}
		runtime.AddCleanup(fe, func(*int) { collected.Add(1) }, nil)
		out, _ := s.Execute(t.Context(), cell.Request{Source: cell.Source{Number: n, Text: text}}, fe)
		if out.Failure != nil {
			t.Fatal(out.Failure)
		}
	}
	run(1, "stop, stopped := make(chan bool), make(chan bool)")
	run(2, "go func() { <-stop; close(stopped) }()")
	for n := range cells {
		run(3+n, "done := make(chan bool); go func() { close(done) }(); <-done; 40 + 2")
	}
	for deadline := time.Now().Add(10 * time.Second); collected.Load() < cells && time.Now().Before(deadline); {
		runtime.GC()
		time.Sleep(time.Millisecond) // cleanups run beside
	}
	// The session keeps the latest cell, and the second has its goroutine.
	if got := collected.Load(); got != cells {
		t.Errorf("%d of %d cells were let go", got, cells)
	}
	run(3+cells, "close(stop); <-stopped")
}

// Goroutines that wait keep the stack that they began with, and little else: there
// may be a hundred thousand of them.
func TestWaitingGoroutinesAreSmall(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector needs more stack")
	}
	const n, heap = 5000, 5000
	stack := 9 << 10 // other processors have larger frames, and Windows begins with more
	if runtime.GOARCH == "amd64" && runtime.GOOS != "windows" {
		stack = 3 << 10
	}
	for name, text := range map[string]string{
		"receive":    `c := make(chan int); for range %d { go func() { <-c }() }`,
		"send":       `c := make(chan int); for i := range %d { go func() { c <- i }() }`,
		"two values": `c := make(chan []int); for i := range %d { go func() { v, ok := <-c; fmt.Println(i, v, ok) }() }`,
	} {
		t.Run(name, func(t *testing.T) {
			s := session.New(session.Options{})
			defer s.Close()
			before := memory()
			out, _ := s.Execute(t.Context(), cell.Request{Source: cell.Source{Number: 1, Text: fmt.Sprintf(text, n)}}, &recorder{})
			if out.Failure != nil {
				t.Fatal(out.Failure)
			}
			after := memory()
			// Some may not wait yet, and pools are emptied by the second collection.
			for deadline := time.Now().Add(10 * time.Second); int(after.HeapAlloc-before.HeapAlloc)/n > heap && time.Now().Before(deadline); {
				after = memory()
			}
			if each := int(after.StackInuse-before.StackInuse) / n; each > stack {
				t.Errorf("each has %d bytes of stack", each)
			}
			if each := int(after.HeapAlloc-before.HeapAlloc) / n; each > heap {
				t.Errorf("each has %d bytes of other memory", each)
			}
		})
	}
}

func memory() (m runtime.MemStats) {
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m
}

package session_test

import (
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

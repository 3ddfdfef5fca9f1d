package session

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// TestLayouts fails with a version of Go that has other layouts: see what they are
// now.
func TestLayouts(t *testing.T) {
	if !knownRWMutex || !knownOnce || !knownCond {
		t.Errorf("%s keeps objects of package sync otherwise: RWMutex %v, Once %v, Cond %v are as known",
			runtime.Version(), knownRWMutex, knownOnce, knownCond)
	}
}

func word[F any](f F) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&f)) }

// TestEnds follows a family of contexts.
func TestEnds(t *testing.T) {
	s := &Session{ledger: goroutine.NewLedger()}
	s.ends = newEnds(s.ledger)
	outer, cancel := s.withCancel(context.Background())
	value := context.WithValue(outer, "k", "v")
	inner, stop := s.withTimeout(value, time.Hour)
	closed := func(f unsafe.Pointer) []uintptr {
		channels, _ := s.ends.closes(f)
		slices.Sort(channels)
		return channels
	}
	want := []uintptr{uintptr(pointer(outer.Done())), uintptr(pointer(inner.Done()))}
	slices.Sort(want)
	if got := closed(word(cancel)); !slices.Equal(got, want) {
		t.Errorf("the outer cancel closes %x, want %x", got, want)
	}
	if got := closed(word(stop)); !slices.Equal(got, []uintptr{uintptr(pointer(inner.Done()))}) {
		t.Errorf("the inner cancel closes %x", got)
	}
	p := &delayed{f: func() {}}
	_, forget := s.ends.call(inner, p)
	if _, calls := s.ends.closes(word(cancel)); len(calls) != 1 {
		t.Errorf("%d functions are called by the outer cancel, want 1", len(calls))
	}
	forget()
	if _, calls := s.ends.closes(word(cancel)); len(calls) != 0 {
		t.Errorf("%d functions are called by the outer cancel after stop, want 0", len(calls))
	}
	if channels, _ := s.ends.closes(word(forget)); channels != nil {
		t.Error("another function closes something")
	}
	cancel()
	if inner.Err() == nil {
		t.Error("the cancel function does not cancel")
	}
	runtime.KeepAlive(p)
}

// TestEndsForgotten sees that nothing is kept of contexts and timers that nobody
// has any more, stopped or not.
func TestEndsForgotten(t *testing.T) {
	s := &Session{ledger: goroutine.NewLedger()}
	s.ends = newEnds(s.ledger)
	r := &run{session: s}
	s.latest.Store(r)
	parent, cancel := s.withCancel(context.Background())
	for range 1000 {
		s.withCancel(parent)
		var timer = s.afterFunc("In[1]:1", "f", time.Hour, func() {})
		s.timerReset("In[1]:1", timer, time.Hour)
		s.timerStop("In[1]:1", timer)
	}
	cancel()
	parent = nil
	left := func() (contexts, functions, timers int) {
		s.ends.mu.Lock()
		defer s.ends.mu.Unlock()
		s.delays.byTimer.Range(func(any, any) bool { timers++; return true })
		return len(s.ends.byDone), len(s.ends.byFunc), timers
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		runtime.GC()
		contexts, functions, timers := left()
		if contexts+functions+timers < 10 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d contexts, %d cancel functions and %d timers are kept", contexts, functions, timers)
		}
		time.Sleep(10 * time.Millisecond) // cleanups run beside the program
	}
}

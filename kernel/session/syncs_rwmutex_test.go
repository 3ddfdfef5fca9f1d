package session

import (
	"sync"
	"testing"
)

// TestRWQueues sees who gets an RWMutex when.
func TestRWQueues(t *testing.T) {
	s := &Session{}
	qs := &s.rwQueues
	var rw sync.RWMutex
	has := func(w *rwWaiter) bool {
		select {
		case <-w.has:
			return true
		default:
			return false
		}
	}
	expect := func(what string, got, want bool) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	rw.RLock()
	rw.RLock()
	w1 := qs.join(&rw, false)
	r1 := qs.join(&rw, true)
	expect("a writer has it beside readers", has(w1), false)
	expect("a reader has it before the writer that waits", has(r1), false)
	expect("new readers have to wait", qs.writerWaits(&rw), true)
	s.readUnlock(&rw)
	expect("the writer has it beside the last reader", has(w1), false)
	s.readUnlock(&rw)
	expect("the writer has it after the last reader", has(w1), true)
	expect("the reader has it beside the writer", has(r1), false)
	w2, r2 := qs.join(&rw, false), qs.join(&rw, true)
	s.writeUnlock(&rw)
	expect("the readers have it after the writer", has(r1) && has(r2), true)
	expect("the next writer has it beside them", has(w2), false)
	r3 := qs.join(&rw, true)
	expect("a late reader has it before the next writer", has(r3), false)
	expect("the next writer had it when it left", qs.leave(&rw, w2), false)
	expect("the late reader has it without the writer", has(r3), true)
	expect("new readers have to wait for nobody", qs.writerWaits(&rw), false)
	w3 := qs.join(&rw, false)
	for range 3 {
		s.readUnlock(&rw)
	}
	expect("a writer that leaves has it", qs.leave(&rw, w3), true)
	rw.Unlock()
	if n := qs.waiting.Load(); n != 0 || len(qs.byLock) != 0 {
		t.Errorf("%d wait, in %d queues, want none", n, len(qs.byLock))
	}
}

package session

import (
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// A writer that waits for an RWMutex keeps new readers out. It cannot be called
// back: when its cell is stopped, it would keep them out for as long as one of the
// earlier readers stays. So who waits for an RWMutex waits here, outside of it, and
// who gives the lock back hands it on, in the order of package sync: after a writer
// come all readers that wait, after the last reader a writer.

// rwQueues are who waits for RWMutexes.
type rwQueues struct {
	waiting atomic.Int64 // how many in all
	mu      sync.Mutex
	byLock  map[*sync.RWMutex]*rwQueue
}

type rwQueue struct{ readers, writers []*rwWaiter }

// An rwWaiter waits for one lock.
type rwWaiter struct {
	list *[]*rwWaiter
	has  chan struct{} // closed when it has got the lock
}

// join begins a wait. It may be over at once.
func (qs *rwQueues) join(rw *sync.RWMutex, read bool) *rwWaiter {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.byLock[rw]
	if q == nil {
		if qs.byLock == nil {
			qs.byLock = map[*sync.RWMutex]*rwQueue{}
		}
		q = &rwQueue{}
		qs.byLock[rw] = q
	}
	w := &rwWaiter{list: &q.writers, has: make(chan struct{})}
	if read {
		w.list = &q.readers
	}
	*w.list = append(*w.list, w)
	qs.waiting.Add(1)
	qs.handOn(rw, false) // it may have been given back meanwhile
	return w
}

// handOn gives the lock to those who wait for it, as far as it is free. qs is
// locked.
func (qs *rwQueues) handOn(rw *sync.RWMutex, readersFirst bool) {
	q := qs.byLock[rw]
	if q == nil {
		return
	}
	if readersFirst || len(q.writers) == 0 {
		for len(q.readers) > 0 && rw.TryRLock() {
			qs.give(q.readers[0])
		}
	}
	if len(q.writers) > 0 && rw.TryLock() {
		qs.give(q.writers[0])
	}
	if len(q.readers)+len(q.writers) == 0 {
		delete(qs.byLock, rw)
	}
}

func (qs *rwQueues) give(w *rwWaiter) {
	qs.remove(w)
	close(w.has)
}

func (qs *rwQueues) remove(w *rwWaiter) {
	if i := slices.Index(*w.list, w); i >= 0 {
		*w.list = slices.Delete(*w.list, i, i+1)
		qs.waiting.Add(-1)
	}
}

// leave ends a wait that nobody needs any more, and reports whether it had come to
// its end before.
func (qs *rwQueues) leave(rw *sync.RWMutex, w *rwWaiter) (has bool) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	select {
	case <-w.has:
		return true
	default:
		qs.remove(w)
		qs.handOn(rw, false)
		return false
	}
}

// returned hands on a lock that has just been given back.
func (qs *rwQueues) returned(rw *sync.RWMutex, byWriter bool) {
	if qs.waiting.Load() > 0 {
		qs.mu.Lock()
		defer qs.mu.Unlock()
		qs.handOn(rw, byWriter)
	}
}

// writerWaits reports whether new readers have to wait for a writer that does.
func (qs *rwQueues) writerWaits(rw *sync.RWMutex) bool {
	if qs.waiting.Load() == 0 {
		return false
	}
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.byLock[rw]
	return q != nil && len(q.writers) > 0
}

// unheard is how often who waits looks for itself: native code may have given the
// lock back, which hands nothing on.
const unheard = time.Second

// rwAwait waits for a lock until the goroutine's cell is stopped.
func (s *Session) rwAwait(rw *sync.RWMutex, read bool, reason string) {
	g := s.ledger.Current()
	switch {
	case g == nil && read:
		rw.RLock()
		return
	case g == nil:
		rw.Lock()
		return
	}
	w := s.rwQueues.join(rw, read)
	g.Park(reason, goroutine.Target{Pointer: unsafe.Pointer(rw), Kind: goroutine.KindRWMutex, Type: "sync.RWMutex"})
	defer g.Unpark()
	look := time.NewTicker(unheard)
	defer look.Stop()
	for {
		select {
		case <-w.has:
			return
		case <-look.C:
			s.rwQueues.returned(rw, false)
		case <-g.Done():
			if has := s.rwQueues.leave(rw, w); has && read {
				s.readUnlock(rw)
			} else if has {
				s.writeUnlock(rw)
			}
			runtime.Goexit()
		}
	}
}

func (s *Session) writeUnlock(rw *sync.RWMutex) {
	rw.Unlock()
	s.rwQueues.returned(rw, true)
}

func (s *Session) readUnlock(rw *sync.RWMutex) {
	rw.RUnlock()
	s.rwQueues.returned(rw, false)
}

func (s *Session) rwMutexLock(place string, rw *sync.RWMutex) {
	if !rw.TryLock() {
		s.rwAwait(rw, false, goroutine.ReasonWLock)
	}
	s.ledger.Locked(unsafe.Pointer(rw), goroutine.KindRWMutex, false, place)
}

func (s *Session) rwMutexTryLock(place string, rw *sync.RWMutex) bool {
	ok := rw.TryLock()
	if ok {
		s.ledger.Locked(unsafe.Pointer(rw), goroutine.KindRWMutex, false, place)
	}
	return ok
}

func (s *Session) rwMutexUnlock(place string, rw *sync.RWMutex) {
	s.unlock(unsafe.Pointer(rw), place, "sync: Unlock of unlocked RWMutex", false, func() bool {
		if rw.TryRLock() {
			s.readUnlock(rw)
			return false
		}
		return true
	}, func() { s.writeUnlock(rw) })
}

func (s *Session) rwMutexRLock(place string, rw *sync.RWMutex) {
	if s.rwQueues.writerWaits(rw) || !rw.TryRLock() {
		s.rwAwait(rw, true, goroutine.ReasonRLock)
	}
	s.ledger.Locked(unsafe.Pointer(rw), goroutine.KindRWMutex, true, place)
}

func (s *Session) rwMutexTryRLock(place string, rw *sync.RWMutex) bool {
	ok := !s.rwQueues.writerWaits(rw) && rw.TryRLock()
	if ok {
		s.ledger.Locked(unsafe.Pointer(rw), goroutine.KindRWMutex, true, place)
	}
	return ok
}

func (s *Session) rwMutexRUnlock(place string, rw *sync.RWMutex) {
	s.unlock(unsafe.Pointer(rw), place, "sync: RUnlock of unlocked RWMutex", true, func() bool { return hasReaders(rw) },
		func() { s.readUnlock(rw) })
}

// rwMutexFunctions are members of package chanbook/rt.
func (s *Session) rwMutexFunctions() map[string]reflect.Value {
	return map[string]reflect.Value{
		"RWMutexLock":     direct(s.rwMutexLock),
		"RWMutexTryLock":  directBool(s.rwMutexTryLock),
		"RWMutexUnlock":   direct(s.rwMutexUnlock),
		"RWMutexRLock":    direct(s.rwMutexRLock),
		"RWMutexTryRLock": directBool(s.rwMutexTryRLock),
		"RWMutexRUnlock":  direct(s.rwMutexRUnlock),
	}
}

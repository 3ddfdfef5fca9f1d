package session

import (
	"context"
	"runtime"
	"sync"
	"time"
	"unsafe"
	"weak"

	"github.com/petermattis/goid"
)

// A delayed function is called on a goroutine of its own, by a timer or at the end
// of a context. That goroutine belongs to the cell that asked for it.
type delayed struct {
	run       *run
	parent    int64 // the goroutine that has asked for it
	place, by string
	name      string // of f
	f         func()
	mu        sync.Mutex
	until     time.Time // when a timer calls it
}

// delays finds the function of a timer. The timer alone keeps it alive.
type delays struct{ byTimer sync.Map } // address of the timer (uintptr) -> weak.Pointer[delayed]

func (ds *delays) of(t *time.Timer) *delayed {
	if known, ok := ds.byTimer.Load(uintptr(unsafe.Pointer(t))); ok {
		return known.(weak.Pointer[delayed]).Value()
	}
	return nil
}

func (ds *delays) add(t *time.Timer, d *delayed) {
	at, known := uintptr(unsafe.Pointer(t)), weak.Make(d)
	ds.byTimer.Store(at, known)
	runtime.AddCleanup(t, func(known weak.Pointer[delayed]) { ds.byTimer.CompareAndDelete(at, known) }, known)
}

func (s *Session) afterFunc(place, name string, d time.Duration, f func()) *time.Timer {
	p := &delayed{run: s.current(), parent: goid.Get(), place: place, by: "time.AfterFunc", name: name, f: f}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pend(d)
	t := time.AfterFunc(d, p.call)
	s.delays.add(t, p)
	return t
}

// pend tells the ledger that a timer will call the function. The function is
// locked.
func (p *delayed) pend(d time.Duration) {
	p.until = time.Now().Add(d)
	p.run.session.ledger.Pending(unsafe.Pointer(p), aCall, p.until, p.f)
}

func (p *delayed) reset(t *time.Timer, d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pend(d)
	return t.Reset(d)
}

// call calls the function, on a goroutine that is its own, unless its cell has been
// stopped.
func (p *delayed) call() {
	if p.run.group.Stopped() {
		return
	}
	wear(p.run.site(p.place, p.name))
	p.run.group.Starting()
	p.run.user(p.parent, p.place, p.name, p.by, func() {
		p.over()
		p.f()
	})
}

// over tells the ledger that the goroutine has taken the place of the timer, unless
// that has been set again.
func (p *delayed) over() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.until.After(time.Now()) {
		p.run.session.ledger.Unfeed(unsafe.Pointer(p))
	}
}

func (s *Session) contextAfterFunc(place, name string, ctx context.Context, f func()) (stop func() bool) {
	p := &delayed{run: s.current(), parent: goid.Get(), place: place, by: "context.AfterFunc", name: name, f: f}
	until, forget := s.ends.call(ctx, p)
	if !until.IsZero() {
		p.until = until
		s.ledger.Pending(unsafe.Pointer(p), anEnd, until, f)
	}
	real := context.AfterFunc(ctx, p.call)
	return func() bool {
		s.ledger.Unfeed(unsafe.Pointer(p))
		forget()
		return real()
	}
}

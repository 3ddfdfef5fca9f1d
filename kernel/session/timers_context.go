package session

import (
	"context"
	"os"
	"os/signal"
	"reflect"
	"runtime"
	"sync"
	"time"
	"unsafe"
	"weak"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// ends knows which contexts end, when and by which functions. It keeps neither the
// contexts nor the functions alive.
type ends struct {
	ledger *goroutine.Ledger
	mu     sync.Mutex
	byDone map[uintptr]*end // by the address of the Done channel
	byFunc map[uintptr]*end // by the word of the cancel function
}

// An end is that of one context.
type end struct {
	done     uintptr
	until    time.Time // the deadline, its own or that of a context around it; zero for none
	parent   *end
	children map[*end]struct{}
	calls    map[weak.Pointer[delayed]]struct{} // by context.AfterFunc
}

func newEnds(l *goroutine.Ledger) *ends {
	return &ends{ledger: l, byDone: map[uintptr]*end{}, byFunc: map[uintptr]*end{}}
}

// add notes a new context. deadline is zero where it has none of its own.
func (es *ends) add(parent, ctx context.Context, deadline time.Time) *end {
	channel, outer := pointer(ctx.Done()), doneOf(parent)
	es.mu.Lock()
	e := &end{done: uintptr(channel), until: deadline, parent: es.byDone[outer]}
	if p := e.parent; p != nil {
		if e.until.IsZero() || !p.until.IsZero() && p.until.Before(e.until) {
			e.until = p.until
		}
		if p.children == nil {
			p.children = map[*end]struct{}{}
		}
		p.children[e] = struct{}{}
	}
	es.byDone[e.done] = e
	es.mu.Unlock()
	runtime.AddCleanup((*byte)(channel), es.forget, e)
	switch {
	case !deadline.IsZero():
		es.ledger.Pending(channel, aDeadline, e.until, nil)
	case !e.until.IsZero():
		es.ledger.Feed(channel, aDeadline, e.until)
	}
	return e
}

// doneOf is the address of a context's Done channel. A program's own context is
// not asked.
func doneOf(ctx context.Context) uintptr {
	t := reflect.TypeOf(ctx)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if p := t.PkgPath(); p != "context" && p != "os/signal" {
		return 0
	}
	return uintptr(pointer(ctx.Done()))
}

// forget is called when the Done channel is gone.
func (es *ends) forget(e *end) {
	es.mu.Lock()
	defer es.mu.Unlock()
	if es.byDone[e.done] == e {
		delete(es.byDone, e.done)
	}
	if e.parent != nil {
		delete(e.parent.children, e)
	}
}

// by notes the function that cancels a context.
func (es *ends) by(cancel unsafe.Pointer, e *end) {
	word := uintptr(cancel)
	es.mu.Lock()
	es.byFunc[word] = e
	es.mu.Unlock()
	runtime.AddCleanup((*byte)(cancel), func(e *end) {
		es.mu.Lock()
		defer es.mu.Unlock()
		if es.byFunc[word] == e {
			delete(es.byFunc, word)
		}
	}, e)
}

// ended says that a context has been canceled, and those that it is around with
// it.
func (es *ends) ended(e *end) {
	es.mu.Lock()
	defer es.mu.Unlock()
	e.each(func(e *end) {
		es.ledger.Unfeed(*(*unsafe.Pointer)(unsafe.Pointer(&e.done)))
	})
}

// each calls visit for the end and those that come with it.
func (e *end) each(visit func(*end)) {
	visit(e)
	for c := range e.children {
		c.each(visit)
	}
}

// call notes that the function of context.AfterFunc comes with the end of a
// context. It tells the deadline of that, and how to take the note back.
func (es *ends) call(ctx context.Context, p *delayed) (until time.Time, forget func()) {
	done := doneOf(ctx)
	es.mu.Lock()
	defer es.mu.Unlock()
	e := es.byDone[done]
	if e == nil {
		return time.Time{}, func() {}
	}
	if e.calls == nil {
		e.calls = map[weak.Pointer[delayed]]struct{}{}
	}
	key := weak.Make(p)
	e.calls[key] = struct{}{}
	return e.until, func() {
		es.mu.Lock()
		defer es.mu.Unlock()
		delete(e.calls, key)
	}
}

// closes are the channels that a function closes, by their addresses, and the
// functions that are called then, if it is one that cancels a context. f is the
// word of the function's value.
func (es *ends) closes(f unsafe.Pointer) (channels []uintptr, calls []func()) {
	es.mu.Lock()
	defer es.mu.Unlock()
	e := es.byFunc[uintptr(f)]
	if e == nil {
		return nil, nil
	}
	e.each(func(e *end) {
		channels = append(channels, e.done)
		for key := range e.calls {
			if p := key.Value(); p != nil {
				calls = append(calls, p.f)
			}
		}
	})
	return channels, calls
}

func (s *Session) withCancel(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	return ctx, s.canceling(parent, ctx, time.Time{}, cancel)
}

func (s *Session) withCancelCause(parent context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, real := context.WithCancelCause(parent)
	e := s.ends.add(parent, ctx, time.Time{})
	cancel := func(cause error) {
		real(cause)
		s.ends.ended(e)
	}
	s.ends.by(*(*unsafe.Pointer)(unsafe.Pointer(&cancel)), e)
	return ctx, cancel
}

func (s *Session) withDeadline(parent context.Context, at time.Time) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithDeadline(parent, at)
	return ctx, s.canceling(parent, ctx, at, cancel)
}

func (s *Session) withDeadlineCause(parent context.Context, at time.Time, cause error) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithDeadlineCause(parent, at, cause)
	return ctx, s.canceling(parent, ctx, at, cancel)
}

func (s *Session) withTimeout(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return s.withDeadline(parent, time.Now().Add(d))
}

func (s *Session) withTimeoutCause(parent context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	return s.withDeadlineCause(parent, time.Now().Add(d), cause)
}

func (s *Session) signalNotifyContext(parent context.Context, sig ...os.Signal) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(parent, sig...)
	cancel := s.canceling(parent, ctx, time.Time{}, stop)
	s.ledger.Feed(pointer(ctx.Done()), signals, time.Time{})
	return ctx, cancel
}

// canceling is the function real, which cancels ctx, with the end known.
func (s *Session) canceling(parent, ctx context.Context, deadline time.Time, real context.CancelFunc) context.CancelFunc {
	e := s.ends.add(parent, ctx, deadline)
	cancel := func() {
		real()
		s.ends.ended(e)
	}
	s.ends.by(*(*unsafe.Pointer)(unsafe.Pointer(&cancel)), e)
	return cancel
}

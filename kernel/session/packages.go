package session

import (
	"context"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"time"
	"unsafe"

	"github.com/petermattis/goid"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// What programs call instead of functions of errgroup, semaphore, singleflight and
// rate that start goroutines or wait. The objects are the real ones; what they do
// is done by their own functions.

// packageFunctions are members of package chanbook/rt.
func (s *Session) packageFunctions() map[string]reflect.Value {
	return map[string]reflect.Value{
		"ErrgroupWithContext": reflect.ValueOf(s.errgroupWithContext),
		"ErrgroupGo":          reflect.ValueOf(s.errgroupGo),
		"ErrgroupTryGo":       reflect.ValueOf(s.errgroupTryGo),
		"ErrgroupWait":        reflect.ValueOf(s.errgroupWait),
		"SemaphoreAcquire":    reflect.ValueOf(s.semaphoreAcquire),
		"SingleflightDoChan":  reflect.ValueOf(s.singleflightDoChan),
		"LimiterWait":         reflect.ValueOf(func(place string, l *rate.Limiter, ctx context.Context) error { return s.limiterWait(place, l, ctx, 1) }),
		"LimiterWaitN":        reflect.ValueOf(s.limiterWait),
	}
}

// member makes a function for a goroutine that a package starts: user code with its
// place and name, whose panics are reported; then whole is false. atEnd is what the
// package uses when the function has returned. started says that the goroutine has
// been counted before.
func member[T any](s *Session, place, name string, started bool, atEnd any, f func() T) func() (result T, whole bool) {
	r := s.current()
	labels, parent := r.site(place, name), goid.Get()
	return func() (result T, whole bool) {
		wear(labels)
		g := &goroutine.G{Parent: parent, Group: r.group, Code: r.code(), Start: place, Func: name, By: name, AtEnd: atEnd}
		r.runs(g, started, func() {
			result = f()
			whole = true
		})
		return result, whole
	}
}

// A part is a field of a package's struct type that no program sees.
type part struct {
	offset uintptr
	known  bool
}

// partOf finds a field by its name and type. It is not known where another version
// of the package has another field.
func partOf[T, F any](name string) part {
	f, ok := reflect.TypeFor[T]().FieldByName(name)
	want := reflect.TypeFor[F]()
	return part{f.Offset, ok && (f.Type == want || f.Type.Kind() == reflect.Chan && want.Kind() == reflect.Chan)}
}

func (p part) in(object unsafe.Pointer) unsafe.Pointer { return unsafe.Add(object, p.offset) }

var (
	groupCancel = partOf[errgroup.Group, func(error)]("cancel")
	groupWait   = partOf[errgroup.Group, sync.WaitGroup]("wg")

	// semaphoreLock is the address by which the ledger knows a semaphore.
	semaphoreLock = partOf[semaphore.Weighted, sync.Mutex]("mu")
)

// errgroupWithContext is errgroup.WithContext with a context of which the ledger
// knows who ends it.
func (s *Session) errgroupWithContext(_ string, parent context.Context) (*errgroup.Group, context.Context) {
	if !groupCancel.known {
		return errgroup.WithContext(parent)
	}
	g := &errgroup.Group{}
	ctx, cancel := s.withCancelCause(parent)
	*(*func(error))(groupCancel.in(unsafe.Pointer(g))) = cancel
	return g, ctx
}

func (s *Session) errgroupGo(place string, g *errgroup.Group, f func() error) {
	r := s.current()
	f = s.errgroupMember(place, "errgroup.Group.Go", g, f)
	r.group.Starting()
	if g.TryGo(f) {
		return
	}
	// The group is at its limit, and Go sends to a channel of its own that is full.
	if current := s.ledger.Current(); current != nil {
		current.Park(goroutine.ReasonSend, goroutine.Target{Pointer: unsafe.Pointer(g), Kind: goroutine.KindLimit, Type: "errgroup.Group"})
		defer current.Unpark()
	}
	g.Go(f)
}

func (s *Session) errgroupTryGo(place string, g *errgroup.Group, f func() error) bool {
	r := s.current()
	r.group.Starting()
	if g.TryGo(s.errgroupMember(place, "errgroup.Group.TryGo", g, f)) {
		return true
	}
	r.group.Started() // it will not
	return false
}

func (s *Session) errgroupMember(place, name string, g *errgroup.Group, f func() error) func() error {
	called := member(s, place, name, true, g, f)
	return func() error {
		err, _ := called()
		return err
	}
}

func (s *Session) errgroupWait(place string, g *errgroup.Group) error {
	if groupWait.known {
		s.waitGroupWait(place, (*sync.WaitGroup)(groupWait.in(unsafe.Pointer(g))))
	}
	return g.Wait()
}

// semaphoreAcquire is Weighted.Acquire. Who waits can be stopped with its cell.
func (s *Session) semaphoreAcquire(_ string, w *semaphore.Weighted, ctx context.Context, n int64) error {
	g := s.ledger.Current()
	if g == nil || n < 0 {
		return w.Acquire(ctx, n)
	}
	if ctx.Err() == nil && w.TryAcquire(n) {
		return nil
	}
	if semaphoreLock.known {
		on := []goroutine.Target{{Pointer: semaphoreLock.in(unsafe.Pointer(w)), Kind: "semaphore", Type: "semaphore.Weighted"}}
		if done := ctx.Done(); done != nil {
			on = append(on, goroutine.Target{Pointer: pointer(done), Kind: goroutine.KindChannel, Chan: done})
		}
		g.Park(goroutine.ReasonSemacquire, on...)
		defer g.Unpark()
	}
	err := w.Acquire(untilStopped(ctx, g), n)
	if g.Stopped() {
		if err == nil {
			w.Release(n)
		}
		runtime.Goexit()
	}
	return err
}

// stoppable is a context without an end of its own that ends when a cell is
// stopped.
type stoppable struct {
	context.Context
	g *goroutine.G
}

func (c stoppable) Done() <-chan struct{} { return c.g.Done() }

func (c stoppable) Err() error {
	if c.g.Stopped() {
		return context.Canceled
	}
	return nil
}

// untilStopped is a context for what waits on a goroutine. One that has an end is
// not changed.
func untilStopped(ctx context.Context, g *goroutine.G) context.Context {
	if ctx.Done() != nil {
		return ctx
	}
	return stoppable{ctx, g}
}

// singleflightDoChan is Group.DoChan. A panic of the function, which the package
// lets end the process, ends the cell, and nothing comes by the channel.
func (s *Session) singleflightDoChan(place string, g *singleflight.Group, key string, f func() (any, error)) <-chan singleflight.Result {
	type results struct {
		value any
		err   error
	}
	called := member(s, place, "singleflight.Group.DoChan", false, nil, func() results {
		value, err := f()
		return results{value, err}
	})
	return g.DoChan(key, func() (any, error) {
		r, whole := called()
		if !whole {
			runtime.Goexit()
		}
		return r.value, r.err
	})
}

// withoutStack is the text of an error. That of a panic in a function that
// singleflight.Group.Do has called ends with the stack of the process, which is
// the interpreter's.
func withoutStack(err error) string {
	text := err.Error()
	if reflect.TypeOf(err).String() == "*singleflight.panicError" {
		text, _, _ = strings.Cut(text, "\n\n")
	}
	return text
}

// limiterWait is Limiter.WaitN.
func (s *Session) limiterWait(_ string, l *rate.Limiter, ctx context.Context, n int) error {
	g := s.ledger.Current()
	if g == nil {
		return l.WaitN(ctx, n)
	}
	if missing := float64(n) - l.Tokens(); missing > 0 && l.Limit() > 0 {
		g.ParkUntil(time.Now().Add(time.Duration(missing / float64(l.Limit()) * float64(time.Second))))
		defer g.Unpark()
	}
	err := l.WaitN(untilStopped(ctx, g), n)
	if g.Stopped() {
		runtime.Goexit()
	}
	return err
}

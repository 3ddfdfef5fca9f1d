package session

import (
	"os"
	"os/signal"
	"reflect"
	"runtime"
	"time"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/lower"
)

// What programs call instead of the functions of packages time and os/signal by
// which something comes from outside of the program's goroutines. The ledger is
// told what comes, so that nobody who waits for it is taken for lost.

// overrideTimers gives programs the functions that need no place under their own
// names, the others as members of package chanbook/rt.
func (s *Session) overrideTimers(in *eval.Interp) {
	in.Override("time", map[string]reflect.Value{
		"Sleep":     reflect.ValueOf(s.sleep),
		"After":     reflect.ValueOf(s.after),
		"Tick":      reflect.ValueOf(s.tick),
		"NewTimer":  reflect.ValueOf(s.newTimer),
		"NewTicker": reflect.ValueOf(s.newTicker),
	})
	in.Override("os/signal", map[string]reflect.Value{
		"Notify":        reflect.ValueOf(s.signalNotify),
		"Stop":          reflect.ValueOf(s.signalStop),
		"NotifyContext": reflect.ValueOf(s.signalNotifyContext),
	})
	in.Override("context", map[string]reflect.Value{
		"WithCancel":        reflect.ValueOf(s.withCancel),
		"WithCancelCause":   reflect.ValueOf(s.withCancelCause),
		"WithDeadline":      reflect.ValueOf(s.withDeadline),
		"WithDeadlineCause": reflect.ValueOf(s.withDeadlineCause),
		"WithTimeout":       reflect.ValueOf(s.withTimeout),
		"WithTimeoutCause":  reflect.ValueOf(s.withTimeoutCause),
	})
	in.Override(lower.Runtime, map[string]reflect.Value{
		"AfterFunc":        reflect.ValueOf(s.afterFunc),
		"ContextAfterFunc": reflect.ValueOf(s.contextAfterFunc),
		"TimerReset":       reflect.ValueOf(s.timerReset),
		"TimerStop":        reflect.ValueOf(s.timerStop),
		"TickerReset":      reflect.ValueOf(s.tickerReset),
		"TickerStop":       reflect.ValueOf(s.tickerStop),
	})
}

// sleep ends early, with its goroutine, when the cell is stopped.
func (s *Session) sleep(d time.Duration) {
	g := s.ledger.Current()
	if g == nil || d <= 0 {
		time.Sleep(d)
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	g.ParkUntil(time.Now().Add(d))
	select {
	case <-t.C:
	case <-g.Done():
		runtime.Goexit()
	}
	g.Unpark()
}

// pointer is the address of a channel.
func pointer[T any](c <-chan T) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&c)) }

// What comes by a channel, in the words of the ledger.
const (
	aTimer    = "a timer"
	aDeadline = "the deadline of a context"
	aCall     = "a call by time.AfterFunc"
	anEnd     = "a call by context.AfterFunc"
	signals   = "signals"
)

func aTicker(d time.Duration) string { return "a ticker every " + d.String() }

func (s *Session) after(d time.Duration) <-chan time.Time { return s.newTimer(d).C }

func (s *Session) newTimer(d time.Duration) *time.Timer {
	until := time.Now().Add(d)
	t := time.NewTimer(d)
	s.ledger.Feed(pointer(t.C), aTimer, until)
	return t
}

func (s *Session) tick(d time.Duration) <-chan time.Time {
	c := time.Tick(d)
	if c != nil {
		s.ledger.Feed(pointer(c), aTicker(d), time.Time{})
	}
	return c
}

func (s *Session) newTicker(d time.Duration) *time.Ticker {
	t := time.NewTicker(d)
	s.ledger.Feed(pointer(t.C), aTicker(d), time.Time{})
	return t
}

func (s *Session) timerReset(_ string, t *time.Timer, d time.Duration) bool {
	until := time.Now().Add(d)
	if t.C == nil {
		if p := s.delays.of(t); p != nil {
			return p.reset(t, d)
		}
		return t.Reset(d)
	}
	active := t.Reset(d)
	s.ledger.Feed(pointer(t.C), aTimer, until)
	return active
}

func (s *Session) timerStop(_ string, t *time.Timer) bool {
	active := t.Stop()
	if t.C != nil {
		s.ledger.Unfeed(pointer(t.C))
	} else if p := s.delays.of(t); p != nil {
		s.ledger.Unfeed(unsafe.Pointer(p))
	}
	return active
}

func (s *Session) tickerReset(_ string, t *time.Ticker, d time.Duration) {
	t.Reset(d)
	s.ledger.Feed(pointer(t.C), aTicker(d), time.Time{})
}

func (s *Session) tickerStop(_ string, t *time.Ticker) {
	t.Stop()
	s.ledger.Unfeed(pointer(t.C))
}

func (s *Session) signalNotify(c chan<- os.Signal, sig ...os.Signal) {
	signal.Notify(c, sig...)
	s.ledger.Feed(*(*unsafe.Pointer)(unsafe.Pointer(&c)), signals, time.Time{})
}

func (s *Session) signalStop(c chan<- os.Signal) {
	signal.Stop(c)
	s.ledger.Unfeed(*(*unsafe.Pointer)(unsafe.Pointer(&c)))
}

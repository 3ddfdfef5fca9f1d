package session

import (
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

// The runtime's own detection of deadlocks never finds one here: the worker itself
// has goroutines that wait for input. A cell is deadlocked when all goroutines of
// user code wait for each other and no timer of user code is pending.

// How often a running cell is looked at, and how long nothing may happen before
// it is called deadlocked: longer than it takes a goroutine that has been woken to
// get its turn.
const (
	deadlockWatch = 100 * time.Millisecond
	deadlockPause = 60 * time.Millisecond
)

// asleep is the runtime's message.
const asleep = "all goroutines are asleep - deadlock!"

// A deadlock is why a cell was ended.
type deadlock struct{ table []string }

func (*deadlock) Error() string { return asleep }

func (d *deadlock) failure() *cell.Failure {
	return &cell.Failure{
		Name: cell.Deadlock, Message: asleep,
		Traceback: append([]string{"fatal error: " + asleep, ""}, d.table...),
	}
}

// detectDeadlock starts a goroutine that ends the cell when it is deadlocked. The
// function that it returns ends that goroutine and waits for it.
func (r *run) detectDeadlock() (end func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		r.watch(stop)
	}()
	return func() {
		close(stop)
		<-stopped
	}
}

func (r *run) watch(stop <-chan struct{}) {
	timer := time.NewTimer(deadlockWatch)
	defer timer.Stop()
	pause := func(d time.Duration) bool {
		timer.Reset(d)
		select {
		case <-timer.C:
			return true
		case <-stop:
			return false
		}
	}
	wait := deadlockWatch
	for pause(wait) {
		began := time.Now()
		asleep, mark := r.session.ledger.Asleep()
		wait = max(deadlockWatch, 10*time.Since(began)) // looking at many goroutines must not slow them down
		if !asleep {
			continue
		}
		if !pause(deadlockPause) {
			return
		}
		if again, now := r.session.ledger.Asleep(); again && now == mark {
			r.deadlocked()
			return
		}
	}
}

// deadlocked ends the cell.
func (r *run) deadlocked() {
	snap := r.session.snapshot(true)
	snap.Cell = r.group.Cell
	if r.session.opts.Stdin == nil { // and not in a terminal
		r.fe.Output(cell.Display{Data: cell.Bundle(goroutine.DeadlockBundle(snap, r.group.Cell))})
	}
	r.cancel(&deadlock{goroutine.Deadlock(snap, r.group.Cell)})
}

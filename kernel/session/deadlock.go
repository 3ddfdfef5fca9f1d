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
	wait, thorough := deadlockWatch, newPace(firstSearch)
	for pause(wait) {
		began := time.Now()
		check := r.asleep
		if thorough.due(began) {
			check = r.stuck
		}
		dead, mark := check()
		if dead {
			if !pause(deadlockPause) {
				return
			}
			if again, now := check(); again && now == mark {
				r.deadlocked()
				return
			}
		}
		took := time.Since(began)
		thorough.took(took)
		wait = max(deadlockWatch, 10*took) // looking at many goroutines must not slow them down
	}
}

// asleep reports whether nothing at all goes on in the session.
func (r *run) asleep() (bool, uint64) { return r.session.ledger.Asleep() }

// stuck reports whether the cell's goroutines wait for what nothing that goes on,
// such as a service of an earlier cell, can ever bring: a later cell could, but it
// has to wait for this one.
func (r *run) stuck() (bool, uint64) {
	if resting, _ := r.session.ledger.Resting(r.group); !resting {
		return false, 0
	}
	snap := r.session.snapshot(true, briefly)
	mark, own := uint64(0), 0
	for _, g := range snap.Goroutines {
		if g.Cell != r.group.Cell {
			continue
		}
		own++
		if g.State != goroutine.Waiting || g.Wait == nil || g.Verdict != goroutine.Never && g.Verdict != goroutine.Later {
			return false, 0
		}
		mark = mark*31 + uint64(g.ID) ^ uint64(g.Wait.Since.UnixNano())
	}
	return snap.Searched && snap.Blind == "" && own > 0 && own == r.group.Live(), mark
}

// firstSearch is when a running cell is looked at thoroughly for the first time.
const firstSearch = 200 * time.Millisecond

// A pace makes something happen less and less often, and in no more than a small
// part of the time.
type pace struct {
	next  time.Time
	every time.Duration
}

func newPace(first time.Duration) *pace { return &pace{time.Now().Add(first), first} }

func (p *pace) due(now time.Time) bool { return !now.Before(p.next) }

func (p *pace) took(d time.Duration) {
	if now := time.Now(); p.due(now) {
		p.every = max(min(2*p.every, 2*time.Second), 50*d)
		p.next = now.Add(p.every)
	}
}

// deadlocked ends the cell.
func (r *run) deadlocked() {
	snap := r.session.snapshot(true, briefly)
	snap.Cell = r.group.Cell
	if picture, ok := goroutine.DeadlockBundle(snap, r.group.Cell); ok && r.session.opts.Stdin == nil { // and not in a terminal
		r.fe.Output(cell.Display{Data: cell.Bundle(picture)})
	}
	r.session.endWatchers(r) // what they show last is the deadlock
	r.cancel(&deadlock{goroutine.Deadlock(snap, r.group.Cell)})
}

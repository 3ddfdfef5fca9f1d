package session

import (
	"context"
	"slices"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

// What is said of goroutines that a cell leaves, and of those that an interrupt
// ends.

// How long a cell that has ended waits for its goroutines to come to rest, in all and
// for each of them, so that what is said is not about goroutines that are just
// ending.
const (
	settling     = 20 * time.Millisecond
	settlingEach = 100 * time.Microsecond
	settlingMost = time.Second

	// searching is how much longer it waits for a moment in which memory can be
	// searched: while the garbage collector works, there is none.
	searching = 500 * time.Millisecond
)

// note tells, below a cell that has ended, of goroutines that it has left.
func (r *run) note() {
	s := r.session
	if r.group.Live() == 0 || r.group.Stopped() || r.req.Silent || !s.notes.Load() {
		return
	}
	snap := r.settled()
	if snap == nil {
		return
	}
	if note, ok := goroutine.Note(snap, r.group.Cell); ok {
		r.fe.Output(cell.Display{Data: cell.Bundle(note)})
	}
}

// settled is a snapshot after the goroutines that the cell has left have come to
// rest, nil when all have ended.
func (r *run) settled() *goroutine.Snapshot {
	patience := min(settling+time.Duration(r.group.Live())*settlingEach, settlingMost)
	for deadline := time.Now().Add(patience); ; {
		r.settle(deadline)
		if r.group.Live() == 0 {
			return nil
		}
		snap := r.session.snapshot(true, briefly)
		runs := func(g *goroutine.Info) bool { return g.Cell == r.group.Cell && g.State == goroutine.Running }
		late := time.Since(deadline)
		if late > searching || snap.Searched && (late > 0 || !slices.ContainsFunc(snap.Goroutines, runs)) {
			return snap
		}
	}
}

// settle waits until the goroutines that the cell has left have ended or rest.
func (r *run) settle(deadline time.Time) {
	before := uint64(0)
	for r.group.Live() > 0 && time.Now().Before(deadline) {
		resting, mark := r.session.ledger.Resting(r.group)
		if resting && mark == before {
			return
		}
		if before = 0; resting {
			before = mark
		}
		time.Sleep(500 * time.Microsecond)
	}
}

// interrupt stops the cell because the person has asked for it.
func (r *run) interrupt() {
	snap := r.session.snapshot(true, briefly)
	r.scene = goroutine.Interrupted(snap, r.group.Cell)
	r.session.endWatchers(r)
	r.cancel(context.Cause(r.asked))
}

// ending is how long an interrupt waits for goroutines to end, before it names
// those that have not.
const ending = 50 * time.Millisecond

// unstoppable are lines about goroutines of the cell that could not be ended yet.
func (r *run) unstoppable() []string {
	deadline := time.Now().Add(ending)
	for r.group.Live() > 0 {
		if time.Now().After(deadline) {
			return r.session.ledger.StillIn(r.group)
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

package trace

import (
	"fmt"
	"slices"
	"time"
)

// Asleep tells since when all goroutines of the program wait for each other; ok
// is false when one of them runs, is in a system call, or waits for something that
// comes from outside, such as the end of a sleep. A timer may still wake one that
// waits for a channel: no trace tells that.
func (t *Trace) Asleep() (since time.Duration, ok bool) {
	for _, g := range t.awake() {
		if g.Last != Waiting || slices.Contains([]string{"sleep", "I/O", "runtime", "GC", "GC assist"}, t.Places[g.LastAt].Reason) {
			return 0, false
		}
	}
	return t.LastChange, t.To == t.Length && len(t.awake()) > 0
}

// Quiet tells since when all goroutines of the program have been waiting for
// whatever it is, when that is for the most of the time.
func (t *Trace) Quiet() (since time.Duration, ok bool) {
	for _, g := range t.awake() {
		if g.Last != Waiting {
			return 0, false
		}
	}
	return t.LastChange, len(t.awake()) > 0 && t.LastChange*2 < t.Length
}

// awake are the goroutines of the program that have not returned.
func (t *Trace) awake() []*Goroutine {
	var all []*Goroutine
	for _, g := range t.Goroutines {
		if !g.System && !g.HasEnd {
			all = append(all, g)
		}
	}
	return all
}

// Waiting says of each goroutine that has not returned where it waits, those that
// are alike together.
func (t *Trace) Waiting() []string {
	var lines []string
	for _, gr := range t.groups(t.awake()) {
		lines = append(lines, fmt.Sprintf("%s %s", clean(t.label(gr)), t.ending(gr)))
	}
	return lines
}

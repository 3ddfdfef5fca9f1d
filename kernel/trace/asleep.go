package trace

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Asleep tells since when all goroutines of the program wait for each other; ok
// is false when one of them runs, is in a system call, waits for something that
// comes from outside, such as the end of a sleep, or is one of a library, of which
// nobody knows what it waits for. A timer may still wake one that waits for a
// channel: no trace tells that.
func (t *Trace) Asleep() (since time.Duration, ok bool) {
	for _, g := range t.awake() {
		if p := t.Places[g.LastAt]; g.Last != Waiting || p.At == "" || !byGoroutine(p.Reason) {
			return 0, false
		}
	}
	return t.LastChange, t.To == t.Length && len(t.awake()) > 0
}

// byGoroutine tells whether it is another goroutine that ends a wait.
func byGoroutine(reason string) bool {
	return slices.Contains([]string{"chan send", "chan receive", "select", "for ever"}, reason) || strings.HasPrefix(reason, "sync.")
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

package trace

import (
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

// A Sleeper is a goroutine that waits, or several that are alike.
type Sleeper struct {
	Name string // "G7 worker (In[3]:4)", "5× worker (In[3]:4)"
	Place
}

// Sleepers are the goroutines that wait, those that are alike and wait at the same
// place together.
func (t *Trace) Sleepers() []Sleeper {
	var all []Sleeper
	for _, gr := range t.groups(t.awake()) {
		at := map[int32]*group{}
		var order []int32
		for _, g := range gr.members {
			if g.Last != Waiting {
				continue
			}
			if at[g.LastAt] == nil {
				at[g.LastAt] = &group{name: gr.name}
				order = append(order, g.LastAt)
			}
			at[g.LastAt].members = append(at[g.LastAt].members, g)
		}
		for _, place := range order {
			all = append(all, Sleeper{clean(t.label(at[place])), t.Places[place]})
		}
	}
	return all
}

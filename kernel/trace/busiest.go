package trace

import (
	"slices"
	"strings"
	"time"
)

// busiest is the shortest part of the window that has nine of ten changes of the
// program's goroutines; ok is false when it is not much shorter than the whole.
func (t *Trace) busiest() (from, to time.Duration, ok bool) {
	type change struct {
		at time.Duration
		n  int
	}
	var all []change
	sum := 0
	for _, g := range t.Goroutines {
		if g.System {
			continue
		}
		for _, i := range g.Lane {
			n := 1
			if i.Parts != nil {
				n = i.Parts.Count
			}
			all = append(all, change{i.Start, n})
			sum += n
		}
	}
	if sum < 12 {
		return 0, 0, false
	}
	slices.SortFunc(all, func(a, b change) int { return int(max(-1, min(1, a.at-b.at))) })
	best := t.window()
	n, j := 0, 0
	for i := range all {
		for j < len(all) && n*10 < sum*9 {
			n += all[j].n
			j++
		}
		if n*10 < sum*9 {
			break
		}
		if d := all[j-1].at - all[i].at; d < best {
			best, from, to = d, all[i].at, all[j-1].at
		}
		n -= all[i].n
	}
	from, to = max(t.From, from-best/10), min(t.To, to+best/10)
	from, to = roundTo(from, to-from), roundTo(to, to-from)
	return from, to, to > from && (to-from)*5 < t.window()
}

// roundTo leaves out the digits that do not matter for a time of the length d.
func roundTo(t, d time.Duration) time.Duration {
	unit := time.Duration(1)
	for unit*50 < d {
		unit *= 10
	}
	return t.Round(unit)
}

// flagsFor writes times for the command's line.
func flagsFor(from, to time.Duration) string {
	flags := "-to " + to.String()
	if from > 0 {
		flags = "-from " + from.String() + " " + flags
	}
	return strings.ReplaceAll(flags, "µs", "us")
}

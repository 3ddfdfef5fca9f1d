package goroutine

import (
	"fmt"
	"slices"

	"github.com/chanbook/chanbook/kernel/prose"
)

// Interrupted is where the goroutines of a cell were when it was interrupted, as
// lines for the traceback of its error, a blank one before each group. It is empty when the cell has no more to
// say than its own line, which the traceback holds already.
func Interrupted(s *Snapshot, cell string) []string {
	const most = 10
	goroutines := Filter{Cell: cell}.Apply(s.Goroutines)
	d := describe(s, goroutines)
	crowds := crowdsOf(goroutines)
	sortForReading(crowds, cell)
	slices.SortStableFunc(crowds, func(a, b crowd) int { // what runs is what one interrupts
		return b2i(b[0].State == Running) - b2i(a[0].State == Running)
	})
	if len(crowds) == 0 || len(crowds) == 1 && crowds[0].isPlain() {
		return nil
	}
	var all []string
	for i, c := range crowds {
		if i == most {
			all = append(all, "", "… "+prose.Count(len(crowds)-i, "more group of goroutines", "more groups of goroutines"))
			break
		}
		all = append(append(all, ""), d.brief(c)...)
	}
	return all
}

// isPlain reports whether the crowd is the cell itself, which runs in a line of its
// own.
func (c crowd) isPlain() bool {
	return c[0].Main && c[0].State == Running && len(c[0].Stack) < 2 && !c[0].inPackage()
}

// brief is a crowd in few lines: what it is and does, where, and what it waits for.
func (d describer) brief(c crowd) []string {
	g := c[0]
	state := prose.Clean(g.Reason)
	if period := c.period(d.Taken, waitsSince); period != "" {
		state += ", for " + period
	}
	if g.Verdict == Never {
		_, word := d.verdict(g)
		state += ", " + word
	}
	all := []string{fmt.Sprintf("%s [%s]: %s", c.goroutines(), state, name(g).Plain())}
	if g.inPackage() {
		all = append(all, "    in "+prose.Clean(g.Native))
	}
	const most = 3
	for i, f := range g.Stack {
		if i == most {
			all = append(all, "    … "+prose.Count(len(g.Stack)-i, "more caller", "more callers"))
			break
		}
		all = append(all, "    "+frameText(f))
	}
	if waits := d.waits(c); len(waits) == 1 && g.State == Waiting {
		all = append(all, "    waits "+waits[0].Plain())
	} else if len(waits) > 1 {
		all = append(all, fmt.Sprintf("    waits for one of %d cases", len(waits)))
	}
	return all
}

package goroutine

import (
	"fmt"

	"github.com/chanbook/chanbook/kernel/prose"
)

// Resting reports whether none of a group's goroutines runs code of its own at this
// moment. Between two calls with the same mark none of them has.
func (l *Ledger) Resting(gr *Group) (resting bool, mark uint64) {
	known, resting := 0, true
	l.each(func(g *G) bool {
		if g.Group == gr {
			known++
			w := g.word.Load()
			mark += mix(uint64(g.ID), w)
			resting = w&modeMask == away
		}
		return resting
	})
	return resting && known >= gr.Live(), mark
}

// StillIn are lines for the goroutines of a stopped group that have not ended,
// because a package's function has not returned.
func (l *Ledger) StillIn(gr *Group) []string {
	counts := map[string]int{}
	var order []string
	l.each(func(g *G) bool {
		if g.Group != gr {
			return true
		}
		where := "in a long computation"
		if p := g.wait.Load(); p != nil {
			where = "in " + p.reason
		} else if at := g.Site(); at.Node != nil && g.word.Load()&modeMask == away {
			where = "in " + g.Code.Native(at)
		}
		if g.Start != "" {
			where += ", started at " + g.Start
		}
		if counts[where]++; counts[where] == 1 {
			order = append(order, where)
		}
		return true
	})
	var out []string
	for _, where := range order {
		n := counts[where]
		out = append(out, fmt.Sprintf("%s of the cell cannot be ended before it returns: %s", prose.Count(n, "goroutine", "goroutines"), where))
	}
	return out
}

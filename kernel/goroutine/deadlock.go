package goroutine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/show"
)

// maxBlocks bounds the lines of a deadlock.
const maxBlocks = 20

// Deadlock is who waits for what in a cell that cannot go on, as lines for the
// traceback of its error: a block for each group of goroutines, in the manner of
// the runtime, with an explanation.
func Deadlock(s *Snapshot, cell string) []string {
	waiting := asleepIn(s, cell)
	d := describe(s, waiting)
	d.deadlock = true
	explainer := d.explainer(d.circles(waiting))
	crowds := crowdsOf(waiting)
	sortForReading(crowds, cell)
	var all []string
	for i, c := range crowds {
		if i == maxBlocks {
			all = append(all, "", "… "+count(len(crowds)-i, "more group of goroutines", "more groups of goroutines"))
			break
		}
		if i > 0 {
			all = append(all, "")
		}
		all = append(all, explainer.block(c)...)
	}
	if line := earlier(s, cell); line != "" {
		all = append(all, "", line)
	}
	return all
}

// asleepIn are the goroutines of a cell that wait for each other.
func asleepIn(s *Snapshot, cell string) []*Info {
	var waiting []*Info
	for _, g := range s.Goroutines {
		if g.Cell == cell && g.State == Waiting {
			waiting = append(waiting, g)
		}
	}
	return waiting
}

// block is one crowd: its head, where it is, and why it cannot go on.
func (x *explainer) block(c crowd) []string {
	g := c[0]
	all := []string{fmt.Sprintf("%s [%s]: %s", c.goroutines(), clean(g.Reason), name(g).text())}
	for i, f := range g.Stack {
		if i == maxTextFrames {
			all = append(all, fmt.Sprintf("    … %s", count(len(g.Stack)-i, "more caller", "more callers")))
			break
		}
		all = append(all, "    "+frameText(f))
	}
	for i, p := range x.waits(c) {
		word := "waits "
		if i > 0 {
			word = "   or "
		}
		all = append(all, "    "+word+p.text())
	}
	for _, p := range x.holds(c) {
		all = append(all, "    "+p.text())
	}
	if !g.Main && g.Start != "" {
		all = append(all, "    "+x.started(c).text())
	}
	for _, line := range x.next(c).lines() {
		all = append(all, "    "+line)
	}
	return all
}

// earlier says which other cells have goroutines that wait too.
func earlier(s *Snapshot, cell string) string {
	var cells []string
	n := 0
	for _, c := range crowdsByCell(s) {
		if c[0].Cell != cell {
			n += len(c)
			cells = append(cells, clean(c[0].Cell))
		}
	}
	if n == 0 {
		return ""
	}
	const most = 5
	if len(cells) > most {
		cells = append(cells[:most], "…")
	}
	return fmt.Sprintf("%s too (%s), and cannot wake this one.", count(n, "goroutine of another cell sleeps", "goroutines of other cells sleep"), strings.Join(cells, ", "))
}

// crowdsByCell are the goroutines that wait, by their cells, in the order of cells.
func crowdsByCell(s *Snapshot) []crowd {
	at := map[string]int{}
	var cells []crowd
	for _, g := range s.Goroutines {
		if g.State != Waiting {
			continue
		}
		i, known := at[g.Cell]
		if !known {
			i = len(cells)
			at[g.Cell] = i
			cells = append(cells, nil)
		}
		cells[i] = append(cells[i], g)
	}
	slices.SortStableFunc(cells, func(a, b crowd) int { return cellNumber(a[0].Cell) - cellNumber(b[0].Cell) })
	return cells
}

// DeadlockBundle is the picture of who waits for whom in a cell that cannot go on;
// false means that it would say no more than the lines of Deadlock.
func DeadlockBundle(s *Snapshot, cell string) (show.Bundle, bool) {
	waiting := asleepIn(s, cell)
	d := describe(s, waiting)
	d.deadlock = true
	g := d.graph(waiting)
	if len(g.nodes) == 0 {
		return nil, false
	}
	return bundle(g.html(), strings.TrimPrefix(g.text(), "\n")), true
}

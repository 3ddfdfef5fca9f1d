package goroutine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
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
			all = append(all, "", "… "+prose.Count(len(crowds)-i, "more group of goroutines", "more groups of goroutines"))
			break
		}
		if i > 0 {
			all = append(all, "")
		}
		all = append(all, explainer.block(c)...)
	}
	asleep := func(g *Info) bool { return g.Cell != cell && g.State == Waiting }
	working := func(g *Info) bool { return g.Cell != cell && g.State != Waiting }
	return append(all, slices.Concat(
		others(s, asleep, "goroutine of another cell sleeps too", "goroutines of other cells sleep too"),
		others(s, working, "goroutine of another cell works", "goroutines of other cells work"))...)
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
	all := []string{fmt.Sprintf("%s [%s]: %s", c.goroutines(), prose.Clean(g.Reason), name(g).Plain())}
	for i, f := range g.Stack {
		if i == maxTextFrames {
			all = append(all, fmt.Sprintf("    … %s", prose.Count(len(g.Stack)-i, "more caller", "more callers")))
			break
		}
		all = append(all, "    "+frameText(f))
	}
	for i, p := range x.waits(c) {
		word := "waits "
		if i > 0 {
			word = "   or "
		}
		all = append(all, "    "+word+p.Plain())
	}
	for _, p := range x.holds(c) {
		all = append(all, "    "+p.Plain())
	}
	if !g.Main && g.Start != "" {
		all = append(all, "    "+x.started(c).Plain())
	}
	for _, line := range x.next(c).lines() {
		all = append(all, "    "+line)
	}
	return all
}

// others is a line on goroutines of other cells, after a blank one; none when
// there are no such goroutines.
func others(s *Snapshot, which func(*Info) bool, one, many string) []string {
	const most = 5
	n := 0
	var cells []string
	for _, g := range s.Goroutines {
		if !which(g) {
			continue
		}
		n++
		if !slices.Contains(cells, g.Cell) {
			cells = append(cells, g.Cell)
		}
	}
	if n == 0 {
		return nil
	}
	slices.SortFunc(cells, func(a, b string) int { return cellNumber(a) - cellNumber(b) })
	named := prose.Clean(strings.Join(cells[:min(len(cells), most)], ", "))
	if len(cells) > most {
		named += ", …"
	}
	return []string{"", fmt.Sprintf("%s (%s), and cannot wake this one.", prose.Count(n, one, many), named)}
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

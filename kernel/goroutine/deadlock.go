package goroutine

import (
	"fmt"
	"strings"

	"github.com/chanbook/chanbook/kernel/show"
)

// maxBlocks bounds the lines of a deadlock.
const maxBlocks = 20

// Deadlock is who waits for what in a cell that cannot go on, as lines for the
// traceback of its error: a block for each group of goroutines, in the manner of
// the runtime, with an explanation.
func Deadlock(s *Snapshot, cell string) []string {
	d := describer{Snapshot: s, deadlock: true}
	waiting := asleepIn(s, cell)
	circles := d.circles(waiting)
	crowds := crowdsOf(waiting)
	sortForReading(crowds, cell)
	var all []string
	for i, c := range crowds {
		if i == maxBlocks {
			all = append(all, "", "… "+count(len(crowds)-i, "more group of goroutines", "more groups of goroutines"))
			break
		}
		all = append(all, "")
		all = append(all, d.block(c, circles)...)
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
func (d describer) block(c crowd, circles []circle) []string {
	g := c[0]
	all := []string{fmt.Sprintf("%s [%s]: %s", c.goroutines(), clean(g.Reason), name(g).text())}
	for i, f := range g.Stack {
		if i == maxTextFrames {
			all = append(all, fmt.Sprintf("    … %s", count(len(g.Stack)-i, "more caller", "more callers")))
			break
		}
		all = append(all, "    "+frameText(f))
	}
	for i, p := range d.waits(c) {
		word := "waits "
		if i > 0 {
			word = "   or "
		}
		all = append(all, "    "+word+p.text())
	}
	for _, p := range d.holds(c) {
		all = append(all, "    "+p.text())
	}
	if !g.Main && g.Start != "" {
		all = append(all, "    "+d.started(c).text())
	}
	for _, line := range d.explain(c, circles).lines() {
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
	sortForReading(cells, "")
	return cells
}

// DeadlockBundle is the display that stands beside the error: the table of the
// cell's goroutines and the picture of who waits for whom.
func DeadlockBundle(s *Snapshot, cell string) show.Bundle {
	goroutines := Filter{Cell: cell}.Apply(s.Goroutines)
	d := describer{Snapshot: s, deadlock: true}
	t := d.table(goroutines, Filter{}, cell)
	g := d.graph(goroutines)
	return bundle(t.html()+g.html(), t.text()+g.text())
}

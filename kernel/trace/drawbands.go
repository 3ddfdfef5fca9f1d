package trace

import (
	"fmt"
	"math"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
)

// thin draws each goroutine of a group as a line of a few pixels: its colour is
// what it does for the most of that time.
func (d *drawing) thin(gr *group) {
	const step = 2.0 // pixels along the time
	height := 5.0
	if len(gr.members) > 50 {
		height = 3
	}
	d.rect(shapes, fill(d.hueOf(gr.members[0].ID)), 8, d.y+4, 7, 7)
	d.text(wordPlain, 20, d.y+11, fits(d.t.label(gr), d.left-26, letter))
	d.text(wordSoft, 20, d.y+25, "each a line, from "+fmt.Sprintf("G%d to G%d", gr.members[0].ID, gr.members[len(gr.members)-1].ID))
	top := d.y
	for _, g := range gr.members {
		d.rows[g.ID] = row{d.y, d.y + height, thin}
		main := d.dominant(g.Lane, step)
		for k := 0; k < len(main); {
			j := k + 1
			for j < len(main) && main[j] == main[k] {
				j++
			}
			d.stretch(g, main[k], float64(k)*step, float64(j-k)*step, height)
			k = j
		}
		d.y += height
	}
	d.y = max(d.y, top+30) + 6
}

// absent stands for a time at which a goroutine is not there.
const absent = State(255)

// dominant is, for each step of the time, what fills the most of it.
func (d *drawing) dominant(l Lane, step float64) []State {
	s := d.span
	s.scale /= step
	s.bins = int(math.Ceil(float64(d.bins) / step))
	s.left = 0
	bins := make([]bin, s.bins)
	for _, i := range l {
		s.share(bins, i, s.x(i.Start), float64(i.length())*s.scale, Waiting)
	}
	main := make([]State, len(bins))
	for k, b := range bins {
		main[k] = absent
		best := 0.0
		for st := range Mixed {
			if b.parts[st] > best {
				main[k], best = st, b.parts[st]
			}
		}
	}
	return main
}

// stretch draws a piece of a thin line.
func (d *drawing) stretch(g *Goroutine, s State, x, w, height float64) {
	if s == absent {
		return
	}
	d.present[s] = true
	x += d.left
	switch s {
	case Running:
		d.rect(shapes, fill(d.hueOf(g.ID)), x, d.y, w, height-0.5)
	case Runnable:
		d.rect(shapes, fill("url(#ready)"), x, d.y+0.5, w, height-1)
	case Syscall:
		d.rect(shapes, fill(colourCall), x, d.y+1, w, height-2)
	case Waiting:
		d.line(shapes, stroke(colourWait, 0.7, ""), x, d.y+height/2, x+w, d.y+height/2)
	}
}

// band draws of a group how many of it do what: a curve for each state, each with
// a scale of its own.
func (d *drawing) band(gr *group) {
	const step, height = 2.0, 30.0
	d.rect(shapes, fill(d.hueOf(gr.members[0].ID)), 8, d.y+4, 7, 7)
	d.text(wordBold, 20, d.y+11, fits(d.t.label(gr), d.left-26, letter))
	d.text(wordSoft, d.left+5, d.y+11, "how many of them are")
	for _, g := range gr.members {
		d.rows[g.ID] = row{d.y + 2, d.y + 13, banded}
	}
	d.y += 18
	counts, n := d.counts(gr, step)
	styles := [states]string{fill(d.hueOf(gr.members[0].ID)), styleReady, fill(colourSystem), styleCall}
	for _, s := range []State{Running, Runnable, Syscall, Waiting} {
		most := 0.0
		for k := range n {
			most = max(most, counts[k][s])
		}
		if most == 0 {
			continue
		}
		d.present[s] = true
		d.text(wordPlain, 28, d.y+height/2+2, s.String())
		d.text(wordEnd, d.left-8, d.y+height/2+2, "at most "+amount(most))
		d.curve(counts, s, most, height-4, step, styles[s])
		d.line(ground, stroke(colourGrid, 1, ""), d.left, d.y+height-4, d.width-rightSide, d.y+height-4)
		d.y += height
	}
	d.y += 4
}

// counts are, for each step of the time, how many of a group are in each state
// on average.
func (d *drawing) counts(gr *group, step float64) (counts [][5]float64, n int) {
	s := d.span
	s.scale /= step
	s.left = 0
	s.bins = int(math.Ceil(float64(d.bins) / step))
	bins := make([]bin, s.bins)
	for _, g := range gr.members {
		for _, i := range g.Lane {
			s.share(bins, i, s.x(i.Start), float64(i.length())*s.scale, Waiting)
		}
	}
	counts = make([][5]float64, len(bins))
	for k := range bins {
		counts[k] = bins[k].parts
	}
	return counts, len(bins)
}

// curve draws one state as an area.
func (d *drawing) curve(counts [][5]float64, s State, most, height, step float64, style string) {
	var b strings.Builder
	bottom := d.y + height
	fmt.Fprintf(&b, "M%s %s", num(d.left), num(bottom))
	last := ""
	for k := range counts {
		y := num(bottom - counts[k][s]/most*(height-2))
		if y != last {
			fmt.Fprintf(&b, "H%sV%s", num(d.left+float64(k)*step), y)
			last = y
		}
	}
	fmt.Fprintf(&b, "H%sV%sz", num(min(d.width-rightSide, d.left+float64(len(counts))*step)), num(bottom))
	d.path(shapes, style).WriteString(b.String())
}

// amount writes an average number of goroutines.
func amount(f float64) string {
	if f >= 10 {
		return prose.Number(int(math.Round(f)))
	}
	return fmt.Sprint(digits(f, 2))
}

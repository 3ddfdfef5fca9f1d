package trace

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// How many arrows are drawn, and from how many on they are faint.
const (
	mostArrows = 160
	manyArrows = 60
	tooMany    = 2000 // of so many, a few would say nothing
)

// edges draws arrows from who made whom runnable.
func (d *drawing) edges() {
	list := d.worthwhile()
	faint := len(list) > manyArrows
	for _, e := range list {
		to := d.rows[e.To]
		from, ok := d.rows[e.From]
		x := d.x(e.At)
		switch {
		case !ok:
			g := d.byID[e.From]
			d.stub(x, to, g != nil && !g.System)
		case e.Create:
			d.made = true
			d.arrow(styleGo, colourGo, x, from, to, false)
		case faint:
			d.woke = true
			d.arrow(styleFaint, colourWake, x, from, to, true)
		default:
			d.woke = true
			d.arrow(styleWake, colourWake, x, from, to, false)
		}
	}
}

// worthwhile are the edges for which there is room: those between goroutines that
// are drawn, go statements and ends of long waits first, no two so close that
// they would be one.
func (d *drawing) worthwhile() []Edge {
	var can []Edge
	d.undrawn = d.t.MoreEdges
	for _, e := range d.t.Edges {
		to, ok := d.rows[e.To]
		switch _, shown := d.hue[e.To]; {
		case !shown || e.From == e.To:
		case !ok, to.kind == banded, to.kind == thin && e.Create: // its line begins there
			d.undrawn++
		default:
			can = append(can, e)
		}
	}
	if len(can) > tooMany {
		d.crowded = true
		all := len(can)
		can = slices.DeleteFunc(can, func(e Edge) bool { return !e.Create })
		d.undrawn += all - len(can)
	}
	slices.SortStableFunc(can, func(a, b Edge) int {
		if a.Create != b.Create {
			if a.Create {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.Waited, a.Waited)
	})
	type place struct {
		from, to int64
		x        int
	}
	taken := map[place]bool{}
	var list []Edge
	for _, e := range can {
		p := place{e.From, e.To, int(d.x(e.At) / 3)}
		near := p
		near.x++
		far := p
		far.x--
		if len(list) >= mostArrows || taken[p] || taken[near] || taken[far] {
			d.undrawn++
			continue
		}
		taken[p] = true
		list = append(list, e)
	}
	return list
}

// arrow draws an arrow from a goroutine to another one.
func (d *drawing) arrow(style, colour string, x float64, from, to row, faint bool) {
	y1, y2, tip := from.bottom, to.top, 5.0
	if to.top < from.top {
		y1, y2, tip = from.top, to.bottom, -5
	}
	if math.Abs(y2-y1) < 8 { // neighbours: the arrow begins inside
		y1 -= tip
	}
	more := ""
	if faint {
		more = ` fill-opacity="0.45"`
	}
	d.line(arrows, style, x, y1, x, y2-tip)
	fmt.Fprintf(d.path(arrows, fill(colour)+more), "M%s %sl-3 %sh6z", num(x), num(y2), num(-tip))
	fmt.Fprintf(d.path(arrows, fill(colour)+more), "M%s %sa2 2 0 1 0 4 0a2 2 0 1 0 -4 0z", num(x-2), num(y1))
}

// stub draws that the runtime, or a goroutine that is not in the picture, made it
// runnable.
func (d *drawing) stub(x float64, to row, hidden bool) {
	ground := colourPaper
	if hidden {
		ground = colourWake
		d.hidden = true
	} else {
		d.timers = true
	}
	fmt.Fprintf(d.path(arrows, stroke(colourWake, 1, "")), "M%s %sv-4", num(x), num(to.top))
	fmt.Fprintf(d.path(arrows, fill(ground)+fmt.Sprintf(` stroke="%s" stroke-width="1.2"`, colourWake)),
		"M%s %sa2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0 -4.4 0z", num(x-2.2), num(to.top-4))
}

// legend explains the shapes that are in the picture.
func (d *drawing) legend() {
	d.line(ground, stroke(colourRule, 1, ""), 0, d.y+0.5, d.width, d.y+0.5)
	d.y += 8
	x := 8.0
	item := func(there bool, word string, mark func(x, y float64)) {
		if !there {
			return
		}
		w := 32 + textWidth(word, 6.2) + 14
		if x+w > d.width && x > 8 {
			x = 8
			d.y += 18
		}
		mark(x, d.y)
		d.text(wordPlain, x+32, d.y+11, word)
		x += w
	}
	d.legendStates(item)
	d.legendMarks(item)
	d.y += 18
}

type legendItem func(there bool, word string, mark func(x, y float64))

func (d *drawing) legendStates(item legendItem) {
	item(d.present[Running], "running (on processor P0, P1 …)", func(x, y float64) {
		d.rect(shapes, fill(hues[0]), x, y, 26, 14)
		d.text(wordOnHue, x+13, y+11, "P0")
	})
	item(d.present[Runnable], "runnable: waits for a processor", func(x, y float64) { d.rect(shapes, styleReady, x, y+4, 26, 10) })
	item(d.present[Waiting], "waiting: for what, where", func(x, y float64) {
		d.line(shapes, styleWait, x, y+12, x+26, y+12)
		d.text(wordMiddle, x+13, y+9, "recv")
	})
	item(d.present[Syscall], "in a system call", func(x, y float64) { d.rect(shapes, styleCall, x, y+3, 26, 11) })
	item(d.gc, "garbage collector", func(x, y float64) {
		d.rect(shapes, styleShade, x, y, 26, 14)
		d.rect(shapes, styleGC, x+6, y+2, 14, 10)
	})
	item(d.stop, "the world is stopped", func(x, y float64) {
		d.rect(lines, styleStop, x+10, y, 5, 5)
		d.line(lines, stroke(colourStop, 1, ` stroke-opacity="0.5"`), x+12.5, y, x+12.5, y+14)
	})
	item(d.tracer, "the runtime, the tracer", func(x, y float64) { d.rect(shapes, fill(colourSystem), x, y+7, 26, 7) })
	item(d.dense, "more than a pixel can show: height is share of time", func(x, y float64) {
		for k, h := range []float64{5, 8, 6, 11, 9, 12, 7, 10} {
			d.rect(shapes, fill(colourMany), x+float64(3*k), y+14-h, 3, h)
		}
	})
}

func (d *drawing) legendMarks(item legendItem) {
	item(d.woke, "lets it go on", func(x, y float64) {
		d.arrow(styleWake, colourWake, x+13, row{y - 2, y, alone}, row{y + 14, y + 20, alone}, false)
	})
	item(d.made, "go statement", func(x, y float64) {
		d.arrow(styleGo, colourGo, x+13, row{y - 2, y, alone}, row{y + 14, y + 20, alone}, false)
	})
	item(d.timers, "let go on by the runtime (timer, I/O …)", func(x, y float64) { d.stub(x+13, row{y + 10, y + 16, alone}, false) })
	item(d.hidden, "let go on by one that is not shown", func(x, y float64) { d.stub(x+13, row{y + 10, y + 16, alone}, true) })
	item(d.ended(), "returns", func(x, y float64) { d.line(lines, stroke(colourInk, 1.5, ""), x+13, y+1, x+13, y+14) })
}

// ended tells whether a goroutine that has a lane returns in the window.
func (d *drawing) ended() bool {
	for _, g := range d.t.Goroutines {
		if _, ok := d.rows[g.ID]; ok && g.HasEnd && g.Ended <= d.t.To {
			return true
		}
	}
	return false
}

package trace

import (
	"fmt"
	"strconv"
	"time"
)

// drawing is a picture that is being drawn, from the top to the bottom.
type drawing struct {
	pen
	span
	t        *Trace
	width    float64
	y        float64 // where the next thing begins
	hue      map[int64]string
	byID     map[int64]*Goroutine
	rows     map[int64]row // of the goroutines that have one
	top      float64       // where time begins to be drawn
	dense    bool          // some bins hold parts
	undrawn  int           // arrows for which there is no room
	crowded  bool          // of arrows, only go statements are drawn
	timers   bool          // the runtime woke someone
	hidden   bool          // a goroutine that is not in the picture woke someone
	woke     bool          // a goroutine woke someone
	made     bool          // a goroutine started someone
	present  [6]bool       // states and uses, for the legend
	gc, stop bool
	tracer   bool
}

// row is where a goroutine is drawn.
type row struct {
	top, bottom float64
	kind        rowKind
}

// rowKind tells how a goroutine is drawn.
type rowKind uint8

const (
	alone  rowKind = iota
	thin           // as a line of a few pixels
	banded         // in a band of counts
)

// Measures of the picture in pixels.
const (
	labelWidth = 216
	rightSide  = 14
	headHeight = 22
)

// draw draws the goroutines.
func (t *Trace) draw(v View, shown []*Goroutine) *drawing {
	width := float64(min(maxWidth, max(minWidth, v.Width)))
	if v.Width == 0 {
		width = DefaultWidth
	}
	plot := width - labelWidth - rightSide
	d := &drawing{t: t, width: width, rows: map[int64]row{}, hue: map[int64]string{}, byID: map[int64]*Goroutine{}}
	for _, g := range t.Goroutines {
		d.byID[g.ID] = g
	}
	d.span = span{from: t.From, left: labelWidth, scale: plot / float64(t.window()), bins: int(plot)}
	d.colour(shown)
	d.y = 8
	d.axis()
	d.top = d.y
	d.procs()
	d.tasks()
	d.goroutines(shown)
	d.ranges()
	d.grid()
	d.edges()
	d.legend()
	return d
}

// colour gives each goroutine a colour of its own, or each function when there
// are more goroutines than colours.
func (d *drawing) colour(shown []*Goroutine) {
	names := map[string]int{}
	for i, g := range shown {
		n := i
		if len(shown) > len(hues) {
			key := g.Name + d.t.Places[g.Created].At
			if _, ok := names[key]; !ok {
				names[key] = len(names)
			}
			n = names[key]
		}
		d.hue[g.ID] = hues[n%len(hues)]
	}
}

// ticks are at most so many times in the window, at round distances.
func ticks(from, to time.Duration, most int) (at []time.Duration, step time.Duration) {
	step = 1
	for i := 0; (to-from)/step > time.Duration(most); i++ {
		step = step * []time.Duration{2, 5, 10}[i%3] / []time.Duration{1, 2, 5}[i%3]
	}
	for d := (from + step - 1) / step * step; d <= to; d += step {
		at = append(at, d)
	}
	return at, step
}

// tickText writes a time of the axis; all have the unit of the step.
func tickText(d, step time.Duration) string {
	if d == 0 {
		return "0"
	}
	unit, name := time.Nanosecond, "ns"
	switch {
	case d >= time.Second && step >= time.Millisecond:
		unit, name = time.Second, "s"
	case d >= time.Millisecond && step >= time.Microsecond:
		unit, name = time.Millisecond, "ms"
	case d >= time.Microsecond:
		unit, name = time.Microsecond, "µs"
	}
	return strconv.FormatFloat(float64(d)/float64(unit), 'f', -1, 64) + " " + name
}

// axis writes the times.
func (d *drawing) axis() {
	at, step := ticks(d.t.From, d.t.To, max(2, d.bins/90))
	d.text(wordSoft, 8, d.y+11, "time since main began")
	for _, m := range at {
		d.text(wordAxis, min(d.x(m), d.width-24), d.y+11, tickText(m, step))
		d.line(lines, stroke(colourSoft, 1, ""), d.x(m), d.y+14, d.x(m), d.y+18)
	}
	d.y += 18
}

// grid draws lines at the times of the axis.
func (d *drawing) grid() {
	at, _ := ticks(d.t.From, d.t.To, max(2, d.bins/90))
	for _, m := range at {
		d.line(ground, styleGrid, d.x(m), d.top, d.x(m), d.y)
	}
}

// head writes a heading.
func (d *drawing) head(title, more string) {
	d.line(ground, stroke(colourRule, 1, ""), 0, d.y+0.5, d.width, d.y+0.5)
	d.text(wordBold, 8, d.y+15, title)
	if more != "" {
		d.text(wordSoft, d.left+5, d.y+15, more)
	}
	d.y += headHeight
}

// ranges shades the garbage collector's work and stops of the world.
func (d *drawing) ranges() {
	labelled := d.left
	for _, r := range d.t.Ranges {
		x, w := d.x(r.Start), d.x(r.End)-d.x(r.Start)
		if r.Stop {
			d.stop = true
			d.rect(lines, styleStop, x, d.top, max(1, w), 5)
			d.line(lines, stroke(colourStop, max(0.6, w), ` stroke-opacity="0.18"`), x+w/2, d.top, x+w/2, d.y)
			continue
		}
		d.gc = true
		d.rect(ground, styleShade, x, d.top, max(1, w), d.y-d.top)
		if w > 16 && x >= labelled {
			d.text(wordGC, x+w/2, d.top+16, "GC")
			labelled = x + w
		}
	}
}

// procs draws the processors.
func (d *drawing) procs() {
	t := d.t
	d.head("Processors", "")
	height, bar := 22.0, 15.0
	if n := len(t.Procs); n > 32 {
		height, bar = 6, 5
	} else if n > 8 {
		height, bar = 14, 11
	}
	for _, p := range t.Procs {
		if height >= 14 {
			d.text(wordPlain, 8, d.y+bar-2, fmt.Sprintf("P%d", p.ID))
			d.text(wordEnd, d.left-8, d.y+bar-2, "busy "+percent(p.Totals[User]+p.Totals[Collect], t.window()))
		}
		d.proc(p, d.y, bar)
		d.y += height
	}
	d.y += 4
}

// proc draws what a processor does.
func (d *drawing) proc(p *Proc, y, bar float64) {
	d.line(ground, stroke(colourGrid, 2, ""), d.left, y+bar-2, d.width-rightSide, y+bar-2)
	bins := d.spread(p.Lane, System, func(i Interval, x, w float64) {
		d.present[i.State] = d.present[i.State] || i.State == User
		switch i.State {
		case User:
			d.rect(shapes, fill(d.hueOf(i.Who)), x, y, w, bar)
			if bar >= 11 {
				d.firstFit(wordOnHue, x, w, y+bar-4, d.words(i.Who)...)
			}
		case Collect:
			d.gc = true
			d.rect(shapes, styleGC, x, y, w, bar)
		case Called:
			d.present[Syscall] = true
			d.rect(shapes, styleCall, x, y+bar*0.25, w, bar*0.75)
		default:
			d.tracer = true
			d.rect(shapes, fill(colourSystem), x, y+bar*0.5, w, bar*0.5)
		}
	})
	for k, b := range bins {
		styles := []string{fill(d.hueOf(b.who)), styleGC, styleCall, fill(colourSystem)}
		d.column(float64(k), y, bar, b, b.heights(bar, User, Collect, Called, System), styles)
	}
}

// column draws the parts of a bin on top of each other.
func (d *drawing) column(k, y, bar float64, b bin, heights []float64, styles []string) {
	bottom := y + bar
	for i, h := range heights {
		if h > 0 {
			bottom -= h
			d.rect(columns, styles[i], d.left+k, bottom, 1, h)
		}
	}
	d.dense = d.dense || b.count > few
}

// hueOf is the colour of a goroutine that runs; several have none.
func (d *drawing) hueOf(id int64) string {
	if h, ok := d.hue[id]; ok {
		return h
	}
	return colourMany
}

// words are the ways in which a goroutine may be named, the longest first.
func (d *drawing) words(id int64) []string {
	s := "G" + strconv.FormatInt(id, 10)
	if g := d.byID[id]; g != nil && g.Name != "" {
		return []string{s + " " + g.Name, s}
	}
	return []string{s}
}

// firstFit writes the first of the words for which there is room.
func (d *drawing) firstFit(style string, x, w, y float64, options ...string) {
	from, to := max(x, d.left), min(x+w, d.width-rightSide)
	for _, s := range options {
		if textWidth(s, smallLetter)+4 <= to-from {
			d.text(style, (from+to)/2, y, s)
			return
		}
	}
}

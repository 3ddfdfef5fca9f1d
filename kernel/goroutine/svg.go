package goroutine

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/show"
)

// point is a place in the picture, in pixels.
type point struct{ x, y int }

// rect is an area of the picture.
type rect struct{ x, y, w, h int }

func (r rect) overlaps(o rect) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

func (r rect) union(o rect) rect {
	x, y := min(r.x, o.x), min(r.y, o.y)
	return rect{x, y, max(r.x+r.w, o.x+o.w) - x, max(r.y+r.h, o.y+o.h) - y}
}

// side is a side of a box: across the layers, or along them.
type side uint8

const (
	before side = iota // towards the layer before
	after              // towards the layer after
	above              // towards the spot before in the same layer
	below
)

// end is where an arrow touches a box.
type end struct {
	spot    *spot
	side    side
	towards *spot
	at      point
}

// arrow is a route with all its points.
type arrow struct {
	edge   *edge
	curves [][4]point // cubic Bézier curves
	head   [3]point
	word   rect
}

// drawing collects what is drawn.
type drawing struct {
	boxes  []placedBox
	arrows []*arrow
	words  []placedText
	extent rect
}

type placedBox struct {
	rect
	*spot
}

type placedText struct {
	x, y int
	text string
}

// svg draws the graph: its parts beside each other as far as there is room, then
// below. width is that of the picture.
func (g graph) svg() (svg string, width int) {
	d := &drawing{}
	right, top := 0, 0 // where the next part may stand
	circles := false
	for i, s := range g.sketches() {
		part := s.draw()
		if i > 0 && (circles != (s.heading != "") || right+part.extent.w > pageWidth) {
			right, top = 0, d.extent.y+d.extent.h+2*nodeGap
		}
		circles = s.heading != ""
		part.move(right-part.extent.x, top-part.extent.y)
		right += part.extent.w + 2*nodeGap
		d.boxes = append(d.boxes, part.boxes...)
		d.arrows = append(d.arrows, part.arrows...)
		d.words = append(d.words, part.words...)
		d.extent = d.extent.union(part.extent)
	}
	return d.svg(), d.extent.w + 2*marginSize
}

// draw makes the drawing of one part.
func (s *sketch) draw() *drawing {
	d := &drawing{extent: rect{0, 0, s.width, s.height}, arrows: s.arrows()}
	for _, p := range s.spots {
		if p.node != nil {
			m := s.point(p.u, p.v)
			d.boxes = append(d.boxes, placedBox{rect{m.x - p.w/2, m.y - p.h/2, p.w, p.h}, p})
		}
	}
	for i, a := range d.arrows {
		a.label(d.boxes, d.arrows[:i])
		d.extent = d.extent.union(a.word)
		for _, c := range a.curves {
			for k := range 9 {
				p := on(c, k)
				d.extent = d.extent.union(rect{p.x - 4, p.y - 4, 8, 8})
			}
		}
	}
	if s.heading != "" {
		const height = 26
		d.extent.y -= height
		d.extent.h += height
		d.words = []placedText{{d.extent.x, d.extent.y + 12, s.heading}}
		d.extent = d.extent.union(rect{d.extent.x, d.extent.y, show.Width(s.heading) * detailColumn, height})
	}
	return d
}

// move moves a drawing.
func (d *drawing) move(x, y int) {
	by := func(p *point) { p.x, p.y = p.x+x, p.y+y }
	for _, a := range d.arrows {
		for i := range a.curves {
			for k := range a.curves[i] {
				by(&a.curves[i][k])
			}
		}
		for k := range a.head {
			by(&a.head[k])
		}
		a.word.x, a.word.y = a.word.x+x, a.word.y+y
	}
	for i := range d.boxes {
		d.boxes[i].x += x
		d.boxes[i].y += y
	}
	for i := range d.words {
		d.words[i].x += x
		d.words[i].y += y
	}
	d.extent.x, d.extent.y = d.extent.x+x, d.extent.y+y
}

// point turns a place in a sketch into one in the picture.
func (s *sketch) point(u, v int) point {
	if s.down {
		return point{v, u}
	}
	return point{u, v}
}

// arrows gives every route its points. Arrows that touch the same side of a box
// share it out among them.
func (s *sketch) arrows() []*arrow {
	type ends struct{ from, to *end }
	of := make([]ends, len(s.routes))
	sides := map[*spot]*[4][]*end{}
	touch := func(p *spot, sd side, towards *spot) *end {
		e := &end{spot: p, side: sd, towards: towards}
		if sides[p] == nil {
			sides[p] = &[4][]*end{}
		}
		sides[p][sd] = append(sides[p][sd], e)
		return e
	}
	for i, r := range s.routes {
		n := len(r.via)
		from, to := s.sidesOf(r)
		of[i] = ends{touch(r.via[0], from, r.via[1]), touch(r.via[n-1], to, r.via[n-2])}
	}
	for _, p := range s.spots {
		if all := sides[p]; all != nil {
			for sd := range all {
				share(all[sd], s.down)
			}
		}
	}
	var arrows []*arrow
	for i, r := range s.routes {
		arrows = append(arrows, s.arrow(r, of[i].from, of[i].to))
	}
	return arrows
}

// sidesOf are the sides at which a route leaves and arrives.
func (s *sketch) sidesOf(r *route) (from, to side) {
	a, b := r.via[0], r.via[len(r.via)-1]
	switch {
	case len(r.via) == 2 && (a.layer-b.layer > 1 || b.layer-a.layer > 1):
		// Round the others, over or under them, where they are fewer in the way.
		if s.before(a)+s.before(b) <= s.after(a)+s.after(b) {
			return above, above
		}
		return below, below
	case a.layer < b.layer:
		return after, before
	case a.layer > b.layer:
		return before, after
	}
	layer := s.layers[a.layer]
	distance := slices.Index(layer, b) - slices.Index(layer, a)
	switch {
	case distance == 1:
		return below, above
	case distance == -1:
		return above, below
	case a.layer < len(s.layers)/2:
		return before, before
	}
	return after, after
}

// before and after are how many spots stand before and after one in its layer.
func (s *sketch) before(p *spot) int { return slices.Index(s.layers[p.layer], p) }
func (s *sketch) after(p *spot) int  { return len(s.layers[p.layer]) - 1 - s.before(p) }

// share places the ends that touch one side of a box, in the order of where they
// lead, so that they do not cross.
func share(ends []*end, down bool) {
	slices.SortStableFunc(ends, func(a, b *end) int {
		if a.side == above || a.side == below {
			return cmp.Compare(a.towards.u, b.towards.u)
		}
		return cmp.Compare(a.towards.v, b.towards.v)
	})
	for i, e := range ends {
		p := e.spot
		su, sv := p.size(down)
		along := func(extent int) int {
			n, gap := len(ends), portGap
			if down { // words stand beside each other
				gap = 4 * portGap
			}
			return (2*i - n + 1) * min(gap, (extent-padding)/n) / 2
		}
		switch e.side {
		case before:
			e.at = point{p.u - su/2, p.v + along(sv)}
		case after:
			e.at = point{p.u + su/2, p.v + along(sv)}
		case above:
			e.at = point{p.u + along(su), p.v - sv/2}
		case below:
			e.at = point{p.u + along(su), p.v + sv/2}
		}
	}
}

const (
	headLength = 9
	headWidth  = 4
	portGap    = 16 // between arrows that touch the same side
	wordHeight = 14
)

// arrow makes the curves of a route. Points are of the sketch until they are all
// known.
func (s *sketch) arrow(r *route, from, to *end) *arrow {
	a := &arrow{edge: r.edge}
	tip := to.at
	last := tip
	switch to.side {
	case before:
		last.x -= headLength
	case after:
		last.x += headLength
	case above:
		last.y -= headLength
	case below:
		last.y += headLength
	}
	at := from.at
	step := 1
	if to.side == after {
		step = -1
	}
	for _, p := range r.via[1 : len(r.via)-1] {
		su, _ := p.size(s.down)
		enter, leave := point{p.u - step*su/2, p.v}, point{p.u + step*su/2, p.v}
		a.curves = append(a.curves, bend(at, enter, from.side), [4]point{enter, enter, leave, leave})
		at = leave
	}
	if from.side == to.side {
		a.curves = append(a.curves, s.detour(at, last, from.side))
	} else {
		a.curves = append(a.curves, bend(at, last, from.side))
	}
	if to.side == before || to.side == after {
		a.head = [3]point{tip, {last.x, last.y - headWidth}, {last.x, last.y + headWidth}}
	} else {
		a.head = [3]point{tip, {last.x - headWidth, last.y}, {last.x + headWidth, last.y}}
	}
	for i := range a.curves {
		for k, p := range a.curves[i] {
			a.curves[i][k] = s.point(p.x, p.y)
		}
	}
	for k, p := range a.head {
		a.head[k] = s.point(p.x, p.y)
	}
	return a
}

// detour is a curve that goes round other boxes, on the outside of the sketch.
func (s *sketch) detour(a, b point, sd side) [4]point {
	switch sd {
	case before, after:
		out := 48 * (1 - 2*b2i(sd == before))
		return [4]point{a, {a.x + out, a.y}, {b.x + out, b.y}, b}
	}
	s.detours++
	out := -(20 + 36*s.detours)
	if sd == below {
		out = s.long + 20 + 36*s.detours
	}
	return [4]point{a, {a.x, out}, {b.x, out}, b}
}

// bend is a curve that leaves and arrives straight to the sides.
func bend(a, b point, from side) [4]point {
	if from == above || from == below {
		return [4]point{a, a, b, b}
	}
	m := (a.x + b.x) / 2
	return [4]point{a, {m, a.y}, {m, b.y}, b}
}

// on is the point of a curve at k eighths of its way.
func on(c [4]point, k int) point {
	l := 8 - k
	f := [4]int{l * l * l, 3 * l * l * k, 3 * l * k * k, k * k * k}
	var p point
	for i := range c {
		p.x += f[i] * c[i].x
		p.y += f[i] * c[i].y
	}
	return point{p.x / 512, p.y / 512}
}

// label finds a place for an arrow's word on its first curve, where it covers
// neither a box nor another word.
func (a *arrow) label(boxes []placedBox, arrows []*arrow) {
	w := wordWidth(a.edge.label())
	for _, k := range []int{4, 3, 5, 2, 6, 4} {
		p := on(a.curves[0], k)
		a.word = rect{p.x - w/2, p.y - wordHeight/2, w, wordHeight}
		if !slices.ContainsFunc(boxes, func(b placedBox) bool { return b.overlaps(a.word) }) &&
			!slices.ContainsFunc(arrows, func(o *arrow) bool { return o.word.overlaps(a.word) }) {
			return
		}
	}
}

const (
	fontCode  = "DejaVu Sans Mono,Menlo,Consolas,monospace"
	fontWords = "system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif"
)

func (d *drawing) svg() string {
	e := d.extent
	e = rect{e.x - marginSize, e.y - marginSize, e.w + 2*marginSize, e.h + 2*marginSize}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="%d %d %d %d" font-family="%s">`+"\n",
		e.w, e.h, e.x, e.y, e.w, e.h, fontWords)
	fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#ffffff"/>`+"\n", e.x, e.y, e.w, e.h)
	for _, t := range d.words {
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-size="12" font-weight="bold" fill="%s">%s</text>`+"\n",
			t.x, t.y, colourLeaked.text, html.EscapeString(t.text))
	}
	for _, a := range d.arrows {
		a.writeLine(&b)
	}
	for _, a := range d.arrows {
		a.writeWord(&b)
	}
	for _, box := range d.boxes {
		box.draw(&b)
	}
	b.WriteString("</svg>")
	return b.String()
}

// wordWidth is the width of an arrow's word, 11 pixels high.
func wordWidth(word string) int { return show.Width(word)*13/2 + 4 }

// label is the arrow's word in the picture.
func (e *edge) label() string { return cmp.Or(e.drawn, e.word) }

// colours of an arrow: of its line, and of its word.
func (e *edge) colours() (line, word string) {
	if e.circle {
		return colourLeaked.line, colourLeaked.text
	}
	return "#5c6773", "#3b4252"
}

func (a *arrow) writeLine(b *strings.Builder) {
	line, _ := a.edge.colours()
	width, dashes := "1.4", ""
	if a.edge.circle {
		width = "2.4"
	}
	if a.edge.maybe {
		dashes = ` stroke-dasharray="6 4"`
	}
	first := a.curves[0][0]
	fmt.Fprintf(b, `<path d="M%d %d`, first.x, first.y)
	for _, c := range a.curves {
		fmt.Fprintf(b, " C%d %d %d %d %d %d", c[1].x, c[1].y, c[2].x, c[2].y, c[3].x, c[3].y)
	}
	fmt.Fprintf(b, `" fill="none" stroke="%s" stroke-width="%s"%s/>`+"\n", line, width, dashes)
	h := a.head
	fmt.Fprintf(b, `<path d="M%d %d L%d %d L%d %d Z" fill="%s"/>`+"\n", h[0].x, h[0].y, h[1].x, h[1].y, h[2].x, h[2].y, line)
}

func (a *arrow) writeWord(b *strings.Builder) {
	_, word := a.edge.colours()
	r := a.word
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#ffffff"/>`, r.x, r.y, r.w, r.h)
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="11" text-anchor="middle" fill="%s">%s</text>`+"\n",
		r.x+r.w/2, r.y+wordHeight-3, word, html.EscapeString(a.edge.label()))
}

// colours of a node: those of the goroutines' state, or of objects.
func (d describer) colours(n *node) colours {
	switch {
	case n.crowd != nil:
		if c, word := d.verdict(n.crowd[0]); word != "" {
			return c
		}
		return n.crowd[0].State.colours()
	case n.outside != "":
		return colourOutside
	}
	return colourObject
}

// draw draws a box: round for goroutines, square for objects, dashed for what is
// outside.
func (p placedBox) draw(b *strings.Builder) {
	c := p.look
	shape := ` rx="2"`
	switch {
	case p.node.crowd != nil:
		shape = ` rx="12"`
	case p.node.outside != "":
		shape = ` rx="2" stroke-dasharray="4 3"`
	}
	line, width := c.line, "1.4"
	if p.node.circle {
		line, width = colourLeaked.line, "2.4"
	}
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d"%s fill="%s" stroke="%s" stroke-width="%s"/>`+"\n",
		p.x, p.y, p.rect.w, p.rect.h, shape, c.ground, line, width)
	middle := p.x + p.rect.w/2
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="13" font-family="%s" text-anchor="middle" fill="%s">%s</text>`+"\n",
		middle, p.y+titleHeight, fontCode, c.text, html.EscapeString(p.title))
	for i, detail := range p.details {
		fmt.Fprintf(b, `<text x="%d" y="%d" font-size="11" text-anchor="middle" fill="%s">%s</text>`+"\n",
			middle, p.y+titleHeight+(i+1)*detailHeight, c.text, html.EscapeString(detail))
	}
}

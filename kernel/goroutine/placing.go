package goroutine

import (
	"iter"
	"slices"

	"github.com/chanbook/chanbook/kernel/prose"
	"github.com/chanbook/chanbook/kernel/show"
)

// The picture of a graph is laid out in pixels, in whole numbers so that it is the
// same on all machines. Nodes stand in layers, and arrows lead from each layer to
// the next. Layers are columns from left to right, or, if that is too wide for a
// page, rows from top to bottom: u counts across layers and v along them. A
// circle folds into two layers, down the one and up the other, with what waits
// for its members outside of them.

const (
	marginSize   = 14
	titleColumn  = 8 // width of a column of text in titles, 13 pixels high
	detailColumn = 7 // in details and on arrows, 11 pixels high
	titleHeight  = 18
	detailHeight = 15
	padding      = 10
	nodeGap      = 18
	arrowGap     = 46  // room for an arrow with its word, across its direction
	arrowRoom    = 34  // and along it, beside the word
	pageWidth    = 556 // so that pictures need not be made smaller on paper
	maxTitle     = 40  // columns; what is longer is cut, and whole in the text
)

// spot is where a node stands, or an arrow passes a layer.
type spot struct {
	node    *node // nil where an arrow passes
	title   string
	details []string
	look    colours
	w, h    int // size of the box
	layer   int
	u, v    int     // middle
	in, out []*spot // by arrows between neighbouring layers
}

// size is the spot's extent across layers and along them.
func (s *spot) size(down bool) (su, sv int) {
	if down {
		return s.h, s.w
	}
	return s.w, s.h
}

// sketch is the layout of the nodes that hang together.
type sketch struct {
	down    bool // layers are rows
	heading string
	spots   []*spot // all, by layers, in order
	layers  [][]*spot
	of      map[*node]*spot
	routes  []*route
	width   int
	height  int
	long    int // extent along the layers
	detours int // arrows that go round the others
}

// route is how an arrow goes: from a spot, past others, to a spot.
type route struct {
	edge *edge
	via  []*spot
}

func (d describer) spot(n *node) *spot {
	s := &spot{node: n, title: prose.Shorten(d.title(n).Plain(), maxTitle), look: d.colours(n)}
	for _, d := range d.details(n) {
		s.details = append(s.details, prose.Shorten(d, maxTitle))
	}
	columns := show.Width(s.title) * titleColumn
	for _, d := range s.details {
		columns = max(columns, show.Width(d)*detailColumn)
	}
	s.w = max(60, columns+2*padding)
	s.h = titleHeight + len(s.details)*detailHeight + padding
	return s
}

// sketches lays out a graph, part by part: those with circles first. All parts
// without a circle have their layers in the same direction.
func (g graph) sketches() []*sketch {
	var out []*sketch
	parts := g.parts()
	var rest [][]*node
	for _, part := range parts {
		if s := g.circular(part); s != nil {
			out = append(out, s)
		} else {
			rest = append(rest, part)
		}
	}
	var across, down []*sketch
	widest := 0
	for _, part := range rest {
		across = append(across, g.layered(part, false))
		down = append(down, g.layered(part, true))
		widest = max(widest, across[len(across)-1].width)
	}
	if widest > pageWidth {
		return append(out, down...)
	}
	return append(out, across...)
}

// parts are the sets of nodes that hang together.
func (g graph) parts() [][]*node {
	part := make([]int, len(g.nodes)) // by ordinal
	for i := range part {
		part[i] = i
	}
	for changed := true; changed; {
		changed = false
		for _, e := range g.edges {
			a, b := &part[e.from.ordinal], &part[e.to.ordinal]
			if *a != *b {
				*a, *b = min(*a, *b), min(*a, *b)
				changed = true
			}
		}
	}
	var parts [][]*node
	at := map[int]int{}
	for i, n := range g.nodes {
		if _, known := at[part[i]]; !known {
			at[part[i]] = len(parts)
			parts = append(parts, nil)
		}
		parts[at[part[i]]] = append(parts[at[part[i]]], n)
	}
	return parts
}

// sketch begins the layout of one part.
func (g graph) sketch(part []*node, down bool) (s *sketch, edges []*edge) {
	s = &sketch{of: map[*node]*spot{}, down: down}
	for _, n := range part {
		s.of[n] = g.d.spot(n)
		s.spots = append(s.spots, s.of[n])
	}
	for _, e := range g.edges {
		if s.of[e.from] != nil && !e.hidden {
			edges = append(edges, e)
		}
	}
	return s, edges
}

// layered lays out a part without a circle.
func (g graph) layered(part []*node, down bool) *sketch {
	s, edges := g.sketch(part, down)
	s.layer(edges)
	s.order()
	s.measure()
	s.settle()
	return s
}

// circular lays out a part around the first circle in it: with layers across, or
// if that is too wide for a page, down; nil when there is none.
func (g graph) circular(part []*node) *sketch {
	for i, c := range g.circles {
		s := g.folded(part, c, g.loops[i], false)
		if s == nil {
			continue
		}
		if s.width > pageWidth {
			if other := g.folded(part, c, g.loops[i], true); other.width < s.width {
				return other
			}
		}
		return s
	}
	return nil
}

func (g graph) folded(part []*node, c circle, nodes []*node, down bool) *sketch {
	s, edges := g.sketch(part, down)
	loop := s.loopOf(nodes)
	if loop == nil {
		return nil
	}
	s.heading = c.kind()
	if !c.locksOnly() && len(c) > 1 {
		s.heading += ": each waits for the next, so none can go on"
	}
	s.fold(loop, edges)
	return s
}

// layer puts each node into the layer after all those from which arrows lead to
// it. An arrow that closes a ring is turned round for that.
func (s *sketch) layer(edges []*edge) {
	next := map[*spot][]*spot{}
	state := map[*spot]int{} // 1 while its arrows are followed, 2 afterwards
	for _, e := range edges {
		next[s.of[e.from]] = append(next[s.of[e.from]], s.of[e.to])
	}
	var finished []*spot
	back := map[[2]*spot]bool{}
	var follow func(*spot)
	follow = func(p *spot) {
		state[p] = 1
		for _, q := range next[p] {
			switch state[q] {
			case 0:
				follow(q)
			case 1:
				back[[2]*spot{p, q}] = true
			}
		}
		state[p] = 2
		finished = append(finished, p)
	}
	for _, p := range s.spots {
		if state[p] == 0 {
			follow(p)
		}
	}
	for _, p := range slices.Backward(finished) {
		for _, q := range next[p] {
			if !back[[2]*spot{p, q}] {
				q.layer = max(q.layer, p.layer+1)
			}
		}
	}
	// A node from which arrows come and to which none lead stands close to its target.
	for _, p := range finished {
		near := -1
		for _, q := range next[p] {
			if q.layer > p.layer && (near < 0 || q.layer < near) {
				near = q.layer
			}
		}
		if near > 0 && !hasIn(p, edges, s) {
			p.layer = near - 1
		}
	}
	for _, e := range edges {
		s.route(e)
	}
	s.sortLayers()
}

func hasIn(p *spot, edges []*edge, s *sketch) bool {
	return slices.ContainsFunc(edges, func(e *edge) bool { return s.of[e.to] == p })
}

// route leads an arrow past the layers between its ends.
func (s *sketch) route(e *edge) {
	from, to := s.of[e.from], s.of[e.to]
	r := &route{edge: e, via: []*spot{from}}
	step := 1
	if to.layer < from.layer {
		step = -1
	}
	last := from
	link := func(p *spot) {
		a, b := last, p
		if step < 0 {
			a, b = p, last
		}
		a.out, b.in = append(a.out, b), append(b.in, a)
		r.via = append(r.via, p)
		last = p
	}
	for l := from.layer + step; l != to.layer && from.layer != to.layer; l += step {
		p := &spot{layer: l}
		s.spots = append(s.spots, p)
		link(p)
	}
	link(to)
	s.routes = append(s.routes, r)
}

func (s *sketch) sortLayers() {
	s.layers = nil
	for _, p := range s.spots {
		for len(s.layers) <= p.layer {
			s.layers = append(s.layers, nil)
		}
		s.layers[p.layer] = append(s.layers[p.layer], p)
	}
}

// order sorts each layer by where the neighbours stand, so that few arrows cross.
func (s *sketch) order() {
	place := map[*spot]int{}
	renumber := func(l []*spot) {
		for i, p := range l {
			place[p] = i * 2
		}
	}
	for _, l := range s.layers {
		renumber(l)
	}
	middle := func(p *spot, around []*spot) int {
		if len(around) == 0 {
			return place[p] * 64
		}
		sum := 0
		for _, q := range around {
			sum += place[q] * 64
		}
		return sum / len(around)
	}
	best, fewest := cloneLayers(s.layers), s.crossings(place)
	sweep := func(layers iter.Seq2[int, []*spot], around func(*spot) []*spot) {
		for _, l := range layers {
			slices.SortStableFunc(l, func(a, b *spot) int { return middle(a, around(a)) - middle(b, around(b)) })
			renumber(l)
		}
		if n := s.crossings(place); n < fewest {
			best, fewest = cloneLayers(s.layers), n
		}
	}
	for range 4 {
		sweep(slices.All(s.layers), func(p *spot) []*spot { return p.in })
		sweep(slices.Backward(s.layers), func(p *spot) []*spot { return p.out })
	}
	s.layers = best
}

func cloneLayers(layers [][]*spot) [][]*spot {
	var all [][]*spot
	for _, l := range layers {
		all = append(all, slices.Clone(l))
	}
	return all
}

// crossings counts the arrows that cross when spots stand in these places.
func (s *sketch) crossings(place map[*spot]int) int {
	n := 0
	for _, l := range s.layers {
		for i, a := range l {
			for _, b := range l[i+1:] {
				for _, x := range a.out {
					for _, y := range b.out {
						if (place[a]-place[b])*(place[x]-place[y]) < 0 {
							n++
						}
					}
				}
			}
		}
	}
	return n
}

// measure sets where the layers are.
func (s *sketch) measure() {
	for _, p := range s.spots {
		if p.node == nil {
			p.w, p.h = detailHeight, detailHeight
		}
	}
	u := 0
	for i, l := range s.layers {
		thick := 0
		for _, p := range l {
			su, _ := p.size(s.down)
			thick = max(thick, su)
		}
		for _, p := range l {
			p.u = u + thick/2
			if p.node == nil {
				if s.down {
					p.h = thick
				} else {
					p.w = thick
				}
			}
		}
		u += thick
		if i < len(s.layers)-1 {
			u += s.gap(i)
		}
	}
}

// gap is the room between a layer and the next.
func (s *sketch) gap(layer int) int {
	if s.down {
		return arrowGap + 8
	}
	room := arrowGap
	for _, r := range s.routes {
		for i := range r.via[1:] {
			if min(r.via[i].layer, r.via[i+1].layer) == layer && r.via[i].layer != r.via[i+1].layer {
				room = max(room, wordWidth(r.edge.label())+arrowRoom)
			}
		}
	}
	return room
}

// settle moves the spots of each layer towards their neighbours, and apart.
func (s *sketch) settle() {
	for _, l := range s.layers {
		s.spread(l, func(*spot) (int, bool) { return 0, true })
	}
	for range 6 {
		for _, l := range s.layers {
			s.spread(l, func(p *spot) (int, bool) { return mean(p.in) })
		}
		for _, l := range slices.Backward(s.layers) {
			s.spread(l, func(p *spot) (int, bool) { return mean(p.out) })
		}
	}
	for _, l := range s.layers {
		s.spread(l, func(p *spot) (int, bool) { return mean(append(slices.Clone(p.in), p.out...)) })
	}
	s.bound()
}

func mean(around []*spot) (int, bool) {
	if len(around) == 0 {
		return 0, false
	}
	sum := 0
	for _, p := range around {
		sum += p.v
	}
	return sum / len(around), true
}

// spread gives the spots of a layer the places that they want, as far as those
// before and after them allow.
func (s *sketch) spread(l []*spot, want func(*spot) (int, bool)) {
	wants := make([]int, len(l))
	shift := 0
	for i, p := range l {
		v, has := want(p)
		if !has {
			v = p.v
		}
		wants[i] = v
	}
	for i, p := range l {
		p.v = wants[i]
		if i > 0 {
			_, before := l[i-1].size(s.down)
			_, own := p.size(s.down)
			p.v = max(p.v, l[i-1].v+(before+own)/2+nodeGap)
		}
		shift += wants[i] - p.v
	}
	for _, p := range l {
		p.v += shift / len(l)
	}
}

// bound moves the sketch to the corner and sets its size.
func (s *sketch) bound() {
	minU, minV := 1<<30, 1<<30
	maxU, maxV := -1<<30, -1<<30
	for _, p := range s.spots {
		su, sv := p.size(s.down)
		minU, maxU = min(minU, p.u-su/2), max(maxU, p.u+(su+1)/2)
		minV, maxV = min(minV, p.v-sv/2), max(maxV, p.v+(sv+1)/2)
	}
	for _, p := range s.spots {
		p.u -= minU
		p.v -= minV
	}
	s.long = maxV - minV
	s.width, s.height = maxU-minU, maxV-minV
	if s.down {
		s.width, s.height = s.height, s.width
	}
}

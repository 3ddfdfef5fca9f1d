package goroutine

import "slices"

// loopOf are the spots of a circle in its order; nil when they are not of this
// part, or when the circle goes through an object twice.
func (s *sketch) loopOf(nodes []*node) []*spot {
	var loop []*spot
	for _, n := range nodes {
		p := s.of[n]
		if p == nil || slices.Contains(loop, p) {
			return nil
		}
		loop = append(loop, p)
	}
	return loop
}

// The two layers of a circle, while more are found beside them.
const left, right = 100, 101

// fold puts a circle into two layers and the others outside of them.
func (s *sketch) fold(loop []*spot, edges []*edge) {
	half := len(loop) / 2
	v := 0
	for i := range half {
		a, b := loop[i], loop[len(loop)-1-i]
		if i > 0 {
			v += max(s.distance(loop[i-1], a, edges), s.distance(loop[len(loop)-i], b, edges))
		}
		a.layer, a.v = left, v
		b.layer, b.v = right, v
	}
	s.outside(loop, edges)
	for _, e := range edges {
		s.routes = append(s.routes, &route{edge: e, via: []*spot{s.of[e.from], s.of[e.to]}})
	}
	s.compact()
	s.measure()
	for _, l := range s.layers {
		slices.SortStableFunc(l, func(a, b *spot) int { return a.v - b.v })
		s.spread(l, func(p *spot) (int, bool) { return p.v, true })
	}
	s.bound()
}

// distance is how far the middles of two spots of a layer stand apart, with room
// for an arrow between them.
func (s *sketch) distance(a, b *spot, edges []*edge) int {
	room := arrowGap
	if s.down {
		for _, e := range edges {
			room = max(room, wordWidth(e.label())+arrowRoom)
		}
	}
	_, sa := a.size(s.down)
	_, sb := b.size(s.down)
	return (sa+sb)/2 + room
}

// outside gives the spots that are not part of the circle their places, each
// beside the one that it hangs on: on top of a column, where that is free and
// keeps the picture narrow, and otherwise in layers further and further outside.
func (s *sketch) outside(loop []*spot, edges []*edge) {
	placed := map[*spot]bool{}
	for _, p := range loop {
		placed[p] = true
	}
	top := map[int]*spot{}
	if !s.down {
		top[left], top[right] = loop[0], loop[len(loop)-1]
	}
	for more := true; more; {
		more = false
		fresh := map[*spot]bool{} // placed in this round: what hangs on them is for the next
		for _, e := range edges {
			a, b := s.of[e.from], s.of[e.to]
			if !placed[a] {
				a, b = b, a
			}
			if !placed[a] || placed[b] || fresh[b] {
				continue
			}
			switch {
			case top[a.layer] == a:
				b.layer, b.v = a.layer, a.v-s.distance(a, b, edges)
				top[a.layer] = b
			case a.layer <= left:
				b.layer, b.v = a.layer-1, a.v
			default:
				b.layer, b.v = a.layer+1, a.v
			}
			fresh[b], more = true, true
		}
		for p := range fresh {
			placed[p] = true
		}
	}
}

// compact numbers the layers from 0.
func (s *sketch) compact() {
	lowest := slices.MinFunc(s.spots, func(a, b *spot) int { return a.layer - b.layer }).layer
	for _, p := range s.spots {
		p.layer -= lowest
	}
	s.sortLayers()
}

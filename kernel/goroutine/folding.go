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
	room := arrowGap
	if s.down {
		for _, e := range edges {
			room = max(room, wordWidth(e.label())+arrowRoom)
		}
	}
	along := func(a, b *spot) int {
		_, sa := a.size(s.down)
		_, sb := b.size(s.down)
		return (sa+sb)/2 + room
	}
	for i := range half {
		a, b := loop[i], loop[len(loop)-1-i]
		if i > 0 {
			v += max(along(loop[i-1], a), along(loop[len(loop)-i], b))
		}
		a.layer, a.v = left, v
		b.layer, b.v = right, v
	}
	s.outside(edges)
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

// outside gives the spots that are not part of the circle layers further and
// further outside, each beside the one that it hangs on.
func (s *sketch) outside(edges []*edge) {
	placed := map[*spot]bool{}
	for _, p := range s.spots {
		placed[p] = p.layer != 0
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
			step := 1
			if a.layer <= left {
				step = -1
			}
			b.layer, b.v = a.layer+step, a.v
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

package trace

import (
	"cmp"
	"slices"
	"time"
)

// keep counts an interval, and makes all lanes shorter when there are too many. Of
// very many goroutines each keeps a few nevertheless.
func (b *builder) keep() {
	b.kept++
	if b.kept < b.limit {
		return
	}
	for d := max(b.merged, time.Microsecond); b.kept >= b.opts.Intervals/2 && d < max(2*b.now, 2*time.Microsecond); d *= 2 {
		b.merged = d
		b.kept = 0
		for _, g := range b.order {
			g.Lane = g.Lane.merge(b.merged, -1)
			b.kept += len(g.Lane)
		}
		for _, p := range b.procs {
			p.Lane = p.Lane.merge(b.merged, idle)
			b.kept += len(p.Lane)
		}
	}
	b.limit = max(b.opts.Intervals, 2*b.kept)
}

// merge makes one interval of neighbours that are shorter than d, each about d
// long. gap is the part to which the time between two intervals belongs, or -1
// where there is none.
func (l Lane) merge(d time.Duration, gap int) Lane {
	out := l[:0]
	for i := 0; i < len(l); {
		j := i + 1
		if l[i].length() < d {
			for j < len(l) && l[j].length() < d && l[j].End-l[i].Start <= d && (gap >= 0 || l[j].Start == l[j-1].End) {
				j++
			}
		}
		if j == i+1 {
			out = append(out, l[i])
		} else {
			out = append(out, l[i:j].merged(gap))
		}
		i = j
	}
	clear(l[len(out):])
	return out
}

// merged is one interval for all.
func (l Lane) merged(gap int) Interval {
	m := Interval{Start: l[0].Start, End: l[len(l)-1].End, State: Mixed, Parts: &Parts{}}
	at := m.Start
	for _, i := range l {
		if gap >= 0 {
			m.Parts.Time[gap] += i.Start - at
		}
		at = i.End
		i.addTo(m.Parts)
	}
	return m
}

// addTo adds the time of an interval to its part.
func (i Interval) addTo(p *Parts) {
	if i.State != Mixed {
		p.Time[i.State] += i.length()
		p.Count++
		return
	}
	for s, d := range i.Parts.Time {
		p.Time[s] += d
	}
	p.Count += i.Parts.Count
}

func (i Interval) length() time.Duration { return i.End - i.Start }

// edges are those kept and how many were not.
type edges struct {
	list []Edge
	more int
}

// maxEdges is how many edges are kept at the end; before, twice as many.
const maxEdges = 20_000

func (e *edges) add(x Edge) {
	e.list = append(e.list, x)
	if len(e.list) > 2*maxEdges {
		e.shorten()
	}
}

// shorten keeps the go statements and the ends of the longest waits.
func (e *edges) shorten() {
	if len(e.list) <= maxEdges {
		return
	}
	slices.SortFunc(e.list, func(a, b Edge) int {
		if a.Create != b.Create {
			if a.Create {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.Waited, a.Waited)
	})
	e.more += len(e.list) - maxEdges
	e.list = e.list[:maxEdges]
}

// sorted is all that is kept, in the order of time.
func (e *edges) sorted() []Edge {
	e.shorten()
	slices.SortStableFunc(e.list, func(a, b Edge) int { return cmp.Compare(a.At, b.At) })
	return e.list
}

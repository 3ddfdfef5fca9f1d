package goroutine

import (
	"slices"
)

// A circle is goroutines of which each waits for something that only the next
// could give, and the last for the first.
type circle []link

// link is one step of a circle: a goroutine, and the case of its wait that the
// next goroutine could end.
type link struct {
	goroutine *Info
	on        Case
}

// locksOnly reports whether all that is waited for in a circle are locks.
func (c circle) locksOnly() bool {
	return !slices.ContainsFunc(c, func(l link) bool { return !l.on.Object.isLock() })
}

// has reports whether a goroutine is part of the circle.
func (c circle) has(g *Info) bool {
	return slices.ContainsFunc(c, func(l link) bool { return l.goroutine == g })
}

// enders are the goroutines that could end a case of g's wait: those that hold a
// lock, or those that can use what else is waited for, without those that wait for
// the same. A goroutine can hold the lock that it waits for, but it cannot send
// to itself.
func (d describer) enders(g *Info, c Case) []int64 {
	o := c.Object
	if o.isNil() {
		return nil
	}
	if o.exclusive() {
		return o.Holders
	}
	var ids []int64
	for _, r := range o.Reached {
		if r.Goroutine != 0 && r.Goroutine != g.ID && o.endedBy(r, c.Send) && !d.info(r.Goroutine).waitsFor(c) {
			ids = append(ids, r.Goroutine)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// waitsFor reports whether g waits for a case.
func (g *Info) waitsFor(c Case) bool {
	return g != nil && g.State == Waiting && g.Wait != nil && slices.Contains(g.Wait.On, c)
}

// endedBy reports whether who has a reference can end a wait for the object.
func (o *Object) endedBy(r Reference, send bool) bool {
	switch {
	case o.Kind != KindChannel:
		return true
	case send:
		return r.Receive
	}
	return r.Send
}

// circles finds a shortest circle in each set of goroutines that all wait for
// each other. Locks make circles whatever the verdicts are; by other objects only
// those that can never continue wait in circles: another may still be woken by
// somebody else. In a deadlock, nobody can.
func (d describer) circles(goroutines []*Info) []circle {
	f := circleFinder{describer: d, states: map[*Info]*visit{}, waits: map[Case]bool{}}
	for _, g := range goroutines {
		if g.State == Waiting && f.leadsOn(g) && f.states[g] == nil {
			f.visit(g)
		}
	}
	return f.found
}

// circleFinder looks for strongly connected components, as Tarjan's algorithm
// does, and for a circle in each.
type circleFinder struct {
	describer
	states map[*Info]*visit
	stack  []*Info
	found  []circle
	waits  map[Case]bool // whether one who could end the case waits, too
}

type visit struct {
	index, low int
	onStack    bool
}

// leadsOn reports whether g waits for anything that one who waits could give.
// Most of many goroutines do not, and need no visit.
func (f *circleFinder) leadsOn(g *Info) bool {
	return g.Wait != nil && slices.ContainsFunc(g.Wait.On, f.leads)
}

func (f *circleFinder) leads(c Case) bool {
	leads, known := f.waits[c]
	if !known {
		leads = slices.ContainsFunc(f.enders(&Info{}, c), func(id int64) bool {
			g := f.info(id)
			return g != nil && g.State == Waiting
		})
		f.waits[c] = leads
	}
	return leads
}

// next calls f for each link that leads on from g.
func (f *circleFinder) next(g *Info, each func(link, *Info)) {
	if g.Wait == nil {
		return
	}
	for _, c := range g.Wait.On {
		if !f.leads(c) {
			continue
		}
		for _, id := range f.enders(g, c) {
			to := f.info(id)
			if to == nil || to.State != Waiting || !f.leadsOn(to) {
				continue
			}
			if c.Object.exclusive() || f.deadlock || g.Verdict == Never && to.Verdict == Never {
				each(link{g, c}, to)
			}
		}
	}
}

func (f *circleFinder) visit(g *Info) *visit {
	v := &visit{index: len(f.states), low: len(f.states), onStack: true}
	f.states[g] = v
	f.stack = append(f.stack, g)
	f.next(g, func(_ link, to *Info) {
		switch w := f.states[to]; {
		case w == nil:
			v.low = min(v.low, f.visit(to).low)
		case w.onStack:
			v.low = min(v.low, w.index)
		}
	})
	if v.low == v.index {
		f.component(slices.Index(f.stack, g))
	}
	return v
}

// component takes the goroutines from an index on off the stack; they all wait
// for each other.
func (f *circleFinder) component(from int) {
	members := slices.Clone(f.stack[from:])
	f.stack = f.stack[:from]
	inside := make(map[*Info]bool, len(members))
	for _, g := range members {
		f.states[g].onStack = false
		inside[g] = true
	}
	first := slices.MinFunc(members, func(a, b *Info) int { return int(a.ID - b.ID) })
	if c := f.shortest(first, inside); c != nil {
		f.found = append(f.found, c)
	}
}

// shortest is a shortest circle through a goroutine among those inside; nil when
// there is none.
func (f *circleFinder) shortest(start *Info, inside map[*Info]bool) circle {
	came := map[*Info]link{} // by which link a goroutine was reached
	queue := []*Info{start}
	for len(queue) > 0 {
		g := queue[0]
		queue = queue[1:]
		f.next(g, func(l link, to *Info) {
			if _, known := came[to]; known || !inside[to] {
				return
			}
			came[to] = l
			queue = append(queue, to)
		})
		if _, closed := came[start]; closed {
			break
		}
	}
	back, closed := came[start]
	if !closed {
		return nil
	}
	c := circle{back}
	for back.goroutine != start {
		back = came[back.goroutine]
		c = append(c, back)
	}
	slices.Reverse(c)
	return c
}

package trace

import (
	"cmp"
	"slices"
)

// trace ends everything that is still going on, and returns the whole.
func (b *builder) trace() *Trace {
	t := &Trace{From: b.opts.From, To: min(b.to(), b.now), Length: b.now, LastChange: b.changed, Events: b.events, Marked: b.over}
	for _, g := range b.order {
		if b.finish(g) {
			t.Goroutines = append(t.Goroutines, g.Goroutine)
			if !g.System {
				t.Running += g.Totals[Running]
			}
		}
	}
	b.adoptNames()
	for id := range int64(b.mostProcs) {
		if b.procs[id] == nil { // nothing has been heard of it: it was idle
			b.procs[id] = &proc{Proc: &Proc{ID: id}}
		}
	}
	for _, p := range b.procs {
		b.closeProc(p)
		t.Procs = append(t.Procs, p.Proc)
	}
	slices.SortFunc(t.Procs, func(a, b *Proc) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(t.Goroutines, func(a, b *Goroutine) int {
		if a.System != b.System {
			if b.System {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Started, b.Started), cmp.Compare(a.ID, b.ID))
	})
	b.finishRanges(t)
	b.finishTasks(t)
	t.Edges, t.MoreEdges = b.edges.sorted(), b.edges.more
	t.Logs, t.MoreLogs = b.logs, b.moreLogs
	t.Places = b.placeList
	for _, w := range b.waits {
		t.Waits = append(t.Waits, *w)
	}
	slices.SortFunc(t.Waits, func(a, b Wait) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(b.Times, a.Times), cmp.Compare(a.Place.String(), b.Place.String()))
	})
	t.Starting, t.Waking, t.Yielding = b.latency[created], b.latency[woken], b.latency[yielded]
	for _, l := range b.latency {
		t.Latency.merge(l)
	}
	t.MostAtOnce, t.Merged = b.most, b.merged
	return t
}

// finish ends a goroutine's lane. It reports whether the goroutine was there in
// the window.
func (b *builder) finish(g *goroutine) bool {
	b.close(g)
	if g.exists {
		b.last(g)
	}
	for _, r := range slices.Backward(g.regions) {
		b.endRegion(g, r)
	}
	slices.SortStableFunc(g.Regions, func(a, b Region) int { return cmp.Compare(a.Start, b.Start) })
	if !g.HasEnd {
		g.Ended = b.now
	}
	return len(g.Lane) > 0
}

func (b *builder) finishRanges(t *Trace) {
	for key, start := range b.ranges {
		if from, to, ok := b.clip(start, b.now); ok {
			b.done = append(b.done, Range{Name: key.name, Stop: isStop(key.name), Start: from, End: to})
		}
	}
	slices.SortStableFunc(b.done, func(a, b Range) int { return cmp.Compare(a.Start, b.Start) })
	t.Ranges = b.done
}

func (b *builder) finishTasks(t *Trace) {
	for _, task := range b.taskList {
		if !task.HasEnd {
			task.End = b.now
		}
		if from, to, ok := b.clip(task.Start, task.End); ok {
			task.Start, task.End = from, to
			t.Tasks = append(t.Tasks, task)
		}
	}
}

// adoptNames gives goroutines of which no stack was seen the name of those that
// were started at the same place.
func (b *builder) adoptNames() {
	known := map[int32]string{}
	for _, g := range b.order {
		if !g.guessed && g.Created != 0 {
			known[g.Created] = g.Name
		}
	}
	for _, g := range b.order {
		if name, ok := known[g.Created]; ok && g.guessed && !g.System {
			g.Name = name
		}
	}
}

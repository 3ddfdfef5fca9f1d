package trace

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

// collection is the tracer's name of the time in which the garbage collector
// marks what is in use.
const collection = "GC concurrent mark phase"

// isStop tells whether a range is one in which nothing else runs.
func isStop(name string) bool { return strings.HasPrefix(name, "stop-the-world") }

// stateOf is the state that the tracer means; ok is false for a goroutine that
// is not there.
func stateOf(s trace.GoState) (state State, ok bool) {
	switch s {
	case trace.GoRunnable:
		return Runnable, true
	case trace.GoRunning:
		return Running, true
	case trace.GoWaiting:
		return Waiting, true
	case trace.GoSyscall:
		return Syscall, true
	}
	return 0, false
}

// goroutineEvent takes a change of a goroutine's state.
func (b *builder) goroutineEvent(e trace.Event, tr trace.StateTransition) {
	from, to := tr.Goroutine()
	id := int64(tr.Resource.Goroutine())
	g := b.goroutines[id]
	own := b.stack(tr.Stack)
	if g != nil && from == to {
		b.identify(g, own) // it is told again in each generation
		return
	}
	switch {
	case from == trace.GoNotExist || g == nil && from != trace.GoUndetermined:
		g = b.newGoroutine(id)
		g.callIt(own.first)
		g.HasStart, g.Started = true, b.now
		g.Parent = max(0, int64(e.Goroutine()))
		creator := b.stack(e.Stack())
		g.Created = b.place(creator, "go statement")
		b.edge(Edge{At: b.now, From: g.Parent, To: id, Place: g.Created, Create: true})
	case g == nil:
		g = b.newGoroutine(id)
	default:
		waker := b.stack(e.Stack())
		if g.Name == "" && waker.releases() {
			g.System = false // it was started before tracing began
		}
		b.close(g)
		if from == trace.GoWaiting && to == trace.GoRunnable {
			b.edge(Edge{At: b.now, From: max(0, int64(e.Goroutine())), To: id, Place: b.place(waker, "wakes"),
				Waited: b.now - g.since, WaitedAt: g.place})
		}
	}
	b.identify(g, own)
	b.onProc(e, g, from, to)
	b.enter(g, from, to, own, tr.Reason)
}

// newGoroutine adds a goroutine. As long as nothing else is known of one, it
// counts as the runtime's: those of the program are seen when they start, or have
// a stack.
func (b *builder) newGoroutine(id int64) *goroutine {
	g := &goroutine{Goroutine: &Goroutine{ID: id, System: true}, guessed: true, proc: -1}
	if id == 1 {
		g.Name, g.System, g.guessed = "main", false, false
	}
	b.goroutines[id] = g
	b.order = append(b.order, g)
	return g
}

// callIt names a goroutine by its function.
func (g *goroutine) callIt(fun string) {
	if fun == "" || g.ID == 1 {
		return
	}
	g.System = strings.HasPrefix(fun, "runtime/trace.") || strings.HasPrefix(fun, "runtime.") && fun != "runtime.main" && fun != "runtime.goexit"
	if strings.HasPrefix(fun, "main.") {
		g.Name, g.guessed = ownName(fun), false
		return
	}
	g.Name = literal.ReplaceAllString(libraryName(fun), "")
}

// literal is the end of the name of a function literal.
var literal = regexp.MustCompile(`(\.(func|gowrap)\d+)+$`)

// identify names a goroutine by a stack of it, where that is not yet known: by
// the outermost function of the program, since the first one may be a library's,
// as with WaitGroup.Go.
func (b *builder) identify(g *goroutine, own *stack) {
	switch {
	case !g.guessed, g.System && g.Name != "":
	case own.outer != "":
		g.callIt(own.outer)
		g.Name, g.System, g.guessed = ownName(own.outer), false, false
	case g.Name == "":
		g.callIt(own.last)
	}
}

// enter puts a goroutine into a state.
func (b *builder) enter(g *goroutine, from, to trace.GoState, own *stack, reason string) {
	state, exists := stateOf(to)
	if g.counted {
		b.running--
		g.counted = false
	}
	g.state, g.exists, g.place = state, exists, 0
	if !g.System && from != trace.GoUndetermined {
		b.changed = b.now
	}
	if from == trace.GoUndetermined {
		g.since = 0 // it has been so since before the trace
	} else {
		g.since = b.now
	}
	switch {
	case !exists:
		g.HasEnd, g.Ended = true, b.now
		return
	case state == Waiting:
		g.place = b.place(own, reason)
	case state == Syscall:
		g.place = b.place(own, "system call")
	case state == Runnable:
		switch from {
		case trace.GoWaiting:
			g.started = woken
		case trace.GoNotExist:
			g.started = created
		default:
			g.started = yielded
		}
	case state == Running && !g.System:
		b.running++
		g.counted = true
		if b.inside(b.now) {
			b.most = max(b.most, b.running)
		}
	}
	if b.inside(b.now) && from != trace.GoUndetermined {
		g.Times[state]++
	}
}

// close ends what a goroutine has been doing up to now.
func (b *builder) close(g *goroutine) {
	if !g.exists {
		return
	}
	if g.state == Runnable && !g.System && b.inside(b.now) {
		b.latency[g.started].add(b.now - g.since)
	}
	from, to, ok := b.clip(g.since, b.now)
	if !ok {
		return
	}
	if b.now > b.to() {
		b.last(g)
	}
	g.Totals[g.state] += to - from
	i := Interval{Start: from, End: to, State: g.state, Place: g.place}
	if g.state == Running {
		i.Who = g.proc
	}
	g.Lane = append(g.Lane, i)
	if g.state == Waiting && !g.System {
		b.wait(g.place, to-from)
	}
	b.keep()
}

// last notes what a goroutine does at the end of the window.
func (b *builder) last(g *goroutine) {
	if g.ended {
		return
	}
	g.ended, g.Last, g.LastAt = true, g.state, g.place
	if w := b.waits[g.place]; g.state == Waiting && !g.System {
		if w == nil {
			w = b.newWait(g.place)
		}
		w.Still++
	}
}

// wait counts a wait.
func (b *builder) wait(place int32, d time.Duration) {
	w := b.waits[place]
	if w == nil {
		w = b.newWait(place)
	}
	w.Times++
	w.Total += d
	w.Most = max(w.Most, d)
}

func (b *builder) newWait(place int32) *Wait {
	w := &Wait{Place: b.placeList[place]}
	b.waits[place] = w
	return w
}

// edge keeps an edge that lies in the window.
func (b *builder) edge(e Edge) {
	if b.inside(e.At) {
		b.edges.add(e)
	}
}

// onProc keeps what the processor does by which a goroutine runs or ran.
func (b *builder) onProc(e trace.Event, g *goroutine, from, to trace.GoState) {
	if e.Proc() == trace.NoProc {
		return
	}
	id := int64(e.Proc())
	switch {
	case to == trace.GoRunning:
		g.proc = id
		b.setProc(id, true, g.use(), g.ID)
	case from == trace.GoRunning && to == trace.GoSyscall:
		use := Called
		if g.System {
			use = System
		}
		b.setProc(id, true, use, g.ID)
	case from == trace.GoRunning:
		b.setProc(id, true, System, 0)
	}
}

// use is what a processor does when it runs a goroutine.
func (g *goroutine) use() Use {
	switch {
	case !g.System:
		return User
	case strings.HasPrefix(g.Name, "runtime.gcBgMarkWorker"), strings.HasPrefix(g.Name, "runtime.bgsweep"), strings.HasPrefix(g.Name, "runtime.bgscavenge"):
		return Collect
	}
	return System
}

// procEvent takes a change of a processor's state.
func (b *builder) procEvent(tr trace.StateTransition) {
	id := int64(tr.Resource.Proc())
	from, to := tr.Proc()
	if from == to {
		return
	}
	if to != trace.ProcRunning {
		b.setProc(id, false, 0, 0)
		return
	}
	b.setProc(id, true, System, 0)
	if from == trace.ProcUndetermined {
		b.procs[id].since = 0
	}
}

// setProc says what a processor does from now on.
func (b *builder) setProc(id int64, busy bool, use Use, who int64) {
	p := b.procs[id]
	if p == nil {
		p = &proc{Proc: &Proc{ID: id}}
		b.procs[id] = p
	}
	b.closeProc(p)
	p.busy, p.use, p.who, p.since = busy, use, who, b.now
}

func (b *builder) closeProc(p *proc) {
	from, to, ok := b.clip(p.since, b.now)
	if !p.busy || !ok {
		return
	}
	p.Totals[p.use] += to - from
	p.Lane = append(p.Lane, Interval{Start: from, End: to, State: p.use, Who: p.who})
	b.keep()
}

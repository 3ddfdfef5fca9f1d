package trace

import (
	"math"
	"time"

	"golang.org/x/exp/trace"
)

// builder makes a Trace of events, one after the other.
type builder struct {
	opts       Options
	origin     trace.Time
	hasOrigin  bool
	over       bool          // the program's main has ended
	now        time.Duration // since origin
	changed    time.Duration // when a goroutine of the program last changed its state
	events     int
	stacks     map[trace.Stack]*stack // of this generation
	places     map[Place]int32
	placeList  []Place
	goroutines map[int64]*goroutine
	order      []*goroutine
	procs      map[int64]*proc
	ranges     map[rangeKey]time.Duration // that are open
	done       []Range
	tasks      map[uint64]*Task
	taskList   []*Task
	edges      edges
	logs       []Log
	moreLogs   int
	waits      map[int32]*Wait
	latency    [3]Latency
	mostProcs  int // GOMAXPROCS
	running    int // user goroutines, now
	most       int
	kept       int           // intervals
	limit      int           // of intervals, at which they are merged
	merged     time.Duration // shorter ones were merged
}

// goroutine is a Goroutine that is being made.
type goroutine struct {
	*Goroutine
	state   State
	exists  bool
	since   time.Duration
	proc    int64
	place   int32
	started startKind // how it became runnable
	counted bool      // in builder.running
	ended   bool      // its Last is known
	guessed bool      // its name is not that of a function of the program
	regions []Region  // that are open
}

// proc is a Proc that is being made.
type proc struct {
	*Proc
	busy  bool
	use   Use
	who   int64
	since time.Duration
}

// startKind is how a goroutine became runnable.
type startKind uint8

const (
	created startKind = iota
	woken
	yielded
)

type rangeKey struct {
	name  string
	scope trace.ResourceID
}

func newBuilder(o Options) *builder {
	b := &builder{opts: o, places: map[Place]int32{}, placeList: []Place{{}}}
	b.stacks = map[trace.Stack]*stack{}
	b.goroutines = map[int64]*goroutine{}
	b.procs = map[int64]*proc{}
	b.tasks = map[uint64]*Task{}
	b.begin(0)
	b.hasOrigin = false
	return b
}

// begin begins anew: what has happened up to now was before the program's main.
// What is there stays.
func (b *builder) begin(at trace.Time) {
	b.origin, b.hasOrigin, b.now = at, true, 0
	b.ranges = map[rangeKey]time.Duration{}
	b.waits = map[int32]*Wait{}
	b.edges = edges{}
	b.changed = 0
	b.logs, b.done, b.taskList = nil, nil, nil
	b.latency = [3]Latency{}
	b.most, b.kept, b.limit = b.running, 0, b.opts.Intervals
	var still []*goroutine
	for _, g := range b.order {
		if !g.exists {
			delete(b.goroutines, g.ID)
			continue
		}
		g.since, g.Lane, g.Totals, g.Times = 0, nil, [states]time.Duration{}, [states]int{}
		g.HasStart, g.Started, g.regions, g.Regions = false, 0, nil, nil
		still = append(still, g)
	}
	b.order = still
	for _, p := range b.procs {
		p.since, p.Lane, p.Totals = 0, nil, [states]time.Duration{}
	}
}

// to is the end of the window.
func (b *builder) to() time.Duration {
	if b.opts.To > 0 {
		return b.opts.To
	}
	return math.MaxInt64
}

// clip is the part of a time that lies in the window.
func (b *builder) clip(start, end time.Duration) (from, to time.Duration, ok bool) {
	from, to = max(start, b.opts.From), min(end, b.to())
	return from, to, from < to
}

func (b *builder) inside(at time.Duration) bool { return at >= b.opts.From && at <= b.to() }

// event takes one event.
func (b *builder) event(e trace.Event) {
	if e.Kind() == trace.EventSync {
		clear(b.stacks) // a stack belongs to a generation
		return
	}
	if b.over {
		b.afterEnd(e)
		return
	}
	if !b.hasOrigin {
		b.begin(e.Time())
	}
	b.events++
	b.now = max(b.now, time.Duration(e.Time()-b.origin))
	switch e.Kind() {
	case trace.EventStateTransition:
		switch tr := e.StateTransition(); tr.Resource.Kind {
		case trace.ResourceGoroutine:
			b.goroutineEvent(e, tr)
		case trace.ResourceProc:
			b.procEvent(tr)
		}
	case trace.EventRangeBegin, trace.EventRangeActive, trace.EventRangeEnd:
		b.rangeEvent(e)
	case trace.EventTaskBegin, trace.EventTaskEnd:
		b.taskEvent(e)
	case trace.EventRegionBegin, trace.EventRegionEnd:
		b.regionEvent(e)
	case trace.EventLog:
		b.logEvent(e)
	case trace.EventMetric:
		if m := e.Metric(); m.Name == "/sched/gomaxprocs:threads" && m.Value.Kind() == trace.ValueUint64 {
			b.mostProcs = max(b.mostProcs, int(min(m.Value.Uint64(), maxProcs)))
		}
	}
	if b.stack(e.Stack()).starts {
		b.begin(e.Time())
	}
}

// afterEnd takes an event from after the end of the program's main. At the end of a
// generation the tracer tells of goroutines to which nothing has happened.
func (b *builder) afterEnd(e trace.Event) {
	if e.Kind() != trace.EventStateTransition {
		return
	}
	tr := e.StateTransition()
	if tr.Resource.Kind != trace.ResourceGoroutine || b.goroutines[int64(tr.Resource.Goroutine())] != nil {
		return
	}
	if from, _ := tr.Goroutine(); from == trace.GoUndetermined {
		b.goroutineEvent(e, tr)
	}
}

// stack reads a stack, each once.
func (b *builder) stack(s trace.Stack) *stack {
	r, ok := b.stacks[s]
	if !ok {
		r = readStack(s, &b.opts)
		b.stacks[s] = r
	}
	return r
}

// place is the number of the place that a stack means with a reason.
func (b *builder) place(s *stack, reason string) int32 {
	if s.number != 0 && s.reason == reason {
		return s.number
	}
	p := s.place(reason)
	n, ok := b.places[p]
	if !ok {
		n = int32(len(b.placeList))
		b.placeList = append(b.placeList, p)
		b.places[p] = n
	}
	s.reason, s.number = reason, n
	return n
}

// rangeEvent takes what it says of the garbage collector and of stops.
func (b *builder) rangeEvent(e trace.Event) {
	r := e.Range()
	stop := isStop(r.Name)
	if !stop && r.Name != collection {
		return
	}
	key := rangeKey{r.Name, r.Scope}
	if e.Kind() != trace.EventRangeEnd {
		if _, told := b.ranges[key]; told {
			return // it is told again in each generation
		}
		b.ranges[key] = b.now
		if e.Kind() == trace.EventRangeActive {
			b.ranges[key] = 0
		}
		return
	}
	start, ok := b.ranges[key]
	delete(b.ranges, key)
	if from, to, inside := b.clip(start, b.now); ok && inside && len(b.done) < maxRanges {
		b.done = append(b.done, Range{Name: r.Name, Stop: stop, Start: from, End: to})
	}
}

// maxRanges, maxLogs and maxRegions bound what is kept of one kind.
const (
	maxRanges  = 20_000
	maxLogs    = 2_000
	maxRegions = 20_000
	maxProcs   = 4096
)

func (b *builder) taskEvent(e trace.Event) {
	t := e.Task()
	id := uint64(t.ID)
	task := b.tasks[id]
	if e.Kind() == trace.EventTaskEnd {
		if task != nil {
			task.End, task.HasEnd = b.now, true
			delete(b.tasks, id)
		}
		return
	}
	if len(b.taskList) >= maxRegions {
		return
	}
	task = &Task{ID: id, Parent: uint64(t.Parent), Name: t.Type, Start: b.now}
	if t.Parent == trace.NoTask {
		task.Parent = 0
	}
	b.tasks[id] = task
	b.taskList = append(b.taskList, task)
}

func (b *builder) regionEvent(e trace.Event) {
	g := b.goroutines[int64(e.Goroutine())]
	if g == nil {
		return
	}
	r := e.Region()
	if e.Kind() == trace.EventRegionBegin {
		g.regions = append(g.regions, Region{Name: r.Type, Task: uint64(r.Task), Start: b.now, Depth: len(g.regions)})
		return
	}
	for i := len(g.regions) - 1; i >= 0; i-- {
		if g.regions[i].Name == r.Type {
			b.endRegion(g, g.regions[i])
			g.regions = append(g.regions[:i], g.regions[i+1:]...)
			return
		}
	}
}

// endRegion keeps a region that is over.
func (b *builder) endRegion(g *goroutine, r Region) {
	if from, to, ok := b.clip(r.Start, b.now); ok && len(g.Regions) < maxRegions {
		r.Start, r.End = from, to
		g.Regions = append(g.Regions, r)
	}
}

func (b *builder) logEvent(e trace.Event) {
	if e.Log().Category == EndMark {
		b.over = true
		return
	}
	if !b.inside(b.now) {
		return
	}
	if len(b.logs) >= maxLogs {
		b.moreLogs++
		return
	}
	l := e.Log()
	b.logs = append(b.logs, Log{At: b.now, Goroutine: int64(e.Goroutine()), Category: l.Category, Message: l.Message})
}

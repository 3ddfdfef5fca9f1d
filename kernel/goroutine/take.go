package goroutine

import (
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"time"
	"unsafe"

	"github.com/petermattis/goid"
)

// Take makes a snapshot of all goroutines. With a memory to search, the verdicts
// are known afterwards, unless some goroutine could not be held. Patience is how
// long goroutines are waited for to come to their next step: one that is in a long
// call of a package's function that is not known to wait does not come.
func (l *Ledger) Take(memory Memory, patience time.Duration) *Snapshot {
	s := &Snapshot{}
	l.Hold(patience, func(all bool) {
		t := &taker{ledger: l, snapshot: s, objects: map[uintptr]*Object{}}
		calm := memory != nil && all && calm(patience)
		s.Taken = time.Now()
		t.take(memory != nil)
		if calm && !t.busy {
			t.search(memory, int(patience/time.Microsecond)*stepsEach)
		}
	})
	return s
}

// calm waits until no goroutine runs or is ready to run, while those that run user
// code are held: then one that waits has not been woken. It reports false when
// that does not come about: a package's function runs.
func calm(patience time.Duration) bool {
	for deadline := time.Now().Add(patience); !quiet(); time.Sleep(200 * time.Microsecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// taker makes a snapshot.
type taker struct {
	ledger   *Ledger
	snapshot *Snapshot
	objects  map[uintptr]*Object
	all      []*candidate
	byID     map[int64]*Info
	reasons  map[int64]string // of goroutines in packages' functions
	blind    string           // what cannot be looked into, if anything
	busy     bool             // a package's function runs, and may be changing what a search would read
}

func (t *taker) take(thorough bool) {
	t.all = make([]*candidate, 0, t.ledger.Len())
	unknown := false
	t.ledger.each(func(g *G) bool {
		if g.Group.stopped.Load() || g.Group.Hidden {
			return true // about to end, or it only looks on
		}
		c := &candidate{g: g, info: &Info{}, wait: g.wait.Load()}
		unknown = unknown || c.wait == nil && g.word.Load()&modeMask != held
		t.all = append(t.all, c)
		return true
	})
	slices.SortFunc(t.all, func(a, b *candidate) int { return int(a.g.ID - b.g.ID) })
	if unknown || thorough && t.ledger.mayHaveOthers() {
		t.ask(thorough)
	}
	t.byID = make(map[int64]*Info, len(t.all))
	t.snapshot.Goroutines = make([]*Info, 0, len(t.all))
	for _, c := range t.all {
		t.info(c)
		t.snapshot.Goroutines = append(t.snapshot.Goroutines, c.info)
		t.byID[c.g.ID] = c.info
	}
	t.locks()
	for _, o := range t.objects {
		t.snapshot.Objects = append(t.snapshot.Objects, o)
	}
	slices.SortFunc(t.snapshot.Objects, func(a, b *Object) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
}

// ask asks the runtime what goroutines in packages' functions do, and whether
// packages have goroutines of their own on behalf of user code.
func (t *taker) ask(thorough bool) {
	reasons, others := t.ledger.runtimeReasons()
	t.reasons = reasons
	if reasons == nil && thorough && t.ledger.mayHaveOthers() {
		t.blind = "a goroutine of a package"
	}
	for id, stack := range others {
		if !trusted[reasons[id]] && !keepsNothing(stack) {
			t.blind = "a goroutine of a package"
		}
	}
}

const maxFrames = 32

func (t *taker) info(c *candidate) {
	g, in := c.g, c.info
	*in = Info{
		ID: g.ID, Parent: g.Parent, Cell: g.Group.Cell, Main: g.Main, Start: g.Start, Func: g.Func, By: g.By, Since: g.Since,
		Reason: ReasonRunning,
	}
	if g.Main {
		in.Func = g.Group.Main
	}
	mode := g.word.Load() & modeMask
	self := g.ID == goid.Get()
	if mode != interpreting || self {
		in.Stack = g.Code.Frames(g.sites(), maxFrames)
	}
	if at := g.Site(); at.Node != nil && mode != held && mode != interpreting {
		in.Native = g.Code.Native(at)
	}
	switch {
	case c.wait != nil:
		t.waits(c)
	case self:
	case mode != held && t.reasons[g.ID] != "":
		in.Reason = t.reasons[g.ID]
		in.State = stateOf(in.Reason)
		t.busy = t.busy || in.State == Running
		if in.State == Waiting && !trusted[in.Reason] {
			in.State = External // a library may wait for a timer, too
		}
	}
}

// waits describes what a goroutine waits for.
func (t *taker) waits(c *candidate) {
	in, p := c.info, c.wait
	in.Reason = p.reason
	in.State = stateOf(p.reason)
	in.Wait = &Wait{Since: p.since, Until: p.until}
	if len(p.on) > 0 {
		in.Wait.On = make([]Case, len(p.on))
	}
	for i, target := range p.on {
		in.Wait.On[i] = Case{Send: target.Send, Object: t.object(target)}
	}
}

// stateOf is the state of a goroutine by the runtime's word for what it does.
func stateOf(reason string) State {
	switch reason {
	case ReasonRunning, "runnable", "preempted":
		return Running
	case ReasonSleep:
		return Sleeping
	case ReasonInput, ReasonIO, ReasonSyscall, "":
		return External
	}
	return Waiting
}

// object is the description of what a goroutine waits for, nil for a nil channel.
func (t *taker) object(target Target) *Object {
	if target.Pointer == nil {
		return nil
	}
	id := uintptr(target.Pointer)
	if o := t.objects[id]; o != nil {
		return o
	}
	o := &Object{ID: id, Kind: target.Kind, Type: target.Type, Count: -1}
	t.objects[id] = o
	switch target.Kind {
	case KindChannel:
		if v := reflect.ValueOf(target.Chan); v.Kind() == reflect.Chan {
			o.Type, o.Len, o.Cap = v.Type().String(), v.Len(), v.Cap()
		}
	case KindWaitGroup:
		o.Count = Count(target.Pointer)
	}
	o.Feed = t.feed(id)
	return o
}

// feed describes what comes by a channel from outside.
func (t *taker) feed(id uintptr) string {
	f, ok := t.ledger.feeds.get(id, t.snapshot.Taken)
	if !ok {
		return ""
	}
	if f.until.IsZero() {
		return f.what
	}
	return fmt.Sprintf("%s in %v", f.what, max(0, f.until.Sub(t.snapshot.Taken)).Round(time.Millisecond))
}

// locks adds who holds the locks that are waited for, and what else they hold.
func (t *taker) locks() {
	for i := range t.ledger.locks.shards {
		s := &t.ledger.locks.shards[i]
		s.mu.Lock()
		for at, k := range s.held {
			for _, h := range k.holders {
				t.held(at, k.kind, h)
			}
		}
		s.mu.Unlock()
	}
	for _, c := range t.all {
		slices.SortFunc(c.info.Holds, func(a, b Lock) int { return a.Since.Compare(b.Since) })
	}
}

func (t *taker) held(at uintptr, kind string, h holder) {
	in, o := t.byID[h.goroutine], t.objects[at]
	if in == nil && o == nil {
		return
	}
	if o == nil {
		o = &Object{ID: at, Kind: kind, Type: lockTypes[kind], Count: -1}
		t.objects[at] = o
	}
	o.Holders = append(o.Holders, h.goroutine)
	if in == nil {
		o.Dead, o.Locked = true, h.place
		return
	}
	in.Holds = append(in.Holds, Lock{Object: o, Read: h.read, Since: h.since, Place: h.place})
}

var lockTypes = map[string]string{KindMutex: "sync.Mutex", KindRWMutex: "sync.RWMutex"}

// search finds the verdicts. A program that uses package unsafe may have values
// that are not what their types say; then nothing is known.
func (t *taker) search(memory Memory, limit int) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			t.snapshot.Searched = false
			for _, c := range t.all {
				c.info.Verdict, c.info.Hope = Unknown, nil
			}
		}
	}()
	var live, waiting []*candidate
	for _, c := range t.all {
		if c.info.State == Waiting && c.wait != nil {
			waiting = append(waiting, c)
		} else {
			live = append(live, c)
		}
	}
	s := &search{memory: memory, objects: t.objects, feed: t.feed, opaque: t.blind, limit: limit}
	s.run(live, waiting, t.ledger.feeds.always(t.snapshot.Taken))
	t.snapshot.Searched, t.snapshot.Blind = s.complete, s.blindLive
	if s.opaque != "" {
		for _, c := range waiting {
			if c.info.Verdict == Unknown && c.wait != nil {
				for _, on := range c.info.Wait.On {
					if on.Object != nil {
						on.Object.Opaque = s.opaque
					}
				}
			}
		}
	}
}

// Count is the counter of the sync.WaitGroup at an address, -1 when it cannot be
// told.
func Count(group unsafe.Pointer) int {
	if counterOffset < 0 {
		return -1
	}
	return counterAt(unsafe.Add(group, counterOffset))
}

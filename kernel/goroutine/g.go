package goroutine

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// A Group is the goroutines of one run of a cell, which are stopped together.
type Group struct {
	Cell string // "In[3]"

	// Main is what the main goroutine of a whole program runs; empty for cells.
	Main string

	// Hidden groups are no part of snapshots, and keep nothing from being a
	// deadlock: their goroutines look at user code on behalf of an instrument.
	Hidden bool

	stopped atomic.Bool
	done    chan struct{}
	live    atomic.Int64 // how many of its goroutines have not ended
}

// NewGroup makes a group without goroutines.
func NewGroup(cell string) *Group { return &Group{Cell: cell, done: make(chan struct{})} }

// Done is closed when the group is stopped.
func (gr *Group) Done() <-chan struct{} { return gr.done }

// Stopped reports whether the group has been stopped.
func (gr *Group) Stopped() bool { return gr.stopped.Load() }

// Live is the number of the group's goroutines that have not ended.
func (gr *Group) Live() int { return int(gr.live.Load()) }

// Starting says that a goroutine of the group is being started. It counts as one
// of the group from now on; Started says that Begin has been called for it.
func (gr *Group) Starting() { gr.live.Add(1) }

// Started ends Starting.
func (gr *Group) Started() { gr.live.Add(-1) }

// A Site is a place in running code: a node of the program, which is being
// executed in a frame. Only a Code knows what they are.
type Site struct{ Node, Frame unsafe.Pointer }

// Code knows the sites of running code.
type Code interface {
	// Frames are the calls that are going on at sites, innermost first, at most
	// max of them. At each but the first site, code has called a package that has
	// called the code of the one before.
	Frames(at []Site, max int) []Frame
	// Native is the function of a package that the site calls, "" for none.
	Native(at Site) string
	// References calls visit for each value that the code at a site and its
	// callers can still use, with the name of the variable.
	References(at Site, visit Visit)
}

// G is what the ledger knows of one goroutine. The fields that are exported do
// not change after Start.
type G struct {
	ID, Parent int64
	Group      *Group
	Code       Code
	Main       bool   // runs the statements of a cell
	Start      string // place of the go statement or call that started it
	Func, By   string
	Since      time.Time
	AtEnd      any // what the function that has started it uses when it ends: a *sync.WaitGroup; nil for none

	ledger *Ledger

	// attention asks the goroutine to call Attend before its next step.
	attention atomic.Bool

	// word is a mode in its two lowest bits and a count of changes above them, so
	// that two looks at it tell whether anything happened in between.
	word atomic.Uint64

	// at is where the goroutine has left the code, when its mode is not
	// interpreting. outer are the places where code of its own called a package
	// that then called back.
	node, frame unsafe.Pointer // atomic
	outer       atomic.Pointer[boundary]

	wait atomic.Pointer[parked]
}

type boundary struct {
	at    Site
	outer *boundary
}

// parked is what a goroutine waits for.
type parked struct {
	reason string
	since  time.Time
	until  time.Time
	on     []Target
	one    [1]Target
}

// The modes of a goroutine. In all but interpreting, its frames do not change.
const (
	interpreting uint64 = iota
	away                // in a call of a package's function, or it waits
	awayHeld            // and may not come back before the ledger lets go
	held                // it has stopped between two steps because the ledger asked for it

	modeMask = 3
	turn     = modeMask + 1
)

// Attention reports whether Attend has to be called before the next step. It is
// asked before every step.
func (g *G) Attention() bool { return g.attention.Load() }

// Attend waits while the ledger holds all goroutines, and reports whether the
// goroutine has to end. at is the step that it would do next.
func (g *G) Attend(at Site) (end bool) {
	if g.Group.stopped.Load() {
		return true
	}
	g.setSite(at)
	g.word.Store(g.word.Load()&^modeMask + turn | held)
	g.await()
	return g.Group.stopped.Load()
}

// await waits until the ledger lets go, and makes the mode interpreting.
func (g *G) await() {
	for {
		if thaw := g.ledger.thaw.Load(); thaw != nil {
			<-*thaw
		}
		w := g.word.Load()
		if w&modeMask == awayHeld {
			runtime.Gosched() // about to be away
			continue
		}
		if g.word.CompareAndSwap(w, w&^modeMask+turn|interpreting) && g.ledger.thaw.Load() == nil {
			return
		}
		g.word.Store(g.word.Load()&^modeMask | held)
	}
}

// Away says that the goroutine calls a package's function, or is about to wait, at
// a site. Back ends it.
func (g *G) Away(at Site) {
	g.setSite(at)
	g.word.Store(g.word.Load()&^modeMask + turn | away)
}

// Back waits while the ledger holds all goroutines.
func (g *G) Back() {
	w := g.word.Load()
	if w&modeMask != away || !g.word.CompareAndSwap(w, w&^modeMask+turn|interpreting) {
		g.await()
	}
}

func (g *G) setSite(at Site) {
	atomic.StorePointer(&g.node, at.Node)
	atomic.StorePointer(&g.frame, at.Frame)
}

// Site is where the goroutine has left the code: what it calls, when it has called a
// package's function.
func (g *G) Site() Site {
	return Site{atomic.LoadPointer(&g.node), atomic.LoadPointer(&g.frame)}
}

// Inside is a call of interpreted code by a package's function; see Enter.
type Inside struct {
	g     *G
	away  bool
	at    Site
	outer *boundary
}

// Enter says that a package's function calls interpreted code. Leave ends that.
func (g *G) Enter() Inside {
	if g.word.Load()&modeMask == interpreting {
		return Inside{g: g}
	}
	in := Inside{g, true, g.Site(), g.outer.Load()}
	if in.at.Node != nil {
		g.outer.Store(&boundary{in.at, in.outer})
	}
	g.Back()
	return in
}

// Leave goes back to the function that has called interpreted code, also when a
// panic does.
func (in Inside) Leave() {
	if !in.away {
		if in.g.word.Load()&modeMask != interpreting {
			in.g.Back() // a panic has come out of a package's function
		}
		return
	}
	in.g.outer.Store(in.outer)
	in.g.Away(in.at)
}

// A Target is an object that a goroutine is about to wait for.
type Target struct {
	Pointer unsafe.Pointer // the channel or the address of the object; nil for a nil channel
	Kind    string         // one of the kinds of objects
	Type    string         // "sync.Mutex"; of a channel, Chan says it
	Send    bool

	// Chan is the channel, a value of its type.
	Chan any
}

// Park says that the goroutine is about to wait until one of the targets lets it
// go on. The goroutine is away already, or calls Park from a function that is
// called by interpreted code. Unpark ends it.
func (g *G) Park(reason string, on ...Target) {
	p := &parked{reason: reason, since: time.Now()}
	if len(on) == 1 {
		p.one[0] = on[0]
		p.on = p.one[:]
	} else {
		p.on = append([]Target(nil), on...)
	}
	g.wait.Store(p)
}

// ParkUntil says that the goroutine sleeps until t.
func (g *G) ParkUntil(t time.Time) {
	g.wait.Store(&parked{reason: ReasonSleep, since: time.Now(), until: t})
}

// Unpark says that the goroutine does not wait any more.
func (g *G) Unpark() { g.wait.Store(nil) }

// Stopped reports whether the goroutine's cell has been stopped. What it has taken
// must be left then, and the goroutine must end.
func (g *G) Stopped() bool { return g.Group.stopped.Load() }

// Done is closed when the goroutine's cell is stopped.
func (g *G) Done() <-chan struct{} { return g.Group.done }

// Begin makes a goroutine known that interpreted code is about to run on: the
// calling one. End has to be called at its end.
func (l *Ledger) Begin(g *G) *G {
	g.ledger = l
	g.word.Store(away)
	if g.Since.IsZero() {
		g.Since = time.Now()
	}
	g.Group.live.Add(1)
	s := l.shard(g.ID)
	s.mu.Lock()
	s.byID[g.ID] = g
	s.mu.Unlock()
	l.count.Add(1)
	if !g.Group.Hidden {
		l.begun.Add(1)
	}
	if g.Group.stopped.Load() || l.thaw.Load() != nil {
		g.attention.Store(true)
	}
	return g
}

// End forgets a goroutine.
func (l *Ledger) End(g *G) {
	s := l.shard(g.ID)
	s.mu.Lock()
	if s.byID[g.ID] == g {
		delete(s.byID, g.ID)
	}
	s.mu.Unlock()
	l.count.Add(-1)
	g.Group.live.Add(-1)
}

const shards = 64

type shard struct {
	mu   sync.RWMutex
	byID map[int64]*G
	_    [24]byte
}

func (l *Ledger) shard(id int64) *shard { return &l.shards[uint64(id)%shards] }

// Of is the goroutine with an id, nil when it runs no user code.
func (l *Ledger) Of(id int64) *G {
	s := l.shard(id)
	s.mu.RLock()
	g := s.byID[id]
	s.mu.RUnlock()
	return g
}

package goroutine

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/petermattis/goid"
)

// A Ledger knows all goroutines that run user code.
type Ledger struct {
	shards [shards]shard
	count  atomic.Int64
	begun  atomic.Int64

	// baseline is how many goroutines the process has beside those of the ledger
	// when packages have started none for user code; 0 when it is not known.
	baseline atomic.Int64

	others sync.Map // goroutines (int64) that wear labels of user code and run none

	// thaw is closed and removed when goroutines that the ledger holds may go on.
	thaw   atomic.Pointer[chan struct{}]
	freeze sync.Mutex // one Hold at a time

	locks locks
	feeds feeds
}

// NewLedger returns a ledger without goroutines. It makes the runtime write the
// labels of goroutines into its dumps, by the environment variable GODEBUG: they
// tell which of those that packages have started belong to user code.
func NewLedger() *Ledger {
	const setting = "tracebacklabels=1"
	if debug := os.Getenv("GODEBUG"); !strings.Contains(debug, setting) {
		os.Setenv("GODEBUG", strings.TrimPrefix(debug+","+setting, ","))
	}
	l := &Ledger{}
	for i := range l.shards {
		l.shards[i].byID = map[int64]*G{}
	}
	for i := range l.locks.shards {
		l.locks.shards[i].held = map[uintptr]*lock{}
	}
	return l
}

// Current is the calling goroutine, nil when it runs no user code.
func (l *Ledger) Current() *G { return l.Of(goid.Get()) }

// Len is the number of goroutines.
func (l *Ledger) Len() int { return int(l.count.Load()) }

// Apart says that the calling goroutine wears the labels of user code for those
// that it starts, but is none of them. The function that it returns ends that.
func (l *Ledger) Apart() (end func()) {
	id := goid.Get()
	l.others.Store(id, true)
	return func() { l.others.Delete(id) }
}

// isUsers reports whether a goroutine that carries labels of user code, and is not
// in the ledger, was started by a package on behalf of user code.
func (l *Ledger) isUsers(id int64) bool {
	_, apart := l.others.Load(id)
	return !apart && l.Of(id) == nil
}

// Users is the number of goroutines of user code, also those that are just being
// started, without those that have been stopped: what runtime.NumGoroutine is in
// a process that runs nothing else, but for goroutines that packages start.
func (l *Ledger) Users() int {
	n, counted := 0, map[*Group]bool{}
	l.each(func(g *G) bool {
		if gr := g.Group; !counted[gr] && !gr.Hidden && !gr.stopped.Load() {
			counted[gr] = true
			n += gr.Live()
		}
		return true
	})
	return n
}

// Begun is how many goroutines there have been so far.
func (l *Ledger) Begun() int64 { return l.begun.Load() }

// each calls f for each goroutine until f returns false. f must not start or end
// goroutines of the ledger.
func (l *Ledger) each(f func(*G) bool) {
	for i := range l.shards {
		s := &l.shards[i]
		s.mu.RLock()
		for _, g := range s.byID {
			if !f(g) {
				s.mu.RUnlock()
				return
			}
		}
		s.mu.RUnlock()
	}
}

// Stop makes the goroutines of a group end: at their next step, or when what they
// wait for in a package's function lets them go.
func (l *Ledger) Stop(gr *Group) {
	if gr.stopped.Swap(true) {
		return
	}
	close(gr.done)
	l.each(func(g *G) bool {
		if g.Group == gr {
			g.attention.Store(true)
		}
		return true
	})
}

// Hold stops all goroutines between two steps of interpreted code, so that their
// frames can be read, calls f and lets them go on. Those that are in a package's
// function stay in it, and wait when they return from it meanwhile. all tells
// whether every goroutine has been held: one that does not come to its next step
// within patience goes on.
func (l *Ledger) Hold(patience time.Duration, f func(all bool)) {
	l.freeze.Lock()
	defer l.freeze.Unlock()
	thaw := make(chan struct{})
	l.thaw.Store(&thaw)
	defer l.release(thaw)
	self := goid.Get()
	l.each(func(g *G) bool { g.attention.Store(true); return true })
	f(l.holdAll(self, time.Now().Add(patience)))
}

// holdAll waits until no goroutine but the calling one interprets.
func (l *Ledger) holdAll(self int64, deadline time.Time) bool {
	for round := 0; ; round++ {
		left := 0
		l.each(func(g *G) bool {
			if g.ID != self && !g.hold() {
				left++
			}
			return true
		})
		if left == 0 {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
		if round < 20 {
			runtime.Gosched()
		} else {
			time.Sleep(100 * time.Microsecond) // they run on other processors, or wait for one
		}
	}
}

// hold keeps a goroutine that is away from coming back, and reports whether the
// goroutine's frames do not change any more.
func (g *G) hold() bool {
	w := g.word.Load()
	switch w & modeMask {
	case held, awayHeld:
		return true
	case away:
		return g.word.CompareAndSwap(w, w&^modeMask|awayHeld)
	}
	g.attention.Store(true)
	return false
}

// release lets all goroutines go on.
func (l *Ledger) release(thaw chan struct{}) {
	l.thaw.Store(nil)
	l.each(func(g *G) bool {
		if w := g.word.Load(); w&modeMask == awayHeld {
			g.word.CompareAndSwap(w, w&^modeMask|away)
		}
		if !g.Group.stopped.Load() {
			g.attention.Store(false)
			if g.Group.stopped.Load() { // meanwhile
				g.attention.Store(true)
			}
		}
		return true
	})
	close(thaw)
}

// locks knows who holds which lock.
type locks struct {
	shards [shards]lockShard
}

type lockShard struct {
	mu    sync.Mutex
	held  map[uintptr]*lock
	limit int // how many there may be before those that nobody holds are forgotten
}

type lock struct {
	kind    string
	holders []holder
}

type holder struct {
	goroutine int64
	read      bool
	place     string
	since     time.Time
}

func (ls *locks) shard(p unsafe.Pointer) *lockShard { return &ls.shards[uintptr(p)>>3%shards] }

// Locked says that the calling goroutine has taken a lock. place is where.
func (l *Ledger) Locked(p unsafe.Pointer, kind string, read bool, place string) {
	s := l.locks.shard(p)
	h := holder{goid.Get(), read, place, time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.held[uintptr(p)]
	if k == nil {
		k = &lock{kind: kind}
		s.held[uintptr(p)] = k
		s.sweep()
	}
	if !read {
		k.holders = k.holders[:0] // nobody else can hold it
	}
	k.holders = append(k.holders, h)
}

// Unlocked says that a lock is given back: by the calling goroutine, or else by
// the one that has held it for longest.
func (l *Ledger) Unlocked(p unsafe.Pointer, read bool) {
	s := l.locks.shard(p)
	id := goid.Get()
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.held[uintptr(p)]
	if k == nil {
		return
	}
	at := -1
	for i, h := range k.holders {
		if h.read == read && (at < 0 || h.goroutine == id) {
			at = i
		}
	}
	if at >= 0 {
		k.holders = append(k.holders[:at], k.holders[at+1:]...)
	}
}

// sweep forgets locks that nobody holds, when there are many.
func (s *lockShard) sweep() {
	if len(s.held) <= max(s.limit, 64) {
		return
	}
	for p, k := range s.held {
		if len(k.holders) == 0 {
			delete(s.held, p)
		}
	}
	s.limit = 2 * len(s.held)
}

// A feed is what comes to the program from outside of its goroutines.
type feed struct {
	what   string
	until  time.Time // zero: for ever
	always bool      // it does something by itself; otherwise only a waiting goroutine sees it
	does   any       // the function that it calls
	put    int       // tells it from others with the same key
}

type feeds struct {
	mu    sync.Mutex
	byKey map[uintptr]feed
	sweep int // how many there may be before those that are over are removed
	puts  int
}

// Feed says that something will come by a channel until a time, or for ever when
// that is zero, if a goroutine waits for it: "a timer", "signals".
func (l *Ledger) Feed(channel unsafe.Pointer, what string, until time.Time) {
	l.feeds.put(channel, feed{what: what, until: until})
}

// Pending says that something will happen by itself at a time: a function is
// called, which is does, or a context ends. key stands for it.
func (l *Ledger) Pending(key unsafe.Pointer, what string, until time.Time, does any) {
	l.feeds.put(key, feed{what: what, until: until, always: true, does: does})
}

// Unfeed says that nothing more will come by a channel or key.
func (l *Ledger) Unfeed(key unsafe.Pointer) {
	l.feeds.mu.Lock()
	delete(l.feeds.byKey, uintptr(key))
	l.feeds.mu.Unlock()
}

func (fs *feeds) put(p unsafe.Pointer, f feed) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.byKey == nil {
		fs.byKey = map[uintptr]feed{}
	}
	key := uintptr(p)
	fs.puts++
	f.put = fs.puts
	fs.byKey[key] = f
	if f.until.IsZero() {
		// Another object may get the address.
		runtime.AddCleanup((*byte)(p), func(put int) { fs.drop(key, put) }, f.put)
	}
	if len(fs.byKey) > max(fs.sweep, 256) {
		fs.removeOver(time.Now())
		fs.sweep = 2 * len(fs.byKey)
	}
}

// drop removes a feed whose object is gone.
func (fs *feeds) drop(key uintptr, put int) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.byKey[key].put == put {
		delete(fs.byKey, key)
	}
}

// late is how long after its time a timer's effect may still be under way.
const late = 250 * time.Millisecond

func (fs *feeds) removeOver(now time.Time) {
	for key, f := range fs.byKey {
		if f.over(now) {
			delete(fs.byKey, key)
		}
	}
}

func (f feed) over(now time.Time) bool {
	return !f.until.IsZero() && now.After(f.until.Add(late))
}

func (fs *feeds) get(key uintptr, now time.Time) (feed, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f, ok := fs.byKey[key]
	return f, ok && !f.over(now)
}

// always are the feeds that do something by themselves.
func (fs *feeds) always(now time.Time) []feed {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var out []feed
	fs.removeOver(now)
	for _, f := range fs.byKey {
		if f.always {
			out = append(out, f)
		}
	}
	return out
}

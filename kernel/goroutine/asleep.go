package goroutine

import (
	"bytes"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// trusted are the reasons for which a goroutine waits in a package's function that
// only another goroutine can end. A select or a channel in there may be a timer.
var trusted = map[string]bool{
	ReasonLock: true, ReasonRLock: true, ReasonWLock: true, ReasonWaitGroup: true, ReasonCond: true,
	ReasonSemacquire: true, ReasonCoroutine: true,
}

// Asleep reports whether all goroutines wait for each other, so that nothing will
// ever happen: none of them runs or waits for anything outside, and no timer is
// pending. mark tells two times apart: between two with the same mark nothing has
// happened.
func (l *Ledger) Asleep() (asleep bool, mark uint64) {
	now := time.Now()
	if len(l.feeds.always(now)) > 0 {
		return false, 0
	}
	asleep = true
	var inside []int64
	l.each(func(g *G) bool {
		if g.Group.stopped.Load() || g.Group.Hidden {
			return true // its end has been asked for, or it only looks on
		}
		w := g.word.Load()
		mark += mix(uint64(g.ID), w)
		switch p := g.wait.Load(); {
		case w&modeMask != away:
			asleep = false
		case p == nil:
			inside = append(inside, g.ID)
		case !l.waits(p, now):
			asleep = false
		}
		return asleep
	})
	if !asleep || l.Len() == 0 || !quiet() {
		return false, 0
	}
	return l.confirmed(inside), mark
}

// waits reports whether only another goroutine can end a wait.
func (l *Ledger) waits(p *parked, now time.Time) bool {
	if stateOf(p.reason) != Waiting {
		return false
	}
	for _, t := range p.on {
		if _, fed := l.feeds.get(uintptr(t.Pointer), now); fed {
			return false
		}
	}
	return true
}

func mix(a, b uint64) uint64 {
	x := a*0x9e3779b97f4a7c15 ^ b
	x ^= x >> 29
	return x * 0xbf58476d1ce4e5b9
}

// confirmed asks the runtime about goroutines that are in packages' functions, and
// about those that packages have started on behalf of user code.
func (l *Ledger) confirmed(inside []int64) bool {
	if len(inside) == 0 && !l.mayHaveOthers() {
		return true
	}
	reasons, theirs := l.runtimeReasons()
	if reasons == nil {
		return false
	}
	for _, id := range inside {
		if !trusted[reasons[id]] {
			return false
		}
	}
	for id := range theirs {
		if !trusted[reasons[id]] {
			return false
		}
	}
	return true
}

// quiet reports whether no goroutine of the process runs, but for the calling one,
// or is ready to: nobody has been woken and waits for its turn.
func quiet() bool {
	samples := []metrics.Sample{{Name: "/sched/goroutines/runnable:goroutines"}, {Name: "/sched/goroutines/running:goroutines"}}
	metrics.Read(samples)
	for i, most := range []uint64{0, 1} {
		if samples[i].Value.Kind() == metrics.KindUint64 && samples[i].Value.Uint64() > most {
			return false
		}
	}
	return true
}

// mayHaveOthers reports whether there may be goroutines that packages have started
// on behalf of user code: the process has more beside those of the ledger than it
// had when it was known to have none. Where there are too many to ask the runtime,
// a few more do not count: the kernel's own come and go.
func (l *Ledger) mayHaveOthers() bool {
	n := l.Len()
	others, known := int64(runtime.NumGoroutine()-n), l.baseline.Load()
	if n > maxAsked {
		return known == 0 || others > known+8
	}
	return known == 0 || others > known
}

// Learn counts the goroutines of the process that are not user code's, if that is
// not known: early, while there are few.
func (l *Ledger) Learn() {
	if l.baseline.Load() == 0 {
		l.runtimeReasons()
	}
}

// maxAsked bounds how many goroutines the runtime is asked about: it stops them
// all meanwhile, and writes for a tenth of a millisecond for each.
const maxAsked = 500

// runtimeReasons are the runtime's words for what its goroutines do, and the
// stacks of those that carry labels of user code and are not in the ledger; nil
// when there are too many.
func (l *Ledger) runtimeReasons() (reasons map[int64]string, others map[int64][]byte) {
	n := runtime.NumGoroutine()
	if n > 2*maxAsked {
		return nil, nil
	}
	reasons, labelled := askRuntime()
	others = map[int64][]byte{}
	for id, stack := range labelled {
		if l.isUsers(id) {
			others[id] = stack
		}
	}
	if rest := int64(n - l.Len()); len(others) == 0 && (l.baseline.Load() == 0 || rest < l.baseline.Load()) {
		l.baseline.Store(rest)
	}
	return reasons, others
}

// askRuntime reads a dump of all goroutines: what each does, and the stacks of those
// that carry labels.
func askRuntime() (reasons map[int64]string, labelled map[int64][]byte) {
	buf := make([]byte, 64<<10)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	reasons, labelled = map[int64]string{}, map[int64][]byte{}
	for _, dump := range bytes.Split(buf, []byte("\n\n")) {
		head, body, _ := bytes.Cut(dump, []byte("\n"))
		id, reason, user, ok := parseHead(string(head))
		if !ok {
			continue
		}
		reasons[id] = reason
		if user && !isRuntimes(body) {
			labelled[id] = body
		}
	}
	return reasons, labelled
}

// isRuntimes reports whether a goroutine with labels serves the whole process: it
// only happened to be started when user code first needed it.
func isRuntimes(stack []byte) bool {
	return bytes.HasPrefix(stack, []byte("os/signal.signal_recv")) || bytes.Contains(stack, []byte("\nos/signal.loop")) ||
		bytes.Contains(stack, []byte("runtime.runCleanups")) || bytes.Contains(stack, []byte("runtime.runfinq")) ||
		bytes.Contains(stack, []byte("kernel/eval.(*function).run(")) // of another session, if it is not in the ledger
}

// keepsNothing reports whether a goroutine that a package has started can refer to
// nothing that user code waits for: it serves a connection of an HTTP client, or
// looks a name up.
func keepsNothing(stack []byte) bool {
	for _, name := range []string{"net/http.(*persistConn)", "net/http.(*http2", "net.(*Resolver)", "net.cgo"} {
		if bytes.Contains(stack, []byte(name)) {
			return true
		}
	}
	return false
}

// parseHead reads the first line of a goroutine in the runtime's dumps:
//
//	goroutine 18 [chan receive, 2 minutes]:
//	goroutine 19 [select labels:{"cell": "In[3]"}]:
func parseHead(line string) (id int64, reason string, labelled, ok bool) {
	rest, ok := strings.CutPrefix(line, "goroutine ")
	if !ok {
		return 0, "", false, false
	}
	number, rest, _ := strings.Cut(rest, " ")
	id, err := strconv.ParseInt(number, 10, 64)
	_, rest, bracket := strings.Cut(rest, "[")
	if err != nil || !bracket {
		return 0, "", false, false
	}
	rest, _, labelled = strings.Cut(rest, " labels:{")
	if end := strings.IndexAny(rest, ",]"); end >= 0 {
		rest = rest[:end]
	}
	return id, rest, labelled, true
}

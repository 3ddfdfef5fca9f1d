package compiled

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
	"github.com/chanbook/chanbook/kernel/trace"
)

// While it is traced, a program has goroutines and timers of the tracer, so that
// the runtime does not notice that all others are asleep, and the program would
// wait for ever. So its trace is looked at while it runs, when it is quiet.

// How often a trace is looked at, and how much of it a quiet program writes in
// that time at most. Nothing must have happened for a short time, and for a long one
// where a timer may wake someone.
const (
	watchEvery = 500 * time.Millisecond
	quietBytes = 512 << 10
	short      = 100 * time.Millisecond
	long       = 3 * time.Second
)

// errAsleep is why a program was ended of which all goroutines are asleep.
var errAsleep = errors.New("all goroutines are asleep")

// watchdog looks at the trace of a program that runs, on a goroutine of its own
// that run ends.
type watchdog struct {
	*traced
	end  context.CancelCauseFunc // of the program
	done chan struct{}           // closed when the program has ended
}

// run runs the program, and ends it when all its goroutines are asleep.
func (x *traced) run() (result toolchain.Result, asleep bool) {
	ctx, end := context.WithCancelCause(x.call.Ctx)
	defer end(nil)
	w := &watchdog{traced: x, end: end, done: make(chan struct{})}
	var under sync.WaitGroup
	under.Go(w.watch)
	call := *x.call
	call.Ctx = ctx
	result = x.cells.run(&call, x.set.settings, x.binary, func(r *toolchain.Run) {
		r.Env, r.NoInput = x.set.traceEnv(x.file), !x.input
	})
	close(w.done)
	under.Wait()
	return result, errors.Is(context.Cause(ctx), errAsleep) && result.Failure != nil
}

// watch looks from time to time, the more seldom the longer there was nothing to
// be seen.
func (w *watchdog) watch() {
	pause := watchEvery
	before := int64(0)
	for {
		select {
		case <-w.done:
			return
		case <-time.After(pause):
		}
		size := w.size()
		if grown := size - before; grown > quietBytes*int64(pause/watchEvery) {
			before, pause = size, watchEvery
			continue
		}
		before = size
		if w.look() {
			return
		}
		pause = min(2*pause, 30*time.Second)
	}
}

func (w *watchdog) size() int64 {
	info, err := os.Stat(w.file)
	if err != nil {
		return 0
	}
	return info.Size()
}

// look looks whether all goroutines are asleep, and does what is to be done. It
// reports whether that is all.
func (w *watchdog) look() bool {
	f, err := os.Open(w.file)
	if err != nil {
		return false
	}
	defer f.Close()
	t, err := trace.Read(f, trace.Options{Generated: program.Generated, Cell: w.cells.lines(w.call), Intervals: 10_000})
	if err != nil || t.Marked {
		return false
	}
	since, ok := t.Asleep()
	switch {
	case !ok, t.Length-since < short, !w.sure && t.Length-since < long:
		return false
	case w.sure:
		w.end(errAsleep)
		return true
	}
	text := "No goroutine has run for some time: all wait for each other, or for a timer. While it traces, Go does not notice a deadlock. Interrupt the cell to see the trace.\n" +
		strings.Join(w.sleepers(t), "\n")
	w.display.show(cell.Display{Data: cell.Text(text)})
	return true
}

// wakeless are the packages that wake no goroutine by themselves, as a timer, a
// signal or the network does.
var wakeless = []string{
	"bufio", "bytes", "chanbook/show", "cmp", "container/heap", "container/list", "container/ring", "context", "embed", "errors", "fmt",
	"io", "iter", "log", "maps", "math", "math/big", "math/bits", "math/cmplx", "math/rand", "math/rand/v2", "os", "path", "path/filepath",
	"reflect", "regexp", "runtime", "runtime/debug", "runtime/trace", "slices", "sort", "strconv", "strings", "sync", "sync/atomic",
	"text/tabwriter", "text/template", "time", "unicode", "unicode/utf8", "unsafe",
}

// timers are what of time and context wakes a goroutine later.
var timers = regexp.MustCompile(`\b(After|AfterFunc|Tick|NewTimer|NewTicker|WithTimeout|WithTimeoutCause|WithDeadline|WithDeadlineCause|AddCleanup|SetFinalizer)\b`)

// wakesItself tells whether a goroutine of the program that waits may be woken by
// something else than its other goroutines.
func wakesItself(p *program.Program) bool {
	for _, path := range p.Imports {
		if !slices.Contains(wakeless, path) {
			return true
		}
	}
	for _, f := range p.Files {
		if timers.MatchString(f.Text) {
			return true
		}
	}
	return false
}

// input is what reads standard input. Of a program that does not, nobody need watch
// whether it wants some, which would disturb it.
var input = regexp.MustCompile(`\b(Stdin|Scan|Scanf|Scanln)\b`)

// readsInput tells whether a program may read its standard input.
func readsInput(p *program.Program) bool {
	return slices.ContainsFunc(p.Files, func(f program.File) bool { return input.MatchString(f.Text) })
}

// deadlock is the failure of a program of which all goroutines are asleep.
func (x *traced) deadlock(t *trace.Trace) *cell.Failure {
	f := cell.Fail(cell.Deadlock, "all goroutines are asleep - deadlock!")
	f.Traceback = append([]string{
		"fatal error: all goroutines are asleep - deadlock!",
		"(no goroutine is left that could end any of these waits; the trace shows it, for while it traces Go does not notice it)",
		"", "Goroutines:",
	}, x.sleepers(t)...)
	return f
}

// sleepers says who waits for what, with the lines of the cells.
func (x *traced) sleepers(t *trace.Trace) (lines []string) {
	source := x.cells.source(x.call)
	for _, s := range t.Sleepers() {
		name, number, _ := strings.Cut(s.At, ":")
		text := s.At
		if src, ok := source(name); ok {
			if n, err := strconv.Atoi(number); err == nil {
				text += ": " + strings.TrimSpace(src.Line(n))
			}
		}
		lines = append(lines, fmt.Sprintf("  %s [%s]", s.Name, s.Reason), "    "+text)
	}
	return lines
}

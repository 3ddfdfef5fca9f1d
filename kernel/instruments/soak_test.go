//go:build unix

package instruments

import (
	"context"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

var (
	soakFor  = flag.Duration("for", 20*time.Second, "how long TestSoak runs")
	soakSeed = flag.Int64("seed", 1, "of the random cells of TestSoak")
)

// TestSoak runs random cells through the supervisor and a worker, and compares
// what they show and what the session holds with a simple model of it. After a
// quarter of the time and at its end the supervisor has the same to hold; it must
// not have grown.
func TestSoak(t *testing.T) {
	s, err := supervisor.New(supervisor.Options{
		Command: []string{os.Args[0]}, Env: append(os.Environ(), "INSTRUMENTS_TEST=worker"), MemoryLimit: "2GiB", Grace: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	k := &soak{t: t, s: s, random: rand.New(rand.NewSource(*soakSeed)), vars: map[string]int{}, funcs: map[string]int{}}
	begin := time.Now()
	k.until(begin.Add(*soakFor / 4))
	early := k.weigh()
	k.until(begin.Add(*soakFor))
	late := k.weigh()
	t.Logf("%d cells, %d lines of output, %d workers; early %v, late %v; of each kind: %v", k.number, k.lines.Load(), k.workers+1, early, late, k.kinds)
	if late.heap > early.heap+early.heap/4+1<<20 || late.goroutines > early.goroutines+5 || late.files > early.files+5 {
		t.Errorf("the supervisor has grown: early %v, late %v", early, late)
	}
	a, f := k.cell("answers", `fmt.Println("still", "there")`)
	k.check(a, f, "still there")
}

// weight is what the process of the supervisor holds.
type weight struct {
	heap       uint64
	goroutines int
	files      int // -1 where it cannot be told
}

func (w weight) String() string {
	return fmt.Sprintf("%d KiB, %d goroutines, %d files", w.heap>>10, w.goroutines, w.files)
}

// weigh begins with a new worker, so that nothing is held for the sake of
// goroutines that live on, and looks at what this process still holds.
func (k *soak) weigh() weight {
	if err := k.s.Restart(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	k.forget()
	clear(k.funcs)
	k.cell("empty", "")
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond) // cleanups run beside
	}
	runtime.ReadMemStats(&m)
	w := weight{m.HeapAlloc, runtime.NumGoroutine(), -1}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		w.files = len(open)
	}
	return w
}

// soak is a run of random cells, and the model of what the session holds.
type soak struct {
	t       *testing.T
	s       *supervisor.Supervisor
	random  *rand.Rand
	number  int // of the latest cell
	workers int // that have died
	lines   lineCount
	kinds   map[string]int // cells of each kind
	vars    map[string]int // variables of the session, which a death takes
	funcs   map[string]int // functions of the session, and what they return
	service bool           // a goroutine runs that never ends: nothing is a deadlock
	late    []*auditor     // cells of whose goroutines lines are still to come
	recent  []string       // the latest cells, for reports
	slowest time.Duration  // of all cells
}

// until runs cells up to a time, or the first fault.
func (k *soak) until(end time.Time) {
	for time.Now().Before(end) && !k.t.Failed() {
		k.step()
	}
	k.settle()
	if k.t.Failed() {
		k.t.Fatalf("seed %d, after %d cells; the latest:\n%s", *soakSeed, k.number, strings.Join(k.recent, "\n---\n"))
	}
}

// step runs one random cell and checks what must be so afterwards.
func (k *soak) step() {
	steps := []struct {
		weight int
		do     func()
	}{
		{10, k.prints}, {10, k.printsLater}, {8, k.leaks}, {6, k.sets}, {4, k.defines}, {4, k.panics}, {3, k.panicsInGoroutine},
		{3, k.exits}, {6, k.interrupts}, {3, k.deadlocks}, {2, k.dumps}, {2, k.many}, {2, k.serves}, {2, k.asks}, {1, k.dies},
		{1, k.resets}, {2, k.refused},
	}
	total := 0
	for _, s := range steps {
		total += s.weight
	}
	n := k.random.Intn(total)
	for _, s := range steps {
		if n -= s.weight; n < 0 {
			s.do()
			break
		}
	}
	k.remembers()
}

// cell runs a cell to its end and returns what it showed.
func (k *soak) cell(kind, text string) (*auditor, *cell.Failure) {
	return k.interruptible(k.t.Context(), kind, text, nil)
}

// interruptible runs a cell. When it shows the word ready, interrupt is called.
func (k *soak) interruptible(ctx context.Context, kind, text string, interrupt func()) (*auditor, *cell.Failure) {
	k.number++
	if k.kinds == nil {
		k.kinds = map[string]int{}
	}
	k.kinds[kind]++
	text = strings.ReplaceAll(text, "CELL", fmt.Sprint(k.number))
	k.recent = append(k.recent, fmt.Sprintf("In[%d] (%s)\n%s", k.number, kind, text))
	k.recent = k.recent[max(0, len(k.recent)-12):]
	a := newAuditor(k, k.number, interrupt)
	ctx, cancel := context.WithTimeoutCause(ctx, bound, cell.ErrInterrupted)
	defer cancel()
	begin := time.Now()
	out := k.s.Execute(ctx, request(k.number, text), a)
	if took := time.Since(begin); took > k.slowest {
		k.slowest = took
		k.t.Logf("In[%d] (%s) took %v", k.number, kind, took)
	}
	if ctx.Err() == context.DeadlineExceeded {
		k.t.Errorf("In[%d] did not end by itself", k.number)
	}
	return a, out.Failure
}

// check reports a cell that does not end as wanted: with a failure whose name and
// text hold all words, or, without words, well.
func (k *soak) check(a *auditor, f *cell.Failure, shows string, words ...string) {
	k.t.Helper()
	switch {
	case f == nil && len(words) > 0:
		k.t.Errorf("In[%d] does not fail, want %q", a.number, words)
	case f != nil && len(words) == 0:
		k.t.Errorf("In[%d] fails: %v", a.number, f)
	}
	if f != nil && strings.Contains(f.Error(), "The session was started again") {
		k.t.Errorf("In[%d] has ended the process: %v", a.number, f)
	}
	for _, w := range words {
		if f != nil && !strings.Contains(f.Name+": "+f.Error(), w) {
			k.t.Errorf("In[%d] fails with %s: %v, want %q", a.number, f.Name, f, words)
		}
	}
	if !strings.Contains(a.beginning(), shows) {
		k.t.Errorf("In[%d] shows %q, want %q", a.number, a.beginning(), shows)
	}
}

// remembers compares the session's variables and functions with the model.
func (k *soak) remembers() {
	if k.random.Intn(4) > 0 {
		return
	}
	var ask, want strings.Builder
	for _, m := range []struct {
		held map[string]int
		call string
	}{{k.vars, ""}, {k.funcs, "()"}} {
		for _, name := range names(m.held) {
			fmt.Fprintf(&ask, "fmt.Println(%q, %s%s)\n", name, name, m.call)
			fmt.Fprintf(&want, "%s %d\n", name, m.held[name])
		}
	}
	a, f := k.cell("remembers", ask.String())
	k.check(a, f, want.String())
}

func names(m map[string]int) []string {
	all := make([]string, 0, len(m))
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// forget is what a death does to the model: functions come back.
func (k *soak) forget() {
	clear(k.vars)
	k.service = false
	for _, a := range k.late {
		a.abandon()
	}
	k.late = nil
}

// settle waits for all lines that are still to come.
func (k *soak) settle() {
	for _, a := range k.late {
		a.awaitAll()
	}
	k.late = nil
}

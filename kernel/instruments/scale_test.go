//go:build unix

package instruments

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/petermattis/goid"

	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/session"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

// parked is how many goroutines a dump must take.
const parked = 100_000

// park is a cell that leaves that many goroutines behind, all of which wait.
const park = `var begun sync.WaitGroup
never := make(chan int)
begun.Add(%d)
for range %d {
	go func() {
		begun.Done()
		<-never
	}()
}
begun.Wait()`

// held is the memory that is in use after a collection, stacks included.
func held() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// allocated is how much has been allocated ever.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestScale dumps 100,000 goroutines in less time than it takes to start them, and
// with less memory than they have themselves.
func TestScale(t *testing.T) {
	s := newSession(t)
	good(t, s, 1, "1 + 1")
	before := held()
	begin := time.Now()
	good(t, s, 2, fmt.Sprintf(park, parked, parked))
	starting := time.Since(begin)
	theirs := held() - before

	good(t, s, 3, "%goroutines") // once before, so that the heap has grown
	used := allocated()
	begin = time.Now()
	p := good(t, s, 4, "%goroutines")
	dumping := time.Since(begin)
	used = allocated() - used
	t.Logf("%d goroutines: started in %v, %d MiB; dumped in %v, with %d MiB", parked, starting, theirs>>20, dumping, used>>20)
	if dumping > starting {
		t.Errorf("a dump takes %v, which is longer than starting the goroutines: %v", dumping, starting)
	}
	if used > theirs {
		t.Errorf("a dump allocates %d MiB, which is more than the goroutines have: %d MiB", used>>20, theirs>>20)
	}
	explains(t, p.text(), "100,000 goroutines, chan receive, In[2]:7, never")
	good(t, s, 5, "close(never)")
	onlyOf(t, s)
}

// BenchmarkDump measures a dump of 100,000 parked goroutines, and what this
// process has in memory with them.
func BenchmarkDump(b *testing.B) {
	s := newSession(b)
	good(b, s, 1, fmt.Sprintf(park, parked, parked))
	var peak uint64
	for n := 2; b.Loop(); n++ {
		good(b, s, n, "%goroutines")
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.Sys-m.HeapReleased)
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/dump")
	b.ReportMetric(float64(peak>>20), "MiB-in-all")
	good(b, s, 1000000, "close(never)")
}

// BenchmarkStart measures 100,000 goroutines, started and joined by a cell.
func BenchmarkStart(b *testing.B) {
	s := newSession(b)
	for n := 1; b.Loop(); n++ {
		start(b, s, n)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/parked, "ns/goroutine")
}

func start(t testing.TB, s *session.Session, number int) {
	good(t, s, number, fmt.Sprintf(`func() {
	var wg sync.WaitGroup
	wg.Add(%d)
	for range %d {
		go func() { wg.Done() }()
	}
	wg.Wait()
}()`, parked, parked))
}

// TestLedgerCost measures what starting goroutines costs without the ledger: the
// time that cells take, without that of what the ledger does for each goroutine. With
// the ledger it may be twice as much.
func TestLedgerCost(t *testing.T) {
	s := newSession(t)
	l, group := goroutine.NewLedger(), goroutine.NewGroup("In[1]")
	plain := func() {}
	known := func() {
		g := l.Begin(&goroutine.G{ID: goid.Get(), Group: group, Start: "In[1]:5", Func: "func literal"})
		group.Started()
		defer l.End(g)
		defer g.Enter().Leave()
		g.Away(goroutine.Site{}) // for the call of Done
		g.Back()
	}
	const rounds = 3
	best := [3]time.Duration{time.Hour, time.Hour, time.Hour}
	for round := range rounds {
		for i, f := range []func(){
			func() { start(t, s, round+1) },
			func() { startPlainly(func() { group.Starting() }, known) },
			func() { startPlainly(plain, plain) },
		} {
			begin := time.Now()
			f()
			best[i] = min(best[i], time.Since(begin))
		}
	}
	cell, ledger := best[0], best[1]-best[2]
	t.Logf("%d goroutines of a cell: %v, of which %v for the ledger", parked, cell, ledger)
	if 2*ledger > cell {
		t.Errorf("starting %d goroutines takes %v, more than twice what it takes without the ledger: %v", parked, cell, cell-ledger)
	}
}

// startPlainly starts and joins goroutines of compiled code.
func startPlainly(before, do func()) {
	var wg sync.WaitGroup
	for range parked {
		before()
		wg.Go(do)
	}
	wg.Wait()
}

// TestMillion starts a million goroutines in batches, with the memory that a worker
// has on a small machine.
func TestMillion(t *testing.T) {
	if testing.Short() {
		t.Skip("a million goroutines")
	}
	s, err := supervisor.New(supervisor.Options{
		Command: []string{os.Args[0]}, Env: append(os.Environ(), "INSTRUMENTS_TEST=worker"), MemoryLimit: "1GiB",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	execute := func(number int, text string) *page {
		t.Helper()
		p := newPage()
		if out := s.Execute(t.Context(), request(number, text), p); out.Failure != nil {
			t.Fatal(out.Failure)
		}
		return p
	}
	execute(1, "kept := 3")
	p := execute(2, `func() {
	var n atomic.Int64
	for range 100 {
		var begun, ended sync.WaitGroup
		gate := make(chan bool)
		begun.Add(10_000)
		for range 10_000 {
			ended.Go(func() {
				begun.Done()
				<-gate
				n.Add(1)
			})
		}
		begun.Wait()
		close(gate)
		ended.Wait()
	}
	fmt.Println("ended:", n.Load())
}()`)
	explains(t, p.text(), "ended: 1000000")
	explains(t, execute(3, "kept").text(), "3")
}

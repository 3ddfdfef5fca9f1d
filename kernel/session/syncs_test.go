package session_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// A notebook runs cells one after the other in one session.
type notebook struct {
	t       *testing.T
	session *session.Session
	cells   int
}

func newNotebook(t *testing.T) *notebook {
	n := &notebook{t: t, session: session.New(session.Options{})}
	t.Cleanup(func() { n.session.Close() })
	return n
}

// run runs a cell and returns what it has shown so far.
func (n *notebook) run(ctx context.Context, text string) *recorder {
	n.t.Helper()
	n.cells++
	rec := &recorder{}
	req := cell.Request{Source: cell.Source{Number: n.cells, Text: text}}
	out, _ := n.session.Execute(ctx, req, displayless{rec})
	rec.failure(out.Failure)
	return rec
}

// displayless is a front end without displays, such as the notes on goroutines.
type displayless struct{ *recorder }

func (p displayless) Output(o cell.Output) {
	if _, ok := o.(cell.Display); !ok {
		p.recorder.Output(o)
	}
}

// expect runs a cell and compares what it has shown at its end.
func (n *notebook) expect(text, want string) {
	n.t.Helper()
	if got := n.run(n.t.Context(), text).text(); got != want {
		n.t.Errorf("In[%d] shows %q, want %q", n.cells, got, want)
	}
}

func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.startLine()
	return r.b.String()
}

// interrupt runs a cell that waits and interrupts it once it has said "waits".
func (n *notebook) interrupt(text string) {
	n.t.Helper()
	ctx, cancel := context.WithCancelCause(n.t.Context())
	fe := &watching{recorder: &recorder{}, on: "waits", call: func() { cancel(cell.ErrInterrupted) }}
	n.cells++
	out, _ := n.session.Execute(ctx, cell.Request{Source: cell.Source{Number: n.cells, Text: text}}, fe)
	if out.Failure == nil || out.Failure.Name != cell.Interrupt {
		n.t.Errorf("In[%d] is not interrupted: %v", n.cells, out.Failure)
	}
}

// watching calls a function when a cell has written a text.
type watching struct {
	*recorder
	on   string
	call func()
}

func (w *watching) Output(o cell.Output) {
	w.recorder.Output(o)
	if s, ok := o.(cell.Stream); ok && strings.Contains(s.Text, w.on) {
		w.call()
	}
}

// TestStoppedWaits interrupts cells that wait. What they waited for goes to others
// when it comes.
func TestStoppedWaits(t *testing.T) {
	n := newNotebook(t)
	n.expect(`var mu sync.Mutex
var rw sync.RWMutex
mu.Lock()
rw.RLock()
soon := func() { time.Sleep(20 * time.Millisecond); fmt.Println("waits") }
cond := sync.NewCond(&sync.Mutex{})`, "")
	n.interrupt(`go soon()
mu.Lock()`)
	n.interrupt(`go soon()
rw.Lock()`)
	n.interrupt(`go soon()
cond.L.Lock()
cond.Wait()`)
	n.interrupt(`go soon()
time.Sleep(time.Hour)`)
	n.interrupt(`go soon()
select {}`)
	n.interrupt(`go soon()
var wg sync.WaitGroup
wg.Add(1)
wg.Wait()`)
	n.expect(`rw.RLock() // no writer is left that keeps readers out
rw.RUnlock()
fmt.Println(rw.TryRLock())
rw.RUnlock()`, "true\n")
	n.expect(`mu.Unlock()
rw.RUnlock()
mu.Lock()
rw.Lock()
fmt.Println("both are free")
woken := make(chan bool)
ready := make(chan bool)
go func() {
	cond.L.Lock()
	close(ready)
	cond.Wait()
	cond.L.Unlock()
	woken <- true
}()
<-ready
cond.L.Lock() // once the other one waits
cond.Signal()
cond.L.Unlock()
<-woken`, "both are free\n=> true\n")
}

// TestRWMutexShared has many goroutines read and write at once.
func TestRWMutexShared(t *testing.T) {
	newNotebook(t).expect(`var rw sync.RWMutex
var wg sync.WaitGroup
total, wrong := 0, atomic.Int32{}
for range 20 {
	wg.Go(func() {
		for range 100 {
			rw.Lock()
			total++
			runtime.Gosched()
			total++
			rw.Unlock()
			rw.RLock()
			if total%2 != 0 {
				wrong.Add(1)
			}
			rw.RUnlock()
		}
	})
}
wg.Wait()
fmt.Println(total, wrong.Load(), rw.TryLock())`, "4000 0 true\n")
}

// TestExitOfEarlierCell ends a cell that has left goroutines running.
func TestExitOfEarlierCell(t *testing.T) {
	n := newNotebook(t)
	n.expect(`other := make(chan int)
go func() {
	for i := 0; ; i++ {
		other <- i
	}
}()`, "")
	first := n.run(t.Context(), `exit, own := make(chan bool), make(chan int)
go func() {
	defer fmt.Println("never printed")
	<-exit
	os.Exit(3)
}()
go func() {
	for i := 0; ; i++ {
		own <- i
	}
}()`)
	n.expect(`<-own + <-other`, "=> 0\n")
	n.expect(`exit <- true
for {
	select {
	case <-own:
		continue
	case <-time.After(50 * time.Millisecond):
	}
	break
}
<-other`, "=> 1\n")
	const want = "[stderr]\nexit status 3\n    In[2]:5: os.Exit(3)\nthe goroutines that In[2] has left running end\n"
	if got := first.text(); got != want {
		t.Errorf("the cell's output is %q, want %q", got, want)
	}
}

// TestExitDuringPanic ends a cell that panics while a deferred call still runs: the
// panic has not come to its end.
func TestExitDuringPanic(t *testing.T) {
	n := newNotebook(t)
	for range 100 {
		const cell = `begun := make(chan bool)
go func() { <-begun; os.Exit(48) }()
func() {
	defer func() { close(begun); <-make(chan int) }()
	panic("on the way")
}()`
		if got := n.run(t.Context(), cell).text(); !strings.HasPrefix(got, "! exit: exit status 48\n") {
			t.Fatalf("In[%d] shows %q", n.cells, got)
		}
	}
}

// TestTimerOfStoppedCell sees that a timer does not call a function of a cell that
// has been interrupted.
func TestTimerOfStoppedCell(t *testing.T) {
	n := newNotebook(t)
	n.expect(`calls := make(chan string, 2)`, "")
	n.interrupt(`time.AfterFunc(60*time.Millisecond, func() { calls <- "of the stopped cell" })
fmt.Println("waits")
select {}`)
	n.expect(`time.AfterFunc(80*time.Millisecond, func() { calls <- "of the next cell" })
<-calls`, "=> of the next cell\n")
}

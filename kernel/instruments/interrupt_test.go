//go:build unix

package instruments

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// counter is a cell with a goroutine that lives on, and counts.
const counter = `var count atomic.Int64
go func() {
	for {
		count.Add(1)
		time.Sleep(time.Millisecond)
	}
}()
`

// TestInterrupt interrupts cells that do not end, in the cell itself and in its
// goroutines. All goroutines of the cell must end; those of earlier ones not.
func TestInterrupt(t *testing.T) {
	for _, name := range sorted(blocks) {
		t.Run(name, func(t *testing.T) {
			s := newSession(t)
			good(t, s, 1, declare)
			good(t, s, 2, counter)
			interrupted(t, s, 3, `fmt.Println("ready"); `+blocks[name])
			onlyOf(t, s, "In[2]")
			f := interrupted(t, s, 4, `for i := range 3 { go func() { fmt.Println("ready", i); `+blocks[name]+` }() }; for { time.Sleep(time.Hour) }`)
			explains(t, f.Error(), "goroutine, In[4]:1, sleep")
			onlyOf(t, s, "In[2]")
			counts(t, s, 5)
		})
	}
}

// interrupted runs a cell, interrupts it once it has said that it is ready, and
// returns what is said of it.
func interrupted(t *testing.T, s *session.Session, number int, text string) *cell.Failure {
	t.Helper()
	p := newPage()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	ended := make(chan *cell.Failure)
	go func() {
		out, _ := s.Execute(ctx, request(number, text), p)
		ended <- out.Failure
	}()
	p.await(t, "ready")
	time.Sleep(5 * time.Millisecond) // for it to come to where it stays; either is right
	cancel(cell.ErrInterrupted)
	select {
	case f := <-ended:
		if f == nil || f.Name != cell.Interrupt {
			t.Fatalf("an interrupted cell ends with %v:\n%s", f, text)
		}
		return f
	case <-time.After(bound):
		t.Fatalf("an interrupt did not end the cell\n%s", text)
	}
	return nil
}

// TestInLibrary interrupts a cell that is in a package's function. The goroutine
// cannot be ended in there; that is said, and it ends when the function returns.
func TestInLibrary(t *testing.T) {
	s := newSession(t)
	good(t, s, 1, "a, b := net.Pipe()")
	f := interrupted(t, s, 2, "fmt.Println(\"ready\")\nb.Read(make([]byte, 1))\nfmt.Println(\"went on\")")
	explains(t, f.Error(), "cannot be ended, Read")
	good(t, s, 3, "a.Close()")
	onlyOf(t, s)
}

// onlyOf waits until no goroutine is left but those of some cells.
func onlyOf(t *testing.T, s *session.Session, cells ...string) {
	t.Helper()
	var left []string
	for end := time.Now().Add(bound / 4); ; time.Sleep(time.Millisecond) {
		left = left[:0]
		for _, g := range s.Snapshot(false).Goroutines {
			if !strings.Contains(strings.Join(cells, " "), g.Cell) {
				left = append(left, g.Cell+" "+g.Start+" "+g.Func+" "+g.Reason+" "+g.Native)
			}
		}
		if len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Errorf("goroutines that should have ended: %q", left)
			return
		}
	}
}

// counts checks that the goroutine of the cell counter still does.
func counts(t *testing.T, s *session.Session, number int) {
	t.Helper()
	p := good(t, s, number, `before := count.Load()
for end := time.Now().Add(10*time.Second); count.Load() == before && time.Now().Before(end); {
	time.Sleep(time.Millisecond)
}
count.Load() > before`)
	if !strings.Contains(p.text(), "true") {
		t.Errorf("a goroutine of an earlier cell does not count any more: %q", p.text())
	}
}

// TestGivenUp interrupts waits for what others need later: whoever waited must not
// take it any more.
func TestGivenUp(t *testing.T) {
	for name, cells := range map[string][3]string{ // before, interrupted, after
		"lock":           {`var mu sync.Mutex; mu.Lock()`, `mu.Lock()`, `mu.Unlock(); mu.Lock(); mu.Unlock()`},
		"reader":         {`var mu sync.RWMutex; mu.Lock()`, `mu.RLock()`, `mu.Unlock(); mu.Lock(); mu.Unlock()`},
		"writer":         {`var mu sync.RWMutex; mu.RLock()`, `mu.Lock()`, `mu.RLock(); mu.RUnlock(); mu.RUnlock(); mu.Lock()`},
		"receiver":       {`c := make(chan int)`, `<-c`, `select { case c <- 1: panic("taken"); default: }`},
		"sender":         {`c := make(chan int)`, `c <- 1`, `select { case <-c: panic("sent"); default: }`},
		"select":         {`c := make(chan int)`, `select { case <-c: case c <- 2: }`, `select { case <-c: panic("sent"); case c <- 1: panic("taken"); default: }`},
		"cond":           {`var mu sync.Mutex; cond := sync.NewCond(&mu); woken := make(chan bool)`, `mu.Lock(); cond.Wait()`, `go func() { mu.Lock(); cond.Wait(); mu.Unlock(); close(woken) }(); for { cond.Signal(); select { case <-woken: default: runtime.Gosched(); continue }; break }`},
		"cond's lock":    {`var mu sync.Mutex; cond := sync.NewCond(&mu)`, `mu.Lock(); cond.Wait()`, `mu.Lock(); mu.Unlock()`},
		"waitgroup":      {`var wg sync.WaitGroup; wg.Add(1)`, `wg.Wait()`, `wg.Done(); wg.Wait(); wg.Add(1); wg.Done()`},
		"once":           {`var once sync.Once; gate := make(chan bool); go once.Do(func() { <-gate })`, `once.Do(func() {})`, `close(gate); once.Do(func() { panic("again") })`},
		"relay":          {`a, b := make(chan int), make(chan int); go func() { for n := range a { b <- n } }()`, `<-b`, `a <- 1; if <-b != 1 { panic("lost") }`},
		"locked by cell": {`var mu sync.Mutex; c := make(chan int)`, `func() { mu.Lock(); defer mu.Unlock(); <-c }()`, `mu.TryLock()`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t)
			good(t, s, 1, cells[0])
			interrupted(t, s, 2, `fmt.Println("ready"); `+cells[1])
			interrupted(t, s, 3, `go func() { fmt.Println("ready"); `+cells[1]+` }(); for { time.Sleep(time.Hour) }`)
			good(t, s, 4, cells[2])
		})
	}
}

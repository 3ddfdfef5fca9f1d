package toolchain

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Run says how a program is run.
type Run struct {
	Path    string
	Args    []string
	Env     []string                                  // added to the environment
	Procs   int                                       // GOMAXPROCS; 0 leaves it alone
	Timeout time.Duration                             // 0 is for ever
	Dir     string                                    // "" is that of the session
	NoInput bool                                      // its input is at its end, and nobody looks whether it reads
	Source  func(cellName string) (cell.Source, bool) // the text of a cell, for traces
}

// Result is how a program ended.
type Result struct {
	Status    int       // the exit status, when Signal is nil; -1 when it did not run
	Signal    os.Signal // what ended it, or nil
	Wall      time.Duration
	User, Sys time.Duration // CPU time of the program and what it started
	// Failure is nil when the program ended with status 0; otherwise it says what
	// happened, with a panic's trace in cell lines.
	Failure *cell.Failure
}

// errClosed is the cause for which programs end with their Toolchain.
var errClosed = errors.New("the session was closed")

// runs are the programs that run, so that they can be ended.
type runs struct {
	mu     sync.Mutex
	closed bool
	ends   map[*context.CancelCauseFunc]bool
	under  sync.WaitGroup
}

// begin returns a context for one more run. After close it has ended already.
func (r *runs) begin(ctx context.Context) (of context.Context, done func()) {
	of, end := context.WithCancelCause(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		end(errClosed)
		return of, func() {}
	}
	if r.ends == nil {
		r.ends = map[*context.CancelCauseFunc]bool{}
	}
	r.ends[&end] = true
	r.under.Add(1)
	return of, func() {
		r.mu.Lock()
		delete(r.ends, &end)
		r.mu.Unlock()
		end(nil)
		r.under.Done()
	}
}

// close ends all runs and waits until they have ended.
func (r *runs) close() {
	r.mu.Lock()
	r.closed = true
	for end := range r.ends {
		(*end)(errClosed)
	}
	r.mu.Unlock()
	r.under.Wait()
}

package worker

import (
	"context"
	"os/exec"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Session is what runs the cells. Execute is called for one cell at a time; the
// other methods may be called while it runs. It marks the goroutines of user
// code with pprof labels, by which the supervisor finds them in a crash report:
// "cell" is the cell's name, "go" the place of the go statement that started the
// goroutine, "func" what that statement called.
type Session interface {
	// Execute runs one cell and says what the session holds afterwards. An
	// interrupt is the end of ctx, with cell.ErrInterrupted as its cause. fe may
	// be used by goroutines of the cell after Execute has returned.
	Execute(ctx context.Context, req cell.Request, fe cell.Frontend) (cell.Outcome, cell.Change)

	// Restore declares again, without side effects, what earlier cells declared
	// in a process that has died. It returns the names that did not come back.
	Restore(ctx context.Context, replay []cell.Replay) (lost []string)

	// Receive gives variables the values that a file holds, which the session of
	// another process has written. It returns those that it could not give any.
	Receive(ctx context.Context, file string) (left []cell.Left)

	// Complete, Inspect and IsComplete look at code without running it.
	Complete(ctx context.Context, code string, offset int) (cell.Completion, error)
	Inspect(ctx context.Context, code string, offset, detail int) (cell.Inspection, error)
	IsComplete(ctx context.Context, code string) (cell.Completeness, error)

	// Goroutines describes the goroutines of user code, whatever they do. words
	// are the filters of the command %goroutines as a person wrote them. An error
	// says what is wrong with them.
	Goroutines(ctx context.Context, words string) (cell.Bundle, error)

	// Close ends user code as far as it can be ended.
	Close() error
}

// Host is what the process offers to its session.
type Host struct {
	// MemoryLimit is the cap in bytes, 0 when there is none.
	MemoryLimit int64
}

// Start starts a program without the limit on data that the process has as a
// backstop of its memory cap, and which programs inherit. Programs built with
// the race detector need it: they reserve far more memory than they use.
func (Host) Start(cmd *exec.Cmd) error { return startUnlimited(cmd) }

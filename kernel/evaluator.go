package kernel

import (
	"context"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Evaluator runs cells. The server cannot tell a worker process from an echo.
//
// Execute is called for one cell at a time. The other methods may be called
// while a cell runs, from several goroutines.
type Evaluator interface {
	// Execute runs a cell and returns when everything that it printed before
	// its end has reached fe. An interrupt arrives as the end of ctx, with
	// cell.ErrInterrupted as its cause; Execute then still returns in bounded
	// time, with a Failure. fe may be used after Execute has returned, by
	// goroutines that the cell left running.
	Execute(ctx context.Context, req cell.Request, fe cell.Frontend) cell.Outcome

	// Complete, Inspect and IsComplete look at code without running it. The
	// offset is in bytes, within 0 and len(code). detail is 0 for a tooltip and
	// 1 for a whole description.
	Complete(ctx context.Context, code string, offset int) (cell.Completion, error)
	Inspect(ctx context.Context, code string, offset, detail int) (cell.Inspection, error)
	IsComplete(ctx context.Context, code string) (cell.Completeness, error)

	// Goroutines describes the goroutines of user code. words are the filters
	// of the command %goroutines as a person wrote them. A *cell.Failure as the
	// error says what is wrong with them.
	Goroutines(ctx context.Context, words string) (cell.Bundle, error)

	// Close ends user code and everything that the evaluator started, and waits
	// for it.
	Close() error
}

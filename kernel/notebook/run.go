package notebook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// An Executor runs cells, one at a time.
type Executor interface {
	Execute(ctx context.Context, req cell.Request, fe cell.Frontend) cell.Outcome
}

// Options are how a notebook is run.
type Options struct {
	AllowErrors bool          // go on after a cell that fails
	Timeout     time.Duration // of each cell; 0 is for ever
	// Begin and End, when not nil, are called before and after each cell that runs:
	// the n-th of all of them, from 0.
	Begin func(n int, c *Cell)
	End   func(n int, c *Cell, r Result)
}

// Result is how a cell ended.
type Result struct {
	Index   int // of the cell in the notebook, from 0
	Took    time.Duration
	Failure *cell.Failure // nil when it ended well
	Wanted  bool          // it was to fail: its tag says raises-exception
}

// ErrTimeout is the cause of a context that ends a cell whose time is over.
var ErrTimeout = fmt.Errorf("the time for the cell is over: %w", cell.ErrInterrupted)

// Run runs the code cells of a notebook from first to last and puts their outputs
// in the place of those that were there. It stops at the first cell that fails
// without having been meant to; the cells behind it keep what they had, without
// a number. Outputs that come after their cell's end are kept as long as Run goes
// on. The error is the context's.
func Run(ctx context.Context, n *Notebook, e Executor, o Options) ([]Result, error) {
	all := &records{}
	done := map[*Cell]*record{}
	var results []Result
	for i, c := range n.Cells {
		if !c.runs() {
			continue
		}
		if ctx.Err() != nil {
			break
		}
		rec := all.add(len(results) + 1)
		done[c] = rec
		if o.Begin != nil {
			o.Begin(len(results), c)
		}
		r := execute(ctx, c, e, rec, o.Timeout)
		r.Index = i
		if o.End != nil {
			o.End(len(results), c, r)
		}
		results = append(results, r)
		if r.Failure != nil && !r.Wanted && !o.AllowErrors {
			break
		}
	}
	for _, c := range n.Cells {
		switch rec := done[c]; {
		case rec != nil:
			c.SetOutputs(rec.number, rec.list())
		case c.Kind == Code:
			c.SetOutputs(0, nil)
		}
	}
	n.upgrade()
	return results, context.Cause(ctx)
}

// CodeCells is how many cells Run would run.
func (n *Notebook) CodeCells() (count int) {
	for _, c := range n.Cells {
		if c.runs() {
			count++
		}
	}
	return count
}

// runs reports whether there is something to run in a cell.
func (c *Cell) runs() bool { return c.Kind == Code && strings.TrimSpace(c.Source) != "" }

// execute runs one cell.
func execute(ctx context.Context, c *Cell, e Executor, rec *record, timeout time.Duration) Result {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, ErrTimeout)
		defer cancel()
	}
	r := Result{Wanted: c.MeantToFail()}
	begin := time.Now()
	out := e.Execute(ctx, cell.Request{Source: cell.Source{Number: rec.number, Text: c.Source}}, rec)
	r.Took = time.Since(begin)
	if r.Failure = out.Failure; r.Failure == nil {
		return r
	}
	if errors.Is(context.Cause(ctx), ErrTimeout) {
		r.Wanted = false
		late := fmt.Sprintf("the cell was ended after %v, the time that cells have", timeout)
		r.Failure = cell.Fail(cell.Interrupt, late, out.Failure.Traceback[min(1, len(out.Failure.Traceback)):]...)
	}
	rec.fail(r.Failure)
	return r
}

// Tags are the cell's tags.
func (c *Cell) Tags() []string { return texts(c.Metadata()["tags"]) }

// upgrade makes the notebook one of nbformat 4.5, in which each cell has an id. One
// that has none gets it from its place and text, so that running twice gives the
// same file.
func (n *Notebook) upgrade() {
	minor, _ := n.fields["nbformat_minor"].(json.Number).Int64()
	if minor >= Minor {
		return
	}
	n.fields["nbformat_minor"] = json.Number(fmt.Sprint(Minor))
	used := map[string]bool{}
	for i, c := range n.Cells {
		for salt := 0; ; salt++ {
			sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s", i, salt, c.Source))
			if id := hex.EncodeToString(sum[:4]); !used[id] {
				used[id] = true
				c.fields["id"] = id
				break
			}
		}
	}
}

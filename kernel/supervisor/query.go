package supervisor

import (
	"context"
	"errors"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// errDiedAsking answers a question when the worker died over it.
var errDiedAsking = errors.New("the process that runs the cells ended; ask again")

// Complete lists what can stand at a place in code. See kernel.Evaluator.
func (s *Supervisor) Complete(ctx context.Context, code string, offset int) (cell.Completion, error) {
	m, err := query[pipe.Completed](ctx, s, pipe.Complete{Code: code, Offset: offset})
	if err != nil {
		return cell.Completion{}, err
	}
	return m.Completion, reason(m.Error)
}

// Inspect describes the name at a place in code. See kernel.Evaluator.
func (s *Supervisor) Inspect(ctx context.Context, code string, offset, detail int) (cell.Inspection, error) {
	m, err := query[pipe.Inspected](ctx, s, pipe.Inspect{Code: code, Offset: offset, Detail: detail})
	if err != nil {
		return cell.Inspection{}, err
	}
	return m.Inspection, reason(m.Error)
}

// IsComplete tells whether code is a whole cell. See kernel.Evaluator.
func (s *Supervisor) IsComplete(ctx context.Context, code string) (cell.Completeness, error) {
	m, err := query[pipe.IsCompleted](ctx, s, pipe.IsComplete{Code: code})
	if err != nil {
		return cell.Completeness{}, err
	}
	return m.Completeness, reason(m.Error)
}

// Goroutines describes the goroutines of user code, also while a cell runs. See
// kernel.Evaluator.
func (s *Supervisor) Goroutines(ctx context.Context, words string) (cell.Bundle, error) {
	m, err := query[pipe.GoroutinesReply](ctx, s, pipe.Goroutines{Words: words})
	switch {
	case err != nil:
		return nil, err
	case m.Failure != nil:
		return nil, m.Failure
	}
	return m.Data, nil
}

func reason(text string) error {
	if text == "" {
		return nil
	}
	return errors.New(text)
}

// query asks the worker and waits for its answer.
func query[R pipe.Message](ctx context.Context, s *Supervisor, m pipe.Message) (R, error) {
	var none R
	g, err := s.current(ctx)
	if err != nil {
		return none, err
	}
	p, id := g.p, s.id()
	replies := p.expect(id)
	defer p.unexpect(id)
	if err := p.conn.Send(id, m); err != nil {
		return none, errDiedAsking
	}
	select {
	case reply := <-replies:
		if r, ok := reply.(R); ok {
			return r, nil
		}
		return none, errors.New("the process that runs the cells gave an answer to another question")
	case <-p.gone:
		return none, errDiedAsking
	case <-ctx.Done():
		p.conn.Send(id, pipe.Cancel{})
		return none, context.Cause(ctx)
	}
}

package supervisor

import (
	"context"
	"fmt"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// Execute runs a cell in the worker. See kernel.Evaluator.
func (s *Supervisor) Execute(ctx context.Context, req cell.Request, fe cell.Frontend) cell.Outcome {
	for range tries {
		g, err := s.revive(ctx)
		if ctx.Err() != nil {
			return failed(cell.Fail(cell.Interrupt, fmt.Sprintf("%s was interrupted before it began", req.Name())))
		}
		if err != nil {
			return failed(cell.Fail(cell.KernelError, err.Error()))
		}
		g.p.fence() // what was printed before belongs to the cell before
		s.latest.Store(&fe)
		s.tellLoss(g, fe)
		x, err := g.p.begin(s.id(), req, fe)
		if err != nil {
			g.p.kill(CausePipe) // it does not read: dead, or as good as
			<-g.p.gone
			continue
		}
		return s.finish(ctx, g, x, req, fe)
	}
	return failed(cell.Fail(cell.KernelError, "the worker process died again and again before the cell began; restart the kernel"))
}

func failed(f *cell.Failure) cell.Outcome { return cell.Outcome{Failure: f} }

// revive returns the current generation. If no worker came up when it was last
// tried, it has it tried once more.
func (s *Supervisor) revive(ctx context.Context) (*generation, error) {
	g, err := s.current(ctx)
	if err == nil || g == nil {
		return g, err
	}
	s.tryAgain()
	return s.await(ctx, g.next)
}

// tellLoss tells the first cell after a death between two cells what is gone:
// its reader may not have seen the report, which stands below another cell.
func (s *Supervisor) tellLoss(g *generation, fe cell.Frontend) {
	s.mu.Lock()
	orphaned := g.orphaned
	g.orphaned = false
	s.mu.Unlock()
	if orphaned {
		text := "The process that ran the cells ended after the cell before this one; its output says why. " + g.aftermath() + "\n"
		fe.Output(cell.Stream{Name: cell.Stderr, Text: text})
	}
}

// finish waits for the end of a cell: its own, the worker's, or the one that an
// interrupt brings about.
func (s *Supervisor) finish(ctx context.Context, g *generation, x *execution, req cell.Request, fe cell.Frontend) cell.Outcome {
	p := g.p
	select {
	case done := <-x.done:
		p.fence()
		if done.Successor != nil && done.Outcome.Failure == nil {
			done.Outcome.Failure = s.move(g, done.Successor, fe)
		}
		return done.Outcome
	case <-p.gone:
	case <-ctx.Done():
		p.conn.Send(x.id, pipe.Cancel{})
		if done, ok := p.wind(x, s.grace); ok {
			p.fence()
			return done.Outcome
		}
	}
	select {
	case done := <-x.done: // it ended just before the process did
		return done.Outcome
	default:
	}
	return s.afterDeath(g, req, fe)
}

// What an interrupted cell may take beside the grace, for each goroutine that has to
// be stopped and told of, and at most.
const (
	graceEach = 200 * time.Microsecond
	graceMost = time.Minute
)

// wind waits for an interrupted cell to end by itself, and ends the worker when
// it does not. Time in which the worker can do nothing because a front end is
// slow to take its output does not count.
func (p *process) wind(x *execution, grace time.Duration) (pipe.Done, bool) {
	const steps = 10
	tick := time.NewTicker(grace / steps)
	defer tick.Stop()
	for left, before := steps, int64(-1); left > 0; {
		select {
		case done := <-x.done:
			return done, true
		case <-p.gone:
			return pipe.Done{}, false
		case m := <-x.stopping:
			crowd := min(max(m.Goroutines, 0), int(graceMost/graceEach))
			left += int(time.Duration(crowd) * graceEach * steps / grace)
		case <-tick.C:
			now := p.deliveries.Load()
			if stuck := now == before && now%2 == 1; !stuck {
				left--
			}
			before = now
		}
	}
	p.quit(CauseUnstoppable)
	return pipe.Done{}, false
}

// fence returns when everything that user code wrote to the process's standard
// output and error before has been shown.
func (p *process) fence() {
	p.stdout.fence(p.gone)
	p.stderr.fence(p.gone)
}

// afterDeath reports the death of the worker in the cell that was running.
func (s *Supervisor) afterDeath(g *generation, req cell.Request, fe cell.Frontend) cell.Outcome {
	death := g.p.death
	next, err := s.await(context.Background(), g.next)
	after := ""
	switch {
	case err == ErrClosed:
		return failed(cell.Fail(cell.KernelError, fmt.Sprintf("the kernel was shut down while %s ran", req.Name())))
	case err != nil:
		after = "The session could not be started again: " + err.Error()
	default:
		after = next.aftermath()
	}
	if death.Cause == "" && death.Signal == 0 && death.Status == 0 {
		note := fmt.Sprintf("os.Exit(0) ended the process that ran %s. %s", req.Name(), after)
		fe.Output(cell.Display{Data: cell.Text(note)})
		return cell.Outcome{}
	}
	f := death.failure(s.limit)
	if len(f.Traceback) > 1 {
		f.Traceback = append(f.Traceback, "")
	}
	f.Traceback = append(f.Traceback, after)
	return failed(f)
}

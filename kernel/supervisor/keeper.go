package supervisor

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// tries is how often a worker that dies at its start is started.
const tries = 3

// generation is one worker's time, beginning before its start: its fields are
// set when ready is closed.
type generation struct {
	ready chan struct{}
	p     *process // nil when err is not
	err   error    // why no worker came up
	next  *generation

	restored  bool     // earlier cells' declarations were declared again
	lost      []string // declarations that did not come back
	variables []string // variables that went with the worker before
	without   bool     // the worker with modules did not come up
	orphaned  bool     // the worker before died between two cells; guarded by Supervisor.mu
}

func newGeneration() *generation { return &generation{ready: make(chan struct{})} }

// keep starts one worker after the other until Close.
func (s *Supervisor) keep(g *generation) {
	defer close(s.kept)
	defer s.disinherit()
	for {
		g.next = newGeneration()
		s.fill(g)
		close(g.ready)
		if g.p == nil {
			select {
			case <-s.retry:
			case <-s.closing.Done():
				return
			}
		} else {
			select {
			case <-g.p.gone:
			case <-s.closing.Done():
				g.p.leave(CauseClosed)
				return
			}
			s.mourn(g)
		}
		s.mu.Lock()
		s.gen = g.next
		s.mu.Unlock()
		g = g.next
	}
}

// fill starts the worker of a generation, if it does not run already. The last try
// leaves out what earlier cells declared, in case that is what kills it.
func (s *Supervisor) fill(g *generation) {
	s.mu.Lock()
	if s.clean {
		s.replay, s.variables, s.clean, s.command = nil, nil, false, s.own
	} else if s.heir != nil {
		s.inherit(g)
		s.mu.Unlock()
		s.drop(g.lost)
		return
	}
	replay, command := s.replay, s.command
	g.variables, s.variables = s.variables, nil
	s.mu.Unlock()
	s.disinherit()
	err := s.attempt(g, command, replay)
	if err != nil && s.closing.Err() == nil && !slices.Equal(command, s.own) {
		s.mu.Lock()
		s.command, g.without = s.own, true
		s.mu.Unlock()
		err = s.attempt(g, s.own, replay)
	}
	switch {
	case err == nil:
		return
	case s.closing.Err() != nil:
		g.err = ErrClosed
		return
	}
	g.err = fmt.Errorf("no worker process for user code: %w; run the cell again to try once more, or restart the kernel", err)
	s.mu.Lock()
	s.variables = g.variables // to be named when one comes up
	s.mu.Unlock()
}

// attempt tries to start the worker of a generation.
func (s *Supervisor) attempt(g *generation, command []string, replay []cell.Replay) (err error) {
	g.lost = nil
	for try := range tries {
		if try == tries-1 {
			g.lost, replay = names(replay), nil
		}
		var started pipe.Started
		g.p, started, err = s.launch(command, pipe.Start{Replay: replay})
		if err == nil {
			g.lost = append(g.lost, started.Lost...)
			g.restored = len(replay) > len(started.Lost)
			s.drop(g.lost)
			return nil
		}
		s.log.Error("the worker did not come up", "try", try+1, "error", err)
		if s.closing.Err() != nil || !errors.Is(err, errDied) {
			break // the same would happen again
		}
	}
	return err
}

func names(replay []cell.Replay) []string {
	var names []string
	for _, r := range replay {
		names = append(names, r.Name)
	}
	return names
}

// drop removes declarations that did not come back from those that are kept.
func (s *Supervisor) drop(lost []string) {
	if len(lost) == 0 {
		return
	}
	gone := map[string]bool{}
	for _, name := range lost {
		gone[name] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var kept []cell.Replay
	for _, r := range s.replay {
		if !gone[r.Name] {
			kept = append(kept, r)
		}
	}
	s.replay = kept
}

// mourn reports a death that no running cell can report: below the latest cell,
// and later to the next one.
func (s *Supervisor) mourn(g *generation) {
	p := g.p
	p.mu.Lock()
	between := p.running == nil && (p.death.Cause == "" || p.death.Cause == CausePipe)
	p.mu.Unlock()
	if !between {
		return
	}
	s.log.Warn("the worker died between two cells", "death", p.death.String())
	s.mu.Lock()
	g.next.orphaned = true
	s.mu.Unlock()
	if fe := s.latest.Load(); fe != nil {
		(*fe).Output(cell.Stream{Name: cell.Stderr, Text: p.death.failure(s.limit).Error() + "\n"})
	}
}

func (s *Supervisor) tryAgain() {
	select {
	case s.retry <- struct{}{}:
	default: // somebody else has asked
	}
}

// current returns the generation whose worker lives. With an error the
// generation is the one that failed to start, or nil.
func (s *Supervisor) current(ctx context.Context) (*generation, error) {
	s.mu.Lock()
	g := s.gen
	s.mu.Unlock()
	return s.await(ctx, g)
}

// await returns the first generation from g on whose worker lives.
func (s *Supervisor) await(ctx context.Context, g *generation) (*generation, error) {
	for {
		select {
		case <-g.ready:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-s.closing.Done():
			return nil, ErrClosed
		}
		if g.err != nil {
			return g, g.err
		}
		select {
		case <-g.p.gone:
			g = g.next
		default:
			return g, nil
		}
	}
}

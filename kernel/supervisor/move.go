package supervisor

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// A session may name another program in which it is to go on. That is started
// while the old worker lives, so that nothing is lost when it does not come up.

// heir is a worker that is to be the next one.
type heir struct {
	p       *process
	command []string
	started pipe.Started
	left    []cell.Left // all variables that have no value in it
}

// move goes on with the session in a successor of g's worker. On failure, the
// session stays where it is.
func (s *Supervisor) move(g *generation, to *cell.Successor, fe cell.Frontend) *cell.Failure {
	if to.Values != "" {
		defer os.Remove(to.Values)
	}
	s.mu.Lock()
	replay, variables := s.replay, s.variables
	s.mu.Unlock()
	command := []string{to.Program, "worker"}
	p, started, err := s.launch(command, pipe.Start{Replay: replay, Values: to.Values})
	if err != nil {
		return cell.Fail(cell.CommandError, "the process with the modules does not come up, so only compiled cells have them, and the session stays as it is: "+err.Error())
	}
	h := &heir{p, command, started, slices.Concat(to.Left, started.Left)}
	if !s.appoint(g, h) {
		p.leave(CauseMoved)
		return cell.Fail(cell.KernelError, "the process that ran the cells ended before the session could go on in another one; run the cell again")
	}
	g.p.leave(CauseMoved)
	next, err := s.await(context.Background(), g.next)
	if err != nil {
		return cell.Fail(cell.KernelError, err.Error())
	}
	p.fence() // its packages may have printed when they were initialized
	if text := next.arrival(h, variables); text != "" {
		fe.Output(cell.Display{Data: cell.Text(text)})
	}
	return nil
}

// appoint makes a worker the next one, unless the time of g is over.
func (s *Supervisor) appoint(g *generation, h *heir) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || s.clean || s.gen != g {
		return false
	}
	s.heir = h
	return true
}

// inherit makes the heir the worker of a generation. mu is held.
func (s *Supervisor) inherit(g *generation) {
	h := s.heir
	s.heir, s.command = nil, h.command
	g.p, g.lost, g.restored = h.p, h.started.Lost, len(s.replay) > len(h.started.Lost)
	s.variables = slices.DeleteFunc(slices.Clone(s.variables), func(v string) bool {
		return slices.ContainsFunc(h.left, func(l cell.Left) bool { return l.Name == nameOf(v) })
	})
}

// disinherit ends a worker that is not to be the next one any more.
func (s *Supervisor) disinherit() {
	s.mu.Lock()
	h := s.heir
	s.heir, s.ended = nil, s.closing.Err() != nil
	s.mu.Unlock()
	if h != nil {
		h.p.leave(CauseMoved)
	}
}

// nameOf is the name in a line of a variable and its type.
func nameOf(variable string) string {
	name, _, _ := strings.Cut(variable, " ")
	return name
}

// arrival says what has come along to a successor, "" when there was nothing to
// tell.
func (g *generation) arrival(h *heir, variables []string) string {
	if len(g.lost) == 0 && len(variables) == 0 {
		return ""
	}
	text := "The session goes on in another process, which has the modules."
	if len(g.lost) > 0 {
		text += " Not declared again: " + strings.Join(g.lost, ", ") + "."
	}
	var came []string
	for _, v := range variables {
		if name := nameOf(v); !slices.ContainsFunc(h.left, func(l cell.Left) bool { return l.Name == name }) {
			came = append(came, name)
		}
	}
	if len(came) > 0 {
		text += listed("Variables that came along: ", came)
	}
	var left []string
	for _, l := range h.left {
		left = append(left, fmt.Sprintf("%s (%s)", l.Name, l.Reason))
	}
	if len(left) > 0 {
		text += listed("Variables that could not: ", left)
	}
	return text
}

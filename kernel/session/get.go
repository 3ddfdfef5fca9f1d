package session

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/compiled"
	"github.com/chanbook/chanbook/kernel/modules"
	"github.com/chanbook/chanbook/kernel/modules/bound"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// getName names what %get leaves to be done again after a death.
const getName = "%get"

// getCommand adds modules of others. For interpreted cells, the session goes on in
// another worker program, which has them as compiled code.
func (s *Session) getCommand(c call) (cell.Outcome, cell.Change) {
	asked := &compiled.Call{Ctx: c.ctx, Name: c.name(), Args: c.rest, Out: c.fe, Cell: cell.Source{Number: c.req.Number}}
	got, bad := s.compiledCells().Get(asked)
	if bad != nil {
		return cell.Outcome{Failure: bad}, cell.Change{}
	}
	if len(got.Modules) == 0 {
		got.Show()
		return cell.Outcome{}, cell.Change{}
	}
	line := modules.Line(got.Modules)
	change := cell.Change{Replay: []cell.Replay{{Name: getName, Source: line, Cell: c.req.Number}}}
	if c.rest == "" && bound.Set() != line { // only what is there was asked for
		got.Show(forCompiled + "Get them once more to have them in interpreted cells.")
		return cell.Outcome{}, change
	}
	notes, successor, bad := s.forInterpreted(asked, got, line)
	if bad != nil {
		return cell.Outcome{Failure: bad}, cell.Change{}
	}
	got.Show(notes...)
	change.Successor = successor
	return cell.Outcome{}, change
}

const forCompiled = "Only compiled cells (%%go and the like) have these modules. "

// forInterpreted finds a worker program with the modules for interpreted cells to
// go on in; it is nil when they have them, or cannot.
func (s *Session) forInterpreted(asked *compiled.Call, got *compiled.Got, line string) (notes []string, to *cell.Successor, bad *cell.Failure) {
	switch {
	case bound.Set() == line:
		return nil, nil, nil
	case !s.opts.Moves:
		return []string{forCompiled + "Interpreted cells would have to go on in another process, which only a kernel can start."}, nil, nil
	}
	cache, err := modules.Cache()
	if err != nil {
		return []string{forCompiled + err.Error()}, nil, nil
	}
	w, err := modules.BuildWorker(asked.Ctx, got.Base, got.Modules, pipe.Build(), cache, got.Tell)
	if errors.Is(err, cell.ErrInterrupted) {
		got.Show(forCompiled + "The building of a worker for interpreted cells was interrupted.")
		return nil, nil, cell.Fail(cell.Interrupt, "%get was interrupted")
	}
	if err != nil {
		return []string{forCompiled + "For interpreted cells, a worker with them could not be built: " + beginning(err.Error())}, nil, nil
	}
	to = &cell.Successor{Program: w.Path}
	if n := s.ending(); n > 0 {
		w.Notes = append(w.Notes, fmt.Sprintf("The session goes on in another process; %s.", endings(n)))
	}
	s.pack(filepath.Dir(got.Base.Dir), to)
	return w.Notes, to, nil
}

// beginning is the first lines of a report.
func beginning(text string) string {
	const most = 12
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("and %d more lines", len(lines)-most))
	}
	return strings.Join(lines, "\n")
}

// ending counts the goroutines of cells, which end with this process.
func (s *Session) ending() int { return len(s.snapshot(false, briefly).Goroutines) }

func endings(n int) string {
	if n == 1 {
		return "the goroutine that a cell has left running ends with this one"
	}
	return fmt.Sprintf("the %d goroutines that cells have left running end with this one", n)
}

// restoreModules takes note of the modules of a process that has died. They are
// got when a compiled cell needs them.
func (s *Session) restoreModules(line string) error {
	return s.compiledCells().Owe(strings.TrimPrefix(line, getName))
}

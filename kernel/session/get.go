package session

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
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
	list, without := s.bindable(got.Modules, c.rest)
	change := cell.Change{Replay: []cell.Replay{{Name: getName, Source: modules.Line(got.Modules), Cell: c.req.Number}}}
	if c.rest == "" && bound.Set() != modules.Line(list) { // only what is there was asked for
		got.Show(forCompiled + "Get them once more to have them in interpreted cells.")
		return cell.Outcome{}, change
	}
	notes, successor, bad := s.forInterpreted(asked, got, list, without)
	if bad != nil {
		return cell.Outcome{Failure: bad}, cell.Change{}
	}
	for _, m := range without {
		notes = append(notes, fmt.Sprintf("Only compiled cells have %s: a process with it does not come up.", m))
	}
	got.Show(notes...)
	change.Successor = successor
	return cell.Outcome{}, change
}

const forCompiled = "Only compiled cells (%%go and the like) have these modules. "

// bindable are the modules that a worker can have. Those are left out with which one
// has not come up, unless they are asked for again. That was one which was to be the
// successor of this process, or of an earlier one.
func (s *Session) bindable(all []modules.Module, words string) (list []modules.Module, without []string) {
	for _, m := range all {
		name := m.Path + "@" + m.Version
		failed := slices.Contains(bound.Without(), name) || slices.Contains(s.tried, name)
		if failed && !slices.ContainsFunc(strings.Fields(words), func(w string) bool { return isOf(w, m.Path) }) {
			without = append(without, name)
			continue
		}
		list = append(list, m)
	}
	return list, without
}

// try takes note of the modules that a successor has and this process has not: if it
// lives on, the successor has not come up.
func (s *Session) try(list []modules.Module) {
	have := strings.Fields(bound.Set())
	s.tried = nil
	for _, m := range list {
		if !slices.ContainsFunc(have, func(w string) bool { return isOf(w, m.Path) }) {
			s.tried = append(s.tried, m.Path+"@"+m.Version)
		}
	}
}

// isOf tells whether path@version is of a module.
func isOf(word, module string) bool {
	path, _, _ := strings.Cut(word, "@")
	return path == module || strings.HasPrefix(path, module+"/")
}

// forInterpreted finds a worker program with the modules for interpreted cells to
// go on in; it is nil when they have them, or cannot.
func (s *Session) forInterpreted(asked *compiled.Call, got *compiled.Got, list []modules.Module, without []string) (notes []string, to *cell.Successor, bad *cell.Failure) {
	switch {
	case len(list) == 0, bound.Set() == modules.Line(list):
		return nil, nil, nil
	case !s.opts.Moves:
		return []string{forCompiled + "Interpreted cells would have to go on in another process, which only a kernel can start."}, nil, nil
	}
	cache, err := modules.Cache()
	if err != nil {
		return []string{forCompiled + err.Error()}, nil, nil
	}
	w, err := modules.BuildWorker(asked.Ctx, got.Base, list, modules.WorkerOptions{Build: pipe.Build(), Cache: cache, Without: without, Tell: got.Tell})
	if errors.Is(err, cell.ErrInterrupted) {
		got.Show(forCompiled + "The building of a worker for interpreted cells was interrupted.")
		return nil, nil, cell.Fail(cell.Interrupt, "%get was interrupted")
	}
	if err != nil {
		return []string{forCompiled + "For interpreted cells, a worker with them could not be built: " + beginning(err.Error())}, nil, nil
	}
	s.try(list)
	to = &cell.Successor{Program: w.Path}
	if n := s.ending(); n > 0 {
		w.Notes = append(w.Notes, fmt.Sprintf("The session is to go on in another process, and %s.", endings(n)))
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

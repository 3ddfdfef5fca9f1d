package session

import (
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/compiled"
	"github.com/chanbook/chanbook/kernel/modules"
)

// getName names what %get leaves to be done again after a death.
const getName = "%get"

// getCommand adds modules of others.
func (s *Session) getCommand(c call) (cell.Outcome, cell.Change) {
	got, bad := s.compiledCells().Get(&compiled.Call{
		Ctx: c.ctx, Name: c.name(), Args: c.rest, Out: c.fe, Cell: cell.Source{Number: c.req.Number},
	})
	if bad != nil {
		return cell.Outcome{Failure: bad}, cell.Change{}
	}
	got.Show()
	if len(got.Modules) == 0 {
		return cell.Outcome{}, cell.Change{}
	}
	return cell.Outcome{}, cell.Change{Replay: []cell.Replay{{Name: getName, Source: modules.Line(got.Modules), Cell: c.req.Number}}}
}

// restoreModules takes note of the modules of a process that has died. They are
// got when a compiled cell needs them.
func (s *Session) restoreModules(line string) error {
	return s.compiledCells().Owe(strings.TrimPrefix(line, getName))
}

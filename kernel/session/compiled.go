package session

import (
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/compiled"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

func init() {
	for name := range compiled.Commands {
		handlers[name] = compiledCell(name)
	}
}

// compiledCell makes a handler of a command whose cell the toolchain compiles.
// The cell has nothing to do with the interpreter.
func compiledCell(name string) func(*Session, call) (cell.Outcome, cell.Change) {
	return func(s *Session, c call) (cell.Outcome, cell.Change) {
		at := strings.Index(c.code, c.rest)
		if c.rest == "" {
			at = 0
		}
		code := c.code[:at] + strings.Repeat(" ", len(c.rest)) + c.code[at+len(c.rest):]
		asked := &compiled.Call{
			Ctx: c.ctx, Name: name, Args: c.rest, Out: c.fe,
			Cell: cell.Source{Number: c.req.Number, Text: code},
		}
		out := s.compiledCells().Run(asked)
		if asked.Keeps == "" {
			return out, cell.Change{}
		}
		return out, cell.Change{Replay: []cell.Replay{{Name: keepName + asked.Keeps, Source: code, Cell: c.req.Number}}}
	}
}

// keepName, and the name of what is kept, name what a cell leaves to be kept again
// after a death.
const keepName = "%%go -keep "

// restoreKept keeps again what a process has kept that has died. ok is false for
// what is something else.
func (s *Session) restoreKept(r cell.Replay) (ok bool) {
	name, ok := strings.CutPrefix(r.Name, keepName)
	if ok {
		s.compiledCells().Keep(name, cell.Source{Number: r.Cell, Text: r.Source})
	}
	return ok
}

// needsCommand is %needs.
func (s *Session) needsCommand(c call) (cell.Outcome, cell.Change) {
	return s.compiledCells().Needs(&compiled.Call{Ctx: c.ctx, Name: c.name(), Args: c.rest, Out: c.fe}), cell.Change{}
}

// compiledCells are the session's compiled cells. They are made when the first one
// comes, because most sessions of interpreted cells have none.
func (s *Session) compiledCells() *compiled.Cells {
	if s.cells == nil {
		s.toolchain = toolchain.New(toolchain.Options{Start: s.opts.Start})
		s.cells = compiled.New(s.toolchain, program.NewPackages(packages, nil))
	}
	return s.cells
}

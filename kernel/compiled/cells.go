// Package compiled answers the cells that the Go toolchain compiles: %%go, %%race,
// %%bench, %%trace, %%test, %%asm and %%escape; and %get, which adds modules to
// them.
//
// Each command has a file. It reads the flags of the command's line (settings.go),
// has package program make a program of the cell, package toolchain build and run
// it, and a package of its own read and draw what came of that: race, bench, trace,
// testrun, listing. What is wrong with a cell or missing on the machine comes back as
// a cell.Failure; nothing panics because of a cell.
//
// The package knows nothing of interpreted cells, of sessions or of Jupyter. Its
// goroutines end before the method that started them returns.
package compiled

import (
	"context"

	"github.com/chanbook/chanbook/kernel/bench"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// Cells runs the compiled cells of one session, one after the other.
type Cells struct {
	toolchain *toolchain.Toolchain
	importer  program.Importer
	kept      []program.Kept // the latest first

	inUse []*toolchain.Binary // by the cell that runs
	lacks needs               // what the machine lacks of what the notebook needs
	got   got

	benched bench.Saved
}

// New returns the compiled cells of a session.
func New(t *toolchain.Toolchain, importer program.Importer) *Cells {
	s := &Cells{toolchain: t}
	s.importer = &withModules{standard: importer, got: &s.got}
	return s
}

// A Call is one cell with a command.
type Call struct {
	Ctx  context.Context
	Name string      // of the command: "%%race"
	Args string      // what follows it on its line
	Cell cell.Source // the whole cell; in the place of the first line stand spaces
	Out  cell.Frontend

	// Keeps is set by the command: the name under which it has kept the cell.
	Keeps string

	tags []string // build tags of its line
}

// Run runs a cell with its command.
func (s *Cells) Run(c *Call) cell.Outcome {
	defer func() {
		for _, b := range s.inUse {
			b.Release()
		}
		s.inUse = nil
	}()
	if out, ok := s.skipped(c); ok {
		return out
	}
	return Commands[c.Name](s, c)
}

// Commands are what the session's commands do with a cell.
var Commands = map[string]func(*Cells, *Call) cell.Outcome{
	"%%go":     (*Cells).Go,
	"%%escape": (*Cells).Escape,
	"%%asm":    (*Cells).Asm,
	"%%test":   (*Cells).Test,
	"%%bench":  (*Cells).Bench,
	"%%trace":  (*Cells).Trace,
	"%%race":   (*Cells).Race,
}

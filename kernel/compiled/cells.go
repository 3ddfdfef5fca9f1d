// Package compiled runs the cells that the Go toolchain compiles: %%go, %%race,
// %%bench, %%trace, %%test, %%asm and %%escape.
package compiled

import (
	"context"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// Cells runs the compiled cells of one session, one after the other.
type Cells struct {
	toolchain *toolchain.Toolchain
	importer  program.Importer
	kept      []program.Kept // the latest first
}

// New returns the compiled cells of a session.
func New(t *toolchain.Toolchain, importer program.Importer) *Cells {
	return &Cells{toolchain: t, importer: importer}
}

// A Call is one cell with a command.
type Call struct {
	Ctx  context.Context
	Name string      // of the command: "%%race"
	Args string      // what follows it on its line
	Cell cell.Source // the whole cell; in the place of the first line stand spaces
	Out  cell.Frontend
}

// Commands are what the session's commands do with a cell.
var Commands = map[string]func(*Cells, *Call) cell.Outcome{
	"%%go": (*Cells).Go,
}

package toolchain

import (
	"context"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Run fails: sessions do not run on Windows, so nothing has been built.
func (t *Toolchain) Run(context.Context, Run, cell.Frontend) Result {
	return Result{Status: -1, Failure: cell.Fail(cell.CommandError, "compiled cells do not run on Windows")}
}

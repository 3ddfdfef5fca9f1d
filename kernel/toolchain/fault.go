package toolchain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// possible says why a build cannot work on this machine.
func (b Build) possible(g *tools) error {
	return nil
}

// fault is the error of a tool that did not succeed.
func (j *job) fault(out written, err error) error {
	return j.t.goError(j.tools, j.scratch, j.Build, out, err)
}

// goError is the error of a tool that did not succeed.
func (t *Toolchain) goError(g *tools, s *scratch, b Build, out written, err error) error {
	if !failed(err) {
		return err
	}
	text := strings.TrimSpace(out.all)
	switch {
	case noSpace(text):
		return fullDisk(s.dir)
	case text == "":
		return fmt.Errorf("the Go toolchain failed: %w", err)
	}
	first, _, _ := strings.Cut(text, "\n")
	f := cell.Fail(cell.CompileError, first)
	f.Traceback = strings.Split(text, "\n")
	return errors.Join(f)
}

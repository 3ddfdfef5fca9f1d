package toolchain

import (
	"context"
	"errors"
	"os/exec"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// Options are what a Toolchain needs to know of the process around it.
type Options struct {
	// Start starts a program; nil is (*exec.Cmd).Start.
	Start func(*exec.Cmd) error
}

// A Toolchain builds and runs programs with the Go that is installed.
type Toolchain struct {
	opts Options
	runs runs // the programs that run
}

// New returns a Toolchain. Nothing is looked for before the first Build.
func New(o Options) *Toolchain { return &Toolchain{opts: o} }

// Close ends the programs that run and removes everything that was written.
func (t *Toolchain) Close() error {
	t.runs.close()
	return nil
}

// Build says what is to be built.
type Build struct {
	Program *program.Program
	Test    bool                                      // a test binary (with Program made by program.Options.Test)
	Fuzz    bool                                      // a test binary that is instrumented for fuzzing
	Race    bool                                      // with the race detector
	Debug   bool                                      // with debug information and symbols
	Tags    string                                    // build tags, separated by commas
	GCFlags []string                                  // further flags for the compiler
	Source  func(cellName string) (cell.Source, bool) // the text of a cell, for errors
}

// A Binary is a program that has been built. It stays there until the Toolchain
// is closed or Release is called and others take its place.
type Binary struct {
	Path   string
	Cached bool   // nothing had to be built
	Output string // what the compiler wrote though it succeeded, as for -gcflags=-m
}

// Build builds a program, unless the very same one is there. Its error is
// check.Diagnostics for what is wrong with the cell, or another one that says what
// is missing on the machine and what to do.
func (t *Toolchain) Build(ctx context.Context, b Build) (*Binary, error) {
	return nil, errors.New("not written yet")
}

// Compile compiles a program without linking it, and returns what the compiler
// wrote: for flags such as -m and -S.
func (t *Toolchain) Compile(ctx context.Context, b Build) (output string, err error) {
	return "", errors.New("not written yet")
}

// Scratch makes a folder for the files of one run. remove removes it.
func (t *Toolchain) Scratch() (dir string, remove func(), err error) {
	return "", nil, errors.New("not written yet")
}

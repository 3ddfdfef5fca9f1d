package toolchain

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// Options are what a Toolchain needs to know of the process around it.
type Options struct {
	// Start starts a program; nil is (*exec.Cmd).Start.
	Start func(*exec.Cmd) error
}

// A Toolchain builds and runs programs with the Go that is installed.
type Toolchain struct{ opts Options }

// New returns a Toolchain. Nothing is looked for before the first Build.
func New(o Options) *Toolchain { return &Toolchain{opts: o} }

// Close ends the programs that run and removes everything that was written.
func (t *Toolchain) Close() error { return nil }

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

// Run says how a program is run.
type Run struct {
	Path    string
	Args    []string
	Env     []string                                  // added to the environment
	Procs   int                                       // GOMAXPROCS; 0 leaves it alone
	Timeout time.Duration                             // 0 is for ever
	Dir     string                                    // "" is that of the session
	Source  func(cellName string) (cell.Source, bool) // the text of a cell, for traces
}

// Result is how a program ended.
type Result struct {
	Status    int       // the exit status, when Signal is nil
	Signal    os.Signal // what ended it, or nil
	Wall      time.Duration
	User, Sys time.Duration // CPU time of the program and what it started
	// Failure is nil when the program ended with status 0; otherwise it says what
	// happened, with a panic's trace in cell lines.
	Failure *cell.Failure
}

// Run runs a program in a process group of its own until it ends: its output and
// displays go to fe, in their order, and its input comes from there. When ctx
// ends, the whole group does.
func (t *Toolchain) Run(ctx context.Context, r Run, fe cell.Frontend) Result {
	return Result{Failure: cell.Fail(cell.KernelError, "not written yet")}
}

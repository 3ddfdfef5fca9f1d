package toolchain

import (
	"iter"
	"os/exec"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// Options are what a Toolchain needs to know of the process around it.
type Options struct {
	// Start starts a program; nil is (*exec.Cmd).Start.
	Start func(*exec.Cmd) error
	// Roots are the folders in which an installed Go may be, the likeliest first;
	// nil are those of GOROOT and the PATH, and the usual ones.
	Roots iter.Seq[string]
}

// A Toolchain builds and runs programs with the Go that is installed.
type Toolchain struct {
	opts Options
	runs runs // the builds and programs that are under way

	finding sync.Mutex // held while go is looked for

	mu       sync.Mutex
	closed   bool
	tools    *tools             // nil before go is found
	scratch  *scratch           // nil before the first call that needs it
	module   module             // in which programs are compiled
	listings map[string]listing // by what was asked for
	binaries store
}

// New returns a Toolchain. Nothing is looked for before the first Build.
func New(o Options) *Toolchain {
	return &Toolchain{opts: o, listings: map[string]listing{}}
}

// Close ends the programs that run and removes everything that was written.
func (t *Toolchain) Close() error {
	t.runs.close()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	if t.scratch == nil {
		return nil
	}
	err := t.scratch.remove()
	t.scratch = nil
	return err
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

// A Binary is a program that has been built. It stays there until Release is
// called and others take its place, or the Toolchain is closed.
type Binary struct {
	Path   string
	Cached bool   // nothing had to be built
	Output string // what the compiler wrote though it succeeded, as for -gcflags=-m

	release func()
}

// Release says that the program is no longer needed. It may be called again.
func (b *Binary) Release() {
	if b.release != nil {
		b.release()
	}
}

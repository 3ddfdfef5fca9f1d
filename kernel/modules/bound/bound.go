// Package bound is for worker programs that are built with packages of modules: it
// tells the rest of the worker what they have. It knows nothing of how they are
// built.
//
// Its functions are for the start of the program and start no goroutine.
package bound

import (
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/check/stdsource"
	"github.com/chanbook/chanbook/kernel/eval/symbols"
	"github.com/chanbook/chanbook/kernel/eval/symbols/table"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// A Program says how a worker program was made.
type Program struct {
	Build  string // of the kernel that it is made for, see pipe.Build
	Source string // the folder of Chanbook's source
	Set    string // the modules that it has, as modules.Line makes it
	// Without are modules of the session that it has not, because a program with
	// them does not come up: "example.com/m@v1.0.0".
	Without []string
	Types   string // an archive of export data
	// Packages are those of the modules.
	Packages []Package
}

// A Package is one of a module.
type Package struct {
	Path  string
	Table func() (table.Package, bool) // nil for one that only generic functions use
	// Needed says that nobody has asked for the package: a cell finds it by its
	// path, but not by its name.
	Needed bool
	Dir    string            // its source
	Names  map[string]string // of the packages that its files import, by path
}

// this is what the running program was made with.
var this Program

// Add makes the packages known.
func Add(p Program) {
	this = p
	pipe.MadeFor(p.Build)
	var needed []string
	for _, pkg := range p.Packages {
		if pkg.Needed {
			needed = append(needed, pkg.Path)
		}
		if pkg.Table != nil {
			symbols.Add(pkg.Path, pkg.Table)
		}
		check.AddSources(pkg.Path, stdsource.Folder{Dir: pkg.Dir, Names: pkg.Names})
	}
	exportdata.Include(p.Types, needed...)
}

// Source is the folder of the source of Chanbook that the program was made from,
// "" for one that no module was added to.
func Source() string { return this.Source }

// Set says which modules the program has; "" is none.
func Set() string { return this.Set }

// Without says which modules of its session the program has not.
func Without() []string { return this.Without }

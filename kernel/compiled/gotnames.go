package compiled

import (
	"go/types"
	"slices"
	"sync"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/modules"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// standardTypes are the types of packages that are always there.
var standardTypes = sync.OnceValue(exportdata.NewImporter)

// withModules finds the packages of modules by their names, too.
type withModules struct {
	standard program.Importer
	got      *got

	types *exportdata.Importer // of the modules that were there when it was made
	of    []modules.Module
}

// Import implements types.Importer.
func (w *withModules) Import(path string) (*types.Package, error) {
	if w.types == nil || !sameModules(w.of, w.got.modules) {
		w.types, w.of = exportdata.NewImporter(), w.got.modules
		for _, m := range w.of {
			for _, p := range m.Packages {
				if data, err := modules.ReadExport(p.Export); err == nil { // else it is not known
					w.types.Add(p.Path, data)
				}
			}
		}
	}
	return w.types.Import(path)
}

// sameModules compares the lists themselves: %get makes a new one.
func sameModules(a, b []modules.Module) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// ByName implements program.Importer. A package that is always there comes first
// if it has all the members, as in interpreted cells.
func (w *withModules) ByName(name string, members []string) string {
	always := w.standard.ByName(name, members)
	if always != "" {
		if pkg, err := w.Import(always); err == nil &&
			!slices.ContainsFunc(members, func(m string) bool { return pkg.Scope().Lookup(m) == nil }) {
			return always
		}
	}
	best, most := modules.Package{}, -1
	for _, m := range w.got.modules {
		for _, p := range m.Packages {
			if n := exported(p, members); p.Name == name && p.Fault == "" && n > most {
				best, most = p, n
			}
		}
	}
	if always == "" || most == len(members) {
		return best.Path
	}
	return always
}

// Name implements program.Namer.
func (w *withModules) Name(path string) (name string, ok bool) {
	for _, m := range w.got.modules {
		for _, p := range m.Packages {
			if p.Path == path {
				return p.Name, true
			}
		}
	}
	if n, is := w.standard.(program.Namer); is {
		return n.Name(path)
	}
	return "", false
}

// exported counts the members that a package exports.
func exported(p modules.Package, members []string) int {
	n := 0
	for _, m := range members {
		if p.Exports[m] {
			n++
		}
	}
	return n
}

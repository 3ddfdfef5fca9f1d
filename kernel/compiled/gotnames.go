package compiled

import (
	"slices"
	"sync"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/modules"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// withModules finds the packages of modules by their names, too.
type withModules struct {
	standard program.Importer
	got      *got
}

// standardTypes tell which names packages of the standard library export.
var standardTypes = sync.OnceValue(exportdata.NewImporter)

// ByName implements program.Importer. A package that is always there comes first
// if it has all the members, as in interpreted cells.
func (w *withModules) ByName(name string, members []string) string {
	always := w.standard.ByName(name, members)
	if always != "" {
		if pkg, err := standardTypes().Import(always); err == nil &&
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

package program

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// Packages is the Importer of the packages that every cell has: the standard
// library, chanbook/show and a few of golang.org/x; and of further ones.
type Packages struct {
	types *exportdata.Importer
	extra map[string][]string
}

// NewPackages returns an Importer. extra are the paths of further packages by
// their names; of these no types are known, unless im has them. im may be nil, or
// one that others use too.
func NewPackages(im *exportdata.Importer, extra map[string][]string) *Packages {
	if im == nil {
		im = exportdata.NewImporter()
	}
	return &Packages{types: im, extra: extra}
}

// Import implements types.Importer.
func (p *Packages) Import(path string) (*types.Package, error) { return p.types.Import(path) }

// Name gives the name of a package.
func (p *Packages) Name(path string) (string, bool) {
	if name, ok := exportdata.Name(path); ok {
		return name, true
	}
	for name, paths := range p.extra {
		if slices.Contains(paths, path) {
			return name, true
		}
	}
	return "", false
}

// ByName implements program.Importer. Where several packages have the name, it is
// the first that has all the members: rand is math/rand for rand.Intn,
// math/rand/v2 for rand.IntN and crypto/rand for rand.Text. When none has them
// all, it is a further one, of which the members are not known; otherwise the one
// that has most of them.
func (p *Packages) ByName(name string, members []string) string {
	paths := Preferred(exportdata.ByName(name))
	if len(paths) == 1 && len(p.extra[name]) == 0 {
		return paths[0]
	}
	best, most := "", -1
	for _, path := range paths {
		n := p.has(path, members)
		if n == len(members) {
			return path
		}
		if n > most {
			best, most = path, n
		}
	}
	if extra := p.extra[name]; len(extra) > 0 {
		return extra[0]
	}
	return best
}

// has counts the members that a package has.
func (p *Packages) has(path string, members []string) int {
	pkg, err := p.types.Import(path)
	if err != nil {
		return -1
	}
	n := 0
	for _, m := range members {
		if token.IsExported(m) && pkg.Scope().Lookup(m) != nil {
			n++
		}
	}
	return n
}

// Preferred puts math/rand before its namesakes and text/template before
// html/template, because that is what learners mean.
func Preferred(paths []string) []string {
	for i, p := range paths {
		if p == "math/rand" || p == "text/template" {
			return slices.Concat([]string{p}, paths[:i], paths[i+1:])
		}
	}
	return paths
}

// Standard returns the Importer of the packages that every cell has.
func Standard() Importer { return NewPackages(nil, nil) }

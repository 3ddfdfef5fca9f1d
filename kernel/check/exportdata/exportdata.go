// Package exportdata holds the types of the standard library, and of the other
// packages that every cell may import, for go/types: embedded in the program,
// read one package at a time, when it is first imported.
//
// What it holds was made by the generator in gen from the source of the Go
// version that GoVersion names: exported declarations and all that they
// mention, without function bodies, comments and positions. Constants and types
// that depend on the platform are those of the running one; on a platform that
// has no archive of its own they are those of linux/amd64.
//
// It does not know cells or the session, starts no goroutines and never runs the
// go command.
package exportdata

import (
	"bytes"
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/chanbook/chanbook/kernel/check/exportdata/archive"
)

//go:generate go run ./gen data

// contents says what is embedded.
type contents struct {
	goVersion string
	packages  map[string]archive.Package // by path
	paths     []string                   // sorted
	byName    map[string][]string        // paths, the standard library's first
}

// index gives what is embedded. It is built at first use, not at the start of
// the program, and constant from then on.
var index = sync.OnceValue(buildIndex)

// included are archives of the packages that this program has beside those that
// every one has.
var included []string

// unnamed are the paths of packages that ByName leaves out.
var unnamed = map[string]bool{}

// Include adds the packages of an archive, in the format of package archive, to
// those that are embedded. Some of them ByName may leave out. It is for the start of
// the program, before there is an Importer.
func Include(text string, withoutName ...string) {
	included = append(included, text)
	for _, path := range withoutName {
		unnamed[path] = true
	}
	index = sync.OnceValue(buildIndex) // other packages have asked for GoVersion
}

// buildIndex reads the index of std and then that of platform, whose packages
// take precedence, and those of what was included.
func buildIndex() *contents {
	c := &contents{packages: map[string]archive.Package{"unsafe": {Path: "unsafe", Name: "unsafe"}}}
	for i, text := range slices.Concat([]string{std, platform}, included) {
		if text == "" {
			continue
		}
		a, err := archive.Parse(text)
		if err != nil {
			panic(fmt.Sprintf("exportdata: embedded file: %v; run go generate ./kernel/check/exportdata", err))
		}
		if i == 0 {
			c.goVersion = a.GoVersion
		}
		for _, p := range a.Packages {
			c.packages[p.Path] = p
		}
	}
	c.paths = slices.Sorted(maps.Keys(c.packages))
	c.byName = make(map[string][]string, len(c.paths))
	for _, path := range c.paths {
		if name := c.packages[path].Name; !unnamed[path] {
			c.byName[name] = append(c.byName[name], path)
		}
	}
	for _, paths := range c.byName {
		slices.SortStableFunc(paths, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	}
	return c
}

// rank puts the standard library, which has no dot in the first element of a
// path, before other packages.
func rank(path string) int {
	first, _, _ := strings.Cut(path, "/")
	if strings.Contains(first, ".") || first == "chanbook" {
		return 1
	}
	return 0
}

// GoVersion is the version of Go that the types were made from: "go1.26.8".
func GoVersion() string { return index().goVersion }

// Paths gives the import paths of all embedded packages and unsafe, sorted.
func Paths() []string { return slices.Clone(index().paths) }

// Name gives the package name of an embedded package or unsafe: "rand" for
// "math/rand/v2". It decodes nothing.
func Name(path string) (name string, ok bool) {
	p, ok := index().packages[path]
	return p.Name, ok
}

// ByName gives the import paths of the embedded packages that have a name:
// crypto/rand, math/rand and math/rand/v2 for "rand". They are sorted, those of
// the standard library before others. It decodes nothing.
func ByName(name string) []string { return slices.Clone(index().byName[name]) }

// UnknownError says that an Importer has no package of that path.
type UnknownError struct{ Path string }

// Error implements error.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("package %s is not in the standard library", e.Path)
}

// An Importer gives types to type checkers. Packages imported from the same
// Importer fit together: each type exists once. It implements types.Importer and
// types.ImporterFrom.
//
// Its methods may be called from several goroutines, and packages that it gave
// out may be read while it imports others.
type Importer struct {
	mu       sync.Mutex
	fset     *token.FileSet
	packages map[string]*types.Package // complete ones, and those that they mention
	added    map[string][]byte         // export data not read yet, by path
}

// NewImporter makes an importer of the embedded packages. It reads none yet.
func NewImporter() *Importer {
	return &Importer{
		fset:     token.NewFileSet(),
		packages: map[string]*types.Package{},
		added:    map[string][]byte{},
	}
}

// FileSet holds the positions of packages that were added with theirs. Embedded
// packages have none.
func (im *Importer) FileSet() *token.FileSet { return im.fset }

// Add makes one more package importable: data is what gcexportdata.Write wrote
// or what an export file of the go command holds behind gcexportdata.NewReader.
// It is read at the first import and let go then. An embedded package or one
// added earlier gives way, unless it has been imported already.
func (im *Importer) Add(path string, data []byte) {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.added[path] = data
}

// AddPackage makes one more package importable that is complete and whose own
// imports came from this importer.
func (im *Importer) AddPackage(pkg *types.Package) {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.packages[pkg.Path()] = pkg
}

// ImportFrom implements types.ImporterFrom. The folder of the importing file
// makes no difference, and mode must be 0.
func (im *Importer) ImportFrom(path, _ string, mode types.ImportMode) (*types.Package, error) {
	if mode != 0 {
		panic("exportdata: ImportFrom with a mode other than 0")
	}
	return im.Import(path)
}

// Import implements types.Importer. The error for a path that it does not have
// is an *UnknownError.
func (im *Importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	im.mu.Lock()
	defer im.mu.Unlock()
	if pkg := im.packages[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	var data io.LimitedReader // of a known size, so that it is read into one buffer
	if added, ok := im.added[path]; ok {
		data = io.LimitedReader{R: bytes.NewReader(added), N: int64(len(added))}
	} else if p, ok := index().packages[path]; ok {
		data = io.LimitedReader{R: strings.NewReader(p.Data), N: int64(len(p.Data))}
	} else {
		return nil, &UnknownError{path}
	}
	pkg, err := gcexportdata.Read(&data, im.fset, im.packages, path)
	if err != nil {
		return nil, fmt.Errorf("reading the types of package %s: %w", path, err)
	}
	delete(im.added, path)
	return pkg, nil
}

// Package stdsource type-checks the standard library of the installed Go from
// its source, function bodies left out, for any platform. Nothing is compiled,
// so it needs neither a build cache nor a C compiler and takes a few seconds.
//
// It serves the generators and their tests. It does not know what is made of
// the types, and it is not part of the kernel at run time.
package stdsource

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A Platform is a pair of GOOS and GOARCH.
type Platform struct{ OS, Arch string }

// String gives the platform as in "linux/amd64".
func (p Platform) String() string { return p.OS + "/" + p.Arch }

// An Extra is a package beside the standard library that cells may import.
type Extra struct {
	ImportPath string // what a cell writes: "chanbook/show"
	Source     string // where it is: "github.com/chanbook/chanbook/kernel/show"
}

// Extras are the packages beside the standard library that cells may import: the
// project's own, and what programs with goroutines commonly use.
var Extras = []Extra{
	{"chanbook/show", "github.com/chanbook/chanbook/kernel/show"},
	{"golang.org/x/sync/errgroup", "golang.org/x/sync/errgroup"},
	{"golang.org/x/sync/semaphore", "golang.org/x/sync/semaphore"},
	{"golang.org/x/sync/singleflight", "golang.org/x/sync/singleflight"},
	{"golang.org/x/time/rate", "golang.org/x/time/rate"},
}

// A Package is one that a cell may import.
type Package struct {
	Path  string // as a cell imports it
	Types *types.Package
}

// Load type-checks the standard library and the extra packages for a platform.
// The go command runs in dir, which must belong to a module that has the extra
// packages. The result holds what a cell may import, sorted by path: no
// internal packages and no unsafe, which go/types has built in.
func Load(dir string, platform Platform, extra []Extra) ([]Package, error) {
	listed, err := list(dir, platform, extra)
	if err != nil {
		return nil, err
	}
	l := &loader{
		fset:  token.NewFileSet(),
		sizes: types.SizesFor("gc", platform.Arch),
		done:  map[string]*types.Package{"unsafe": types.Unsafe},
		path:  map[string]string{},
	}
	for _, e := range extra {
		l.path[e.Source] = e.ImportPath
	}
	var found []Package
	for _, p := range listed {
		pkg, err := l.check(p)
		if err != nil {
			return nil, fmt.Errorf("%s for %s: %w", p.ImportPath, platform, err)
		}
		if p.Standard && importable(p.ImportPath) || l.path[p.ImportPath] != "" {
			found = append(found, Package{pkg.Path(), pkg})
		}
	}
	slices.SortFunc(found, func(a, b Package) int { return strings.Compare(a.Path, b.Path) })
	return found, nil
}

// importable tells whether a program outside the standard library may import
// one of its packages. unsafe may be, but has no source to speak of.
func importable(path string) bool {
	return path != "unsafe" && !strings.HasPrefix(path, "vendor/") && !slices.Contains(strings.Split(path, "/"), "internal")
}

// listedPackage is what is wanted of the go command's answer.
type listedPackage struct {
	ImportPath string
	Dir        string
	Standard   bool
	GoFiles    []string
	CgoFiles   []string
	ImportMap  map[string]string
}

// list asks the go command for the packages and all that they import, imported
// ones first.
func list(dir string, platform Platform, extra []Extra) ([]listedPackage, error) {
	args := []string{"list", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,CgoFiles,ImportMap", "std"}
	for _, e := range extra {
		args = append(args, e.Source)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	// Files that use cgo are wanted for their declarations, on every platform.
	cmd.Env = append(os.Environ(), "GOOS="+platform.OS, "GOARCH="+platform.Arch, "CGO_ENABLED=1", "GOFLAGS=", "GOEXPERIMENT=")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	var listed []listedPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listedPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return listed, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading the answer of go list: %w", err)
		}
		if p.ImportPath != "unsafe" {
			listed = append(listed, p)
		}
	}
}

// loader checks packages one after the other.
type loader struct {
	fset  *token.FileSet
	sizes types.Sizes
	done  map[string]*types.Package // by the path that the go command uses
	path  map[string]string         // the path that cells use, where it differs
}

// check parses and type-checks one package whose imports are checked already.
func (l *loader) check(p listedPackage) (*types.Package, error) {
	var files []*ast.File
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		f, err := parser.ParseFile(l.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	conf := types.Config{
		Importer:         imports{p.ImportMap, l.done},
		Sizes:            l.sizes,
		IgnoreFuncBodies: true,
		FakeImportC:      true,
	}
	path := p.ImportPath
	if cells, ok := l.path[path]; ok {
		path = cells
	}
	pkg, err := conf.Check(path, l.fset, files, nil)
	l.done[p.ImportPath] = pkg
	return pkg, err
}

// imports resolves the import paths of one package: renames holds the standard
// library's vendored ones.
type imports struct {
	renames map[string]string
	done    map[string]*types.Package
}

// Import implements types.Importer.
func (i imports) Import(path string) (*types.Package, error) {
	if renamed, ok := i.renames[path]; ok {
		path = renamed
	}
	if pkg := i.done[path]; pkg != nil {
		return pkg, nil
	}
	return nil, fmt.Errorf("package %q is not among those that the go command listed", path)
}

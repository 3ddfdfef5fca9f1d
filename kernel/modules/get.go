package modules

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// A Module is one that a session has got.
type Module struct {
	Path     string
	Version  string
	Dir      string   // its sources
	Asked    []string // the paths that were asked for, of the module or of packages in it
	Packages []Package
	Left     int    // how many packages it has beside those
	Licence  string // the name of the file with its terms, "" when none was found
	Vendored string // the vendor folder that it is from, or ""
}

// A Package is one that cells may import.
type Package struct {
	Path string
	Name string
	Dir  string
	// Export is the file with its types, see package gcexportdata.
	Export string
	// Exports are the names that it exports.
	Exports map[string]bool
	// Fault says why it cannot be used, "" when it can.
	Fault string
}

// A Set is what a session has got: the modules that somebody asked for, and the
// files of the module in which they are required.
type Set struct {
	Modules  []Module // sorted by path
	Mod, Sum []byte   // go.mod and go.sum
}

// Versions are the versions of the modules by their paths, for a notebook's
// metadata.
func (s *Set) Versions() map[string]string {
	out := map[string]string{}
	for _, m := range s.Modules {
		out[m.Path] = m.Version
	}
	return out
}

// Options say how Get works.
type Options struct {
	// Dir is the folder of the session, at or above which a vendor folder may be.
	Dir string
	// Cache is the folder for copies of vendored modules, see Cache.
	Cache string
	// Tell, when not nil, is told what the go command is doing.
	Tell func(line string)
}

// Get adds modules to a base. have are the modules that somebody asked for before.
// The base's own files stay as they are: the Set has what they should be. The
// error is a *Fault where the reason is known.
func Get(ctx context.Context, base Base, have []Module, wants []Want, o Options) (*Set, error) {
	vendor, err := findVendor(ctx, base, o.Dir)
	if err != nil {
		return nil, err
	}
	t, remove, err := base.try()
	if err != nil {
		return nil, err
	}
	defer remove()
	if vendor != nil {
		err = vendor.require(t, wants, o.Cache)
	} else {
		err = t.get(ctx, wants, o.Tell)
	}
	if err != nil {
		return nil, err
	}
	set := &Set{}
	if set.Modules, err = t.modules(ctx, have, wants, vendor, o); err != nil {
		return nil, err
	}
	files, err := t.files()
	set.Mod, set.Sum = files.mod, files.sum
	return set, err
}

// get has the go command require modules.
func (t *trial) get(ctx context.Context, wants []Want, tell func(string)) error {
	args := []string{"get", "-modfile=" + t.mod}
	for _, w := range wants {
		args = append(args, w.String())
	}
	_, err := t.command(ctx, tell, args...)
	if err != nil {
		return t.explain(ctx, wants, err)
	}
	return nil
}

// modules finds out what the modules are and what is in them. It compiles what
// cells may import, so that go.sum has all that is needed for it.
func (t *trial) modules(ctx context.Context, have []Module, wants []Want, vendor *vendor, o Options) ([]Module, error) {
	files, err := t.files()
	if err != nil {
		return nil, err
	}
	parsed, err := modfile.ParseLax("go.mod", files.mod, nil)
	if err != nil {
		return nil, err
	}
	asked := map[string][]string{} // packages asked for, by module
	for _, m := range have {
		asked[m.Path] = slices.Clone(m.Asked)
	}
	for _, w := range wants {
		path := requirement(parsed, w.Path)
		if path == "" {
			return nil, fmt.Errorf("the go command has got %s but requires no module for it", w.Path)
		}
		if !slices.Contains(asked[path], w.Path) {
			asked[path] = append(asked[path], w.Path)
		}
	}
	var out []Module
	for path, packages := range asked {
		m, err := t.module(ctx, path, packages, o.Tell)
		if err != nil {
			return nil, t.explain(ctx, wants, err)
		}
		if err := m.unusable(); err != nil {
			return nil, err
		}
		if vendor != nil && vendor.has(path) {
			m.Vendored = vendor.dir
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b Module) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// unusable is a Fault when nothing that was asked for can be used.
func (m Module) unusable() error {
	for _, p := range m.Packages {
		if p.Fault == "" {
			return nil
		}
	}
	if len(m.Packages) == 0 {
		return &Fault{Kind: NoPackage, Text: fmt.Sprintf("%s@%s has no package that a cell could import%s", m.Path, m.Version, m.more())}
	}
	return &Fault{Kind: NotCompiled, Text: fmt.Sprintf("%s@%s does not compile", m.Path, m.Version), Detail: m.Packages[0].Fault}
}

// more says what to do about the packages that are left.
func (m Module) more() string {
	if m.Left == 0 {
		return ""
	}
	return fmt.Sprintf(" among those that were chosen: it has %d packages; ask for those that you need, as in %%get %s/…@%s", m.Left, m.Path, m.Version)
}

// requirement is the module among the requirements to which a path belongs.
func requirement(f *modfile.File, path string) string {
	best := ""
	for _, r := range f.Require {
		if m := r.Mod.Path; (path == m || strings.HasPrefix(path, m+"/")) && len(m) > len(best) {
			best = m
		}
	}
	return best
}

// listedModule is what is wanted of go list -m.
type listedModule struct {
	Path, Version, Dir string
	Replace            *listedModule
}

// listedPackage is what is wanted of go list.
type listedPackage struct {
	ImportPath string
	Name       string
	Dir        string
	Export     string
	GoFiles    []string
	CgoFiles   []string
	Imports    []string
	Standard   bool
	DepOnly    bool
	ImportMap  map[string]string
	Module     *listedModule
	Error      *struct{ Err string }
	DepsErrors []struct{ ImportPath, Err string }
}

const listedFields = "-json=ImportPath,Name,Dir,Export,GoFiles,CgoFiles,Imports,Standard,DepOnly,ImportMap,Module,Error,DepsErrors"

// list asks the go command for packages.
func (t *trial) list(ctx context.Context, tell func(string), args ...string) ([]listedPackage, error) {
	out, err := t.run(ctx, tell, "list", append([]string{"-e", listedFields}, args...)...)
	if err != nil {
		return nil, err
	}
	return decode[listedPackage](out)
}

// decode reads values of JSON that stand one after the other.
func decode[T any](data []byte) (out []T, err error) {
	for d := json.NewDecoder(bytes.NewReader(data)); ; {
		var v T
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading the answer of go list: %w", err)
		}
		out = append(out, v)
	}
}

package modules

import (
	"bytes"
	"context"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/check/exportdata/archive"
	"github.com/chanbook/chanbook/kernel/eval/symbols/tablegen"
)

// The source of a worker program: a package with the table of each package of the
// modules, a file with their types, and a main that hands both to package bound.

// generate writes the source. It returns what the reader should know.
func (w *workerModule) generate(ctx context.Context, modules []Module) (notes []string, err error) {
	w.say("reading the types of " + strings.Join(w.names, ", "))
	t := &trial{w.Base, filepath.Join(w.Dir, "go.mod")}
	listed, err := t.list(ctx, w.Tell, append([]string{"-export", "-deps"}, w.names...)...)
	if err != nil {
		return nil, err
	}
	packages, err := readTypes(listed)
	if err != nil {
		return nil, err
	}
	if err := w.writeTypes(packages); err != nil {
		return nil, err
	}
	for i, p := range packages {
		if p.types == nil {
			continue
		}
		if err := w.writeTable(i, p, listed); err != nil {
			return nil, err
		}
	}
	return otherVersions(modules, packages), w.writeMain(packages, modules, listed)
}

// exported is a package that a worker has.
type exported struct {
	listedPackage
	types *types.Package // nil for an internal one, of which it has the source alone
}

// readTypes reads the types of the packages that were asked for, and of those that
// generic functions need.
func readTypes(listed []listedPackage) ([]exported, error) {
	importer := exportdata.NewImporter()
	var out []exported
	for _, p := range needed(listed) {
		if !importable(p) {
			out = append(out, exported{listedPackage: p})
			continue
		}
		if p.Error != nil || p.Export == "" {
			return nil, fmt.Errorf("%s cannot be compiled together with Chanbook: %s", p.ImportPath, fault(p))
		}
		data, err := ReadExport(p.Export)
		if err != nil {
			return nil, fmt.Errorf("reading the types of %s: %w", p.ImportPath, err)
		}
		importer.Add(p.ImportPath, data)
		out = append(out, exported{listedPackage: p})
	}
	for i := range out {
		if !importable(out[i].listedPackage) {
			continue
		}
		pkg, err := importer.Import(out[i].ImportPath)
		if err != nil {
			return nil, err
		}
		out[i].types = pkg
	}
	slices.SortFunc(out, func(a, b exported) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return out, nil
}

func fault(p listedPackage) string {
	switch {
	case p.Error != nil:
		return tidy(p.Error.Err, p.Module)
	case len(p.DepsErrors) > 0:
		return tidy(p.DepsErrors[0].Err, p.Module)
	}
	return "it was not compiled"
}

// ReadExport reads the types of a package from an export file, for
// exportdata.Importer.Add.
func ReadExport(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// typesFile holds the types of the packages.
const typesFile = "types.bin"

func (w *workerModule) writeTypes(packages []exported) error {
	a := &archive.Archive{GoVersion: w.Version, Platform: runtime.GOOS + "/" + runtime.GOARCH}
	for _, p := range packages {
		if p.types == nil {
			continue
		}
		var data strings.Builder
		if err := gcexportdata.Write(&data, token.NewFileSet(), p.types); err != nil {
			return fmt.Errorf("writing the types of %s: %w", p.ImportPath, err)
		}
		a.Packages = append(a.Packages, archive.Package{Path: p.ImportPath, Name: p.types.Name(), Data: data.String()})
	}
	var b bytes.Buffer
	if err := a.Write(&b); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.Dir, typesFile), b.Bytes(), 0o666)
}

// writeTable writes the package with the table of one package.
func (w *workerModule) writeTable(i int, p exported, listed []listedPackage) error {
	var all []tablegen.Package
	for _, path := range exportdata.Paths() {
		all = append(all, tablegen.Package{Path: path})
	}
	for _, l := range listed {
		if !l.Standard && importable(l) {
			all = append(all, tablegen.Package{Path: l.ImportPath})
		}
	}
	name := fmt.Sprintf("table%d", i)
	file := tablegen.File{Package: name, Types: ownPath + "/kernel/eval/symbols/table"}
	text, err := file.Write(all, tablegen.Package{Path: p.ImportPath, Types: p.types})
	if err != nil {
		return fmt.Errorf("writing what %s exports: %w", p.ImportPath, err)
	}
	text += fmt.Sprintf("\n// Table is that of %s.\nfunc Table() (Package, bool) { return %s() }\n", p.ImportPath, tablegen.Identifier(p.ImportPath))
	dir := filepath.Join(w.Dir, name)
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "table.go"), []byte(text), 0o666)
}

// writeMain writes the main package.
func (w *workerModule) writeMain(packages []exported, modules []Module, listed []listedPackage) error {
	names := map[string]string{}
	for _, l := range listed {
		names[l.ImportPath] = l.Name
	}
	var b strings.Builder
	fmt.Fprintf(&b, "package main\n\nimport (\n_ \"embed\"\n\"os\"\n\n%q\n%q\n\n", ownPath+"/kernel/modules/bound", ownPath+"/kernel/worker/process")
	for i, p := range packages {
		if p.types != nil {
			fmt.Fprintf(&b, "\"chanbook-worker/table%d\"\n", i)
		}
	}
	fmt.Fprintf(&b, ")\n\n//go:embed %s\nvar types string\n\nfunc main() {\nbound.Add(bound.Program{\nBuild: %q,\nSource: %q,\nSet: %q,\nWithout: %#v,\nTypes: types,\nPackages: []bound.Package{\n",
		typesFile, w.Build, w.source, Line(modules), w.Without)
	for i, p := range packages {
		table := "nil"
		if p.types != nil {
			table = fmt.Sprintf("table%d.Table", i)
		}
		fmt.Fprintf(&b, "{Path: %q, Table: %s, Needed: %v, Dir: %q, Names: map[string]string{", p.ImportPath, table, p.DepOnly, p.Dir)
		for _, path := range imported(p.listedPackage) {
			if name := names[path]; name != "" {
				fmt.Fprintf(&b, "%q: %q,", path, name)
			}
		}
		b.WriteString("}},\n")
	}
	b.WriteString("},\n})\nos.Exit(process.Main())\n}\n")
	return os.WriteFile(filepath.Join(w.Dir, "main.go"), []byte(b.String()), 0o666)
}

// otherVersions says which modules have another version in interpreted cells:
// Chanbook itself needs a higher one.
func otherVersions(modules []Module, packages []exported) (notes []string) {
	for _, m := range modules {
		for _, p := range packages {
			if p.Module != nil && p.Module.Path == m.Path && p.Module.Version != m.Version {
				notes = append(notes, fmt.Sprintf("Interpreted cells have %s %s: Chanbook itself needs that version.", m.Path, p.Module.Version))
				break
			}
		}
	}
	return notes
}

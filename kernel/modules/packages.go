package modules

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// mostPackages is how many packages of a module cells get when somebody asks for
// the module and not for one of its packages. Modules with more are collections,
// of which a notebook uses a small part.
const mostPackages = 40

// module describes a module of which something was asked for: its own path, or
// those of packages in it.
func (t *trial) module(ctx context.Context, path string, asked []string, tell func(string)) (Module, error) {
	out, err := t.run(ctx, tell, "list", "-m", "-json=Path,Version,Dir,Replace", path)
	if err != nil {
		return Module{}, err
	}
	listed, err := decode[listedModule](out)
	if err != nil || len(listed) != 1 {
		return Module{}, err
	}
	m := Module{Path: path, Version: listed[0].Version, Dir: listed[0].Dir, Asked: asked}
	all, err := t.list(ctx, tell, "-find", path+"/...")
	if err != nil {
		return Module{}, err
	}
	usable := slices.DeleteFunc(all, func(p listedPackage) bool {
		return !importable(p) || p.Module == nil || p.Module.Path != path
	})
	chosen := choose(usable, path, asked)
	m.Left = len(usable) - len(chosen)
	m.Licence = licence(m.Dir)
	m.Packages, err = t.compile(ctx, chosen, tell)
	return m, err
}

// importable tells whether cells may import a package.
func importable(p listedPackage) bool {
	parts := strings.Split(p.ImportPath, "/")
	hidden := slices.ContainsFunc(parts, func(s string) bool {
		return s == "internal" || s == "vendor" || s == "testdata" || strings.HasPrefix(s, "_") || strings.HasPrefix(s, ".")
	})
	return !hidden && p.Name != "main" && len(p.GoFiles)+len(p.CgoFiles) > 0
}

// choose picks the packages that cells get: those that were asked for, and all of
// the module where that was.
func choose(usable []listedPackage, module string, asked []string) []listedPackage {
	all := slices.Contains(asked, module) && len(usable) <= mostPackages
	var out []listedPackage
	for _, p := range usable {
		if all || slices.Contains(asked, p.ImportPath) {
			out = append(out, p)
		}
	}
	return out
}

// compile compiles packages and says which of them can be used.
func (t *trial) compile(ctx context.Context, chosen []listedPackage, tell func(string)) ([]Package, error) {
	if len(chosen) == 0 {
		return nil, nil
	}
	args := []string{"-export", "-deps"}
	for _, p := range chosen {
		args = append(args, p.ImportPath)
	}
	listed, err := t.list(ctx, tell, args...)
	if err != nil {
		return nil, err
	}
	var out []Package
	for _, p := range listed {
		if p.DepOnly {
			continue
		}
		pkg := Package{Path: p.ImportPath, Name: p.Name, Dir: p.Dir, Export: p.Export, Exports: exports(p)}
		switch {
		case p.Error != nil:
			pkg.Fault = p.Error.Err
		case len(p.DepsErrors) > 0:
			pkg.Fault = p.DepsErrors[0].Err
		case p.Export == "":
			pkg.Fault = "it was not compiled"
		}
		pkg.Fault = tidy(pkg.Fault, p.Module)
		out = append(out, pkg)
	}
	slices.SortFunc(out, func(a, b Package) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// tidy takes out of a compiler's messages what says nothing to the reader.
func tidy(message string, m *listedModule) string {
	if m != nil { // files of the module cache: only the module says where they are
		escaped, err := module.EscapePath(m.Path)
		if err == nil {
			at := regexp.MustCompile(`[^\s:]*` + regexp.QuoteMeta(escaped+"@"+m.Version))
			message = at.ReplaceAllLiteralString(filepath.ToSlash(message), m.Path+"@"+m.Version)
		}
	}
	var out []string
	for line := range strings.Lines(message) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// exports reads which names the files of a package export.
func exports(p listedPackage) map[string]bool {
	names := map[string]bool{}
	for _, file := range slices.Concat(p.GoFiles, p.CgoFiles) {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, parser.SkipObjectResolution)
		if err != nil {
			continue // the compiler has said so
		}
		for _, d := range f.Decls {
			for _, id := range declared(d) {
				if id.IsExported() {
					names[id.Name] = true
				}
			}
		}
	}
	return names
}

// declared are the names that a declaration gives to its package.
func declared(d ast.Decl) (out []*ast.Ident) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			out = append(out, d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				out = append(out, s.Name)
			case *ast.ValueSpec:
				out = append(out, s.Names...)
			}
		}
	}
	return out
}

// licence is the file of a module that has its terms.
func licence(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		for _, start := range []string{"LICENSE", "LICENCE", "COPYING", "UNLICENSE"} {
			if strings.HasPrefix(name, start) && !e.IsDir() {
				return e.Name()
			}
		}
	}
	return ""
}

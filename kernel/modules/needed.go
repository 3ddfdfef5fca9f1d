package modules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// Generic functions are interpreted from their source, with the types that a cell
// gives them. So what they use has to be there: other packages of modules as
// compiled code, but internal ones, which nobody else may import, as source, too.

// needed are the packages that were asked for and those that their generic functions
// may use.
func needed(listed []listedPackage) []listedPackage {
	byPath := map[string]listedPackage{}
	for _, p := range listed {
		byPath[p.ImportPath] = p
	}
	var out []listedPackage
	seen := map[string]bool{}
	var add func(p listedPackage)
	add = func(p listedPackage) {
		if p.Standard || p.ImportPath == "" || seen[p.ImportPath] {
			return
		}
		seen[p.ImportPath] = true
		out = append(out, p)
		if importable(p) && !hasGenerics(p) {
			return
		}
		for _, path := range imported(p) {
			add(byPath[path])
		}
	}
	for _, p := range listed {
		if !p.DepOnly {
			add(p)
		}
	}
	return out
}

// imported are the paths of the packages outside of the standard library that a
// package imports.
func imported(p listedPackage) []string {
	return slices.DeleteFunc(slices.Clone(p.Imports), func(path string) bool {
		first, _, _ := strings.Cut(path, "/")
		return !strings.Contains(first, ".")
	})
}

// hasGenerics tells whether a package declares something with type parameters.
func hasGenerics(p listedPackage) bool {
	for _, file := range slices.Concat(p.GoFiles, p.CgoFiles) {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, parser.SkipObjectResolution)
		if err != nil {
			continue // the compiler would have said so
		}
		found := false
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				found = found || n.TypeParams != nil
			case *ast.FuncDecl:
				found = found || n.Type.TypeParams != nil
				return false
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

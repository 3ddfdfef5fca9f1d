package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// imports resolves the cell's import declarations and the names of packages
// that it uses without importing them. What it imports stays imported in later
// cells; what it only uses is looked for in each cell anew.
func (k *checking) imports() {
	for _, o := range k.objects {
		if p, ok := o.Object.(*types.PkgName); ok && k.fresh[o.Key] == nil && !k.declaresEarly(o.Key) {
			k.fresh[o.Key] = p
		}
	}
	for _, spec := range k.cell.Imports {
		k.importSpec(spec)
	}
	for name, sel := range k.unresolvedPackages() {
		if p := k.byName(name, sel); p != nil {
			k.fresh[name] = types.NewPkgName(token.NoPos, p, name, p)
		}
	}
}

func (k *checking) importSpec(spec *ast.ImportSpec) {
	importPath, err := strconv.Unquote(spec.Path.Value)
	if err != nil || importPath == "" {
		k.errorf(spec.Path.Pos(), "invalid import path %s", spec.Path.Value)
		return
	}
	p, err := k.importer.Import(importPath)
	if err != nil {
		msg, hint := unknownImport(importPath)
		k.hint(spec.Path.Pos(), hint, "%s", msg)
		return
	}
	name := p.Name()
	if spec.Name != nil {
		name = spec.Name.Name
	}
	switch name {
	case "_":
	case ".":
		k.importDot(spec, p)
	default:
		if k.declares(name) {
			k.errorf(spec.Pos(), "%s is imported and declared in the same cell", name)
			return
		}
		if old, ok := k.fresh[name].(*types.PkgName); ok && old.Pos() > k.cell.pos && old.Imported() != p {
			k.hint(spec.Pos(), "give one of them another name: import other \""+importPath+"\"", "%s redeclared in this cell: %q is imported as %s too", name, old.Imported().Path(), name)
			return
		}
		k.declarePackage(name, types.NewPkgName(spec.Pos(), p, name, p))
	}
}

// importDot declares all that a package exports.
func (k *checking) importDot(spec *ast.ImportSpec, p *types.Package) {
	for _, n := range p.Scope().Names() {
		o := p.Scope().Lookup(n)
		if !o.Exported() {
			continue
		}
		if k.declares(n) {
			k.errorf(spec.Pos(), "%s is declared in this cell, and imported from %s with a dot", n, p.Path())
			return
		}
		k.fresh[n] = o
		k.dots[n] = o
	}
}

func (k *checking) declarePackage(name string, p *types.PkgName) {
	k.fresh[name] = p
	k.out.Objects = append(k.out.Objects, k.newObject(name, p, k.cell.Source, nil))
}

// unresolvedPackages finds names that are used like packages and that nothing
// declares, with the members that are selected from them.
func (k *checking) unresolvedPackages() map[string][]string {
	out := map[string][]string{}
	find := func(declares func(string) bool) func(ast.Node) bool {
		return func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			id, ok := sel.X.(*ast.Ident)
			if ok && id.Obj == nil && k.fresh[id.Name] == nil && k.objects[id.Name] == nil && !declares(id.Name) && types.Universe.Lookup(id.Name) == nil {
				out[id.Name] = append(out[id.Name], sel.Sel.Name)
			}
			return true
		}
	}
	for _, d := range k.cell.Decls {
		ast.Inspect(d, find(k.declares))
	}
	if k.cell.Body != nil {
		// A statement may use a package before another one declares a variable of
		// the same name.
		ast.Inspect(k.cell.Body, find(k.declaresEarly))
	}
	return out
}

// byName finds the standard package that a cell means by a name that it has not
// imported. Where several have the name, it is the first that has all the
// members that the cell uses: rand is math/rand for rand.Intn, math/rand/v2 for
// rand.IntN and crypto/rand for rand.Text. When none has them all, it is the
// one that has most of them, and of those the first.
func (k *checking) byName(name string, members []string) *types.Package {
	var best *types.Package
	most := -1
	for _, importPath := range k.importer.ByName(name) {
		p, err := k.importer.Import(importPath)
		if err != nil {
			continue
		}
		n := 0
		for _, m := range members {
			if p.Scope().Lookup(m) != nil && ast.IsExported(m) {
				n++
			}
		}
		if n > most {
			best, most = p, n
		}
		if n == len(members) {
			break
		}
	}
	return best
}

// missingPackage reports whether a message only says that a package is not there
// whose import has an error already.
func (k *checking) missingPackage(msg string) bool {
	name, ok := strings.CutPrefix(msg, "undefined: ")
	return ok && slices.ContainsFunc(k.cell.Imports, func(s *ast.ImportSpec) bool {
		importPath, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			return false
		}
		if _, err := k.importer.Import(importPath); err == nil {
			return false
		}
		if s.Name != nil {
			return s.Name.Name == name
		}
		return slices.Contains(strings.FieldsFunc(importPath, func(r rune) bool { return !isLetterOrDigit(r) }), name)
	})
}

// whatCellsHave says which packages there are.
const whatCellsHave = "cells have the standard library, chanbook/show, golang.org/x/sync/{errgroup,semaphore,singleflight} and golang.org/x/time/rate"

// unknownImport says what is wrong with the import of a package that is not
// there, and what may be meant.
func unknownImport(importPath string) (msg, hint string) {
	msg = fmt.Sprintf("package %s is not in the standard library", importPath)
	first, _, _ := strings.Cut(importPath, "/")
	switch guess := closestPath(importPath); {
	case importPath == "C":
		return `import "C" (cgo) needs the compiler`, "put the code in a %%go cell"
	case slices.Contains(strings.Split(importPath, "/"), "internal"):
		return fmt.Sprintf("use of internal package %s not allowed", importPath), "internal packages are for the code around them only"
	case guess != "":
		return msg, "did you mean " + strconv.Quote(guess) + "?"
	case strings.Contains(first, "."):
		return msg, "get its module first, in a cell of its own: %get " + importPath
	}
	return msg, whatCellsHave
}

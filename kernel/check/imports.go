package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// imports resolves the cell's import declarations and the names of packages
// that it uses without importing them.
func (k *checking) imports() {
	for _, o := range k.objects {
		if p, ok := o.Object.(*types.PkgName); ok && k.fresh[o.Key] == nil && !k.declares(o.Key) {
			k.fresh[o.Key] = p
		}
	}
	for _, spec := range k.cell.Imports {
		k.importSpec(spec)
	}
	for name, sel := range k.unresolvedPackages() {
		if p := k.byName(name, sel); p != nil {
			k.declarePackage(name, types.NewPkgName(token.NoPos, p, name, p))
		}
	}
}

func (k *checking) importSpec(spec *ast.ImportSpec) {
	importPath, err := strconv.Unquote(spec.Path.Value)
	if err != nil || importPath == "" {
		k.errorf(spec.Path.Pos(), "invalid import path %s", spec.Path.Value)
		return
	}
	if importPath == "C" {
		k.errorf(spec.Path.Pos(), "cgo does not work in an interpreted cell")
		return
	}
	p, err := k.importer.Import(importPath)
	if err != nil {
		k.errorf(spec.Path.Pos(), "package %s is not in the standard library", importPath)
		return
	}
	name := p.Name()
	if spec.Name != nil {
		name = spec.Name.Name
	}
	switch name {
	case "_":
	case ".":
		for _, n := range p.Scope().Names() {
			if o := p.Scope().Lookup(n); o.Exported() {
				k.fresh[n] = o
			}
		}
	default:
		if k.declares(name) {
			k.errorf(spec.Pos(), "%s is imported and declared in the same cell", name)
			return
		}
		k.declarePackage(name, types.NewPkgName(spec.Pos(), p, name, p))
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
	visit := func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if ok && id.Obj == nil && k.fresh[id.Name] == nil && k.objects[id.Name] == nil && !k.declares(id.Name) {
			out[id.Name] = append(out[id.Name], sel.Sel.Name)
		}
		return true
	}
	for _, d := range k.cell.Decls {
		ast.Inspect(d, visit)
	}
	if k.cell.Body != nil {
		ast.Inspect(k.cell.Body, visit)
	}
	return out
}

// byName finds the standard package that a cell means by a name that it has not
// imported. Where several have the name, it is the first that has all the
// members that the cell uses: rand is math/rand for rand.Intn, math/rand/v2 for
// rand.IntN and crypto/rand for rand.Text.
func (k *checking) byName(name string, members []string) *types.Package {
	var first *types.Package
	for _, importPath := range k.importer.ByName(name) {
		p, err := k.importer.Import(importPath)
		if err != nil {
			continue
		}
		if first == nil {
			first = p
		}
		has := true
		for _, m := range members {
			has = has && p.Scope().Lookup(m) != nil
		}
		if has {
			return p
		}
	}
	return first
}

// declares reports whether the cell declares a name at its top level, by its
// syntax alone.
func (k *checking) declares(name string) bool {
	for _, key := range k.cell.declared() {
		if key == name {
			return true
		}
	}
	return false
}

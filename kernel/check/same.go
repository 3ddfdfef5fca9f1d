package check

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A cell that is run again mostly declares its types and constants just as they
// are. They stay what they are then: values that other cells have made of a type
// still fit the functions of this one. A declaration changes nothing when its
// text is the same and every name in it means the same.

// findSame takes out of the cell's declarations those that change nothing.
func (k *checking) findSame() {
	candidates := map[string]*Object{}
	count := map[string]int{}
	for _, d := range k.cell.Decls {
		for _, key := range declKeys(d) {
			count[key]++
		}
	}
	k.eachUnit(func(part ast.Node, names []*ast.Ident) {
		text := nodeText(k.fset, k.cell.Source, part)
		for _, id := range names {
			o := k.objects[id.Name]
			if o == nil || o.source == "" || o.source != text || o.Stale || count[id.Name] > 1 || k.renewed[id.Name] || k.meansPackageAnew(o) {
				return
			}
		}
		for _, id := range names {
			candidates[id.Name] = k.objects[id.Name]
		}
	})
	for again := len(candidates) > 0; again; {
		again = false
		k.eachUnit(func(part ast.Node, names []*ast.Ident) {
			if len(names) == 0 || candidates[names[0].Name] == nil || k.meansSame(part, names, candidates) {
				return
			}
			for _, id := range names {
				delete(candidates, id.Name)
			}
			again = true
		})
	}
	if len(candidates) > 0 {
		k.same = candidates
		k.withoutSame()
	}
}

// eachUnit calls f for what changes or stays as a whole: each type, and all
// constants of one declaration.
func (k *checking) eachUnit(f func(part ast.Node, names []*ast.Ident)) {
	for _, d := range k.cell.Decls {
		g, ok := d.(*ast.GenDecl)
		switch {
		case !ok:
		case g.Tok == token.CONST:
			var names []*ast.Ident
			for _, id := range specIdents(g) {
				if id.Name != "_" {
					names = append(names, id)
				}
			}
			f(g, names)
		case g.Tok == token.TYPE:
			for _, s := range g.Specs {
				f(s, specNamesOf(s))
			}
		}
	}
}

// meansSame reports whether the names in a declaration mean what they did when
// its object was made.
func (k *checking) meansSame(part ast.Node, names []*ast.Ident, candidates map[string]*Object) bool {
	o := candidates[names[0].Name]
	own := map[string]bool{}
	for _, id := range names {
		own[id.Name] = true
	}
	for name := range namesIn(part) {
		if own[name] {
			continue
		}
		if k.declares(name) && candidates[name] == nil {
			return false
		}
		now := k.objects[name]
		if now != nil {
			if _, isPackage := now.Object.(*types.PkgName); isPackage {
				now = nil
			}
		}
		if o.uses[name] != now && !own[name] {
			return false
		}
	}
	return true
}

// meansPackageAnew reports whether the name of a package in the declaration of an
// object stands for another package in the cell.
func (k *checking) meansPackageAnew(o *Object) bool {
	for name, p := range o.packages {
		now, ok := k.fresh[name].(*types.PkgName)
		if !ok || now.Imported().Path() != p.Path() {
			return true
		}
	}
	return false
}

// namesIn are the names that a declaration refers to, apart from the names of
// fields and methods, type parameters and what it declares.
func namesIn(part ast.Node) map[string]bool {
	names := map[string]bool{}
	var params []string
	ast.Inspect(part, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			if n.Type != nil {
				for name := range namesIn(n.Type) {
					names[name] = true
				}
			}
			return false
		case *ast.SelectorExpr:
			for name := range namesIn(n.X) {
				names[name] = true
			}
			return false
		case *ast.TypeSpec:
			if n.TypeParams != nil {
				for _, id := range fieldNames(n.TypeParams) {
					params = append(params, id.Name)
				}
			}
		case *ast.Ident:
			if n.Name != "_" {
				names[n.Name] = true
			}
		}
		return true
	})
	for _, name := range params {
		delete(names, name)
	}
	return names
}

// withoutSame leaves the types and constants that change nothing out of what is
// checked.
func (k *checking) withoutSame() {
	k.decls = nil
	for _, d := range k.cell.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			k.decls = append(k.decls, d)
			continue
		}
		rest := *g
		rest.Specs = nil
		for _, s := range g.Specs {
			changes := false
			for _, id := range specNamesOf(s) {
				changes = changes || k.same[id.Name] == nil
			}
			if changes && g.Tok == token.CONST {
				rest.Specs = g.Specs // iota counts in the whole of it
				break
			}
			if changes {
				rest.Specs = append(rest.Specs, s)
			}
		}
		switch len(rest.Specs) {
		case 0:
		case len(g.Specs):
			k.decls = append(k.decls, g)
		default:
			k.decls = append(k.decls, &rest)
		}
	}
}

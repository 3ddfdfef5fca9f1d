package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"
)

// refreshing is a declaration of an earlier cell, parsed again, and what it
// declared.
type refreshing struct {
	old  []*Object
	decl ast.Decl
}

// findRefreshed finds the declarations of earlier cells that refer to something
// that this cell declares anew, directly or through each other, and parses them
// again. Variables are not among them: they hold values, which stay.
func (k *checking) findRefreshed() {
	changed := map[string]bool{}
	own := map[string]bool{}
	var work []string
	mark := func(key string) {
		if !changed[key] {
			changed[key] = true
			work = append(work, key)
		}
	}
	for _, key := range k.declared() {
		own[key] = true
		mark(key)
	}
	variable := map[string]bool{} // what the cell declares as a variable now
	for _, id := range k.cell.variables() {
		variable[id.Name] = true
	}
	var found []*Object
	for key := range k.renewed {
		if o := k.objects[key]; o != nil && !own[key] {
			mark(key)
			found = append(found, o)
		}
	}
	for len(work) > 0 {
		key := work[0]
		work = work[1:]
		for _, o := range k.dependents(key) {
			if _, isFunc := o.Object.(*types.Func); variable[key] && !isFunc {
				continue // types and constants come before variables
			}
			if !changed[o.Key] && !own[o.Key] {
				mark(o.Key)
				found = append(found, o)
			}
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Key < found[j].Key })
	k.parseRefreshed(found)
}

// parseRefreshed parses the declarations of objects again.
func (k *checking) parseRefreshed(found []*Object) {
	consts := map[ast.Decl]*refreshing{}
	for _, o := range found {
		// Lowering may have changed the earlier tree.
		switch d := k.sourceOf(o).(type) {
		case *ast.FuncDecl:
			k.bind(o, d)
			k.refresh = append(k.refresh, &refreshing{old: []*Object{o}, decl: d})
		case *ast.GenDecl:
			k.bind(o, d)
			if d.Tok == token.CONST {
				if r := consts[d]; r != nil {
					r.old = append(r.old, o)
					continue
				}
				r := &refreshing{old: []*Object{o}, decl: d}
				consts[d] = r
				k.refresh = append(k.refresh, r)
			} else if spec := typeSpec(d, o.Key); spec != nil {
				one := *d
				one.Specs = []ast.Spec{spec}
				k.refresh = append(k.refresh, &refreshing{old: []*Object{o}, decl: &one})
			}
		}
	}
	for d, r := range consts {
		blankOthers(d.(*ast.GenDecl), r.old)
	}
}

// blankOthers leaves in a declaration of constants those that are still what the
// session means by their names.
func blankOthers(d *ast.GenDecl, keep []*Object) {
	names := map[string]bool{}
	for _, o := range keep {
		names[o.Key] = true
	}
	for _, s := range d.Specs {
		spec, ok := s.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, id := range spec.Names {
			if !names[id.Name] {
				spec.Names[i] = &ast.Ident{NamePos: id.NamePos, Name: "_"}
			}
		}
	}
}

// dependents are the constants, types and functions of the session that refer to
// key, and its methods when key is a type.
func (k *checking) dependents(key string) []*Object {
	var out []*Object
	add := func(o *Object) {
		if o == nil || o.Decl == nil || k.stale[o.Key] || o.Key == "main" {
			return
		}
		out = append(out, o)
	}
	for user := range k.users[key] {
		add(k.objects[user])
	}
	if !k.isType(key) {
		return out
	}
	for _, o := range k.objects {
		if f, ok := o.Decl.(*ast.FuncDecl); ok && o.Method() {
			if t := receiver(f); t != nil && t.Name == key && !k.users[key][o.Key] {
				add(o)
			}
		}
	}
	return out
}

// isType reports whether the session knows a key as a type.
func (k *checking) isType(key string) bool {
	o := k.objects[key]
	if o == nil {
		return false
	}
	_, ok := o.Object.(*types.TypeName)
	return ok
}

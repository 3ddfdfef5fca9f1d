package check

import (
	"go/ast"
	"go/types"
	"sort"
)

// findRefreshed finds the functions and methods of earlier cells that refer to
// something that this cell declares anew, directly or through each other, and
// parses them again.
func (k *checking) findRefreshed() {
	changed := map[string]bool{}
	var work []string
	mark := func(key string) {
		if !changed[key] {
			changed[key] = true
			work = append(work, key)
		}
	}
	for _, key := range k.cell.declared() {
		mark(key)
	}
	own := map[string]bool{}
	for key := range changed {
		own[key] = true
	}
	var found []*Object
	for len(work) > 0 {
		key := work[0]
		work = work[1:]
		for _, o := range k.dependents(key, own) {
			if !changed[o.Key] {
				mark(o.Key)
				found = append(found, o)
			}
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Key < found[j].Key })
	for _, o := range found {
		// Lowering may have changed the earlier tree.
		if f, ok := k.parsedAgain(o).(*ast.FuncDecl); ok {
			k.refresh = append(k.refresh, &refreshing{old: o, decl: f})
		}
	}
}

// dependents are the session's functions that refer to key, and its methods
// when key is a type that the cell declares. What the cell declares itself is
// not among them.
func (k *checking) dependents(key string, own map[string]bool) []*Object {
	var out []*Object
	for _, o := range k.objects {
		if _, isFunc := o.Object.(*types.Func); !isFunc || own[o.Key] || k.stale[o.Key] {
			continue
		}
		f, ok := o.Decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if t := receiver(f); o.Uses[key] || t != nil && t.Name == key {
			out = append(out, o)
		}
	}
	return out
}

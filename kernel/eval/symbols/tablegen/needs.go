package tablegen

import (
	"go/types"
	"maps"
	"slices"
)

// needs lists the other packages that declare interface types which one can get
// at from what pkg exports: the interpreter wants their wrappers when a value,
// or nil, becomes one of them, though the cell does not import them.
func needs(pkg *types.Package, known map[string]bool) []string {
	w := &walker{seen: map[types.Type]bool{}, found: map[string]bool{}}
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			w.visit(obj.Type())
		}
	}
	maps.DeleteFunc(w.found, func(path string, _ bool) bool { return path == pkg.Path() || !known[path] })
	return slices.Sorted(maps.Keys(w.found))
}

// walker goes through types as a cell can: exported fields and methods only.
type walker struct {
	seen  map[types.Type]bool
	found map[string]bool // paths of packages with interface types
}

func (w *walker) visit(t types.Type) {
	t = types.Unalias(t)
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		w.visitNamed(t)
	case *types.Pointer:
		w.visit(t.Elem())
	case *types.Slice:
		w.visit(t.Elem())
	case *types.Array:
		w.visit(t.Elem())
	case *types.Chan:
		w.visit(t.Elem())
	case *types.Map:
		w.visit(t.Key())
		w.visit(t.Elem())
	case *types.Struct:
		for field := range t.Fields() {
			if field.Exported() || field.Embedded() {
				w.visit(field.Type())
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			w.visitMethod(m)
		}
	case *types.Signature:
		w.visit(t.Params())
		w.visit(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			w.visit(v.Type())
		}
	}
}

func (w *walker) visitNamed(t *types.Named) {
	if iface, ok := t.Underlying().(*types.Interface); ok && iface.IsMethodSet() && iface.NumMethods() > 0 && t.Obj().Pkg() != nil && t.Obj().Exported() {
		w.found[t.Obj().Pkg().Path()] = true
	}
	for arg := range t.TypeArgs().Types() {
		w.visit(arg)
	}
	for m := range t.Methods() {
		w.visitMethod(m)
	}
	w.visit(t.Underlying())
}

func (w *walker) visitMethod(m *types.Func) {
	if m.Exported() {
		w.visit(m.Type())
	}
}

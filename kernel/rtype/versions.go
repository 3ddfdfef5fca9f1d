package rtype

import (
	"go/token"
	"go/types"
	"reflect"
)

// forget makes True give a new version of a type, and of all types that mention
// it, when they are next asked for. Interface types and the signatures of methods
// stay: erased types contain them.
func (t *Types) forget(typ types.Type) {
	if _, ok := t.current.get(typ); !ok {
		return
	}
	var stale []types.Type
	t.current.Iterate(func(key types.Type, _ any) {
		if t.uses(key, typ) {
			stale = append(stale, key)
		}
	})
	for _, key := range stale {
		t.current.Delete(key)
	}
	t.generation.Add(1)
}

// uses reports whether the memory of typ's true type refers to that of part.
func (t *Types) uses(typ, part types.Type) bool {
	return t.walk(typ, func(p types.Type) bool { return types.Identical(p, part) })
}

// mentions reports whether a named type for which yes holds is a part of typ or a
// type argument of a part.
func (t *Types) mentions(typ types.Type, yes func(*types.Named) bool) bool {
	return t.walk(typ, func(p types.Type) bool {
		n, ok := p.(*types.Named)
		if !ok {
			return false
		}
		if yes(n) {
			return true
		}
		for arg := range n.TypeArgs().Types() {
			if t.mentions(arg, yes) {
				return true
			}
		}
		return false
	})
}

// walk goes through the parts of a type until yes holds for one. It does not look
// into interfaces, nor into named types that are compiled.
func (t *Types) walk(typ types.Type, yes func(types.Type) bool) bool {
	seen := map[types.Type]bool{}
	var visit func(types.Type) bool
	list := func(vars *types.Tuple) bool {
		for v := range vars.Variables() {
			if visit(v.Type()) {
				return true
			}
		}
		return false
	}
	visit = func(typ types.Type) bool {
		typ = types.Unalias(typ)
		if seen[typ] {
			return false
		}
		seen[typ] = true
		if yes(typ) {
			return true
		}
		switch typ := typ.(type) {
		case *types.Named:
			if _, native := t.nativeNamed(typ); native {
				return false
			}
			return visit(typ.Underlying())
		case *types.Pointer:
			return visit(typ.Elem())
		case *types.Slice:
			return visit(typ.Elem())
		case *types.Array:
			return visit(typ.Elem())
		case *types.Chan:
			return visit(typ.Elem())
		case *types.Map:
			return visit(typ.Key()) || visit(typ.Elem())
		case *types.Signature:
			return list(typ.Params()) || list(typ.Results())
		case *types.Struct:
			for f := range typ.Fields() {
				if visit(f.Type()) {
					return true
				}
			}
		}
		return false
	}
	return visit(typ)
}

// decompose finds what a type stands for that native reflection composed.
func (t *Types) decompose(r reflect.Type) (types.Type, bool) {
	if r == unsafePointer {
		return types.Typ[types.UnsafePointer], true
	}
	if r.Name() != "" {
		if obj := types.Universe.Lookup(r.Name()); obj != nil && r.PkgPath() == "" {
			return obj.Type(), true
		}
		return nil, false
	}
	switch r.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		elem, ok := t.Of(r.Elem())
		if !ok {
			return nil, false
		}
		return around(r, elem), true
	case reflect.Map:
		key, ok := t.Of(r.Key())
		if !ok {
			return nil, false
		}
		elem, ok := t.Of(r.Elem())
		if !ok {
			return nil, false
		}
		return types.NewMap(key, elem), true
	case reflect.Func:
		in, ok := t.params(r.NumIn(), r.In)
		if !ok {
			return nil, false
		}
		out, ok := t.params(r.NumOut(), r.Out)
		if !ok {
			return nil, false
		}
		return types.NewSignatureType(nil, nil, nil, in, out, r.IsVariadic()), true
	}
	return nil, false
}

// around gives the type of r's kind with another element.
func around(r reflect.Type, elem types.Type) types.Type {
	switch r.Kind() {
	case reflect.Pointer:
		return types.NewPointer(elem)
	case reflect.Slice:
		return types.NewSlice(elem)
	case reflect.Array:
		return types.NewArray(elem, int64(r.Len()))
	}
	for dir, native := range chanDirs {
		if native == r.ChanDir() {
			return types.NewChan(dir, elem)
		}
	}
	return nil
}

func (t *Types) params(n int, at func(int) reflect.Type) (*types.Tuple, bool) {
	vars := make([]*types.Var, n)
	for i := range vars {
		typ, ok := t.Of(at(i))
		if !ok {
			return nil, false
		}
		vars[i] = types.NewParam(token.NoPos, nil, "", typ)
	}
	return types.NewTuple(vars...), true
}

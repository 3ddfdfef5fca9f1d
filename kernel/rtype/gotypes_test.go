package rtype

import (
	"go/token"
	"go/types"
	"reflect"
)

type goVar = types.Var

// goVar makes a parameter of a compiled type.
func (w *world) goVar(r reflect.Type) *goVar {
	return types.NewParam(token.NoPos, w.pkg, "", w.goType(r))
}

func (w *world) goType(r reflect.Type) types.Type {
	switch r.Kind() {
	case reflect.Struct: // pair
		named := types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage("main/native", "native"), r.Name(), nil), nil, nil)
		if w.pair == nil {
			var fields []*types.Var
			for i := range r.NumField() {
				fields = append(fields, types.NewField(token.NoPos, w.pkg, r.Field(i).Name, w.goType(r.Field(i).Type), false))
			}
			named.SetUnderlying(types.NewStruct(fields, nil))
			w.pair = named
		}
		return w.pair
	case reflect.Array:
		return types.NewArray(w.goType(r.Elem()), int64(r.Len()))
	case reflect.Slice:
		return types.NewSlice(w.goType(r.Elem()))
	case reflect.Map:
		return types.NewMap(w.goType(r.Key()), w.goType(r.Elem()))
	case reflect.Func:
		return types.NewSignatureType(nil, nil, nil, types.NewTuple(w.goVar(r.In(0))), types.NewTuple(w.goVar(r.Out(0))), false)
	case reflect.Interface:
		if r.NumMethod() == 0 {
			return types.NewInterfaceType(nil, nil)
		}
		return types.Universe.Lookup("error").Type()
	}
	return types.Universe.Lookup(r.Kind().String()).Type()
}

func newFunc(pkg *types.Package, name string, params, results []*goVar, variadic bool) *types.Func {
	return types.NewFunc(token.NoPos, pkg, name, types.NewSignatureType(nil, nil, nil,
		types.NewTuple(params...), types.NewTuple(results...), variadic))
}

package session

import (
	"go/token"
	"go/types"

	"github.com/chanbook/chanbook/kernel/check"
)

// chanTypes are the types of the channels that a cell's expressions are, by the places
// of the expressions. Only those are here whose elements have a type that a cell has
// declared: values of that type are something plainer to the interpreter.
type chanTypes map[place]string

type place struct{ line, column int }

// chanTypesOf looks at what the type checker knows of a cell.
func chanTypesOf(fset *token.FileSet, checked *check.Checked) chanTypes {
	out := chanTypes{}
	for e, tv := range checked.Info.Types {
		if _, ok := tv.Type.(*types.Chan); !ok || !tv.IsValue() {
			continue
		}
		if declared, open := parts(tv.Type, nil); declared && !open {
			p := fset.Position(e.Pos())
			out[place{p.Line, p.Column}] = types.TypeString(tv.Type, check.Qualifier)
		}
	}
	return out
}

// parts reports whether a type has parts that cells declare, and whether it has type
// parameters, which stand for another type each time.
func parts(t types.Type, seen []types.Type) (declared, open bool) {
	for _, s := range seen {
		if s == t {
			return false, false
		}
	}
	seen = append(seen, t)
	all := func(ts ...types.Type) {
		for _, t := range ts {
			d, o := parts(t, seen)
			declared, open = declared || d, open || o
		}
	}
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return false, true
	case *types.Named:
		declared = t.Obj().Pkg() != nil && check.Qualifier(t.Obj().Pkg()) == ""
		for arg := range t.TypeArgs().Types() {
			all(arg)
		}
	case *types.Chan:
		all(t.Elem())
	case *types.Pointer:
		all(t.Elem())
	case *types.Slice:
		all(t.Elem())
	case *types.Array:
		all(t.Elem())
	case *types.Map:
		all(t.Key(), t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			all(f.Type())
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			all(v.Type())
		}
		for v := range t.Results().Variables() {
			all(v.Type())
		}
	}
	return declared, open
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// Lowered programs know the types of the session only by what they stand for:
// a named type is its underlying type, and a struct is a native struct with the
// fields F0, F1 and so on. The names live on in interfaces: what goes into one
// is boxed with its true type.

// typeExpr writes down E(t), the type that stands for t in lowered programs.
func (l *lowerer) typeExpr(t types.Type) ast.Expr {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return l.native(OpType, t, nil, nil)
		}
		if t.Kind() == types.UntypedNil {
			return l.native(OpType, emptyInterface, nil, nil)
		}
		return l.ident(types.Default(t).(*types.Basic).Name())
	case *types.Named:
		return l.namedType(t)
	case *types.TypeParam:
		l.errorf(l.pos, "the type parameter %s has no type here", t)
		return l.ident("int")
	case *types.Pointer:
		return l.star(l.typeExpr(t.Elem()))
	case *types.Slice:
		return &ast.ArrayType{Lbrack: l.pos, Elt: l.typeExpr(t.Elem())}
	case *types.Array:
		return &ast.ArrayType{Lbrack: l.pos, Len: l.int64(t.Len()), Elt: l.typeExpr(t.Elem())}
	case *types.Map:
		return &ast.MapType{Map: l.pos, Key: l.typeExpr(t.Key()), Value: l.typeExpr(t.Elem())}
	case *types.Chan:
		return &ast.ChanType{Begin: l.pos, Dir: chanDir[t.Dir()], Value: l.typeExpr(t.Elem())}
	case *types.Signature:
		return l.funcType(t)
	}
	return l.native(OpType, t, nil, nil) // structs and interfaces
}

var chanDir = map[types.ChanDir]ast.ChanDir{
	types.SendRecv: ast.SEND | ast.RECV, types.SendOnly: ast.SEND, types.RecvOnly: ast.RECV,
}

var emptyInterface = types.NewInterfaceType(nil, nil)

func (l *lowerer) namedType(t *types.Named) ast.Expr {
	switch {
	case l.isForeign(t):
		if t.Obj().Exported() && t.Obj().Parent() == t.Obj().Pkg().Scope() {
			return l.pkgType(t.Obj().Pkg().Path(), t.Obj().Name())
		}
		return l.native(OpType, t, nil, nil)
	case types.IsInterface(t), isStruct(t), l.recursive(t):
		return l.native(OpType, t, nil, nil)
	}
	return l.typeExpr(t.Underlying())
}

// isForeign reports whether a named type is one that native code has.
func (l *lowerer) isForeign(t *types.Named) bool {
	obj := t.Obj()
	p := obj.Pkg()
	return p != nil && p.Path() != "main" && t.TypeArgs().Len() == 0 && obj.Parent() == p.Scope() && l.session.Object(obj) == nil
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// recursive reports whether a type that is no struct and no interface refers to
// itself, like type F func() F, so that what it stands for cannot be written
// down.
func (l *lowerer) recursive(t *types.Named) bool {
	seen := map[types.Type]bool{}
	var visit func(u types.Type) bool
	visit = func(u types.Type) bool {
		switch u := types.Unalias(u).(type) {
		case *types.Named:
			if u == t || types.Identical(u, t) {
				return true
			}
			if seen[u] || l.isForeign(u) || isStruct(u) || types.IsInterface(u) {
				return false
			}
			seen[u] = true
			return visit(u.Underlying())
		case *types.Pointer:
			return visit(u.Elem())
		case *types.Slice:
			return visit(u.Elem())
		case *types.Array:
			return visit(u.Elem())
		case *types.Chan:
			return visit(u.Elem())
		case *types.Map:
			return visit(u.Key()) || visit(u.Elem())
		case *types.Signature:
			for _, tuple := range []*types.Tuple{u.Params(), u.Results()} {
				for v := range tuple.Variables() {
					if visit(v.Type()) {
						return true
					}
				}
			}
		}
		return false
	}
	return visit(t.Underlying())
}

// same reports whether E(t) is t itself: no part of it is made by the user.
func (l *lowerer) same(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return true
	case *types.Named:
		return t.Obj().Pkg() == nil || types.IsInterface(t) || l.isForeign(t)
	case *types.Pointer:
		return l.same(t.Elem())
	case *types.Slice:
		return l.same(t.Elem())
	case *types.Array:
		return l.same(t.Elem())
	case *types.Chan:
		return l.same(t.Elem())
	case *types.Map:
		return l.same(t.Key()) && l.same(t.Elem())
	case *types.Signature:
		for _, tuple := range []*types.Tuple{t.Params(), t.Results()} {
			for v := range tuple.Variables() {
				if !l.same(v.Type()) {
					return false
				}
			}
		}
		return true
	case *types.Struct:
		return t.NumFields() == 0
	case *types.Interface:
		return true
	}
	return false
}

func (l *lowerer) funcType(t *types.Signature) *ast.FuncType {
	return &ast.FuncType{
		Func:    l.pos,
		Params:  l.fields(t.Params(), t.Variadic()),
		Results: l.fields(t.Results(), false),
	}
}

// fields are parameters or results without names.
func (l *lowerer) fields(tuple *types.Tuple, variadic bool) *ast.FieldList {
	list := l.fieldList()
	for i := range tuple.Len() {
		t := tuple.At(i).Type()
		var e ast.Expr
		if s, ok := t.Underlying().(*types.Slice); ok && variadic && i == tuple.Len()-1 {
			e = &ast.Ellipsis{Ellipsis: l.pos, Elt: l.typeExpr(s.Elem())}
		} else {
			e = l.typeExpr(t)
		}
		list.List = append(list.List, &ast.Field{Type: e})
	}
	return list
}

func (l *lowerer) int64(n int64) ast.Expr {
	return &ast.BasicLit{ValuePos: l.pos, Kind: token.INT, Value: strconv.FormatInt(n, 10)}
}

// zero is the zero value of a type.
func (l *lowerer) zero(t types.Type) ast.Expr {
	return l.star(l.call(l.ident("new"), l.typeExpr(t)))
}

// field is the name of a field in lowered programs.
func (l *lowerer) field(owner types.Type, i int) string {
	st := deref(owner).Underlying().(*types.Struct)
	if n, ok := types.Unalias(deref(owner)).(*types.Named); ok && l.isForeign(n) || l.nativeStruct(st) {
		return st.Field(i).Name()
	}
	return "F" + strconv.Itoa(i)
}

// nativeStruct reports whether a struct type is the one of a native type, which a
// user's type stands for: type T http.Server. A struct that is written in the
// source of an instance, or in that of a generic type, is none.
func (l *lowerer) nativeStruct(st *types.Struct) bool {
	if st.NumFields() == 0 || st.Field(0).Pkg().Path() == "main" {
		return false
	}
	scope := st.Field(0).Pkg().Scope()
	for _, name := range scope.Names() {
		if tn, ok := scope.Lookup(name).(*types.TypeName); ok && !tn.IsAlias() {
			n, ok := tn.Type().(*types.Named)
			if ok && n.TypeParams().Len() == 0 && n.Underlying() == st {
				return l.isForeign(n)
			}
		}
	}
	return false
}

func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// typeExpr writes a type down with the names of the lowered program. It reports
// false for a type that has no name there: an unexported type of a package, or
// one that is local to a function.
func (l *lowerer) typeExpr(t types.Type) (ast.Expr, bool) {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return l.pkg("unsafe", "Pointer"), true
		}
		b := types.Default(t).(*types.Basic)
		return l.ident(b.Name()), b.Kind() != types.UntypedNil
	case *types.Alias:
		if !l.checked.TypeArgs[t.Obj()] {
			if e, ok := l.typeName(t.Obj(), t.TypeArgs()); ok {
				return e, true
			}
		}
		return l.typeExpr(types.Unalias(t))
	case *types.Named:
		if foreignGeneric(t) {
			return l.typeExpr(t.Underlying())
		}
		return l.typeName(t.Obj(), t.TypeArgs())
	case *types.Pointer:
		e, ok := l.typeExpr(t.Elem())
		return &ast.StarExpr{Star: l.pos, X: e}, ok
	case *types.Slice:
		e, ok := l.typeExpr(t.Elem())
		return &ast.ArrayType{Lbrack: l.pos, Elt: e}, ok
	case *types.Array:
		e, ok := l.typeExpr(t.Elem())
		n := &ast.BasicLit{ValuePos: l.pos, Kind: token.INT, Value: strconv.FormatInt(t.Len(), 10)}
		return &ast.ArrayType{Lbrack: l.pos, Len: n, Elt: e}, ok
	case *types.Map:
		k, ok1 := l.typeExpr(t.Key())
		v, ok2 := l.typeExpr(t.Elem())
		return &ast.MapType{Map: l.pos, Key: k, Value: v}, ok1 && ok2
	case *types.Chan:
		return l.chanType(t)
	case *types.Signature:
		return l.funcType(t)
	case *types.Struct:
		return l.structType(t)
	case *types.Interface:
		return l.interfaceType(t)
	}
	return nil, false
}

// foreignGeneric reports whether a type is an instance of a generic type of a
// package, without methods, like iter.Seq[int]. The interpreter cannot be given
// those; what they stand for is assignable to them and from them.
func foreignGeneric(t *types.Named) bool {
	return t.TypeArgs().Len() > 0 && t.NumMethods() == 0 && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() != "main"
}

// genericType writes an instance of a package's generic type, where a cell names
// one, as what it stands for. It returns nil for any other expression.
func (l *lowerer) genericType(e ast.Expr) ast.Expr {
	tv := l.info.Types[e]
	if !tv.IsType() {
		return nil
	}
	t, ok := tv.Type.(*types.Named)
	if !ok || t.TypeArgs().Len() == 0 {
		return nil
	}
	if !foreignGeneric(t) && t.Obj().Pkg().Path() != "main" {
		l.foreign(e.Pos(), t.Obj())
		return nil
	}
	out, ok := l.typeExpr(t)
	if !ok {
		return nil
	}
	return out
}

func (l *lowerer) typeName(obj *types.TypeName, args *types.TypeList) (ast.Expr, bool) {
	var name ast.Expr
	switch {
	case obj.Pkg() == nil:
		name = l.ident(obj.Name())
	case obj.Pkg().Path() == "main":
		o := l.session.Object(obj)
		if o == nil {
			return l.ident(obj.Name()), l.inFunction
		}
		if args.Len() > 0 {
			return l.ident(l.instance(o, args)), true
		}
		name = l.ident(Name(o))
	case obj.Exported():
		name = l.pkg(obj.Pkg().Path(), obj.Name())
	default:
		return nil, false
	}
	if args.Len() == 0 {
		return name, true
	}
	index := &ast.IndexListExpr{X: name, Lbrack: l.pos, Rbrack: l.pos}
	for a := range args.Types() {
		e, ok := l.typeExpr(a)
		if !ok {
			return nil, false
		}
		index.Indices = append(index.Indices, e)
	}
	if len(index.Indices) == 1 {
		return &ast.IndexExpr{X: name, Lbrack: l.pos, Index: index.Indices[0], Rbrack: l.pos}, true
	}
	return index, true
}

func (l *lowerer) chanType(t *types.Chan) (ast.Expr, bool) {
	e, ok := l.typeExpr(t.Elem())
	dir := ast.SEND | ast.RECV
	switch t.Dir() {
	case types.SendOnly:
		dir = ast.SEND
	case types.RecvOnly:
		dir = ast.RECV
	}
	return &ast.ChanType{Begin: l.pos, Dir: dir, Value: e}, ok
}

func (l *lowerer) funcType(t *types.Signature) (*ast.FuncType, bool) {
	params, ok1 := l.fields(t.Params(), t.Variadic())
	results, ok2 := l.fields(t.Results(), false)
	return &ast.FuncType{Func: l.pos, Params: params, Results: results}, ok1 && ok2 && t.TypeParams().Len() == 0
}

func (l *lowerer) fields(tuple *types.Tuple, variadic bool) (*ast.FieldList, bool) {
	list := &ast.FieldList{Opening: l.pos, Closing: l.pos}
	for i := range tuple.Len() {
		t := tuple.At(i).Type()
		last := variadic && i == tuple.Len()-1
		if last {
			t = t.(*types.Slice).Elem()
		}
		e, ok := l.typeExpr(t)
		if !ok {
			return nil, false
		}
		if last {
			e = &ast.Ellipsis{Ellipsis: l.pos, Elt: e}
		}
		list.List = append(list.List, &ast.Field{Type: e})
	}
	return list, true
}

func (l *lowerer) structType(t *types.Struct) (ast.Expr, bool) {
	list := &ast.FieldList{Opening: l.pos, Closing: l.pos}
	for i := range t.NumFields() {
		v := t.Field(i)
		e, ok := l.typeExpr(v.Type())
		if !ok {
			return nil, false
		}
		f := &ast.Field{Type: e}
		if !v.Embedded() {
			f.Names = []*ast.Ident{l.ident(v.Name())}
		}
		if tag := t.Tag(i); tag != "" {
			f.Tag = &ast.BasicLit{ValuePos: l.pos, Kind: token.STRING, Value: strconv.Quote(tag)}
		}
		list.List = append(list.List, f)
	}
	return &ast.StructType{Struct: l.pos, Fields: list}, true
}

func (l *lowerer) interfaceType(t *types.Interface) (ast.Expr, bool) {
	if t.NumExplicitMethods() == 0 && t.NumEmbeddeds() == 0 {
		return &ast.InterfaceType{Interface: l.pos, Methods: &ast.FieldList{Opening: l.pos, Closing: l.pos}}, true
	}
	list := &ast.FieldList{Opening: l.pos, Closing: l.pos}
	for m := range t.ExplicitMethods() {
		ft, ok := l.funcType(m.Type().(*types.Signature))
		if !ok {
			return nil, false
		}
		list.List = append(list.List, &ast.Field{Names: []*ast.Ident{l.ident(m.Name())}, Type: ft})
	}
	for e := range t.EmbeddedTypes() {
		x, ok := l.typeExpr(e)
		if !ok {
			return nil, false
		}
		list.List = append(list.List, &ast.Field{Type: x})
	}
	return &ast.InterfaceType{Interface: l.pos, Methods: list}, true
}

// embeddedName is the name of an embedded field whose type is a later version
// of a session type, or "".
func (l *lowerer) embeddedName(v *types.Var) string {
	if !v.Embedded() {
		return ""
	}
	t := v.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	var obj types.Object
	switch t := t.(type) {
	case *types.Named:
		obj = t.Obj()
		if o := l.session.Object(obj); o != nil && t.TypeArgs().Len() > 0 {
			return l.instance(o, t.TypeArgs())
		}
	case *types.Alias:
		obj = t.Obj()
	default:
		return ""
	}
	if o := l.session.Object(obj); o != nil {
		return Name(o)
	}
	return ""
}

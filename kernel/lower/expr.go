package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// expr lowers an expression. The result has the type that stands for the
// expression's type. What cannot be said in an expression is emitted before.
func (l *lowerer) expr(e ast.Expr) ast.Expr {
	defer func(pos token.Pos) { l.pos = pos }(l.pos)
	l.at(e)
	if tv := l.info.Types[e]; tv.Value != nil {
		return l.constant(tv.Value, tv.Type)
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return l.expr(e.X)
	case *ast.Ident:
		return l.identExpr(e)
	case *ast.FuncLit:
		return l.funcLiteral(e)
	case *ast.CompositeLit:
		return l.composite(e)
	case *ast.SelectorExpr:
		return l.selectorExpr(e)
	case *ast.IndexExpr:
		if l.isFunction(e.X) {
			return l.functionValue(e)
		}
		return l.indexExpr(e)
	case *ast.IndexListExpr:
		return l.functionValue(e)
	case *ast.SliceExpr:
		return l.sliceExpr(e)
	case *ast.TypeAssertExpr:
		return l.assertion(e)
	case *ast.CallExpr:
		return l.callExpr(e)
	case *ast.StarExpr:
		return l.star(l.expr(e.X))
	case *ast.UnaryExpr:
		return l.unary(e)
	case *ast.BinaryExpr:
		return l.binaryExpr(e)
	}
	l.errorf(e.Pos(), "this expression cannot be run by the interpreter")
	return l.ident("nil")
}

// exprs lowers operands that are evaluated one after the other. What one emits
// must not come before the calls in the ones before it.
func (l *lowerer) exprs(n int, lower func(i int) ast.Expr) []ast.Expr {
	out := make([]ast.Expr, n)
	for i := range n {
		before := len(l.out)
		out[i] = lower(i)
		if len(l.out) == before {
			continue
		}
		var holds []ast.Stmt
		for j := range i {
			if hasEffect(out[j]) {
				t := l.temp("v")
				holds = append(holds, l.define(t, out[j]))
				out[j] = l.ident(t)
			}
		}
		if len(holds) > 0 {
			l.out = append(l.out[:before:before], append(holds, l.out[before:]...)...)
		}
	}
	return out
}

// hasEffect reports whether a lowered expression calls or receives.
func hasEffect(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// exprTo lowers an expression that is used as a value of type t.
func (l *lowerer) exprTo(e ast.Expr, t types.Type) ast.Expr {
	tv := l.info.Types[e]
	if tv.IsNil() {
		return l.nilOf(t)
	}
	if types.IsInterface(t) {
		if s := l.stdio(e); s != nil {
			return s
		}
	}
	return l.convert(l.expr(e), tv.Type, t)
}

// nilOf is the nil of a type. The interpreter's own has no type.
func (l *lowerer) nilOf(t types.Type) ast.Expr { return l.zero(t) }

// identExpr lowers a name that stands for a value.
func (l *lowerer) identExpr(id *ast.Ident) ast.Expr {
	switch obj := l.object(id).(type) {
	case *types.Nil:
		return l.ident("nil")
	case *types.Func:
		return l.functionValue(id)
	case *types.Var:
		return l.variable(obj)
	}
	return l.ident(id.Name)
}

func (l *lowerer) object(id *ast.Ident) types.Object {
	if obj := l.info.Uses[id]; obj != nil {
		return obj
	}
	return l.info.Defs[id]
}

// variable is the name of a variable in the lowered program.
func (l *lowerer) variable(v *types.Var) ast.Expr {
	if name := l.names[v]; name != "" {
		return l.ident(name)
	}
	if o := l.session.Object(v); o != nil {
		return l.ident(Name(o))
	}
	if p := v.Pkg(); p != nil && p.Path() != "main" && v.Parent() == p.Scope() {
		return l.star(l.foreignVariable(v)) // it came by a dot import
	}
	return l.ident(l.declare(v))
}

// declare gives a local variable a name that no other one has.
func (l *lowerer) declare(v types.Object) string {
	l.temps++
	name := v.Name()
	if name == "_" || name == "" {
		name = "x"
	}
	name = name + "·" + itoa(l.temps)
	l.names[v] = name
	return name
}

// selectorExpr lowers x.f where it stands for a value.
func (l *lowerer) selectorExpr(e *ast.SelectorExpr) ast.Expr {
	sel := l.info.Selections[e]
	if sel == nil {
		return l.member(e)
	}
	switch sel.Kind() {
	case types.FieldVal:
		x, _ := l.path(l.expr(e.X), sel.Recv(), sel.Index())
		return x
	case types.MethodVal:
		return l.methodValue(e, sel)
	}
	return l.methodExpr(sel)
}

// member lowers pkg.Name.
func (l *lowerer) member(e *ast.SelectorExpr) ast.Expr {
	obj := l.info.Uses[e.Sel]
	if f, ok := obj.(*types.Func); ok {
		if o := l.session.Object(f); o != nil || f.Signature().TypeParams().Len() > 0 || l.replacedFunction(e) != "" {
			return l.functionValue(e)
		}
	}
	if v, ok := obj.(*types.Var); ok {
		if l.session.Object(v) != nil {
			return l.variable(v)
		}
		return l.star(l.foreignVariable(v))
	}
	return l.pkg(obj.Pkg().Path(), obj.Name())
}

// path follows fields, also of embedded structs, from a value of type t.
func (l *lowerer) path(x ast.Expr, t types.Type, index []int) (ast.Expr, types.Type) {
	for _, i := range index {
		st := deref(t).Underlying().(*types.Struct)
		x = l.selector(x, l.field(t, i))
		t = st.Field(i).Type()
	}
	return x, t
}

// indexExpr lowers a[i].
func (l *lowerer) indexExpr(e *ast.IndexExpr) ast.Expr {
	t := l.info.TypeOf(e.X).Underlying()
	if m, ok := t.(*types.Map); ok {
		xs := l.exprs(2, func(i int) ast.Expr {
			if i == 0 {
				return l.expr(e.X)
			}
			return l.exprTo(e.Index, m.Key())
		})
		return l.index(xs[0], xs[1])
	}
	xs := l.exprs(2, func(i int) ast.Expr {
		if i == 0 {
			return l.indexable(e.X)
		}
		return l.position(e.Index)
	})
	return l.index(xs[0], xs[1])
}

// indexable lowers what is indexed or sliced. A pointer to an array is followed.
func (l *lowerer) indexable(e ast.Expr) ast.Expr {
	x := l.expr(e)
	if p, ok := l.info.TypeOf(e).Underlying().(*types.Pointer); ok {
		if _, ok := p.Elem().Underlying().(*types.Array); ok {
			return l.star(x)
		}
	}
	return x
}

// indexValue lowers an index or a bound, as an int where the type of another
// kind of integer would matter to the interpreter.
func (l *lowerer) indexValue(e ast.Expr) ast.Expr {
	tv := l.info.Types[e]
	if tv.Value != nil {
		return l.number(token.INT, intText(tv.Value))
	}
	x := l.expr(e)
	if b, ok := types.Unalias(tv.Type).(*types.Basic); ok && b.Kind() == types.Int {
		return x
	}
	return l.call(l.ident("int"), x)
}

// position lowers an index or a bound of a slice expression. One that no int may
// be large enough for stays without a sign: a panic tells its value.
func (l *lowerer) position(e ast.Expr) ast.Expr {
	tv := l.info.Types[e]
	if b, ok := tv.Type.Underlying().(*types.Basic); ok && tv.Value == nil {
		switch b.Kind() {
		case types.Uint, types.Uint64, types.Uintptr:
			return l.call(l.ident("uint64"), l.expr(e))
		}
	}
	return l.indexValue(e)
}

// sliceExpr lowers a[i:j:k].
func (l *lowerer) sliceExpr(e *ast.SliceExpr) ast.Expr {
	parts := []ast.Expr{e.X, e.Low, e.High, e.Max}
	xs := l.exprs(len(parts), func(i int) ast.Expr {
		switch {
		case i == 0:
			return l.indexable(e.X)
		case parts[i] == nil:
			return nil
		}
		return l.position(parts[i])
	})
	return &ast.SliceExpr{X: xs[0], Lbrack: l.pos, Low: xs[1], High: xs[2], Max: xs[3], Slice3: e.Slice3, Rbrack: l.pos}
}

// assertion lowers x.(T) with one result.
func (l *lowerer) assertion(e *ast.TypeAssertExpr) ast.Expr {
	t := l.info.TypeOf(e.Type)
	l.needMethods(t)
	return l.call(l.native(OpUnbox, l.info.TypeOf(e.X), t, nil), l.expr(e.X))
}

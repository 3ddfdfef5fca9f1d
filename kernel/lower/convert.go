package lower

import (
	"go/ast"
	"go/types"
)

// convert lowers the implicit conversion of a value of type from to type to.
func (l *lowerer) convert(x ast.Expr, from, to types.Type) ast.Expr {
	if from == nil || to == nil || types.Identical(from, to) {
		return x
	}
	if tuple, ok := from.(*types.Tuple); ok { // of a form with a comma-ok, used with one value
		from = tuple.At(0).Type()
	}
	if isNil(from) {
		return l.nilOf(to)
	}
	if types.IsInterface(to) {
		if types.IsInterface(from) {
			return l.upcast(x, from, to)
		}
		if b, ok := from.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			from = types.Default(from)
		}
		return l.box(x, from, to)
	}
	if l.layout(from) != l.layout(to) {
		return l.call(l.native(OpConvert, from, to, nil), x)
	}
	return x
}

// upcast lowers the conversion of an interface to one with fewer methods.
func (l *lowerer) upcast(x ast.Expr, from, to types.Type) ast.Expr {
	if types.Identical(from.Underlying(), to.Underlying()) {
		_, f := types.Unalias(from).(*types.Named)
		_, t := types.Unalias(to).(*types.Named)
		if !f && !t || to.Underlying().(*types.Interface).NumMethods() == 0 {
			return x
		}
	}
	return l.call(l.native(OpConvert, from, to, nil), x)
}

// layout is a text that two types share when the same type stands for both.
func (l *lowerer) layout(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if l.isForeign(t) || types.IsInterface(t) || l.recursive(t) {
			return l.natives.get(OpType, t, nil, nil).Name
		}
		if st, ok := t.Underlying().(*types.Struct); ok {
			return l.layout(st)
		}
		return l.layout(t.Underlying())
	case *types.Basic:
		return types.Default(t).(*types.Basic).Name()
	case *types.Pointer:
		return "*" + l.layout(t.Elem())
	case *types.Slice:
		return "[]" + l.layout(t.Elem())
	case *types.Array:
		return "[" + itoa(int(t.Len())) + "]" + l.layout(t.Elem())
	case *types.Map:
		return "map[" + l.layout(t.Key()) + "]" + l.layout(t.Elem())
	case *types.Chan:
		return "chan " + l.layout(t.Elem()) // directions change without a conversion
	case *types.Signature:
		return "func" + l.tupleLayout(t.Params(), t.Variadic()) + l.tupleLayout(t.Results(), false)
	}
	return l.natives.get(OpType, t, nil, nil).Name
}

func (l *lowerer) tupleLayout(t *types.Tuple, variadic bool) string {
	text := "("
	for v := range t.Variables() {
		text += l.layout(v.Type()) + ","
	}
	if variadic {
		text += "..."
	}
	return text + ")"
}

// conversion lowers T(x).
func (l *lowerer) conversion(e ast.Expr, to types.Type) ast.Expr {
	from := l.info.TypeOf(e)
	switch {
	case l.info.Types[e].IsNil():
		return l.zero(to)
	case types.IsInterface(to):
		return l.exprTo(e, to)
	}
	x := l.expr(e)
	fb, okFrom := from.Underlying().(*types.Basic)
	tb, okTo := to.Underlying().(*types.Basic)
	switch {
	case okFrom && okTo && fb.Kind() != types.UnsafePointer && tb.Kind() != types.UnsafePointer:
		return l.basicConversion(x, from, to, fb, tb)
	case okFrom && fb.Info()&types.IsString != 0, okTo && tb.Info()&types.IsString != 0:
		return l.call(l.typeExpr(to.Underlying()), x) // string, []byte and []rune
	case l.layout(from) == l.layout(to):
		return x
	case isArray(deref(to)) && isSlice(from):
		return l.call(l.typeExpr(to), x)
	}
	return l.call(l.native(OpConvert, from, to, nil), x)
}

func isSlice(t types.Type) bool {
	_, ok := t.Underlying().(*types.Slice)
	return ok
}

func isArray(t types.Type) bool {
	_, ok := t.Underlying().(*types.Array)
	return ok
}

// basicConversion lowers a conversion between numbers or strings.
func (l *lowerer) basicConversion(x ast.Expr, from, to types.Type, fb, tb *types.Basic) ast.Expr {
	switch {
	case l.layout(from) == l.layout(to):
		return x
	case tb.Info()&types.IsString != 0 && fb.Info()&types.IsInteger != 0:
		return l.call(l.native(OpConvert, from, to, nil), x)
	}
	return l.call(l.typeExpr(to), x)
}

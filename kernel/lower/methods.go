package lower

import (
	"go/ast"
	"go/types"

	"github.com/chanbook/chanbook/kernel/check"
)

// Methods are functions in lowered programs, with the receiver as their first
// parameter. For native code, which finds methods through interfaces, each is
// registered with its true type. Native code calls them with a pointer to the
// receiver, so a method of a value has a second function, which takes one.

// methodName names the function of a method m, which a value of type t has.
func (l *lowerer) methodName(m *types.Func, t types.Type) ast.Expr {
	o := l.session.Object(m)
	if o == nil {
		l.errorf(l.pos, "the interpreter has no method %s of %s", m.Name(), t)
		return l.ident("_")
	}
	n, ok := types.Unalias(deref(t)).(*types.Named)
	if ok && n.TypeArgs().Len() > 0 {
		return l.ident(l.instance(m.Origin(), n.TypeArgs()))
	}
	return l.sourceFunction(o)
}

// registerType registers the methods that are declared for a type. Promoted ones
// are found through the embedded types.
func (l *lowerer) registerType(t types.Type) {
	set := types.NewMethodSet(types.NewPointer(t))
	for s := range set.Methods() {
		if len(s.Index()) == 1 {
			l.register(t, s)
		}
	}
}

// register registers one method of a type, once in a program.
func (l *lowerer) register(t types.Type, s *types.Selection) {
	m := s.Obj().(*types.Func)
	recv := types.NewPointer(t)
	sig := m.Signature()
	onPointer := l.wrapper(recv, sig, func(x ast.Expr, args []ast.Expr) *ast.CallExpr {
		return l.callMethod(x, recv, m, s.Index(), args)
	})
	onValue := ast.Expr(l.ident("nil"))
	if types.NewMethodSet(t).Lookup(m.Pkg(), m.Name()) != nil {
		onValue = l.wrapper(t, sig, func(x ast.Expr, args []ast.Expr) *ast.CallExpr {
			return l.callMethod(x, t, m, s.Index(), args)
		})
	}
	l.emit(l.exprStmt(l.call(l.native(OpRegister, t, nil, m), onPointer, onValue)))
}

// wrapper is a function with the receiver as its first parameter.
func (l *lowerer) wrapper(recv types.Type, sig *types.Signature, call func(x ast.Expr, args []ast.Expr) *ast.CallExpr) ast.Expr {
	params := []*types.Var{types.NewVar(0, nil, "", recv)}
	for v := range sig.Params().Variables() {
		params = append(params, v)
	}
	full := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	return l.forward(full, func(args []ast.Expr) *ast.CallExpr { return call(args[0], args[1:]) })
}

// needMethods sees to it that native code finds the methods of a type, and of its
// parts, once a value of it is in an interface: those of instances of generic
// types. The methods of other types are registered with their declaration.
func (l *lowerer) needMethods(t types.Type) {
	t = types.Unalias(t)
	if l.needed.At(t) != nil {
		return
	}
	l.needed.Set(t, true)
	switch t := t.(type) {
	case *types.Named:
		if t.Obj().Pkg() == nil || l.isForeign(t) {
			return
		}
		if !types.IsInterface(t) && t.TypeArgs().Len() > 0 {
			l.pending = append(l.pending, t)
		}
		if st, ok := t.Underlying().(*types.Struct); ok {
			l.needFieldMethods(st)
		} else {
			l.needMethods(t.Underlying())
		}
	case *types.Struct:
		l.needFieldMethods(t)
	case *types.Pointer:
		l.needMethods(t.Elem())
	case *types.Slice:
		l.needMethods(t.Elem())
	case *types.Array:
		l.needMethods(t.Elem())
	case *types.Chan:
		l.needMethods(t.Elem())
	case *types.Map:
		l.needMethods(t.Key())
		l.needMethods(t.Elem())
	}
}

func (l *lowerer) needFieldMethods(t *types.Struct) {
	for f := range t.Fields() {
		l.needMethods(f.Type())
	}
}

// registrations lowers the registration of the methods that the program has
// declared. It comes before the statements of the cell.
func (l *lowerer) registrations() []ast.Stmt {
	return l.list(func() {
		for _, o := range l.objects() {
			l.registerDeclared(o)
		}
	})
}

// registerPending registers the methods that the program needs besides.
func (l *lowerer) registerPending() []ast.Stmt {
	return l.list(func() {
		for len(l.pending) > 0 {
			t := l.pending[0]
			l.pending = l.pending[1:]
			l.registerType(t)
		}
	})
}

// registerDeclared registers what a declaration of a type or method brings.
func (l *lowerer) registerDeclared(o *check.Object) {
	switch obj := o.Object.(type) {
	case *types.TypeName:
		if n, ok := obj.Type().(*types.Named); ok && !obj.IsAlias() && n.TypeParams().Len() == 0 && !types.IsInterface(n) {
			l.registerType(n)
		}
	case *types.Func:
		recv := obj.Signature().Recv()
		if recv == nil || isGeneric(o) {
			return
		}
		n, ok := types.Unalias(deref(recv.Type())).(*types.Named)
		if !ok || l.declaredHere(n.Obj()) {
			return
		}
		if s := types.NewMethodSet(types.NewPointer(n)).Lookup(obj.Pkg(), obj.Name()); s != nil {
			l.register(n, s)
		}
	}
}

func (l *lowerer) declaredHere(obj types.Object) bool {
	for _, o := range l.checked.Objects {
		if o.Object == obj {
			return true
		}
	}
	return false
}

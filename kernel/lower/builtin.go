package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// builtin lowers the call of a builtin function. Where its arguments are the
// results of one call, they are made variables first.
func (l *lowerer) builtin(e *ast.CallExpr) ast.Expr {
	if len(e.Args) == 1 {
		if tuple, ok := l.info.TypeOf(e.Args[0]).(*types.Tuple); ok && isCall(e.Args[0]) {
			e = l.spreadBuiltin(e, tuple)
		}
	}
	id, ok := ast.Unparen(e.Fun).(*ast.Ident)
	if !ok {
		return l.unsafeCall(e, ast.Unparen(e.Fun).(*ast.SelectorExpr).Sel.Name)
	}
	if obj := l.info.Uses[id]; obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "unsafe" {
		return l.unsafeCall(e, id.Name)
	}
	switch id.Name {
	case "append":
		return l.appendCall(e)
	case "copy":
		return l.plainBuiltin(e)
	case "len", "cap":
		return l.lenCall(e, id.Name)
	case "make":
		return l.makeCall(e)
	case "new":
		return l.newCall(e)
	case "delete":
		m := l.info.TypeOf(e.Args[0]).Underlying().(*types.Map)
		xs := l.exprs(2, func(i int) ast.Expr {
			if i == 0 {
				return l.expr(e.Args[0])
			}
			return l.exprTo(e.Args[1], m.Key())
		})
		return l.call(l.ident("delete"), xs...)
	case "panic":
		return l.call(l.ident("panic"), l.exprTo(e.Args[0], emptyInterface))
	case "print", "println":
		return l.printCall(e, id.Name)
	case "recover":
		return l.recoverCall()
	case "clear":
		return l.rt("Clear", l.convert(l.expr(e.Args[0]), l.info.TypeOf(e.Args[0]), emptyInterface))
	case "min", "max":
		return l.minMax(e, id.Name)
	}
	return l.plainBuiltin(e)
}

// spreadBuiltin gives a builtin the results of its argument one by one.
func (l *lowerer) spreadBuiltin(e *ast.CallExpr, tuple *types.Tuple) *ast.CallExpr {
	out := *e
	out.Args = nil
	l.info.Types[&out] = l.info.Types[e]
	for i, x := range l.results(l.expr(e.Args[0]), tuple) {
		id := x.(*ast.Ident)
		v := types.NewVar(id.Pos(), nil, id.Name, tuple.At(i).Type())
		l.names[v] = id.Name
		l.info.Uses[id] = v
		l.info.Types[id] = types.TypeAndValue{Type: v.Type()}
		out.Args = append(out.Args, id)
	}
	return &out
}

// isCall reports whether an expression is a call, and not a form with a comma-ok.
func isCall(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok
}

// plainBuiltin is a builtin that the interpreter runs as it is.
func (l *lowerer) plainBuiltin(e *ast.CallExpr) ast.Expr {
	args := l.exprs(len(e.Args), func(i int) ast.Expr { return l.expr(e.Args[i]) })
	return l.call(l.ident(ast.Unparen(e.Fun).(*ast.Ident).Name), args...)
}

// lenCall lowers len and cap. Arrays have the length of their type; a pointer to
// one is not followed.
func (l *lowerer) lenCall(e *ast.CallExpr, name string) ast.Expr {
	x := e.Args[0]
	if a, ok := deref(l.info.TypeOf(x)).Underlying().(*types.Array); ok {
		l.held("blank", l.expr(x))
		return l.int64(a.Len())
	}
	return l.call(l.ident(name), l.expr(x))
}

func (l *lowerer) appendCall(e *ast.CallExpr) ast.Expr {
	t := l.info.TypeOf(e)
	elem := t.Underlying().(*types.Slice).Elem()
	args := l.exprs(len(e.Args), func(i int) ast.Expr {
		switch {
		case i == 0 && l.info.Types[e.Args[0]].IsNil():
			return l.zero(t)
		case i == 0:
			return l.expr(e.Args[0])
		case e.Ellipsis.IsValid():
			return l.appended(e.Args[i], t)
		}
		return l.exprTo(e.Args[i], elem)
	})
	if len(args) > 2 {
		for i, x := range args {
			if _, isName := x.(*ast.Ident); !isName && hasPart(x) {
				args[i] = l.held("v", x) // before append writes to what it reads
			}
		}
	}
	call := l.call(l.ident("append"), args...)
	call.Ellipsis = e.Ellipsis
	if len(args) == 2 && !e.Ellipsis.IsValid() && l.layout(elem) == l.layout(t) {
		// The interpreter would take an element of the slice's own type for a slice
		// of elements.
		one := l.held("v", l.call(l.ident("make"), l.typeExpr(t), l.int(1)))
		l.emit(l.assign(token.ASSIGN, l.index(l.ident(one.Name), l.int(0)), args[1]))
		call.Args[1], call.Ellipsis = one, l.pos
	}
	return call
}

// hasPart reports whether a lowered expression reads a part of something.
func hasPart(e ast.Expr) bool {
	found := hasEffect(e)
	ast.Inspect(e, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IndexExpr, *ast.SliceExpr, *ast.StarExpr, *ast.SelectorExpr:
			found = true
		}
		return !found
	})
	return found
}

// appended lowers the s of append(b, s...).
func (l *lowerer) appended(e ast.Expr, t types.Type) ast.Expr {
	if l.info.Types[e].IsNil() {
		return l.zero(t)
	}
	if b, ok := l.info.TypeOf(e).Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		return l.call(l.typeExpr(t.Underlying()), l.expr(e))
	}
	return l.expr(e)
}

func (l *lowerer) makeCall(e *ast.CallExpr) ast.Expr {
	t := l.info.TypeOf(e.Args[0])
	if c, ok := t.Underlying().(*types.Chan); ok {
		t = types.NewChan(types.SendRecv, c.Elem()) // one with a direction cannot be made
	}
	args := []ast.Expr{l.typeExpr(t)}
	args = append(args, l.exprs(len(e.Args)-1, func(i int) ast.Expr { return l.indexValue(e.Args[i+1]) })...)
	return l.call(l.ident("make"), args...)
}

// newCall lowers new(T), and new(x), which makes a variable with a value.
func (l *lowerer) newCall(e *ast.CallExpr) ast.Expr {
	if tv := l.info.Types[e.Args[0]]; !tv.IsType() {
		t := l.info.TypeOf(e).Underlying().(*types.Pointer).Elem()
		p := l.held("p", l.call(l.ident("new"), l.typeExpr(t)))
		l.emit(l.assign(token.ASSIGN, l.star(l.ident(p.Name)), l.exprTo(e.Args[0], t)))
		return l.ident(p.Name)
	}
	return l.call(l.ident("new"), l.typeExpr(l.info.TypeOf(e.Args[0])))
}

func (l *lowerer) printCall(e *ast.CallExpr, name string) ast.Expr {
	args := l.exprs(len(e.Args), func(i int) ast.Expr {
		t := l.info.TypeOf(e.Args[i])
		if isNil(t) {
			return l.ident("nil")
		}
		if types.IsInterface(t) {
			return l.addr(l.held("v", l.expr(e.Args[i]))) // printed as two words
		}
		return l.convert(l.expr(e.Args[i]), t, emptyInterface)
	})
	return l.rt(map[string]string{"print": "Print", "println": "Println"}[name], args...)
}

// minMax lowers min and max to comparisons. Of floating-point numbers, a NaN
// wins, and negative zero is less than zero.
func (l *lowerer) minMax(e *ast.CallExpr, name string) ast.Expr {
	t := l.info.TypeOf(e)
	args := l.exprs(len(e.Args), func(i int) ast.Expr { return l.operandOf(e.Args[i], t) })
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
		f := map[string]string{"min": "MinFloat", "max": "MaxFloat"}[name]
		for i, x := range args {
			args[i] = l.call(l.ident("float64"), x)
		}
		return l.call(l.typeExpr(t), l.rt(f, args...))
	}
	op := token.LSS
	if name == "max" {
		op = token.GTR
	}
	best := l.held(name, args[0])
	for _, x := range args[1:] {
		v := l.held("v", x)
		l.emit(l.ifStmt(l.binary(l.ident(v.Name), op, l.ident(best.Name)), l.set(best.Name, l.ident(v.Name))))
	}
	return l.ident(best.Name)
}

// unsafeCall lowers the functions of package unsafe that are not constant.
func (l *lowerer) unsafeCall(e *ast.CallExpr, name string) ast.Expr {
	args := l.exprs(len(e.Args), func(i int) ast.Expr {
		if b, ok := l.info.TypeOf(e.Args[i]).Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
			return l.indexValue(e.Args[i])
		}
		return l.expr(e.Args[i])
	})
	t := l.info.TypeOf(e)
	arg := l.info.TypeOf(e.Args[0])
	if isNil(arg) {
		arg = types.NewPointer(types.Typ[types.Byte])
		args[0] = l.zero(arg)
	}
	pointer := types.Typ[types.UnsafePointer]
	raw := func() ast.Expr { return l.call(l.native(OpConvert, arg, pointer, nil), args[0]) }
	switch name {
	case "Add":
		return l.rt("UnsafeAdd", args...)
	case "String":
		return l.rt("UnsafeString", raw(), args[1])
	case "StringData":
		return l.call(l.native(OpConvert, pointer, t, nil), l.rt("UnsafeStringData", args[0]))
	case "Slice":
		return l.call(l.native(OpUnsafeSlice, arg, t, nil), args...)
	case "SliceData":
		return l.call(l.native(OpUnsafeSliceData, arg, t, nil), args...)
	}
	l.errorf(e.Pos(), "the interpreter has no unsafe.%s", name)
	return args[0]
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// callExpr lowers a conversion or a call.
func (l *lowerer) callExpr(e *ast.CallExpr) ast.Expr {
	if tv := l.info.Types[e.Fun]; tv.IsType() {
		return l.conversion(e.Args[0], tv.Type)
	} else if tv.IsBuiltin() {
		return l.builtin(e)
	}
	sig := l.info.TypeOf(e.Fun).Underlying().(*types.Signature)
	if l.knownBody(e.Fun).recovers {
		l.emit(l.exprStmt(l.rt("Entered"))) // the one that is called here must not recover
	}
	callee := l.callee(e)
	args := l.exprs(len(callee.args)+1, func(i int) ast.Expr {
		if i < len(callee.args) {
			return callee.args[i]()
		}
		return &ast.CallExpr{Args: l.args(e, sig)}
	})
	rest := args[len(callee.args)].(*ast.CallExpr).Args
	l.at(e)
	call := l.call(nil, append(args[:len(callee.args):len(callee.args)], rest...)...)
	call.Fun = callee.fun(&call.Args)
	if e.Ellipsis.IsValid() {
		call.Ellipsis = e.Ellipsis
	}
	return call
}

// A callee is what a call calls. args are what has to be evaluated first: the
// receiver, or the function's value. fun takes what it needs from the evaluated
// arguments.
type callee struct {
	args []func() ast.Expr
	fun  func(args *[]ast.Expr) ast.Expr
}

// callee finds out how the function of a call is called.
func (l *lowerer) callee(e *ast.CallExpr) callee {
	fun := ast.Unparen(e.Fun)
	if member := l.replacedFunction(fun); member != "" {
		return l.replacedCallee(member, e.Args)
	}
	if name := l.functionName(fun); name != nil {
		return callee{fun: func(*[]ast.Expr) ast.Expr { return name }}
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if s := l.info.Selections[sel]; s != nil {
			switch s.Kind() {
			case types.MethodVal:
				return l.methodCallee(sel, s, e.Args)
			case types.MethodExpr:
				lit := l.methodExpr(s)
				return callee{fun: func(*[]ast.Expr) ast.Expr { return lit }}
			}
		}
	}
	first := func(args *[]ast.Expr) ast.Expr {
		f := (*args)[0]
		*args = (*args)[1:]
		return f
	}
	if lit, ok := fun.(*ast.FuncLit); ok {
		return callee{args: []func() ast.Expr{func() ast.Expr { return l.plainLiteral(lit) }}, fun: first}
	}
	return callee{args: []func() ast.Expr{func() ast.Expr { return l.expr(fun) }}, fun: first}
}

// methodCallee is the callee of x.m, which is called with given, or later.
func (l *lowerer) methodCallee(e *ast.SelectorExpr, s *types.Selection, given []ast.Expr) callee {
	m := s.Obj().(*types.Func)
	last := len(s.Index()) - 1
	native := ""
	receiver := func() ast.Expr {
		if l.isStream(m.Name()) {
			if std := l.stdio(e.X); std != nil {
				return std
			}
		}
		x, t := l.path(l.expr(e.X), s.Recv(), s.Index()[:last])
		return l.receiver(x, t, m)
	}
	t := l.receiverType(s)
	member := replacement(m, t)
	switch {
	case member != "":
		return l.replacedCallee(member, given, func() ast.Expr { return l.replacedReceiver(receiver(), t) })
	case types.IsInterface(t) && !l.plainMethod(m):
		return l.interfaceCallee(receiver, t, m)
	case types.IsInterface(t), l.isNativeMethod(m):
		native = m.Name()
	default:
		name := l.methodName(m, t)
		return callee{args: []func() ast.Expr{receiver}, fun: func(*[]ast.Expr) ast.Expr { return name }}
	}
	return callee{args: []func() ast.Expr{receiver}, fun: func(args *[]ast.Expr) ast.Expr {
		x := (*args)[0]
		*args = (*args)[1:]
		return l.selector(x, native)
	}}
}

// receiverType is the type that has the selected method, at the end of the path
// of embedded fields.
func (l *lowerer) receiverType(s *types.Selection) types.Type {
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		t = deref(t).Underlying().(*types.Struct).Field(i).Type()
	}
	return t
}

// receiver is what a method takes of a value x of type t: x itself, its address
// or what it points to.
func (l *lowerer) receiver(x ast.Expr, t types.Type, m *types.Func) ast.Expr {
	if types.IsInterface(t) {
		return x
	}
	_, wantsPtr := types.Unalias(m.Signature().Recv().Type()).(*types.Pointer)
	_, isPtr := t.Underlying().(*types.Pointer)
	switch {
	case wantsPtr && !isPtr:
		if star, ok := ast.Unparen(x).(*ast.StarExpr); ok {
			return star.X
		}
		return l.addr(x)
	case !wantsPtr && isPtr && !l.isNativeMethod(m):
		return l.star(x)
	}
	return x
}

// isNativeMethod reports whether native code has a method.
func (l *lowerer) isNativeMethod(m *types.Func) bool {
	recv := m.Signature().Recv()
	if recv == nil {
		return false
	}
	n, ok := types.Unalias(deref(recv.Type())).(*types.Named)
	return ok && l.isForeign(n)
}

// plainMethod reports whether native code can call a method of an interface with
// the values of lowered programs.
func (l *lowerer) plainMethod(m *types.Func) bool {
	return m.Exported() && l.same(m.Signature())
}

// interfaceCallee is the callee of a method of an interface whose parameters
// have other types in lowered programs.
func (l *lowerer) interfaceCallee(receiver func() ast.Expr, t types.Type, m *types.Func) callee {
	find := l.native(OpMethod, t, nil, m)
	var f string
	return callee{
		args: []func() ast.Expr{func() ast.Expr {
			x := receiver()
			f = l.temp("f")
			p := l.temp("p")
			l.emit(&ast.AssignStmt{Lhs: []ast.Expr{l.ident(f), l.ident(p)}, TokPos: l.pos, Tok: token.DEFINE, Rhs: []ast.Expr{l.call(find, x)}})
			return l.ident(p)
		}},
		fun: func(*[]ast.Expr) ast.Expr { return l.ident(f) },
	}
}

// args lowers the arguments of a call.
func (l *lowerer) args(e *ast.CallExpr, sig *types.Signature) []ast.Expr {
	if len(e.Args) == 1 {
		if tuple, ok := l.info.TypeOf(e.Args[0]).(*types.Tuple); ok {
			return l.spread(l.expr(e.Args[0]), tuple, func(i int) types.Type { return paramType(sig, i) })
		}
	}
	return l.exprs(len(e.Args), func(i int) ast.Expr {
		t := paramType(sig, i)
		if e.Ellipsis.IsValid() && i == len(e.Args)-1 {
			t = sig.Params().At(i).Type()
		}
		return l.exprTo(e.Args[i], t)
	})
}

// spread takes apart what a call with several results returns, and converts each
// result.
func (l *lowerer) spread(call ast.Expr, tuple *types.Tuple, to func(i int) types.Type) []ast.Expr {
	names := l.results(call, tuple)
	for i, x := range names {
		names[i] = l.convert(x, tuple.At(i).Type(), to(i))
	}
	return names
}

// results evaluates a call with several results to variables.
func (l *lowerer) results(call ast.Expr, tuple *types.Tuple) []ast.Expr {
	s := &ast.AssignStmt{TokPos: l.pos, Tok: token.DEFINE, Rhs: []ast.Expr{call}}
	var out []ast.Expr
	for range tuple.Len() {
		t := l.temp("r")
		s.Lhs = append(s.Lhs, l.ident(t))
		out = append(out, l.ident(t))
	}
	l.emit(s)
	return out
}

// paramType is the type of the parameter that takes the i-th argument.
func paramType(sig *types.Signature, i int) types.Type {
	p := sig.Params()
	if sig.Variadic() && i >= p.Len()-1 {
		if s, ok := p.At(p.Len() - 1).Type().Underlying().(*types.Slice); ok {
			return s.Elem()
		}
		return types.Typ[types.Byte] // append([]byte, string...)
	}
	return p.At(i).Type()
}

// isFunction reports whether an expression names a declared function.
func (l *lowerer) isFunction(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, ok := l.object(e).(*types.Func)
		return ok
	case *ast.SelectorExpr:
		_, ok := l.info.Uses[e.Sel].(*types.Func)
		return ok && l.info.Selections[e] == nil
	}
	return false
}

// functionName is what an expression that names a declared function is called by
// in the lowered program, or nil for any other expression.
func (l *lowerer) functionName(e ast.Expr) ast.Expr {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.IndexExpr:
		e = ast.Unparen(x.X)
	case *ast.IndexListExpr:
		e = ast.Unparen(x.X)
	}
	if !l.isFunction(e) {
		return nil
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		id = e.(*ast.SelectorExpr).Sel
	}
	f := l.object(id).(*types.Func)
	if in, ok := l.info.Instances[id]; ok {
		return l.ident(l.instance(f, in.TypeArgs))
	}
	if o := l.session.Object(f); o != nil {
		return l.sourceFunction(o)
	}
	return l.pkg(f.Pkg().Path(), f.Name())
}

// functionValue lowers a declared function that is used as a value. The
// interpreter's own functions are not values that it can hand on.
func (l *lowerer) functionValue(e ast.Expr) ast.Expr {
	sig := l.info.TypeOf(e).Underlying().(*types.Signature)
	if member := l.replacedFunction(e); member != "" {
		c := l.replacedCallee(member, nil)
		return l.forward(sig, func(args []ast.Expr) *ast.CallExpr {
			call := l.call(nil, args...)
			call.Fun = c.fun(&call.Args)
			return call
		})
	}
	name := l.functionName(e)
	if sel, ok := name.(*ast.SelectorExpr); ok {
		return sel
	}
	return l.forward(sig, func(args []ast.Expr) *ast.CallExpr { return l.call(name, args...) })
}

// forward is a function literal that passes its arguments on.
func (l *lowerer) forward(sig *types.Signature, to func(args []ast.Expr) *ast.CallExpr) ast.Expr {
	lit := &ast.FuncLit{Type: l.funcType(sig), Body: l.blockOf()}
	var args []ast.Expr
	for _, f := range lit.Type.Params.List {
		name := l.temp("a")
		f.Names = []*ast.Ident{l.ident(name)}
		args = append(args, l.ident(name))
	}
	body := l.list(func() {
		call := to(args)
		if sig.Variadic() {
			call.Ellipsis = l.pos
		}
		if sig.Results().Len() == 0 {
			l.emit(l.exprStmt(call))
		} else {
			l.emit(l.returns(call))
		}
	})
	lit.Body.List = body
	return l.thunk(lit, l.funcType(sig))
}

// methodValue lowers x.m where it is not called: the receiver is evaluated now.
func (l *lowerer) methodValue(e *ast.SelectorExpr, s *types.Selection) ast.Expr {
	m := s.Obj().(*types.Func)
	c := l.methodCallee(e, s, nil)
	recv := l.held("m", c.args[0]())
	sig := l.info.TypeOf(e).Underlying().(*types.Signature)
	if types.IsInterface(l.receiverType(s)) && l.plainMethod(m) {
		l.emit(l.ifStmt(l.binary(l.ident(recv.Name), token.EQL, l.ident("nil")), l.exprStmt(l.rt("NilDereference"))))
	}
	return l.forward(sig, func(args []ast.Expr) *ast.CallExpr {
		list := append([]ast.Expr{l.ident(recv.Name)}, args...)
		call := l.call(nil)
		call.Fun = c.fun(&list)
		call.Args = list
		return call
	})
}

// methodExpr lowers T.m: a function whose first parameter is the receiver.
func (l *lowerer) methodExpr(s *types.Selection) ast.Expr {
	sig := s.Type().(*types.Signature)
	return l.forward(sig, func(args []ast.Expr) *ast.CallExpr {
		return l.callMethod(args[0], s.Recv(), s.Obj().(*types.Func), s.Index(), args[1:])
	})
}

// callMethod calls the method at the end of a path from a value of type t.
func (l *lowerer) callMethod(x ast.Expr, t types.Type, m *types.Func, index []int, args []ast.Expr) *ast.CallExpr {
	x, t = l.path(x, t, index[:len(index)-1])
	recv := l.receiver(x, t, m)
	member := replacement(m, t)
	switch {
	case member != "":
		c := l.replacedCallee(member, nil)
		call := l.call(nil, append([]ast.Expr{l.replacedReceiver(recv, t)}, args...)...)
		call.Fun = c.fun(&call.Args)
		return call
	case types.IsInterface(t) && !l.plainMethod(m):
		c := l.interfaceCallee(func() ast.Expr { return recv }, t, m)
		p := c.args[0]()
		return l.call(c.fun(nil), append([]ast.Expr{p}, args...)...)
	case types.IsInterface(t), l.isNativeMethod(m):
		return l.call(l.selector(recv, m.Name()), args...)
	}
	return l.call(l.methodName(m, t), append([]ast.Expr{recv}, args...)...)
}

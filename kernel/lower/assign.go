package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// assignStmt lowers =, := and op=.
func (l *lowerer) assignStmt(s *ast.AssignStmt) {
	switch s.Tok {
	case token.ASSIGN, token.DEFINE:
		l.assigns(s.Lhs, s.Rhs)
	default:
		l.operate(s.Lhs[0], assignOps[s.Tok], s.Rhs[0])
	}
}

var assignOps = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL, token.QUO_ASSIGN: token.QUO,
	token.REM_ASSIGN: token.REM, token.AND_ASSIGN: token.AND, token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR,
	token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT,
}

// operate lowers x op= y. The operands of x are evaluated once.
func (l *lowerer) operate(x ast.Expr, op token.Token, y ast.Expr) {
	place := l.placeBefore(x, l.mayCall(y))
	right := func() ast.Expr { return l.operandOf(y, l.info.TypeOf(x)) }
	if op == token.SHL || op == token.SHR {
		right = func() ast.Expr { return l.shiftCount(y) }
	}
	l.emit(l.assign(token.ASSIGN, place, l.binary(place, op, right())))
}

func (l *lowerer) incDec(s *ast.IncDecStmt) {
	place := l.place(s.X)
	if _, ok := place.(*ast.Ident); ok && l.isPlainInt(s.X) {
		l.emit(&ast.IncDecStmt{X: place, TokPos: l.pos, Tok: s.Tok})
		return
	}
	op := map[token.Token]token.Token{token.INC: token.ADD, token.DEC: token.SUB}[s.Tok]
	one := l.constant(constant.MakeInt64(1), l.info.TypeOf(s.X))
	l.emit(l.assign(token.ASSIGN, place, l.binary(place, op, one)))
}

func (l *lowerer) isPlainInt(e ast.Expr) bool {
	b, ok := l.info.TypeOf(e).Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// place lowers a variable, or a part of one, that is read and then set. What it
// takes to get there is evaluated now, once.
func (l *lowerer) place(e ast.Expr) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if e.Name == "_" {
			return l.ident("_")
		}
		return l.variablePlace(l.object(e).(*types.Var))
	case *ast.StarExpr:
		return l.star(l.held("p", l.expr(e.X)))
	case *ast.SelectorExpr:
		return l.selectorPlace(e)
	case *ast.IndexExpr:
		return l.indexPlace(e)
	}
	return l.expr(e)
}

// placeBefore lowers a place before something that may change the variables in
// it.
func (l *lowerer) placeBefore(e ast.Expr, changes bool) ast.Expr {
	saved := l.holdAll
	l.holdAll = changes
	defer func() { l.holdAll = saved }()
	return l.place(e)
}

func (l *lowerer) selectorPlace(e *ast.SelectorExpr) ast.Expr {
	s := l.info.Selections[e]
	if s == nil {
		return l.variablePlace(l.info.Uses[e.Sel].(*types.Var))
	}
	var base ast.Expr
	if _, ok := s.Recv().Underlying().(*types.Pointer); ok {
		base = l.stable("p", l.expr(e.X))
	} else {
		base = l.place(e.X)
	}
	x, _ := l.path(base, s.Recv(), s.Index())
	return x
}

// variablePlace is a variable that is set.
func (l *lowerer) variablePlace(v *types.Var) ast.Expr {
	if p := v.Pkg(); p != nil && p.Path() != "main" && v.Parent() == p.Scope() && l.session.Object(v) == nil {
		return l.star(l.foreignVariable(v))
	}
	return l.variable(v)
}

func (l *lowerer) indexPlace(e *ast.IndexExpr) ast.Expr {
	t := l.info.TypeOf(e.X)
	switch u := t.Underlying().(type) {
	case *types.Map:
		m := l.stable("m", l.expr(e.X))
		k := l.held("k", l.exprTo(e.Index, u.Key()))
		if types.IsInterface(u.Key()) {
			l.emit(l.exprStmt(l.rt("HashKey", l.ident(k.Name)))) // reading m[k] first would fail in other words
		}
		return l.index(m, k)
	case *types.Array:
		base := l.place(e.X)
		return l.index(base, l.stableIndex(e.Index))
	case *types.Pointer:
		base := l.star(l.stable("p", l.expr(e.X)))
		return l.index(base, l.stableIndex(e.Index))
	}
	base := l.stable("s", l.expr(e.X))
	return l.index(base, l.stableIndex(e.Index))
}

func (l *lowerer) stableIndex(e ast.Expr) ast.Expr {
	if l.info.Types[e].Value != nil {
		return l.indexValue(e)
	}
	return l.stable("i", l.position(e))
}

// stable holds an expression, unless it is a variable that nothing can change
// before the place is used.
func (l *lowerer) stable(stem string, x ast.Expr) ast.Expr {
	if id, ok := x.(*ast.Ident); ok && !l.holdAll {
		return id
	}
	return l.held(stem, x)
}

// assigns lowers the assignment or declaration of one or more variables.
func (l *lowerer) assigns(lhs, rhs []ast.Expr) {
	switch {
	case len(lhs) == 1 && len(rhs) == 1:
		l.assignOne(lhs[0], rhs[0])
	case len(rhs) == 1:
		l.assignResults(lhs, rhs[0])
	default:
		l.assignParallel(lhs, rhs)
	}
}

// assignOne lowers x = y.
func (l *lowerer) assignOne(x, y ast.Expr) {
	if isBlank(x) {
		l.assignBlank(y)
		return
	}
	if v := l.defines(x); v != nil {
		l.defineVar(v, func() ast.Expr { return l.exprTo(y, v.Type()) })
		return
	}
	t := l.info.TypeOf(x)
	if !l.simplePlace(x) && l.mayCall(y) {
		place := l.placeBefore(x, true)
		l.emit(l.assign(token.ASSIGN, place, l.assigned(y, t)))
		return
	}
	xs := l.exprs(2, func(i int) ast.Expr {
		if i == 0 {
			return l.lvalue(x)
		}
		return l.assigned(y, t)
	})
	l.emit(l.assign(token.ASSIGN, xs[0], xs[1]))
}

// assigned lowers a value that is assigned to a variable of type t. A literal
// would make the variable another one.
func (l *lowerer) assigned(y ast.Expr, t types.Type) ast.Expr {
	return l.heldLiteral(l.exprTo(y, t))
}

// heldLiteral gives a literal a variable of its own; any other value stays.
func (l *lowerer) heldLiteral(x ast.Expr) ast.Expr {
	if _, ok := x.(*ast.CompositeLit); ok {
		return l.held("v", x)
	}
	return x
}

// assignBlank evaluates what nobody keeps.
func (l *lowerer) assignBlank(y ast.Expr) {
	tv := l.info.Types[y]
	if tv.IsNil() || tv.Value != nil {
		return
	}
	l.held("blank", l.expr(y))
}

// lvalue lowers what is assigned to, without evaluating it now.
func (l *lowerer) lvalue(e ast.Expr) ast.Expr {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.Ident:
		return l.variablePlace(l.object(x).(*types.Var))
	case *ast.SelectorExpr:
		if l.info.Selections[x] == nil {
			return l.variablePlace(l.info.Uses[x.Sel].(*types.Var))
		}
	}
	return l.expr(e)
}

func (l *lowerer) simplePlace(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.Ident)
	return ok
}

// mayCall reports whether an expression calls something.
func (l *lowerer) mayCall(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = found || !l.info.Types[n.Fun].IsType()
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// defines returns the variable that an identifier declares here, or nil.
func (l *lowerer) defines(e ast.Expr) *types.Var {
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := l.info.Defs[id].(*types.Var)
	return v
}

// defineVar declares a variable. One of the session exists already.
func (l *lowerer) defineVar(v *types.Var, value func() ast.Expr) {
	if l.isSession(v) {
		x := l.heldLiteral(value())
		l.emit(l.set(l.variable(v).(*ast.Ident).Name, x))
		return
	}
	x := value()
	if needsType(v.Type()) {
		// By := the interpreter would give it the value's type.
		name := l.declare(v)
		l.emit(l.define(name, l.zero(v.Type())), l.set(name, x))
		return
	}
	l.emit(l.define(l.declare(v), x))
}

// needsType reports whether a variable of a type has to be declared with it: the
// interpreter does not know what to do with a channel of native code.
func needsType(t types.Type) bool {
	_, isChan := t.Underlying().(*types.Chan)
	return isChan || types.IsInterface(t)
}

// assignResults lowers a, b = f() and the forms with a comma-ok.
func (l *lowerer) assignResults(lhs []ast.Expr, rhs ast.Expr) {
	tuple, ok := l.info.TypeOf(rhs).(*types.Tuple)
	if !ok {
		tuple = types.NewTuple(types.NewVar(0, nil, "", l.info.TypeOf(rhs)), types.NewVar(0, nil, "", types.Typ[types.Bool]))
	}
	places := l.places(lhs)
	results := l.results(l.multiple(rhs), tuple)
	l.missing(rhs, results, tuple)
	for i, x := range lhs {
		l.store(x, places[i], results[i], tuple.At(i).Type())
	}
}

// missing sets the function that v, ok = m[k] has not found, for which the
// interpreter would leave the last one.
func (l *lowerer) missing(rhs ast.Expr, results []ast.Expr, tuple *types.Tuple) {
	_, isIndex := ast.Unparen(rhs).(*ast.IndexExpr)
	t := tuple.At(0).Type()
	if _, isFunc := t.Underlying().(*types.Signature); !isIndex || !isFunc {
		return
	}
	name := results[0].(*ast.Ident).Name
	l.emit(l.ifStmt(l.not(l.ident(results[1].(*ast.Ident).Name)), l.set(name, l.zero(t))))
}

// multiple lowers an expression with several results.
func (l *lowerer) multiple(e ast.Expr) ast.Expr {
	switch x := ast.Unparen(e).(type) {
	case *ast.TypeAssertExpr:
		t := l.info.TypeOf(x.Type)
		l.needMethods(t)
		return l.call(l.native(OpAssert, l.info.TypeOf(x.X), t, nil), l.expr(x.X))
	case *ast.UnaryExpr:
		return l.receive(x)
	}
	return l.expr(e)
}

// assignParallel lowers a, b = x, y: operands on the left are evaluated first,
// then all values, and only then is assigned.
func (l *lowerer) assignParallel(lhs, rhs []ast.Expr) {
	places := l.places(lhs)
	kinds := make([]types.Type, len(lhs))
	values := l.exprs(len(rhs), func(i int) ast.Expr {
		kinds[i] = l.info.TypeOf(rhs[i])
		if isBlank(lhs[i]) {
			if l.info.Types[rhs[i]].IsNil() {
				return nil
			}
			return l.expr(rhs[i])
		}
		kinds[i] = l.info.TypeOf(lhs[i])
		if v := l.defines(lhs[i]); v != nil {
			kinds[i] = v.Type()
		}
		return l.exprTo(rhs[i], kinds[i])
	})
	for i, x := range values {
		if x == nil {
			continue
		}
		if _, isNil := x.(*ast.Ident); isNil && x.(*ast.Ident).Name == "nil" || types.IsInterface(kinds[i]) {
			t := l.temp("v")
			l.emit(l.define(t, l.zero(kinds[i])), l.set(t, x))
			values[i] = l.ident(t)
			continue
		}
		values[i] = l.held("v", x)
	}
	for i, x := range lhs {
		if values[i] != nil {
			l.store(x, places[i], values[i], kinds[i])
		}
	}
}

// places lowers what is assigned to and evaluates its operands. What is declared
// here has no place yet.
func (l *lowerer) places(lhs []ast.Expr) []ast.Expr {
	out := make([]ast.Expr, len(lhs))
	for i, x := range lhs {
		if !isBlank(x) && l.defines(x) == nil {
			out[i] = l.placeBefore(x, true)
		}
	}
	return out
}

// store assigns a value of type t to a place, or declares a variable with it.
func (l *lowerer) store(x, place, value ast.Expr, t types.Type) {
	if isBlank(x) {
		return
	}
	if v := l.defines(x); v != nil {
		l.defineVar(v, func() ast.Expr { return l.convert(value, t, v.Type()) })
		return
	}
	l.emit(l.assign(token.ASSIGN, place, l.convert(value, t, l.info.TypeOf(x))))
}

func isBlank(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == "_"
}

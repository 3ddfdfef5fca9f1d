package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// forStmt lowers a three-part loop. One whose variables are shared with a
// closure or a pointer gets a new copy of them for each iteration, as the
// language demands:
//
//	for i := a; i < n; i++ { body }
//
// becomes
//
//	i0 := a; p := &i0; first := true
//	for {
//		i := *p; p = &i
//		if first { first = false } else { i++ }
//		if !(i < n) { break }
//		body
//	}
//
// so that continue in the body goes to the next copy without more ado.
func (l *lowerer) forStmt(n *ast.ForStmt, label string) {
	inner := l.list(func() { l.forLoop(n, label) })
	if n.Init == nil {
		l.emit(inner...)
		return
	}
	l.emit(l.blockOf(inner...))
}

func (l *lowerer) forLoop(n *ast.ForStmt, label string) {
	if n.Init != nil {
		l.stmt(n.Init)
	}
	var cond ast.Expr
	var condStmts []ast.Stmt
	begin := l.copies(n)
	if n.Cond != nil {
		condStmts = l.list(func() { cond = l.expr(n.Cond) })
	}
	var post []ast.Stmt
	if n.Post != nil {
		post = l.list(func() { l.stmt(n.Post) })
	}
	out := &ast.ForStmt{For: l.pos}
	simplePost := len(post) == 1 && isSimple(post[0])
	switch {
	case len(begin) == 0 && len(condStmts) == 0 && (len(post) == 0 || simplePost):
		out.Cond = cond
		if simplePost {
			out.Post = post[0]
		}
		out.Body = l.body(n.Body.List)
	default:
		if len(post) > 0 {
			first := l.temp("first")
			l.emit(l.define(first, l.ident("true")))
			begin = append(begin, &ast.IfStmt{
				If: l.pos, Cond: l.ident(first),
				Body: l.blockOf(l.set(first, l.ident("false"))),
				Else: l.blockOf(post...),
			})
		}
		begin = append(begin, condStmts...)
		if cond != nil {
			begin = append(begin, l.list(func() {
				end := l.not(cond)
				l.emit(l.ifStmt(end, l.branch(token.BREAK, "")))
			})...)
		}
		body := l.body(n.Body.List)
		out.Body = l.blockOf(append(begin, body)...)
	}
	l.emit(l.withLabel(label, out))
}

func isSimple(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.AssignStmt, *ast.IncDecStmt, *ast.ExprStmt:
		return true
	}
	return false
}

// copies gives the shared variables of a loop a new copy for each iteration. It
// returns what the body begins with.
func (l *lowerer) copies(n *ast.ForStmt) []ast.Stmt {
	init, ok := n.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return nil
	}
	var begin []ast.Stmt
	for _, e := range init.Lhs {
		v := l.defines(e)
		if v == nil || !l.used.shared[v] {
			continue
		}
		first, ptr := l.names[v], l.temp("p")
		l.emit(l.define(ptr, l.addr(l.ident(first))))
		name := l.declare(v)
		begin = append(begin, l.define(name, l.star(l.ident(ptr))), l.set(ptr, l.addr(l.ident(name))))
	}
	return begin
}

// rangeStmt lowers a range to a loop that counts, receives or iterates over a
// map, or to a call.
func (l *lowerer) rangeStmt(n *ast.RangeStmt, label string) {
	inner := l.list(func() { l.rangeLoop(n, label) })
	l.emit(l.blockOf(inner...))
}

func (l *lowerer) rangeLoop(n *ast.RangeStmt, label string) {
	t := l.info.TypeOf(n.X)
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			l.rangeString(n, label)
		} else {
			l.rangeInt(n, t, label)
		}
	case *types.Slice:
		s := l.stableCopy(n.X)
		l.rangeIndex(n, label, l.call(l.ident("len"), l.ident(s)), func(i ast.Expr) ast.Expr { return l.index(l.ident(s), i) }, u.Elem())
	case *types.Array:
		l.rangeArray(n, label, u)
	case *types.Pointer:
		a := u.Elem().Underlying().(*types.Array)
		p := l.stableCopy(n.X)
		l.rangeIndex(n, label, l.int64(a.Len()), func(i ast.Expr) ast.Expr {
			return l.index(l.star(l.ident(p)), i)
		}, a.Elem())
	case *types.Map:
		l.rangeMap(n, label, u)
	case *types.Chan:
		l.rangeChan(n, label, u)
	case *types.Signature:
		l.rangeFunc(n, u, label)
	default:
		l.errorf(n.X.Pos(), "the interpreter cannot range over a value of type %s", t)
	}
}

// stableCopy evaluates an expression to a variable of its own.
func (l *lowerer) stableCopy(e ast.Expr) string { return l.held("x", l.expr(e)).Name }

// rangeArray ranges over a copy of an array, as the language demands, or over
// its indices alone.
func (l *lowerer) rangeArray(n *ast.RangeStmt, label string, a *types.Array) {
	if n.Value == nil || isBlank(n.Value) {
		if l.mayCall(n.X) {
			l.stableCopy(n.X)
		}
		l.rangeIndex(n, label, l.int64(a.Len()), nil, nil)
		return
	}
	s := l.stableCopy(n.X)
	l.rangeIndex(n, label, l.int64(a.Len()), func(i ast.Expr) ast.Expr { return l.index(l.ident(s), i) }, a.Elem())
}

// rangeIndex lowers a range over what has a length to a loop that counts.
func (l *lowerer) rangeIndex(n *ast.RangeStmt, label string, length ast.Expr, element func(i ast.Expr) ast.Expr, elem types.Type) {
	i, count := l.temp("i"), l.held("n", length)
	body := l.list(func() {
		var values []ast.Expr
		kinds := []types.Type{types.Typ[types.Int]}
		values = append(values, l.ident(i))
		if n.Value != nil && !isBlank(n.Value) {
			values = append(values, element(l.ident(i)))
			kinds = append(kinds, elem)
		}
		l.iteration(n, values, kinds)
		l.emit(l.body(n.Body.List))
	})
	l.emit(l.withLabel(label, l.counting(i, l.int(0), l.ident(count.Name), body)))
}

func (l *lowerer) counting(i string, from, to ast.Expr, body []ast.Stmt) *ast.ForStmt {
	return &ast.ForStmt{
		For: l.pos, Init: l.define(i, from), Cond: l.binary(l.ident(i), token.LSS, to),
		Post: &ast.IncDecStmt{X: l.ident(i), TokPos: l.pos, Tok: token.INC}, Body: l.blockOf(body...),
	}
}

// iteration gives the iteration variables their values. Those that the range
// declares are new for each iteration.
func (l *lowerer) iteration(n *ast.RangeStmt, values []ast.Expr, kinds []types.Type) {
	given := []ast.Expr{n.Key, n.Value}
	places := make([]ast.Expr, len(given))
	if n.Tok == token.ASSIGN {
		for i, x := range given {
			if x != nil && !isBlank(x) {
				places[i] = l.placeBefore(x, true)
			}
		}
	}
	for i, x := range values {
		if given[i] != nil {
			l.store(given[i], places[i], x, kinds[i])
		}
	}
}

// rangeString ranges over the characters of a string, which native code decodes.
func (l *lowerer) rangeString(n *ast.RangeStmt, label string) {
	x := l.expr(n.X)
	runes, offsets := l.temp("runes"), l.temp("offsets")
	l.emit(&ast.AssignStmt{
		Lhs: []ast.Expr{l.ident(runes), l.ident(offsets)}, TokPos: l.pos, Tok: token.DEFINE,
		Rhs: []ast.Expr{l.rt("Runes", l.call(l.ident("string"), x))},
	})
	i, count := l.temp("i"), l.held("n", l.call(l.ident("len"), l.ident(runes)))
	body := l.list(func() {
		l.iteration(n, []ast.Expr{l.index(l.ident(offsets), l.ident(i)), l.index(l.ident(runes), l.ident(i))},
			[]types.Type{types.Typ[types.Int], types.Typ[types.Rune]})
		l.emit(l.body(n.Body.List))
	})
	l.emit(l.withLabel(label, l.counting(i, l.int(0), l.ident(count.Name), body)))
}

// rangeInt lowers for i := range n. The bound is evaluated once; the body gets a
// copy of the counter where it could change or keep it.
func (l *lowerer) rangeInt(n *ast.RangeStmt, t types.Type, label string) {
	if n.Key != nil && !isBlank(n.Key) {
		if v := l.defines(n.Key); v != nil {
			t = v.Type()
		} else {
			t = l.info.TypeOf(n.Key)
		}
	}
	t = types.Default(t)
	i, bound := l.temp("i"), l.held("n", l.operandOf(n.X, t))
	v := l.defines(n.Key)
	own := v != nil && !l.isSession(v) && !l.used.shared[v] && !l.used.changed[v]
	if own {
		i = l.declare(v)
	}
	body := l.list(func() {
		if !own && n.Key != nil && !isBlank(n.Key) {
			l.iteration(n, []ast.Expr{l.ident(i)}, []types.Type{t})
		}
		l.emit(l.body(n.Body.List))
	})
	zero := l.call(l.typeExpr(t), l.int(0))
	l.emit(l.withLabel(label, l.counting(i, zero, l.ident(bound.Name), body)))
}

func (l *lowerer) rangeMap(n *ast.RangeStmt, label string, m *types.Map) {
	s := l.stableCopy(n.X)
	out := &ast.RangeStmt{For: l.pos, Tok: token.DEFINE, TokPos: l.pos, X: l.ident(s)}
	var values []ast.Expr
	key := l.temp("k")
	out.Key = l.ident(key)
	values = append(values, l.ident(key))
	_, isChan := m.Elem().Underlying().(*types.Chan)
	if n.Value != nil && !isBlank(n.Value) && isChan {
		// The interpreter would take it for a range over a channel.
		values = append(values, l.index(l.ident(s), l.ident(key)))
	} else if n.Value != nil && !isBlank(n.Value) {
		value := l.temp("v")
		out.Value = l.ident(value)
		values = append(values, l.ident(value))
	} else if n.Key == nil || isBlank(n.Key) {
		out.Key = l.ident("_")
	}
	list := l.list(func() {
		l.iteration(n, values, []types.Type{m.Key(), m.Elem()}[:len(values)])
		l.emit(l.body(n.Body.List))
	})
	out.Body = l.blockOf(list...)
	l.emit(l.withLabel(label, out))
}

// rangeChan lowers a range over a channel to receives.
func (l *lowerer) rangeChan(n *ast.RangeStmt, label string, c *types.Chan) {
	s := l.temp("c")
	x := l.channel(n.X)
	l.emit(l.define(s, l.zero(c)), l.set(s, x))
	v, ok := l.temp("v"), l.temp("ok")
	body := l.list(func() {
		l.emit(&ast.AssignStmt{
			Lhs: []ast.Expr{l.ident(v), l.ident(ok)}, TokPos: l.pos, Tok: token.DEFINE,
			Rhs: []ast.Expr{&ast.UnaryExpr{OpPos: l.pos, Op: token.ARROW, X: l.ident(s)}},
		})
		l.emit(l.ifStmt(l.not(l.ident(ok)), l.branch(token.BREAK, "")))
		l.iteration(n, []ast.Expr{l.ident(v)}, []types.Type{c.Elem()})
		l.emit(l.body(n.Body.List))
	})
	l.emit(l.withLabel(label, &ast.ForStmt{For: l.pos, Body: l.blockOf(body...)}))
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// forStmt gives a three-part loop whose variables are shared with a closure or a
// pointer a new copy of them for each iteration, as the language demands since
// Go 1.22. It returns nil where the loop can stay as it is.
//
//	for i := a; i < n; i++ { body }
//
// becomes
//
//	{
//		i0 := a; p := &i0; first := true
//		for {
//			i := *p; p = &i
//			if first { first = false } else { i++ }
//			if !(i < n) { break }
//			body
//		}
//	}
//
// so that continue in the body goes to the next copy without more ado.
func (l *lowerer) forStmt(n *ast.ForStmt) *ast.BlockStmt {
	init, ok := n.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return nil
	}
	var before, begin []ast.Stmt
	for i, e := range init.Lhs {
		id := e.(*ast.Ident)
		if !l.used.shared[l.info.Defs[id]] {
			continue
		}
		first, ptr := l.temp(id.Name), l.temp("p")
		init.Lhs[i] = first
		before = append(before, l.assign(token.DEFINE, ptr, l.addr(first.Name)))
		begin = append(begin,
			l.assign(token.DEFINE, l.ident(id.Name), &ast.StarExpr{Star: l.pos, X: l.ident(ptr.Name)}),
			l.assign(token.ASSIGN, l.ident(ptr.Name), l.addr(id.Name)))
	}
	if len(before) == 0 {
		return nil
	}
	if n.Post != nil {
		first := l.temp("first")
		before = append(before, l.assign(token.DEFINE, first, l.ident("true")))
		begin = append(begin, &ast.IfStmt{
			If: l.pos, Cond: l.ident(first.Name),
			Body: l.blockOf(l.assign(token.ASSIGN, l.ident(first.Name), l.ident("false"))),
			Else: l.blockOf(n.Post),
		})
	}
	if n.Cond != nil {
		cond := &ast.UnaryExpr{OpPos: n.Cond.Pos(), Op: token.NOT, X: &ast.ParenExpr{Lparen: n.Cond.Pos(), X: n.Cond, Rparen: n.Cond.End()}}
		begin = append(begin, &ast.IfStmt{
			If: l.pos, Cond: cond,
			Body: l.blockOf(&ast.BranchStmt{TokPos: l.pos, Tok: token.BREAK}),
		})
	}
	n.Init, n.Cond, n.Post = nil, nil, nil
	n.Body.List = append(begin, n.Body.List...)
	stmts := append([]ast.Stmt{init}, before...)
	return l.blockOf(append(stmts, n)...)
}

func (l *lowerer) addr(name string) ast.Expr {
	return &ast.UnaryExpr{OpPos: l.pos, Op: token.AND, X: l.ident(name)}
}

// rangeStmt lowers a range over an integer to a counting loop, and makes other
// ranges ones that the interpreter runs correctly. It returns nil where the
// statement is not replaced.
func (l *lowerer) rangeStmt(n *ast.RangeStmt) ast.Stmt {
	t := l.info.TypeOf(n.X)
	if t == nil {
		return nil
	}
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
		return l.rangeInt(n, t)
	}
	before := l.rangeChannels(n, t)
	if n.Tok == token.DEFINE {
		l.freshRangeVars(n)
	}
	if before == nil {
		return nil
	}
	return l.blockOf(before, n)
}

// rangeChannels takes the value out of a range whose values are channels, which
// the interpreter takes for a range over a channel:
//
//	for k, c := range x { body }
//
// becomes
//
//	x0 := x
//	for k := range x0 { c := x0[k]; body }
//
// It returns the first of these statements, or nil for any other range.
func (l *lowerer) rangeChannels(n *ast.RangeStmt, t types.Type) ast.Stmt {
	id, ok := n.Value.(*ast.Ident)
	if n.Value == nil || ok && id.Name == "_" {
		return nil
	}
	var elem types.Type
	u := t.Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	switch u := u.(type) {
	case *types.Slice:
		elem = u.Elem()
	case *types.Array:
		elem = u.Elem()
	case *types.Map:
		elem = u.Elem()
	}
	if elem == nil {
		return nil
	}
	if _, ok := elem.Underlying().(*types.Chan); !ok {
		return nil
	}
	x, key := l.temp("x"), l.temp("k")
	element := &ast.IndexExpr{X: l.ident(x.Name), Lbrack: l.pos, Index: l.ident(key.Name), Rbrack: l.pos}
	begin := []ast.Stmt{l.assign(n.Tok, n.Value, element)}
	if kid, ok := n.Key.(*ast.Ident); !ok || kid.Name != "_" {
		begin = append(begin, l.assign(n.Tok, n.Key, l.ident(key.Name)))
	}
	before := l.assign(token.DEFINE, x, n.X)
	n.X, n.Key, n.Value, n.Tok = l.ident(x.Name), key, nil, token.DEFINE
	n.Body.List = append(begin, n.Body.List...)
	return before
}

// freshRangeVars gives shared iteration variables a new copy for each iteration.
func (l *lowerer) freshRangeVars(n *ast.RangeStmt) {
	var begin []ast.Stmt
	for _, e := range []*ast.Expr{&n.Key, &n.Value} {
		id, ok := (*e).(*ast.Ident)
		if ok && l.used.shared[l.info.Defs[id]] {
			tmp := l.temp(id.Name)
			*e = tmp
			begin = append(begin, l.assign(token.DEFINE, id, l.ident(tmp.Name)))
		}
	}
	n.Body.List = append(begin, n.Body.List...)
}

// rangeInt lowers for i := range n. The bound is evaluated once; the body gets a
// copy of the counter where it could change or keep it.
func (l *lowerer) rangeInt(n *ast.RangeStmt, t types.Type) ast.Stmt {
	id, isIdent := n.Key.(*ast.Ident)
	if isIdent && n.Tok == token.DEFINE && l.info.Defs[id] != nil {
		t = l.info.Defs[id].Type()
	} else if n.Tok == token.ASSIGN && n.Key != nil {
		t = l.info.TypeOf(n.Key)
	}
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = types.Default(t)
	}
	typ, ok := l.typeExpr(t)
	if !ok {
		if _, param := t.(*types.TypeParam); !param {
			l.errorf(n.X.Pos(), "the interpreter cannot range over a value of type %s", t)
			return nil
		}
		typ = l.ident(t.(*types.TypeParam).Obj().Name())
	}
	counter, bound := l.temp("i"), l.temp("n")
	var begin []ast.Stmt
	if n.Key != nil && !(isIdent && id.Name == "_") {
		obj := l.info.Defs[id]
		if n.Tok == token.DEFINE && isIdent && !l.used.shared[obj] && !l.used.changed[obj] {
			counter = id
		} else {
			begin = append(begin, l.assign(n.Tok, n.Key, l.ident(counter.Name)))
		}
	}
	n.Body.List = append(begin, n.Body.List...)
	return &ast.ForStmt{
		For: n.For,
		Init: &ast.AssignStmt{
			Lhs: []ast.Expr{counter, bound}, TokPos: n.For, Tok: token.DEFINE,
			Rhs: []ast.Expr{l.call(typ, l.int(0)), l.call(typ, n.X)},
		},
		Cond: &ast.BinaryExpr{X: l.ident(counter.Name), OpPos: n.For, Op: token.LSS, Y: l.ident(bound.Name)},
		Post: &ast.IncDecStmt{X: l.ident(counter.Name), TokPos: n.For, Tok: token.INC},
		Body: n.Body,
	}
}

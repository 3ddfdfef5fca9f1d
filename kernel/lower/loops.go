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

// rangeStmt lowers a range over an integer to a counting loop and gives shared
// iteration variables of other ranges a new copy for each iteration. It returns
// nil where the loop stays as it is.
func (l *lowerer) rangeStmt(n *ast.RangeStmt) ast.Stmt {
	t := l.info.TypeOf(n.X)
	if t == nil {
		return nil
	}
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
		return l.rangeInt(n, t)
	}
	if n.Tok != token.DEFINE {
		return nil
	}
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
	return nil
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

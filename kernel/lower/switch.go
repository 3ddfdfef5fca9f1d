package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// switchStmt lowers an expression switch to one without a tag: the type checker
// has found duplicate cases, and the interpreter's own comparison of a tag is
// not that of the language for all types.
func (l *lowerer) switchStmt(s *ast.SwitchStmt, label string) {
	inner := l.list(func() {
		if s.Init != nil {
			l.stmt(s.Init)
		}
		tag, t := l.tag(s)
		l.clauses(s.Body.List, label, func(x ast.Expr) ast.Expr {
			l.at(x)
			if s.Tag == nil {
				return l.isTrue(x)
			}
			y := l.comparand(x, t)
			return l.equal(l.ident(tag), token.EQL, y, t, l.comparandType(x, t))
		}, nil)
	})
	l.emit(l.blockOf(inner...))
}

// isTrue lowers a case of a switch without a tag.
func (l *lowerer) isTrue(x ast.Expr) ast.Expr {
	t := l.info.TypeOf(x)
	if types.IsInterface(t) {
		return l.equal(l.expr(x), token.EQL, l.ident("true"), t, types.Typ[types.Bool])
	}
	return l.expr(x)
}

// tag evaluates the tag of a switch.
func (l *lowerer) tag(s *ast.SwitchStmt) (string, types.Type) {
	if s.Tag == nil {
		return "", nil
	}
	t := types.Default(l.info.TypeOf(s.Tag))
	name := l.temp("tag")
	x := l.exprTo(s.Tag, t)
	l.emit(l.define(name, l.zero(t)), l.set(name, x))
	return name, t
}

func (l *lowerer) comparandType(e ast.Expr, t types.Type) types.Type {
	tv := l.info.Types[e]
	if tv.Value != nil && !types.IsInterface(t) {
		return t
	}
	return tv.Type
}

func (l *lowerer) comparand(e ast.Expr, t types.Type) ast.Expr {
	tv := l.info.Types[e]
	switch {
	case tv.IsNil():
		return l.ident("nil")
	case tv.Value != nil:
		return l.constant(tv.Value, l.comparandType(e, t))
	}
	return l.expr(e)
}

// clauses lowers the clauses of a switch. Where the expressions of its cases emit
// statements, the case is found first:
//
//	n := -1
//	a := ...; if a == 1 { n = 0 }
//	if n < 0 { b := ...; if b == 2 { n = 1 } }
//	switch n { case 0: ...; case 1: ... }
func (l *lowerer) clauses(list []ast.Stmt, label string, cond func(x ast.Expr) ast.Expr, begin func(c *ast.CaseClause) []ast.Stmt) {
	sw := &ast.SwitchStmt{Switch: l.pos, Body: l.blockOf()}
	conds := make([][]ast.Expr, len(list))
	simple := lastDefault(list)
	var search []ast.Stmt
	n := l.temp("n")
	for i, c := range list {
		for _, x := range c.(*ast.CaseClause).List {
			var y ast.Expr
			before := l.list(func() { y = cond(x) })
			simple = simple && len(before) == 0
			conds[i] = append(conds[i], y)
			found := append(before, l.ifStmt(y, l.set(n, l.int(i))))
			search = append(search, l.ifStmt(l.binary(l.ident(n), token.LSS, l.int(0)), found...))
		}
	}
	if !simple {
		l.emit(l.define(n, l.number(token.INT, "-1")))
		l.emit(search...)
		l.emit(l.otherwise(n, list)...)
		sw.Tag = l.ident(n)
	}
	for i, c := range list {
		clause := c.(*ast.CaseClause)
		l.at(clause)
		out := &ast.CaseClause{Case: l.pos, Colon: l.pos}
		switch {
		case !simple:
			out.List = []ast.Expr{l.int(i)}
		case clause.List != nil:
			out.List = []ast.Expr{l.anyOf(conds[i])}
		}
		if begin != nil {
			out.Body = begin(clause)
		}
		out.Body = append(out.Body, l.list(func() { l.block(clause.Body) })...)
		sw.Body.List = append(sw.Body.List, out)
	}
	l.emit(l.withLabel(label, sw))
}

// anyOf is a condition that holds when one of several does.
func (l *lowerer) anyOf(conds []ast.Expr) ast.Expr {
	x := conds[0]
	for _, c := range conds[1:] {
		x = l.binary(x, token.LOR, c)
	}
	return x
}

// lastDefault reports whether nothing comes after the default of a switch. The
// interpreter takes a default elsewhere for the end.
func lastDefault(list []ast.Stmt) bool {
	for i, c := range list {
		if c.(*ast.CaseClause).List == nil {
			return i == len(list)-1
		}
	}
	return true
}

// otherwise chooses the default when no case has been found.
func (l *lowerer) otherwise(n string, list []ast.Stmt) []ast.Stmt {
	for i, c := range list {
		if c.(*ast.CaseClause).List == nil {
			return []ast.Stmt{l.ifStmt(l.binary(l.ident(n), token.LSS, l.int(0)), l.set(n, l.int(i)))}
		}
	}
	return nil
}

// typeSwitch lowers a type switch to a switch on what native code says of the
// value's type.
func (l *lowerer) typeSwitch(s *ast.TypeSwitchStmt, label string) {
	inner := l.list(func() {
		if s.Init != nil {
			l.stmt(s.Init)
		}
		x := switched(s)
		t := l.info.TypeOf(x)
		v := l.temp("v")
		value := l.expr(x)
		l.emit(l.define(v, l.zero(t)), l.set(v, value))
		l.clauses(s.Body.List, label, func(c ast.Expr) ast.Expr {
			l.at(c)
			if l.info.Types[c].IsNil() {
				return l.binary(l.ident(v), token.EQL, l.ident("nil"))
			}
			l.needMethods(l.info.TypeOf(c))
			return l.call(l.native(OpIs, t, l.info.TypeOf(c), nil), l.ident(v))
		}, func(c *ast.CaseClause) []ast.Stmt { return l.bound(c, v, t) })
	})
	l.emit(l.blockOf(inner...))
}

// switched is the expression whose type a type switch looks at.
func switched(s *ast.TypeSwitchStmt) ast.Expr {
	var e ast.Expr
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		e = a.Rhs[0]
	case *ast.ExprStmt:
		e = a.X
	}
	return ast.Unparen(e).(*ast.TypeAssertExpr).X
}

// bound declares the variable of a clause, with the type of its only case.
func (l *lowerer) bound(c *ast.CaseClause, v string, t types.Type) []ast.Stmt {
	sym, ok := l.info.Implicits[c].(*types.Var)
	if !ok {
		return nil
	}
	return l.list(func() {
		l.defineVar(sym, func() ast.Expr {
			if types.Identical(sym.Type(), t) {
				return l.ident(v)
			}
			return l.call(l.native(OpUnbox, t, sym.Type(), nil), l.ident(v))
		})
	})
}

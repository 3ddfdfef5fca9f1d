package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// rangeFunc lowers a range over a function to a call of it, with the loop's body
// as the function that it yields to:
//
//	for k, v := range f { body }
//
// becomes
//
//	{
//		next := 0
//		f(func(k K, v V) bool { body; return true })
//		if next == 1 { return r }     // for a return in the body
//		if next == 2 { break outer }  // for a jump out of an outer loop
//	}
//
// In the body continue is return true, break is return false, and what leaves
// more than the loop first says so in next. The body has been lowered already;
// deferred calls in it belong to the function around it, as they should.
func (l *lowerer) rangeFunc(n *ast.RangeStmt, sig *types.Signature, label string) ast.Stmt {
	yield, ok := sig.Params().At(0).Type().Underlying().(*types.Signature)
	if !ok {
		return nil
	}
	r := &rangeFuncBody{l: l, label: label, next: l.temp("next"), inner: map[string]bool{}}
	params, begin, ok := l.yieldParams(n, yield)
	if !ok {
		l.errorf(n.X.Pos(), "the interpreter cannot write down the types of this range")
		return nil
	}
	n.Body.List = append(begin, r.stmts(n.Body.List)...)
	n.Body.List = append(n.Body.List, l.yieldReturn(true))
	lit := &ast.FuncLit{
		Type: &ast.FuncType{
			Func:    n.For,
			Params:  &ast.FieldList{Opening: l.pos, List: params, Closing: l.pos},
			Results: &ast.FieldList{List: []*ast.Field{{Type: l.ident("bool")}}},
		},
		Body: n.Body,
	}
	call := l.exprStmt(&ast.CallExpr{Fun: n.X, Lparen: n.For, Args: []ast.Expr{lit}, Rparen: n.For})
	if len(r.exits) == 0 {
		return l.blockOf(call)
	}
	before := append(r.before, l.assign(token.DEFINE, r.next, l.int(0)))
	for i, exit := range r.exits {
		cond := &ast.BinaryExpr{X: l.ident(r.next.Name), OpPos: l.pos, Op: token.EQL, Y: l.int(i + 1)}
		exit = &ast.IfStmt{If: l.pos, Cond: cond, Body: l.blockOf(exit)}
		r.exits[i] = exit
	}
	return l.blockOf(append(append(before, call), r.exits...)...)
}

// yieldParams are the parameters of the body, and what assigns them to the
// variables of a range that does not define its own.
func (l *lowerer) yieldParams(n *ast.RangeStmt, yield *types.Signature) (params []*ast.Field, begin []ast.Stmt, ok bool) {
	given := []ast.Expr{n.Key, n.Value}
	for i := range yield.Params().Len() {
		t, ok := l.typeExpr(yield.Params().At(i).Type())
		if !ok {
			return nil, nil, false
		}
		name := l.temp("_")
		if i < len(given) && given[i] != nil {
			id, isIdent := given[i].(*ast.Ident)
			switch {
			case isIdent && id.Name == "_":
			case n.Tok == token.DEFINE:
				name = id
			default:
				begin = append(begin, l.assign(token.ASSIGN, given[i], l.ident(name.Name)))
			}
		}
		params = append(params, &ast.Field{Names: []*ast.Ident{name}, Type: t})
	}
	return params, begin, true
}

func (l *lowerer) yieldReturn(more bool) ast.Stmt {
	name := "false"
	if more {
		name = "true"
	}
	return &ast.ReturnStmt{Return: l.pos, Results: []ast.Expr{l.ident(name)}}
}

// rangeFuncBody rewrites the jumps in the body of one range over a function.
type rangeFuncBody struct {
	l       *lowerer
	label   string     // of the loop, or ""
	next    *ast.Ident // says how to go on after the loop
	before  []ast.Stmt // declares the results of a return
	results []ast.Expr
	exits   []ast.Stmt

	inner map[string]bool // labels of loops in the body

	// Inside statements of the body that break and continue refer to.
	breakable, continuable int
}

func (r *rangeFuncBody) stmts(list []ast.Stmt) []ast.Stmt {
	out := make([]ast.Stmt, len(list))
	for i, s := range list {
		out[i] = r.stmt(s)
	}
	return out
}

// stmt rewrites one statement. It does not look into function literals.
func (r *rangeFuncBody) stmt(s ast.Stmt) ast.Stmt {
	switch s := s.(type) {
	case *ast.ReturnStmt:
		return r.returns(s)
	case *ast.BranchStmt:
		return r.branch(s)
	case *ast.BlockStmt:
		s.List = r.stmts(s.List)
	case *ast.LabeledStmt:
		r.inner[s.Label.Name] = true
		s.Stmt = r.stmt(s.Stmt)
	case *ast.IfStmt:
		s.Body.List = r.stmts(s.Body.List)
		if s.Else != nil {
			s.Else = r.stmt(s.Else)
		}
	case *ast.ForStmt:
		r.inside(s.Body, 1, 1)
	case *ast.RangeStmt:
		r.inside(s.Body, 1, 1)
	case *ast.SwitchStmt:
		r.inside(s.Body, 1, 0)
	case *ast.TypeSwitchStmt:
		r.inside(s.Body, 1, 0)
	case *ast.SelectStmt:
		r.inside(s.Body, 1, 0)
	case *ast.CaseClause:
		s.Body = r.stmts(s.Body)
	case *ast.CommClause:
		s.Body = r.stmts(s.Body)
	}
	return s
}

func (r *rangeFuncBody) inside(body *ast.BlockStmt, breakable, continuable int) {
	r.breakable += breakable
	r.continuable += continuable
	body.List = r.stmts(body.List)
	r.breakable -= breakable
	r.continuable -= continuable
}

// returns leaves the function around the loop.
func (r *rangeFuncBody) returns(s *ast.ReturnStmt) ast.Stmt {
	l := r.l
	if len(s.Results) == 0 {
		return r.exit(&ast.ReturnStmt{Return: s.Return})
	}
	if r.results == nil {
		for _, t := range l.current().resultTypes() {
			te, ok := l.typeExpr(t)
			if !ok {
				l.errorf(s.Pos(), "the interpreter cannot write down the type %s here", t)
				return s
			}
			v := l.temp("r")
			spec := &ast.ValueSpec{Names: []*ast.Ident{v}, Type: te}
			r.before = append(r.before, &ast.DeclStmt{Decl: &ast.GenDecl{TokPos: l.pos, Tok: token.VAR, Specs: []ast.Spec{spec}}})
			r.results = append(r.results, v)
		}
	}
	set := &ast.AssignStmt{TokPos: s.Return, Tok: token.ASSIGN, Rhs: s.Results}
	out := &ast.ReturnStmt{Return: s.Return}
	for _, v := range r.results {
		set.Lhs = append(set.Lhs, l.ident(v.(*ast.Ident).Name))
		out.Results = append(out.Results, l.ident(v.(*ast.Ident).Name))
	}
	return l.blockOf(set, r.exit(out))
}

// branch rewrites break and continue that leave the body.
func (r *rangeFuncBody) branch(s *ast.BranchStmt) ast.Stmt {
	own := s.Label != nil && s.Label.Name == r.label
	switch {
	case s.Tok == token.BREAK && (own || s.Label == nil && r.breakable == 0):
		return r.l.yieldReturn(false)
	case s.Tok == token.CONTINUE && (own || s.Label == nil && r.continuable == 0):
		return r.l.yieldReturn(true)
	case s.Label == nil || s.Tok == token.FALLTHROUGH:
		return s
	case s.Tok == token.GOTO:
		r.l.errorf(s.Pos(), "the interpreter cannot run a goto in a range over a function")
		return s
	case r.inner[s.Label.Name]:
		return s // of a loop inside the body
	}
	return r.exit(&ast.BranchStmt{TokPos: s.TokPos, Tok: s.Tok, Label: s.Label})
}

// exit stops the loop; what it does then stands after the call.
func (r *rangeFuncBody) exit(then ast.Stmt) ast.Stmt {
	r.exits = append(r.exits, then)
	return r.l.blockOf(
		r.l.assign(token.ASSIGN, r.l.ident(r.next.Name), r.l.int(len(r.exits))),
		r.l.yieldReturn(false))
}

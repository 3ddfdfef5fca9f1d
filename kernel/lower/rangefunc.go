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
//	next := 0; over := 0
//	f(func(k K, v V) bool { if over != 0 { rt.RangeOver(over) }; body; return true })
//	over = 2
//	if next == 1 { return r }     // for a return in the body
//	if next == 2 { break outer }  // for a jump out of an outer loop
//
// In the body continue is return true, break is return false, and what leaves
// more than the loop first says so in next. The body has been lowered already;
// deferred calls in it belong to the function around it, as they should.
func (l *lowerer) rangeFunc(n *ast.RangeStmt, sig *types.Signature, label string) {
	yield := sig.Params().At(0).Type().Underlying().(*types.Signature)
	f := l.expr(n.X)
	r := &rangeFuncBody{lowerer: l, label: label, next: l.temp("next"), over: l.temp("over"), inner: map[string]bool{}}
	var params []*ast.Field
	var values []ast.Expr
	var kinds []types.Type
	for v := range yield.Params().Variables() {
		name := l.temp("y")
		params = append(params, l.param(name, l.typeExpr(v.Type())))
		values, kinds = append(values, l.ident(name)), append(kinds, v.Type())
	}
	body := l.list(func() {
		l.emit(l.ifStmt(l.binary(l.ident(r.over), token.NEQ, l.int(0)), l.exprStmt(l.rt("RangeOver", l.ident(r.over)))))
		l.iteration(n, values, kinds)
		l.emit(l.body(n.Body.List))
	})
	r.labels(body)
	body = append(r.stmts(body), l.returns(l.ident("true")))
	lit := &ast.FuncLit{
		Type: &ast.FuncType{Func: l.pos, Params: l.fieldList(params...), Results: l.fieldList(l.param("", l.ident("bool")))},
		Body: l.blockOf(body...),
	}
	l.emit(r.before...)
	l.emit(l.define(r.next, l.int(0)), l.define(r.over, l.int(0)))
	l.emit(l.exprStmt(l.call(f, l.thunk(lit, l.funcType(yield)))))
	l.emit(l.set(r.over, l.int(2)))
	for i, exit := range r.exits {
		l.emit(l.ifStmt(l.binary(l.ident(r.next), token.EQL, l.int(i+1)), exit))
	}
}

// rangeFuncBody rewrites the jumps in the body of one range over a function.
type rangeFuncBody struct {
	*lowerer
	label   string     // of the loop, or ""
	next    string     // says how to go on after the loop
	over    string     // says that the body must not run again
	before  []ast.Stmt // declares the results of a return
	results []string
	exits   []ast.Stmt

	inner map[string]bool // labels in the body

	// Inside statements of the body that break and continue refer to.
	breakable, continuable int
}

// labels notes the labels in the body, which jumps do not leave it for.
func (r *rangeFuncBody) labels(list []ast.Stmt) {
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			if l, ok := n.(*ast.LabeledStmt); ok {
				r.inner[l.Label.Name] = true
			}
			_, isFunc := n.(*ast.FuncLit)
			return !isFunc
		})
	}
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
		return r.leave(s)
	case *ast.BranchStmt:
		return r.leaveBy(s)
	case *ast.BlockStmt:
		s.List = r.stmts(s.List)
	case *ast.LabeledStmt:
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
	case *ast.CaseClause:
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

// leave rewrites a return from the function around the loop.
func (r *rangeFuncBody) leave(s *ast.ReturnStmt) ast.Stmt {
	if len(s.Results) == 0 {
		return r.exit(s)
	}
	if r.results == nil {
		for v := range r.current().sig.Results().Variables() {
			name := r.temp("r")
			r.before = append(r.before, r.define(name, r.zero(v.Type())))
			r.results = append(r.results, name)
		}
	}
	return r.blockOf(r.list(func() {
		values := make([]ast.Expr, len(s.Results))
		for i, x := range s.Results {
			values[i] = r.settled(x, r.current().sig.Results().At(i).Type())
		}
		out := &ast.ReturnStmt{Return: s.Return}
		for i, name := range r.results {
			r.emit(r.set(name, values[i]))
			out.Results = append(out.Results, r.ident(name))
		}
		r.emit(r.exit(out))
	})...)
}

// leaveBy rewrites jumps that leave the body.
func (r *rangeFuncBody) leaveBy(s *ast.BranchStmt) ast.Stmt {
	own := s.Label != nil && s.Label.Name == r.label
	switch {
	case s.Tok == token.BREAK && (own || s.Label == nil && r.breakable == 0):
		return r.stop()
	case s.Tok == token.CONTINUE && (own || s.Label == nil && r.continuable == 0):
		return r.returns(r.ident("true"))
	case s.Label == nil || s.Tok == token.FALLTHROUGH || r.inner[s.Label.Name]:
		return s
	}
	return r.exit(s)
}

// stop ends the loop.
func (r *rangeFuncBody) stop() ast.Stmt {
	return r.blockOf(r.set(r.over, r.int(1)), r.returns(r.ident("false")))
}

// exit ends the loop; what it does then stands after the call.
func (r *rangeFuncBody) exit(then ast.Stmt) ast.Stmt {
	r.exits = append(r.exits, then)
	return r.blockOf(r.set(r.next, r.int(len(r.exits))), r.stop())
}

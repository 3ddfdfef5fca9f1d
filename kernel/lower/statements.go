package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/chanbook/chanbook/kernel/check"
)

// statements lowers the cell's statements. Each is preceded by a call of At, so
// that the session knows how far the cell has come.
func (l *lowerer) statements() []ast.Stmt {
	var out []ast.Stmt
	for i, st := range l.checked.Cell.Body.Body.List {
		l.program.Statements = append(l.program.Statements, Statement{Pos: st.Pos(), Declares: l.declares(st)})
		out = append(out, l.exprStmt(l.rt("At", l.int(i))))
		out = append(out, l.statement(st)...)
	}
	return l.list(out)
}

// declares are the session variables that a top-level statement declares.
func (l *lowerer) declares(st ast.Stmt) []*check.Object {
	var out []*check.Object
	add := func(id *ast.Ident) {
		if obj := l.info.Defs[id]; obj != nil {
			if o := l.session.Object(obj); o != nil && !l.locals[o] {
				out = append(out, o)
			}
		}
	}
	switch st := st.(type) {
	case *ast.LabeledStmt:
		return l.declares(st.Stmt)
	case *ast.AssignStmt:
		for _, e := range st.Lhs {
			if id, ok := e.(*ast.Ident); ok && st.Tok == token.DEFINE {
				add(id)
			}
		}
	case *ast.DeclStmt:
		for _, s := range st.Decl.(*ast.GenDecl).Specs {
			if vs, ok := s.(*ast.ValueSpec); ok {
				for _, id := range vs.Names {
					add(id)
				}
			}
		}
	}
	return out
}

// statement lowers one top-level statement.
func (l *lowerer) statement(st ast.Stmt) []ast.Stmt {
	switch s := st.(type) {
	case *ast.LabeledStmt:
		switch s.Stmt.(type) {
		case *ast.AssignStmt, *ast.DeclStmt, *ast.ExprStmt:
			list := l.statement(s.Stmt)
			s.Stmt = &ast.EmptyStmt{Semicolon: s.Colon}
			return append([]ast.Stmt{s}, list...)
		}
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			return l.define(s)
		}
	case *ast.DeclStmt:
		if g := s.Decl.(*ast.GenDecl); g.Tok == token.VAR {
			return l.varDecl(g)
		}
	case *ast.ExprStmt:
		if s.X == l.checked.Result {
			return l.result(s)
		}
	}
	return []ast.Stmt{l.block(st).(ast.Stmt)}
}

// define lowers x, y := f() at the top level to an assignment to the session's
// variables. Variables that stay local are declared beside it.
func (l *lowerer) define(s *ast.AssignStmt) []ast.Stmt {
	var locals, after []ast.Stmt
	anyLocal := false
	for _, e := range s.Lhs {
		if id, ok := e.(*ast.Ident); ok && l.isLocal(id) {
			anyLocal = true
		}
	}
	s = l.block(s).(*ast.AssignStmt)
	if !anyLocal {
		s.Tok = token.ASSIGN
		return []ast.Stmt{s}
	}
	for i, e := range s.Lhs {
		if id, ok := e.(*ast.Ident); ok && !l.isLocal(id) && id.Name != "_" {
			t := l.temp("v")
			s.Lhs[i] = t
			after = append(after, l.assign(token.ASSIGN, id, l.ident(t.Name)))
		}
	}
	return append(append(locals, s), after...)
}

// isLocal reports whether an identifier declares a variable that stays local.
func (l *lowerer) isLocal(id *ast.Ident) bool {
	o := l.session.Object(l.info.Defs[id])
	return o != nil && l.locals[o]
}

// varDecl lowers var declarations at the top level to assignments; without
// values there is nothing to do, for the session's variables begin as zero.
func (l *lowerer) varDecl(g *ast.GenDecl) []ast.Stmt {
	var out []ast.Stmt
	for _, spec := range g.Specs {
		vs := spec.(*ast.ValueSpec)
		if len(vs.Values) == 0 {
			continue
		}
		s := &ast.AssignStmt{TokPos: vs.Pos(), Tok: token.DEFINE, Rhs: vs.Values}
		for _, id := range vs.Names {
			s.Lhs = append(s.Lhs, id)
		}
		out = append(out, l.define(s)...)
	}
	return out
}

// result shows the value of the cell's last expression, unless it is the
// (n int, err error) of a print or has no value.
func (l *lowerer) result(s *ast.ExprStmt) []ast.Stmt {
	tv := l.info.Types[s.X]
	pos := s.X.Pos()
	s = l.block(s).(*ast.ExprStmt)
	if tv.IsVoid() || !tv.IsValue() || printed(tv.Type) {
		return []ast.Stmt{s}
	}
	args := []ast.Expr{l.str(l.place(pos))}
	if tuple, ok := tv.Type.(*types.Tuple); ok {
		def := &ast.AssignStmt{TokPos: pos, Tok: token.DEFINE, Rhs: []ast.Expr{s.X}}
		for range tuple.Len() {
			t := l.temp("v")
			def.Lhs = append(def.Lhs, t)
			args = append(args, l.ident(t.Name))
		}
		return []ast.Stmt{def, l.exprStmt(l.rt("Result", args...))}
	}
	if tv.IsNil() {
		return []ast.Stmt{l.exprStmt(l.rt("Result", append(args, s.X)...))}
	}
	v := l.temp("v")
	out := []ast.Stmt{l.assign(token.DEFINE, v, s.X)}
	out = append(out, l.rich(tv.Type, v.Name)...)
	return append(out, l.exprStmt(l.rt("Result", append(args, l.ident(v.Name))...)))
}

// printed reports whether a type is the results (n int, err error) of a print,
// with these names: a strconv.Atoi is worth seeing.
func printed(t types.Type) bool {
	tuple, ok := t.(*types.Tuple)
	return ok && tuple.Len() == 2 && tuple.At(0).Name() == "n" && tuple.At(1).Name() == "err" &&
		types.Identical(tuple.At(0).Type(), types.Typ[types.Int]) &&
		types.Identical(tuple.At(1).Type(), types.Universe.Lookup("error").Type())
}

// forms are the methods by which a value shows itself, with what they give.
var forms = []struct{ method, mime string }{
	{"HTML", "text/html"},
	{"Markdown", "text/markdown"},
	{"SVG", "image/svg+xml"},
	{"PNG", "image/png"},
	{"Error", "text/plain"},
	{"String", "text/plain"},
}

// rich calls the methods by which a value of a session type shows itself.
// Natively bound code could not see them.
func (l *lowerer) rich(t types.Type, name string) []ast.Stmt {
	elem := t
	if p, ok := t.(*types.Pointer); ok {
		elem = p.Elem()
	}
	named, ok := elem.(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "main" || types.IsInterface(named) {
		return nil
	}
	var out []ast.Stmt
	text := false
	for _, f := range forms {
		obj, _, _ := types.LookupFieldOrMethod(t, false, named.Obj().Pkg(), f.method)
		m, ok := obj.(*types.Func)
		if !ok || m.Signature().Params().Len() > 0 || m.Signature().Results().Len() != 1 || f.mime == "text/plain" && text {
			continue
		}
		text = text || f.mime == "text/plain"
		call := l.call(&ast.SelectorExpr{X: l.ident(name), Sel: l.ident(f.method)})
		out = append(out, l.exprStmt(l.rt("Rich", l.str(f.mime), call)))
	}
	return out
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A function literal that the interpreter hands straight to native code sees the
// variables of its function as they are when it runs, not those of its own
// iteration. Handed through an interpreted function it keeps its own. So a
// literal with variables of a function around it goes through
//
//	func(f T) T { return f }(literal)
//
// wherever native code may keep it: as an argument, in a conversion, and in a
// field of a native struct.

// keep returns the wrapped literal, or the expression as it is.
func (l *lowerer) keep(e ast.Expr) ast.Expr {
	lit, ok := ast.Unparen(e).(*ast.FuncLit)
	if !ok || !l.used.captures[lit] {
		return e
	}
	sig, ok := l.info.TypeOf(lit).(*types.Signature)
	if !ok {
		return e
	}
	in, ok1 := l.funcType(sig)
	out, ok2 := l.funcType(sig)
	if !ok1 || !ok2 {
		return e
	}
	return l.identity(lit, in, out)
}

// identity passes a literal through an interpreted function. It needs the
// literal's type twice, for a tree has no shared nodes.
func (l *lowerer) identity(lit *ast.FuncLit, in, out ast.Expr) ast.Expr {
	f := l.temp("f")
	identity := &ast.FuncLit{
		Type: &ast.FuncType{
			Func:    l.pos,
			Params:  &ast.FieldList{List: []*ast.Field{{Names: []*ast.Ident{f}, Type: in}}},
			Results: &ast.FieldList{List: []*ast.Field{{Type: out}}},
		},
		Body: l.blockOf(&ast.ReturnStmt{Return: l.pos, Results: []ast.Expr{l.ident(f.Name)}}),
	}
	return l.call(identity, lit)
}

// keepArgs wraps the literals that a call hands to native code.
func (l *lowerer) keepArgs(n *ast.CallExpr) {
	if !l.native(n.Fun) {
		return
	}
	for i, a := range n.Args {
		n.Args[i] = l.keep(a)
	}
}

// native reports whether a function, method or type is not one of the session.
func (l *lowerer) native(fun ast.Expr) bool {
	switch f := ast.Unparen(fun).(type) {
	case *ast.SelectorExpr:
		obj := l.info.Uses[f.Sel]
		if v, ok := obj.(*types.Var); ok && v.IsField() {
			return true // whoever has set it
		}
		return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() != "main"
	case *ast.Ident:
		_, isVar := l.info.Uses[f].(*types.Var)
		return isVar
	}
	return false
}

// keepFields wraps the literals that a composite literal of a native struct
// holds.
func (l *lowerer) keepFields(n *ast.CompositeLit) {
	t := l.info.TypeOf(n)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() == "main" {
		return
	}
	for i, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			kv.Value = l.keep(kv.Value)
		} else {
			n.Elts[i] = l.keep(e)
		}
	}
}

// keepAssigned wraps the literals that are assigned to fields.
func (l *lowerer) keepAssigned(n *ast.AssignStmt) {
	if n.Tok == token.DEFINE || len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, lhs := range n.Lhs {
		if _, ok := lhs.(*ast.SelectorExpr); ok {
			n.Rhs[i] = l.keep(n.Rhs[i])
		}
	}
}

// selectStmt evaluates the values that a select statement may send before it,
// once and in order, as the language demands. It returns nil where there is
// nothing to evaluate.
func (l *lowerer) selectStmt(n *ast.SelectStmt) *ast.BlockStmt {
	var before []ast.Stmt
	for _, c := range n.Body.List {
		send, ok := c.(*ast.CommClause).Comm.(*ast.SendStmt)
		if !ok {
			continue
		}
		tv := l.info.Types[send.Value]
		if _, isIdent := send.Value.(*ast.Ident); isIdent || tv.Value != nil || tv.IsNil() {
			continue
		}
		ch, ok := l.info.TypeOf(send.Chan).Underlying().(*types.Chan)
		if !ok {
			continue
		}
		v := l.temp("v")
		// The variable has the type of the channel's elements, so that a value
		// of another type is converted as a send converts it.
		if t, ok := l.typeExpr(ch.Elem()); ok {
			spec := &ast.ValueSpec{Names: []*ast.Ident{v}, Type: t, Values: []ast.Expr{send.Value}}
			before = append(before, &ast.DeclStmt{Decl: &ast.GenDecl{TokPos: l.pos, Tok: token.VAR, Specs: []ast.Spec{spec}}})
		} else {
			before = append(before, l.assign(token.DEFINE, v, send.Value))
		}
		send.Value = l.ident(v.Name)
	}
	if before == nil {
		return nil
	}
	return l.blockOf(append(before, n)...)
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/chanbook/chanbook/kernel/check"
)

// statements lowers the cell's statements. Each is preceded by a call of At, so
// that the session knows how far the cell has come.
func (l *lowerer) statements() {
	for i, st := range l.checked.Cell.Body.Body.List {
		l.program.Statements = append(l.program.Statements, Statement{Pos: st.Pos(), Declares: l.declares(st)})
		l.at(st)
		l.emit(l.exprStmt(l.rt("At", l.int(i))))
		if s, ok := st.(*ast.ExprStmt); ok && s.X == l.checked.Result {
			l.result(s)
			continue
		}
		l.stmt(st)
	}
}

// declares are the session variables that a top-level statement declares.
func (l *lowerer) declares(st ast.Stmt) []*check.Object {
	var out []*check.Object
	add := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok && l.info.Defs[id] != nil {
			if o := l.session.Object(l.info.Defs[id]); o != nil {
				out = append(out, o)
			}
		}
	}
	switch st := st.(type) {
	case *ast.LabeledStmt:
		return l.declares(st.Stmt)
	case *ast.AssignStmt:
		for _, e := range st.Lhs {
			add(e)
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

// result shows the value of the cell's last expression, unless it is the
// (n int, err error) of a print or has no value.
func (l *lowerer) result(s *ast.ExprStmt) {
	tv := l.info.Types[s.X]
	if tv.IsVoid() || !tv.IsValue() || printed(tv.Type) {
		l.stmt(s)
		return
	}
	args := []ast.Expr{l.str(l.where(s.X.Pos()))}
	switch t := tv.Type.(type) {
	case *types.Tuple:
		args = append(args, l.spread(l.expr(s.X), t, func(int) types.Type { return emptyInterface })...)
	default:
		args = append(args, l.exprTo(s.X, emptyInterface))
	}
	l.emit(l.exprStmt(l.rt("Result", args...)))
}

// printed reports whether a type is the results (n int, err error) of a print,
// with these names: a strconv.Atoi is worth seeing.
func printed(t types.Type) bool {
	tuple, ok := t.(*types.Tuple)
	return ok && tuple.Len() == 2 && tuple.At(0).Name() == "n" && tuple.At(1).Name() == "err" &&
		types.Identical(tuple.At(0).Type(), types.Typ[types.Int]) &&
		types.Identical(tuple.At(1).Type(), types.Universe.Lookup("error").Type())
}

// block lowers a list of statements.
func (l *lowerer) block(list []ast.Stmt) {
	for _, s := range list {
		l.stmt(s)
	}
}

// body lowers statements to a block.
func (l *lowerer) body(list []ast.Stmt) *ast.BlockStmt {
	out := l.list(func() { l.block(list) })
	return l.blockOf(out...)
}

// stmt lowers a statement.
func (l *lowerer) stmt(s ast.Stmt) { l.labelled(s, "") }

// labelled lowers a statement with a label, which goes to the loop, switch or
// select that it is meant for.
func (l *lowerer) labelled(s ast.Stmt, label string) {
	defer func(pos token.Pos) { l.pos = pos }(l.pos)
	l.at(s)
	switch s := s.(type) {
	case *ast.EmptyStmt:
	case *ast.BlockStmt:
		l.emit(l.body(s.List))
	case *ast.ExprStmt:
		l.discard(s.X)
	case *ast.AssignStmt:
		l.assignStmt(s)
	case *ast.IncDecStmt:
		l.incDec(s)
	case *ast.DeclStmt:
		l.declStmt(s.Decl.(*ast.GenDecl))
	case *ast.SendStmt:
		l.send(s)
	case *ast.GoStmt:
		l.goStmt(s)
	case *ast.DeferStmt:
		l.deferStmt(s)
	case *ast.ReturnStmt:
		l.returnStmt(s)
	case *ast.BranchStmt:
		l.emit(l.jump(s))
	case *ast.LabeledStmt:
		l.labeledStmt(s)
	case *ast.IfStmt:
		l.ifElse(s)
	case *ast.ForStmt:
		l.forStmt(s, label)
	case *ast.RangeStmt:
		l.rangeStmt(s, label)
	case *ast.SwitchStmt:
		l.switchStmt(s, label)
	case *ast.TypeSwitchStmt:
		l.typeSwitch(s, label)
	case *ast.SelectStmt:
		l.selectStmt(s, label)
	default:
		l.errorf(s.Pos(), "this statement cannot be run by the interpreter")
	}
}

// discard lowers an expression whose value nobody uses.
func (l *lowerer) discard(e ast.Expr) {
	if recv, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && recv.Op == token.ARROW {
		l.emit(l.exprStmt(l.receive(recv)))
		return
	}
	x := l.expr(e)
	switch call := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		l.emit(l.exprStmt(call))
	default:
		if tv := l.info.Types[e]; tv.IsValue() && tv.Value == nil {
			l.held("blank", x)
		}
	}
}

func (l *lowerer) send(s *ast.SendStmt) {
	elem := l.info.TypeOf(s.Chan).Underlying().(*types.Chan).Elem()
	xs := l.exprs(2, func(i int) ast.Expr {
		if i == 0 {
			return l.channel(s.Chan)
		}
		return l.exprTo(s.Value, elem)
	})
	l.emit(&ast.SendStmt{Chan: xs[0], Arrow: l.pos, Value: xs[1]})
}

// jump lowers break, continue, goto and fallthrough.
func (l *lowerer) jump(s *ast.BranchStmt) ast.Stmt {
	if s.Label == nil {
		return l.branch(s.Tok, "")
	}
	label := l.label(l.info.Uses[s.Label])
	if s.Tok == token.GOTO {
		label += gotoSuffix
	}
	return l.branch(s.Tok, label)
}

// label is the name of a label: no other one in the program has it.
func (l *lowerer) label(obj types.Object) string {
	if name := l.names[obj]; name != "" {
		return name
	}
	return l.declare(obj)
}

func (l *lowerer) labeledStmt(s *ast.LabeledStmt) {
	obj := l.info.Defs[s.Label]
	if obj == nil { // the label _
		l.stmt(s.Stmt)
		return
	}
	label := l.label(obj)
	if l.used.targets[obj] {
		l.emit(l.target(label + gotoSuffix))
	}
	l.labelled(s.Stmt, label)
}

// gotoSuffix makes the target of a goto another label than that of the loop that
// stands there: what a loop is lowered to may begin before it.
const gotoSuffix = "·goto"

func (l *lowerer) target(label string) ast.Stmt {
	return &ast.LabeledStmt{Label: l.ident(label), Colon: l.pos, Stmt: &ast.EmptyStmt{Semicolon: l.pos}}
}

// withLabel gives a lowered loop or switch its label.
func (l *lowerer) withLabel(label string, s ast.Stmt) ast.Stmt {
	if label == "" {
		return s
	}
	return &ast.LabeledStmt{Label: l.ident(label), Colon: l.pos, Stmt: s}
}

// ifElse lowers an if statement.
func (l *lowerer) ifElse(s *ast.IfStmt) {
	if s.Init != nil {
		inner := l.list(func() {
			l.stmt(s.Init)
			l.conditional(s)
		})
		l.emit(l.blockOf(inner...))
		return
	}
	l.conditional(s)
}

func (l *lowerer) conditional(s *ast.IfStmt) {
	cond := l.expr(s.Cond)
	out := &ast.IfStmt{If: l.pos, Cond: cond, Body: l.body(s.Body.List)}
	if s.Else != nil {
		list := l.list(func() {
			if b, ok := s.Else.(*ast.BlockStmt); ok {
				l.block(b.List)
			} else {
				l.stmt(s.Else)
			}
		})
		out.Else = l.blockOf(list...)
		if inner, ok := soleIf(list); ok {
			out.Else = inner
		}
	}
	l.emit(out)
}

func soleIf(list []ast.Stmt) (*ast.IfStmt, bool) {
	if len(list) != 1 {
		return nil, false
	}
	s, ok := list[0].(*ast.IfStmt)
	return s, ok
}

// declStmt lowers the declaration of variables. Constants and types are known to
// the type checker alone.
func (l *lowerer) declStmt(d *ast.GenDecl) {
	if d.Tok != token.VAR {
		return
	}
	for _, spec := range d.Specs {
		vs := spec.(*ast.ValueSpec)
		l.at(vs)
		lhs := make([]ast.Expr, len(vs.Names))
		for i, id := range vs.Names {
			lhs[i] = id
		}
		if len(vs.Values) > 0 {
			l.assigns(lhs, vs.Values)
			continue
		}
		for _, id := range vs.Names {
			if v, ok := l.info.Defs[id].(*types.Var); ok && !l.isSession(v) {
				l.emit(l.define(l.declare(v), l.zero(v.Type())))
			}
		}
	}
}

// isSession reports whether a variable belongs to the session; it exists before
// the cell runs.
func (l *lowerer) isSession(v *types.Var) bool { return l.session.Object(v) != nil }

package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/chanbook/chanbook/kernel/check"
)

// uses tells how the local variables of a cell are used.
type uses struct {
	// shared are variables that something besides their own block may hold on
	// to: a closure, or a pointer. Each time round a loop needs a new one.
	shared map[types.Object]bool
	// changed are variables that are assigned to after their declaration.
	changed map[types.Object]bool
	// targets are labels that a goto names.
	targets map[types.Object]bool
}

// findUses looks through everything that a cell lowers.
func findUses(c *check.Checked) *usesFinder {
	u := &usesFinder{info: c.Info, uses: uses{map[types.Object]bool{}, map[types.Object]bool{}, map[types.Object]bool{}}}
	u.inspect(c.Cell.Body)
	for _, o := range append(append([]*check.Object(nil), c.Objects...), c.Refreshed...) {
		if f, ok := o.Decl.(*ast.FuncDecl); ok {
			u.inspect(f)
		}
	}
	return u
}

// inspect looks through a declaration.
func (u *usesFinder) inspect(d ast.Decl) { ast.Inspect(d, u.visit) }

type usesFinder struct {
	uses
	info  *types.Info
	nodes []ast.Node     // the path to the current node
	lits  []*ast.FuncLit // the function literals in it
}

func (u *usesFinder) visit(n ast.Node) bool {
	if n == nil {
		last := u.nodes[len(u.nodes)-1]
		u.nodes = u.nodes[:len(u.nodes)-1]
		if _, ok := last.(*ast.FuncLit); ok {
			u.lits = u.lits[:len(u.lits)-1]
		}
		return true
	}
	u.nodes = append(u.nodes, n)
	switch n := n.(type) {
	case *ast.FuncLit:
		u.lits = append(u.lits, n)
	case *ast.Ident:
		u.ident(n)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			u.mark(u.shared, n.X)
		}
	case *ast.SliceExpr:
		if _, ok := u.info.TypeOf(n.X).Underlying().(*types.Array); ok {
			u.mark(u.shared, n.X)
		}
	case *ast.SelectorExpr:
		u.selector(n)
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			for _, e := range n.Lhs {
				u.mark(u.changed, e)
			}
		}
	case *ast.IncDecStmt:
		u.mark(u.changed, n.X)
	case *ast.BranchStmt:
		if n.Tok == token.GOTO && n.Label != nil {
			u.targets[u.info.Uses[n.Label]] = true
		}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			u.mark(u.changed, n.Key)
			u.mark(u.changed, n.Value)
		}
	}
	return true
}

// ident marks a variable that is used in a function literal which does not
// declare it.
func (u *usesFinder) ident(id *ast.Ident) {
	v, ok := u.info.Uses[id].(*types.Var)
	if !ok || len(u.lits) == 0 {
		return
	}
	if v.IsField() {
		return
	}
	for i := len(u.lits) - 1; i >= 0; i-- {
		lit := u.lits[i]
		if lit.Pos() <= v.Pos() && v.Pos() <= lit.End() {
			return
		}
		u.shared[v] = true
	}
}

// selector marks a variable whose address a method call takes.
func (u *usesFinder) selector(n *ast.SelectorExpr) {
	sel := u.info.Selections[n]
	if sel == nil || sel.Kind() != types.MethodVal {
		return
	}
	recv := sel.Obj().(*types.Func).Signature().Recv().Type()
	if _, ptr := recv.(*types.Pointer); ptr {
		u.mark(u.shared, n.X)
	}
}

// mark puts the variable into set of which an expression is a part: v, v.f,
// v[i] where v is an array. A part that is reached through a pointer belongs to
// no variable.
func (u *usesFinder) mark(set map[types.Object]bool, e ast.Expr) {
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := u.info.Uses[e].(*types.Var); ok {
			set[v] = true
		}
	case *ast.ParenExpr:
		u.mark(set, e.X)
	case *ast.SelectorExpr:
		if t := u.info.TypeOf(e.X); t != nil {
			if _, ptr := t.Underlying().(*types.Pointer); !ptr {
				u.mark(set, e.X)
			}
		}
	case *ast.IndexExpr:
		if t := u.info.TypeOf(e.X); t != nil {
			if _, array := t.Underlying().(*types.Array); array {
				u.mark(set, e.X)
			}
		}
	}
}

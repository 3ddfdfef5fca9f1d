package race

import (
	"go/ast"
	"go/token"

	"github.com/chanbook/chanbook/kernel/cell"
)

// unwaited finds the race of a function that starts a goroutine with what it does
// later, at the line at: a Wait before that would order the two. What it does in a
// loop is meant to go on beside the goroutine: there a Wait is not what is missing.
func (x *explainer) unwaited(f *finding) (creator *side, at cell.Pos, other *side, ok bool) {
	for i := range f.sides {
		creator, other = &f.sides[i], &f.sides[1-i]
		if other.main() || other.started.Cell == "" || creator.at.Cell == "" || creator.Goroutine == other.Goroutine {
			continue
		}
		starter := x.starter(other.started)
		if starter == nil {
			continue
		}
		for _, c := range append([]Frame{{Func: creator.fn}}, creator.callers...) {
			at = x.pos(c)
			if c.File == "" {
				at = creator.at
			}
			if at.Cell != other.started.Cell || at.Line <= other.started.Line || x.function(at, c.Func) != starter {
				continue
			}
			if x.inLoop(at, starter) {
				break
			}
			return creator, at, other, true
		}
	}
	return nil, cell.Pos{}, nil, false
}

// starter is the function that starts a goroutine at a line.
func (x *explainer) starter(at cell.Pos) (f ast.Node) {
	x.at(at, func(n ast.Node, around []ast.Node) {
		if f == nil && x.place(n.Pos()) == at && starts(n) {
			f = aroundFunc(around)
		}
	})
	return f
}

// starts reports whether a statement starts a goroutine.
func starts(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		return true
	case *ast.CallExpr:
		sel, ok := n.Fun.(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Go"
	}
	return false
}

// inLoop reports whether a line stands in a loop of a function.
func (x *explainer) inLoop(at cell.Pos, f ast.Node) bool {
	found := false
	x.at(at, func(n ast.Node, around []ast.Node) {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			found = found || aroundFunc(around) == f
		}
	})
	return found
}

// polls reports whether a line is the condition of a loop.
func (x *explainer) polls(at cell.Pos) bool {
	found := false
	x.at(at, func(n ast.Node, _ []ast.Node) {
		if f, ok := n.(*ast.ForStmt); ok && f.Cond != nil && x.covers(f.Cond, at) {
			found = true
		}
	})
	return found
}

// sleepBetween is the last call of time.Sleep between two lines of a cell.
func (x *explainer) sleepBetween(from, to cell.Pos) (last cell.Pos) {
	x.each(func(n ast.Node, _ []ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
			if at := x.place(call.Pos()); at.Cell == from.Cell && from.Line < at.Line && at.Line < to.Line {
				last = at
			}
		}
		return true
	})
	return last
}

// sharedLoopVariable reports whether the subject is counted by a loop that does
// not declare it.
func (x *explainer) sharedLoopVariable(f *finding) bool {
	for _, u := range f.subject.uses {
		if u == nil || u.key == nil || !u.write || u.shape != variable {
			continue
		}
		for _, n := range u.around {
			switch loop := n.(type) {
			case *ast.ForStmt:
				if (is(loop.Post, u.node) || is(loop.Init, u.node)) && u.key.Pos() < loop.Pos() {
					return true
				}
			}
		}
		if r, ok := u.node.(*ast.RangeStmt); ok && r.Tok == token.ASSIGN {
			return true
		}
	}
	return false
}

// is reports whether a part of a loop, which may be missing, is a node.
func is(part ast.Stmt, n ast.Node) bool { return part != nil && part == n }

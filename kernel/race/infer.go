package race

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Package sync is not instrumented: where it starts a goroutine or makes an
// access, the detector does not know who called it. Mostly the source has only
// one place for it.

// findStart finds where the goroutine of an access was started.
func (x *explainer) findStart(s *side) {
	frames := withoutWrappers(s.created.Created.Frames)
	for _, f := range frames {
		if at := x.pos(f); at.Cell != "" {
			s.started = at
			return
		}
	}
	if len(frames) == 0 || !strings.HasSuffix(frames[len(frames)-1].Func, ".Go") || s.at.Cell == "" {
		return
	}
	if at := x.startedByGo(s.entry); at.Cell != "" {
		s.started, s.guessed = at, true
	}
}

// startedByGo is the place of the only call of a method Go with the function of a
// frame.
func (x *explainer) startedByGo(entry Frame) cell.Pos {
	f := x.function(x.pos(entry), entry.Func)
	if f == nil {
		return cell.Pos{}
	}
	var places []cell.Pos
	x.each(func(n ast.Node, _ []ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if ok && sel.Sel.Name == "Go" && x.meant(call.Args[len(call.Args)-1]) == f {
			places = append(places, x.place(call.Pos()))
		}
		return true
	})
	slices.SortFunc(places, func(a, b cell.Pos) int { return a.Line - b.Line })
	if places = slices.Compact(places); len(places) == 1 {
		return places[0]
	}
	return cell.Pos{}
}

// meant is the function that an expression is, nil when that is not sure: a literal,
// a declared function, or what a variable was made with.
func (x *explainer) meant(e ast.Expr) ast.Node {
	e = ast.Unparen(e)
	if f, ok := e.(*ast.FuncLit); ok {
		return f
	}
	id, ok := e.(*ast.Ident)
	if !ok || x.info.Uses[id] == nil {
		return nil
	}
	var found []ast.Node
	is := func(name ast.Expr) bool {
		n, ok := name.(*ast.Ident)
		return ok && (x.info.Defs[n] == x.info.Uses[id] || x.info.Uses[n] == x.info.Uses[id])
	}
	x.each(func(n ast.Node, _ []ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if is(n.Name) {
				found = append(found, n)
			}
		case *ast.AssignStmt:
			for i, name := range n.Lhs {
				if is(name) && i < len(n.Rhs) {
					found = append(found, ast.Unparen(n.Rhs[i]))
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if is(name) && i < len(n.Values) {
					found = append(found, ast.Unparen(n.Values[i]))
				}
			}
		}
		return true
	})
	if len(found) != 1 {
		return nil
	}
	switch f := found[0].(type) {
	case *ast.FuncDecl, *ast.FuncLit:
		return f
	}
	return nil
}

// findWaitGroup finds out whether a race is of Add and Wait: a WaitGroup tells the
// detector that Add reads and Wait writes, when one may not see the other.
func (x *explainer) findWaitGroup(f *finding) {
	add, wait := &f.sides[0], &f.sides[1]
	if add.operation() != "raceread" {
		add, wait = wait, add
	}
	if add.operation() != "raceread" || wait.operation() != "racewrite" {
		return
	}
	add.call, wait.call = "WaitGroup.Add", "WaitGroup.Wait"
	if add.at.Cell == "" {
		x.findCall(add, "Add")
	}
	if wait.at.Cell == "" {
		x.findCall(wait, "Wait")
	}
}

// findCall finds the line of an access of which only the library's part is known:
// the one on which the function of the goroutine calls an operation.
func (x *explainer) findCall(s *side, operation string) {
	body := x.startedFunction(s)
	if body == nil {
		if x.goes(s.started, operation) {
			s.at, s.inferred = s.started, true
		}
		return
	}
	var places []cell.Pos
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if ok && (sel.Sel.Name == operation || s.Atomic && x.isAtomicMethod(sel, operation)) {
			places = append(places, x.place(call.Pos()))
		}
		return true
	})
	if places = slices.Compact(places); len(places) == 1 && places[0].Cell != "" {
		s.at, s.inferred = places[0], true
	}
}

// goes reports whether a line has a go statement with a function of another package.
func (x *explainer) goes(at cell.Pos, function string) bool {
	found := false
	x.at(at, func(n ast.Node, _ []ast.Node) {
		if g, ok := n.(*ast.GoStmt); ok && x.place(g.Pos()) == at {
			sel, ok := g.Call.Fun.(*ast.SelectorExpr)
			found = found || ok && sel.Sel.Name == function
		}
	})
	return found
}

// isAtomicMethod reports whether sel is the method of a type of sync/atomic, such
// as Int64.Add, that is done by a function, such as AddInt64.
func (x *explainer) isAtomicMethod(sel *ast.SelectorExpr, function string) bool {
	switch sel.Sel.Name {
	case "Add", "Load", "Store", "Swap", "CompareAndSwap", "And", "Or":
		rest, ok := strings.CutPrefix(function, sel.Sel.Name)
		return ok && rest != "" && !strings.HasPrefix(rest, "And")
	}
	return false
}

// startedFunction is the function as which the goroutine of an access began.
func (x *explainer) startedFunction(s *side) ast.Node {
	var found ast.Node
	if s.main() {
		x.each(func(n ast.Node, _ []ast.Node) bool {
			if d, ok := n.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "main" {
				found = d
			}
			return true
		})
		return found
	}
	x.at(s.started, func(n ast.Node, _ []ast.Node) {
		g, ok := n.(*ast.GoStmt)
		if !ok || x.place(g.Pos()) != s.started {
			return
		}
		found = x.meant(g.Call.Fun)
	})
	return found
}

package session

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

// A goroutine such as
//
//	go func() { wg.Wait(); close(results) }()
//
// refers to a channel, from which it might receive for all that memory tells. Its text
// tells that it does not.

// closers notes which goroutines close a channel and do nothing else with it.
func (s *Session) closers(snap *goroutine.Snapshot) {
	closes := map[int64][]string{}
	started := map[string][]string{} // what is closed by those that a place has started
	for _, g := range snap.Goroutines {
		if len(g.Stack) != 1 || !strings.HasPrefix(g.Reason, "sync.") {
			continue // it is not in the call of its own by which it waits
		}
		names, known := started[g.Start]
		if !known {
			names = s.closedBy(g.Start)
			started[g.Start] = names
		}
		if len(names) > 0 {
			closes[g.ID] = names
		}
	}
	if len(closes) == 0 {
		return
	}
	for _, g := range snap.Goroutines {
		if g.Wait == nil {
			continue
		}
		for _, c := range g.Wait.On {
			if c.Object == nil || c.Object.Kind != goroutine.KindChannel || !c.Send {
				continue
			}
			for i := range c.Object.Reached {
				if r := &c.Object.Reached[i]; slices.Contains(closes[r.Goroutine], c.Object.Name) {
					r.Receive = false
				}
			}
		}
	}
}

// closedBy are the channels, by their names, that goroutines started at a place close,
// if to wait and to close is all that their function does.
func (s *Session) closedBy(start string) []string {
	name, number, _ := strings.Cut(start, ":")
	line, err := strconv.Atoi(number)
	src, ok := s.texts.Load(name)
	if err != nil || !ok {
		return nil
	}
	fset := token.NewFileSet()
	var started []*ast.FuncLit
	for _, tree := range trees(fset, src.(cell.Source)) {
		ast.Inspect(tree, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncLit); ok && fset.Position(f.Pos()).Line == line {
				started = append(started, f)
			}
			return true
		})
	}
	if len(started) != 1 {
		return nil // the line does not tell which of them it is
	}
	return closedIn(started[0].Body)
}

// closedIn are the names of what a body closes, none when it does something else than
// to close and to call one method, the one that waits.
func closedIn(body *ast.BlockStmt) (names []string) {
	methods := 0
	for _, st := range body.List {
		var call *ast.CallExpr
		switch st := st.(type) {
		case *ast.DeferStmt:
			call = st.Call
		case *ast.ExprStmt:
			call, _ = st.X.(*ast.CallExpr)
		}
		if call == nil {
			return nil
		}
		switch f := call.Fun.(type) {
		case *ast.Ident:
			if f.Name != "close" || len(call.Args) != 1 {
				return nil
			}
			channel, ok := call.Args[0].(*ast.Ident)
			if !ok {
				return nil
			}
			names = append(names, channel.Name)
		case *ast.SelectorExpr:
			if methods++; methods > 1 || len(call.Args) > 0 {
				return nil
			}
		default:
			return nil
		}
	}
	return names
}

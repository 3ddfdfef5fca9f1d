package session

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

// What goroutines wait for has the name that the cell's text gives it: the
// expression before <-, or the receiver of the call.

// name gives names to the objects of a snapshot.
func (s *Session) name(snap *goroutine.Snapshot) {
	known := map[string]*operands{}
	for _, in := range snap.Goroutines {
		if in.Wait == nil || len(in.Stack) == 0 {
			continue
		}
		at, line, _ := strings.Cut(in.Stack[0].Place, ":")
		n, err := strconv.Atoi(line)
		if err != nil {
			continue
		}
		if known[at] == nil {
			known[at] = s.operandsOf(at)
		}
		for i, name := range known[at].of(n, in) {
			if o := in.Wait.On[i].Object; o != nil && o.Name == "" {
				o.Name = name
			}
		}
	}
}

// operands are the expressions of one cell that goroutines may wait for, by line.
type operands struct {
	sends, receives map[int][]string
	calls           map[int]map[string][]string // by the method's name
	selects         map[int][][]string
}

// operandsOf reads a cell.
func (s *Session) operandsOf(name string) *operands {
	o := &operands{map[int][]string{}, map[int][]string{}, map[int]map[string][]string{}, map[int][][]string{}}
	src, ok := s.texts.Load(name)
	if !ok {
		return o
	}
	fset := token.NewFileSet()
	line := func(n ast.Node) int { return fset.Position(n.Pos()).Line }
	for _, tree := range trees(fset, src.(cell.Source)) {
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SendStmt:
				o.sends[line(n)] = append(o.sends[line(n)], types.ExprString(n.Chan))
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					o.receives[line(n)] = append(o.receives[line(n)], types.ExprString(n.X))
				}
			case *ast.RangeStmt:
				o.receives[line(n)] = append(o.receives[line(n)], types.ExprString(n.X))
			case *ast.SelectStmt:
				o.selects[line(n)] = append(o.selects[line(n)], cases(n))
			case *ast.CallExpr:
				if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
					if o.calls[line(n)] == nil {
						o.calls[line(n)] = map[string][]string{}
					}
					o.calls[line(n)][sel.Sel.Name] = append(o.calls[line(n)][sel.Sel.Name], types.ExprString(sel.X))
				}
			}
			return true
		})
	}
	return o
}

// trees are the parts of a cell or whole program, none when it cannot be parsed.
func trees(fset *token.FileSet, src cell.Source) (out []ast.Node) {
	if check.IsProgram(src.Text) {
		if f, err := parser.ParseFile(fset, src.Name(), src.Text, 0); err == nil {
			out = append(out, f)
		}
		return out
	}
	c, err := check.Parse(fset, src)
	if err != nil {
		return nil
	}
	for _, d := range c.Decls {
		out = append(out, d)
	}
	if c.Body != nil {
		out = append(out, c.Body)
	}
	return out
}

// cases are the channels of a select statement, in the order of its clauses.
func cases(s *ast.SelectStmt) []string {
	var out []string
	for _, clause := range s.Body.List {
		switch comm := clause.(*ast.CommClause).Comm.(type) {
		case *ast.SendStmt:
			out = append(out, types.ExprString(comm.Chan))
		case *ast.ExprStmt:
			out = append(out, received(comm.X))
		case *ast.AssignStmt:
			out = append(out, received(comm.Rhs[0]))
		}
	}
	return out
}

func received(e ast.Expr) string {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return types.ExprString(u.X)
	}
	return ""
}

// of are the names of what a goroutine waits for at a line, in the order of its
// Wait; none when the line does not tell.
func (o *operands) of(line int, in *goroutine.Info) []string {
	var found [][]string
	single := func(list []string) {
		for _, name := range list {
			found = append(found, []string{name})
		}
	}
	switch in.Reason {
	case goroutine.ReasonSend, goroutine.ReasonSendNil:
		single(o.sends[line])
	case goroutine.ReasonReceive, goroutine.ReasonReceiveNil:
		single(o.receives[line])
	case goroutine.ReasonSelect:
		found = o.selects[line]
	default:
		method := in.Reason[strings.LastIndexByte(in.Reason, '.')+1:]
		single(o.calls[line][method])
	}
	if len(found) == 0 || len(found[0]) != len(in.Wait.On) {
		return nil
	}
	for _, other := range found[1:] {
		if strings.Join(other, ",") != strings.Join(found[0], ",") {
			return nil // several that differ
		}
	}
	return found[0]
}

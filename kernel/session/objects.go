package session

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
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
	known := map[string]operands{}
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
		for i, x := range known[at].of(n, in.Stack[0].Column, in) {
			o := in.Wait.On[i].Object
			if o == nil {
				continue
			}
			if o.Name == "" {
				o.Name = x.text
			}
			if o.Kind == goroutine.KindChannel && x.typ != "" {
				o.Type = x.typ
			}
		}
	}
}

// operands are the expressions of one cell that goroutines may wait for, by line.
type operands map[int][]operand

// An operand is what stands at a place, and for what kind of wait.
type operand struct {
	column int
	method string // of a call; "send", "receive" or "select" for others
	on     []on   // one, or those of the cases of a select
}

// on is an expression for what is waited for.
type on struct {
	text string
	typ  string // of a channel, when it is not what the interpreter takes it for
}

// operandsOf reads a cell.
func (s *Session) operandsOf(name string) operands {
	out := operands{}
	src, ok := s.texts.Load(name)
	if !ok {
		return out
	}
	fset := token.NewFileSet()
	known, _ := s.chans.Load(name)
	typed, _ := known.(chanTypes)
	channel := func(e ast.Expr) on {
		if e == nil {
			return on{}
		}
		p := fset.Position(e.Pos())
		return on{types.ExprString(e), typed[place{p.Line, p.Column}]}
	}
	add := func(at token.Pos, method string, what ...on) {
		p := fset.Position(at)
		out[p.Line] = append(out[p.Line], operand{p.Column, method, what})
	}
	for _, tree := range trees(fset, src.(cell.Source)) {
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SendStmt:
				add(n.Pos(), "send", channel(n.Chan))
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					add(n.Pos(), "receive", channel(n.X))
				}
			case *ast.RangeStmt:
				add(n.Pos(), "receive", channel(n.X))
			case *ast.SelectStmt:
				var what []on
				for _, e := range cases(n) {
					what = append(what, channel(e))
				}
				add(n.Pos(), "select", what...)
			case *ast.CallExpr:
				if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
					add(n.Pos(), sel.Sel.Name, on{text: types.ExprString(sel.X)})
				}
			}
			return true
		})
	}
	return out
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
func cases(s *ast.SelectStmt) []ast.Expr {
	var out []ast.Expr
	for _, clause := range s.Body.List {
		switch comm := clause.(*ast.CommClause).Comm.(type) {
		case *ast.SendStmt:
			out = append(out, comm.Chan)
		case *ast.ExprStmt:
			out = append(out, received(comm.X))
		case *ast.AssignStmt:
			out = append(out, received(comm.Rhs[0]))
		}
	}
	return out
}

// received is the channel that an expression receives from, nil when it does not.
func received(e ast.Expr) ast.Expr {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}

// of are the expressions for what a goroutine waits for at a place, in the order of
// its Wait; none when the text does not tell.
func (o operands) of(line, column int, in *goroutine.Info) []on {
	method := in.Reason[strings.LastIndexByte(in.Reason, '.')+1:]
	waits := in.Wait.On
	switch {
	case len(waits) == 1 && waits[0].Object != nil && waits[0].Object.Kind == goroutine.KindLimit:
		method = "Go"
	case in.Reason == goroutine.ReasonSend, in.Reason == goroutine.ReasonSendNil:
		method = "send"
	case in.Reason == goroutine.ReasonReceive, in.Reason == goroutine.ReasonReceiveNil:
		method = "receive"
	case in.Reason == goroutine.ReasonSelect:
		method = "select"
	}
	var found [][]on
	for _, x := range o[line] {
		switch {
		case x.method != method || len(x.on) != len(waits):
		case x.column == column:
			return x.on
		default:
			found = append(found, x.on)
		}
	}
	for _, other := range found {
		if !slices.Equal(other, found[0]) {
			return nil // several that differ
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

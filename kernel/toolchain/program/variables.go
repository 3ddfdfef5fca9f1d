package program

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"

	"github.com/chanbook/chanbook/kernel/check"
)

// A form is where a variable of a cell's outermost level is.
type form int

const (
	local    form = iota // in func main, as it stands in the cell
	declared             // in the package, with the cell's text as its declaration
	assigned             // in the package; func main assigns its value where the cell does
)

// A plan says what becomes of the variables of a cell that has no func main.
//
// What runs stands in main, in the cell's order, and so do its variables: they
// are local ones, as in any function. A variable that a declared function uses
// has to be one of the package. As long as nothing has run before it, its
// declaration is simply moved there, and initialized before main begins. After
// the first thing that runs, the package has a variable without a value, and
// main assigns the value in its place. x := … declares in the same way: it
// becomes var x = …, or x = … in main. Where no type is written, it is the one
// that go/types finds.
type plan struct {
	cell  *Cell
	forms map[int]form // by Piece.Start
	fresh map[token.Pos]bool
	types map[string]string // as the program writes them, of assigned variables whose type is not written
	main  bool              // there are statements for a func main
}

// newPlan makes the plan of a cell. With inMain, statements have a place though
// the cell is one of tests.
func newPlan(c *Cell, test, inMain bool) (*plan, error) {
	p := &plan{cell: c, forms: map[int]form{}, fresh: map[token.Pos]bool{}, types: map[string]string{}}
	i := slices.IndexFunc(c.Pieces, func(x Piece) bool { return x.Kind == Statement })
	if c.Whole || i < 0 {
		for _, x := range c.Pieces {
			p.forms[x.Start] = declared
		}
		return p, nil
	}
	at := c.Pieces[i].Node.Pos()
	switch main := c.Func("main"); {
	case main != nil:
		return nil, check.Diagnostics{c.Diagnose(at, "a statement outside of func main, in a cell that has one",
			"put it into func main ("+c.Place(c.Offset(main.Name.Pos())).String()+"), or remove func main: the statements of the cell are its body then")}
	case test && !inMain:
		return nil, check.Diagnostics{c.Diagnose(at, "a cell of tests has no statements of its own", "put it into a test: func TestName(t *testing.T) { … }")}
	}
	p.main = true
	p.markFresh()
	shared := p.shared()
	if errs := p.early(shared); len(errs) > 0 {
		return nil, errs
	}
	p.choose(shared)
	return p, nil
}

// early complains of shared variables of which the names mean something else
// before they are declared: a package, or nothing.
func (p *plan) early(shared map[int]bool) check.Diagnostics {
	at := map[string]token.Pos{}
	for _, x := range p.run() {
		for _, id := range names(x) {
			if shared[x.Start] && p.fresh[id.Pos()] {
				at[id.Name] = id.Pos()
			}
		}
	}
	bases := map[*ast.Ident]bool{}
	ast.Inspect(p.cell.stmts, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok {
				bases[id] = true
			}
		}
		return true
	})
	var out check.Diagnostics
	for _, id := range p.cell.stmts.Unresolved {
		pos, ok := at[id.Name]
		switch where := p.cell.Place(p.cell.Offset(pos)); {
		case !ok:
		case bases[id]:
			out = append(out, p.cell.Diagnose(id.Pos(), fmt.Sprintf("%s is a package here, and a variable of a declared function from %s on", id.Name, where),
				"a compiled cell cannot have both: give the variable another name"))
			delete(at, id.Name)
		default:
			out = append(out, p.cell.Diagnose(id.Pos(), "undefined: "+id.Name, fmt.Sprintf("%s is declared later, at %s", id.Name, where)))
		}
	}
	return out.Sorted()
}

// markFresh notes which names are new where x, err := … declares them.
func (p *plan) markFresh() {
	seen := map[string]bool{}
	for _, x := range p.run() {
		for _, id := range names(x) {
			if id.Name != "_" && !seen[id.Name] {
				seen[id.Name], p.fresh[id.Pos()] = true, true
			}
		}
	}
}

// run are the pieces that run in main, in order.
func (p *plan) run() []Piece {
	var out []Piece
	for _, x := range p.cell.Pieces {
		if x.Kind == Var || x.Kind == Statement {
			out = append(out, x)
		}
	}
	return out
}

// shared are the pieces whose variables are for declared functions too, by
// Start.
func (p *plan) shared() map[int]bool {
	used := uses(p.cell.decls, p.cell.at, nil)
	pieces, known := map[int]bool{}, map[string]bool{}
	for again := true; again; {
		again = false
		for _, x := range p.run() {
			// With one name of x, err := … in the package all have to be there: as a
			// definition in main it would declare others of the same names.
			if pieces[x.Start] || !slices.ContainsFunc(x.Names, func(n string) bool { return n != "_" && (used[n] != nil || known[n]) }) {
				continue
			}
			pieces[x.Start], again = true, true
			for _, n := range x.Names {
				known[n] = true
			}
		}
	}
	return pieces
}

// choose gives the pieces with shared variables their forms.
func (p *plan) choose(shared map[int]bool) {
	locals, variables := map[string]bool{}, map[string]bool{}
	for _, x := range p.run() {
		for _, n := range x.Names {
			variables[n] = true
			locals[n] = locals[n] || !shared[x.Start]
		}
	}
	nothingRan := true
	for _, x := range p.run() {
		values, plain := initializers(x)
		switch {
		case !shared[x.Start]:
			nothingRan = nothingRan && plain && !slices.ContainsFunc(values, func(e ast.Expr) bool { return !calm(e) || mentions(e, variables) })
		case x.Kind == Var && len(values) == 0:
			p.forms[x.Start] = declared
		case nothingRan && plain && p.allFresh(x) && !slices.ContainsFunc(values, func(e ast.Expr) bool { return mentions(e, locals) }):
			p.forms[x.Start] = declared
		default:
			p.forms[x.Start], nothingRan = assigned, false
		}
	}
}

// allFresh reports whether a piece declares no name that is declared already.
func (p *plan) allFresh(x Piece) bool {
	return !slices.ContainsFunc(names(x), func(id *ast.Ident) bool { return id.Name != "_" && !p.fresh[id.Pos()] })
}

// names are the identifiers of Piece.Names.
func names(x Piece) []*ast.Ident {
	var out []*ast.Ident
	if g, ok := x.Node.(*ast.GenDecl); ok {
		for _, s := range g.Specs {
			if v, ok := s.(*ast.ValueSpec); ok {
				out = append(out, v.Names...)
			}
		}
		return out
	}
	if a := definition(x); a != nil {
		for _, e := range a.Lhs {
			if id, ok := e.(*ast.Ident); ok {
				out = append(out, id)
			}
		}
	}
	return out
}

// initializers are the values that a piece gives to its variables. plain says
// that it does nothing else.
func initializers(x Piece) (values []ast.Expr, plain bool) {
	switch n := x.Node.(type) {
	case *ast.GenDecl:
		for _, s := range n.Specs {
			values = append(values, s.(*ast.ValueSpec).Values...)
		}
		return values, true
	case *ast.AssignStmt:
		return n.Rhs, n.Tok == token.DEFINE
	}
	return nil, false
}

// calm reports whether nothing happens when an expression is evaluated: no call
// but of a few of Go's own functions, no receive, and nothing that may panic.
func calm(e ast.Expr) bool {
	still := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			id, ok := n.Fun.(*ast.Ident)
			still = still && ok && id.Obj == nil && slices.Contains([]string{"make", "new", "len", "cap", "int", "int64", "uint64", "float64", "string"}, id.Name)
		case *ast.UnaryExpr:
			still = still && n.Op != token.ARROW
		case *ast.BinaryExpr:
			still = still && n.Op != token.QUO && n.Op != token.REM && n.Op != token.SHL && n.Op != token.SHR
		case *ast.IndexExpr, *ast.SliceExpr, *ast.TypeAssertExpr, *ast.StarExpr:
			still = false
		}
		return still
	})
	return still
}

// mentions reports whether a name of the set occurs in an expression.
func mentions(e ast.Expr, set map[string]bool) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name != "_" && set[id.Name] {
			found = true
		}
		return !found
	})
	return found
}

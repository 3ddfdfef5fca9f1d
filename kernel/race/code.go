package race

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// program is the source of the program, as far as it can be parsed and understood:
// a race is explained without it, too, but with fewer names.
type program struct {
	fset    *token.FileSet
	files   []*ast.File
	info    *types.Info
	placeOf func(path string, line int) (cell.Pos, bool)
	shared  map[types.Object]bool // local variables that other goroutines may reach
}

// newProgram reads Go files whose line directives name cells.
func newProgram(files []string, imp types.Importer, placeOf func(string, int) (cell.Pos, bool)) (c *program) {
	c = &program{fset: token.NewFileSet(), placeOf: placeOf, shared: map[types.Object]bool{}}
	c.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Uses:  map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	for _, text := range files {
		f, _ := parser.ParseFile(c.fset, "", text, parser.SkipObjectResolution)
		if f != nil {
			c.files = append(c.files, f)
		}
	}
	// What does not type-check, for want of an import perhaps, has no type.
	conf := types.Config{Importer: importer{imp}, Error: func(error) {}, DisableUnusedImportCheck: true}
	func() {
		defer func() { _ = recover() }() // types are a help, not a need
		_, _ = conf.Check("main", c.fset, c.files, c.info)
	}()
	c.findShared()
	return c
}

// importer imports nothing when there is no other one.
type importer struct{ types.Importer }

func (i importer) Import(path string) (*types.Package, error) {
	if i.Importer == nil {
		return nil, errors.New("no importer")
	}
	return i.Importer.Import(path)
}

// place is the cell line on which something stands; its Cell is "" in code that is
// of no cell.
func (c *program) place(p token.Pos) cell.Pos {
	if !p.IsValid() {
		return cell.Pos{}
	}
	at := c.fset.Position(p)
	pos, ok := c.placeOf(at.Filename, at.Line)
	if !ok {
		return cell.Pos{}
	}
	return pos
}

// covers reports whether a node stands on a line, among others perhaps. Code that
// was put around that of a cell stands where that does.
func (c *program) covers(n ast.Node, at cell.Pos) bool {
	from, to := c.place(n.Pos()), c.place(n.End()-1)
	if from.Cell != "" && to.Cell != "" {
		return from.Cell == at.Cell && from.Line <= at.Line && (to.Cell != at.Cell || at.Line <= to.Line)
	}
	found := false
	ast.Inspect(n, func(part ast.Node) bool {
		if part == n {
			return true
		}
		if part != nil && !found {
			found = c.covers(part, at)
		}
		return false
	})
	return found
}

// each calls f for all nodes of the program, each with those around it, the
// outermost first. Where f returns false, what is inside is left out.
func (c *program) each(f func(n ast.Node, around []ast.Node) bool) {
	for _, file := range c.files {
		var around []ast.Node
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				around = around[:len(around)-1]
				return false
			}
			if !f(n, around) {
				return false
			}
			around = append(around, n)
			return true
		})
	}
}

// at calls f as each does, for what may stand on a line.
func (c *program) at(at cell.Pos, f func(n ast.Node, around []ast.Node)) {
	if at.Cell == "" {
		return
	}
	c.each(func(n ast.Node, around []ast.Node) bool {
		if _, ok := n.(*ast.File); ok {
			return true
		}
		if !c.covers(n, at) {
			return false
		}
		f(n, around)
		return true
	})
}

// function is the function that the detector calls name, in which a line stands;
// nil when there is none such.
func (c *program) function(at cell.Pos, name string) ast.Node {
	depth := literals(name)
	var found ast.Node
	c.at(at, func(n ast.Node, _ []ast.Node) {
		switch n.(type) {
		case *ast.FuncDecl:
			found = n
		case *ast.FuncLit:
			if depth > 0 {
				found = n
				depth--
			}
		}
	})
	return found
}

// literals tells how many function literals stand around the body of the function
// that the compiler calls name: two for main.main.func1.2.
func literals(name string) int {
	n := 0
	for {
		i := strings.LastIndexByte(name, '.')
		if i < 0 {
			return n
		}
		last, _, _ := strings.Cut(name[i+1:], "-range") // the body of a loop over a function
		if strings.Trim(strings.TrimPrefix(last, "func"), "0123456789") != "" || last == "" {
			return n
		}
		n++
		name = name[:i]
	}
}

// aroundFunc is the innermost function among nodes.
func aroundFunc(nodes []ast.Node) ast.Node {
	for i := len(nodes) - 1; i >= 0; i-- {
		switch nodes[i].(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return nodes[i]
		}
	}
	return nil
}

// findShared finds the local variables that are used by a function inside the
// one that declares them, or of which the address is taken.
func (c *program) findShared() {
	owner := map[types.Object]ast.Node{}
	c.each(func(n ast.Node, around []ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := c.info.Defs[id]; obj != nil {
				owner[obj] = aroundFunc(around)
			}
		}
		return true
	})
	c.each(func(n ast.Node, around []ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if obj := c.info.Uses[n]; obj != nil && owner[obj] != aroundFunc(around) {
				c.shared[obj] = true
			}
		case *ast.UnaryExpr:
			if root := c.root(n.X); n.Op == token.AND && root != nil {
				c.shared[root] = true
			}
		case *ast.SliceExpr:
			if root := c.root(n.X); root != nil {
				c.shared[root] = true
			}
		case *ast.SelectorExpr: // a method may take the address
			if s := c.info.Selections[n]; s == nil || s.Kind() != types.FieldVal {
				if root := c.root(n.X); root != nil {
					c.shared[root] = true
				}
			}
		}
		return true
	})
}

// root is the variable from which an expression takes its memory: x in x.f[i].
func (c *program) root(e ast.Expr) types.Object {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			v, _ := c.info.Uses[x].(*types.Var)
			if v == nil {
				return nil
			}
			return v
		case *ast.SelectorExpr:
			if v, ok := c.info.Uses[x.Sel].(*types.Var); ok && !v.IsField() {
				return v // of a package
			}
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// source is an expression as it was written, in one line.
func (c *program) source(e ast.Expr) string {
	return strings.Join(strings.Fields(types.ExprString(e)), " ")
}

// typeOf is the type of an expression, nil when it is not known.
func (c *program) typeOf(e ast.Expr) types.Type {
	t := c.info.TypeOf(e)
	if t == nil || t == types.Typ[types.Invalid] {
		return nil
	}
	return t
}

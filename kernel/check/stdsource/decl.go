package stdsource

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// A Decl is a declaration at the top level of a package.
type Decl struct {
	// Key is its name, or Type.Method. A declaration that declares several names
	// is a Decl for each.
	Key  string
	file *file
	node ast.Decl
}

// file is one file of a package.
type file struct {
	name    string // as in positions: "slices/sort.go"
	text    string
	pkg     string
	fset    *token.FileSet
	imports map[string]string // paths by name
}

// Package is the name of the declaration's package.
func (d *Decl) Package() string { return d.file.pkg }

// Same tells whether two are parts of one declaration.
func (d *Decl) Same(other *Decl) bool { return d.node == other.node }

// Declares gives the keys that the whole declaration declares.
func (d *Decl) Declares() []string { return keys(d.node) }

// IsType tells whether the declaration declares types.
func (d *Decl) IsType() bool {
	g, ok := d.node.(*ast.GenDecl)
	return ok && g.Tok == token.TYPE
}

// References are names in a declaration that may refer to something outside it.
type References struct {
	// Names are identifiers. Most are local.
	Names []string
	// Members are what is selected from imported packages, by import path.
	Members map[string][]string
}

// References finds the names in the declaration, or, with header, in what can be
// seen of it from outside: the body of a function does not count.
func (d *Decl) References(header bool) References {
	refs := References{Members: map[string][]string{}}
	names := map[string]bool{}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				if p := d.file.imports[id.Name]; p != "" && !slices.Contains(refs.Members[p], n.Sel.Name) {
					refs.Members[p] = append(refs.Members[p], n.Sel.Name)
				}
			}
			ast.Inspect(n.X, visit)
			return false
		case *ast.Ident:
			names[n.Name] = true
		}
		return true
	}
	f, isFunc := d.node.(*ast.FuncDecl)
	if header && isFunc {
		if f.Recv != nil {
			ast.Inspect(f.Recv, visit)
		}
		ast.Inspect(f.Type, visit)
	} else {
		ast.Inspect(d.node, visit)
	}
	for name := range names {
		refs.Names = append(refs.Names, name)
	}
	slices.Sort(refs.Names)
	return refs
}

// Parse parses the declaration into fset, as the last one of a file that has the
// imports it needs, with the positions of the original. The tree is the
// caller's. With header, a function has no body.
func (d *Decl) Parse(fset *token.FileSet, header bool) (*ast.File, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s;", d.file.pkg)
	members := d.References(header).Members
	for name, importPath := range d.file.imports {
		if members[importPath] != nil {
			fmt.Fprintf(&b, "import %s %q;", name, importPath)
		}
	}
	start, end := d.node.Pos(), d.node.End()
	if f, ok := d.node.(*ast.FuncDecl); ok && header {
		end = f.Type.End()
	}
	p := d.file.fset.PositionFor(start, false)
	fmt.Fprintf(&b, "/*line %s:%d:%d*/", d.file.name, p.Line, p.Column)
	b.WriteString(d.file.text[p.Offset:d.file.fset.PositionFor(end, false).Offset])
	return parser.ParseFile(fset, "", b.String(), parser.SkipObjectResolution)
}

package check

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Probe is what is known at a place in code that need be neither whole nor
// right.
type Probe struct {
	// Start and End delimit the identifier at the place, in the code. They are
	// equal where there is none.
	Start, End int
	// Base is the expression before the dot that precedes the identifier, nil
	// without a dot. Type is its type, Package the package that it names; either
	// may be nil.
	Base    ast.Expr
	Type    types.Type
	Package *types.Package
	// Object is what the identifier refers to, or nil.
	Object types.Object
	// Scope is the innermost scope at the place.
	Scope *types.Scope
	Pos   token.Pos
}

// Probe looks at the code up to the identifier at a byte offset. Brackets that
// are open there are closed, so that code that is still being written can be
// understood. With whole, the identifier is taken to its end, otherwise up to
// the offset.
func (s *Session) Probe(code string, offset int, whole bool) *Probe {
	p := &Probe{Start: offset, End: offset}
	for p.Start > 0 && isNameByte(code[p.Start-1]) {
		p.Start--
	}
	for whole && p.End < len(code) && isNameByte(code[p.End]) {
		p.End++
	}
	text := code[:p.End]
	if p.Start == p.End {
		text += "_"
	}
	src := cell.Source{Text: text + closers(text)}
	fset := token.NewFileSet()
	scratch := &Session{fset: fset, pkg: s.pkg, importer: s.importer, objects: s.objects, versions: map[string]int{}, lookup: map[types.Object]*Object{}}
	c, _ := parse(fset, src)
	k := scratch.newChecking(c, nil)
	k.tolerant = true
	k.imports()
	k.declarations()
	k.statements()
	k.bodies()
	k.find(p)
	if p.Object == nil && p.Base == nil {
		p.Object = k.packageNamed(code[p.Start:p.End])
	}
	return p
}

// packageNamed is the package that a name alone would import.
func (k *checking) packageNamed(name string) types.Object {
	if name == "" {
		return nil
	}
	pkg := k.byName(name, nil)
	if pkg == nil {
		return nil
	}
	return types.NewPkgName(token.NoPos, k.pkg, name, pkg)
}

// find looks for the identifier in both parses.
func (k *checking) find(p *Probe) {
	roots := []ast.Node{k.cell.Body}
	for _, d := range k.cell.Decls {
		roots = append(roots, d)
	}
	var ident *ast.Ident
	for _, root := range roots {
		ast.Inspect(root, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if k.at(n.Sel, p.Start) {
					ident, p.Base = n.Sel, n.X
				}
			case *ast.Ident:
				if ident == nil && k.at(n, p.Start) {
					ident = n
				}
			}
			return true
		})
	}
	p.Pos = token.Pos(k.cell.base + p.Start)
	if ident != nil {
		p.Pos = ident.Pos()
		p.Object = k.out.Info.ObjectOf(ident)
	}
	if id, ok := p.Base.(*ast.Ident); ok {
		if pn, ok := k.out.Info.Uses[id].(*types.PkgName); ok {
			p.Package = pn.Imported()
		}
	}
	if p.Base != nil && p.Package == nil {
		p.Type = k.out.Info.TypeOf(p.Base)
	}
	p.Scope = k.innermost(p.Pos)
}

func (k *checking) at(id *ast.Ident, offset int) bool {
	return int(id.Pos()) == k.cell.base+offset || k.cell.declBase > 0 && int(id.Pos()) == k.cell.declBase+offset
}

// innermost is the smallest scope around a position, or one that holds just what
// the session and the cell declare.
func (k *checking) innermost(pos token.Pos) *types.Scope {
	var best *types.Scope
	for _, s := range k.out.Info.Scopes {
		if s.Contains(pos) && (best == nil || s.Pos() >= best.Pos() && s.End() <= best.End()) {
			best = s
		}
	}
	if best == nil {
		best = k.files(nil, nil, true).Scope()
	}
	return best
}

func isNameByte(b byte) bool {
	return b == '_' || b >= 0x80 || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// closers are the brackets that are missing at the end of a text.
func closers(text string) string {
	open := Open(text)
	out := make([]byte, 0, len(open)+1)
	if len(open) > 0 {
		out = append(out, ' ')
	}
	for i := len(open) - 1; i >= 0; i-- {
		switch open[i] {
		case '(':
			out = append(out, ')')
		case '[':
			out = append(out, ']')
		case '{':
			out = append(out, '\n', '}')
		}
	}
	return string(out)
}

// Open returns the brackets that are open at the end of a text, outermost first.
func Open(text string) []byte {
	var s scanner.Scanner
	src := []byte(text)
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", -1, len(src)), src, func(token.Position, string) {}, 0)
	var open []byte
	for {
		_, tok, _ := s.Scan()
		switch tok {
		case token.EOF:
			return open
		case token.LPAREN:
			open = append(open, '(')
		case token.LBRACK:
			open = append(open, '[')
		case token.LBRACE:
			open = append(open, '{')
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
}

package complete

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/check"
)

// A place is an identifier in a cell, which may still be empty, and what is
// known around it.
type place struct {
	text       string // the cell with commands and package clauses blanked
	kind       kindOfCell
	start, end int // of the identifier
	outline    *outline

	draft draft
	probe *check.Probe
	// path holds the nodes around the identifier, from the outermost to the
	// identifier itself. It is empty where the parser has lost it.
	path  []ast.Node
	scope *types.Scope
}

// A kindOfCell says what the code of a cell can see.
type kindOfCell struct {
	compiled bool // the toolchain compiles it: it does not see the session
	program  bool // it is a whole program: it does not see the session either
}

// apart reports whether the cell does not see the session.
func (k kindOfCell) apart() bool { return k.compiled || k.program }

// goText blanks what of a cell is not Go: commands in front of it and, in a
// program, the package clauses. Offsets stay.
func goText(code string) (text string, kind kindOfCell) {
	text = code
	if t := strings.TrimLeft(text, " \t\r\n"); strings.HasPrefix(t, "%") {
		at := len(text) - len(t)
		end := strings.IndexAny(t, " \t\n")
		if strings.HasPrefix(t, "%%") {
			end = strings.IndexByte(t, '\n')
		}
		if end < 0 {
			end = len(t)
		}
		name, _, _ := strings.Cut(strings.TrimSpace(t[:end]), " ")
		kind.compiled = compiled(name)
		text = text[:at] + blanks(text[at:at+end]) + text[at+end:]
	}
	if !check.IsProgram(text) {
		return text, kind
	}
	kind.program = true
	o := newOutline()
	var clause tok
	for _, t := range lex(text) {
		if o.depth() == 0 && o.top().stmt.first == token.PACKAGE && t.kind != token.COMMENT {
			if t.kind == token.IDENT {
				text = text[:clause.off] + blanks(text[clause.off:t.end]) + text[t.end:]
			}
		}
		if t.kind == token.PACKAGE {
			clause = t
		}
		o.step(t, 0)
	}
	return text, kind
}

// hole is the place at which a cell is being written: the text behind start is
// left out, a name takes its place, and what is open is closed. The outline of
// the place is nil in a literal or comment.
func hole(s *check.Session, code string, start int, name string) *place {
	text, kind := goText(code)
	p := &place{text: text, kind: kind, start: start, end: start}
	before := text[:start] + name
	tokens := withoutEnd(lex(before), len(before))
	if len(tokens) == 0 || tokens[len(tokens)-1].kind != token.IDENT || tokens[len(tokens)-1].off != start {
		return p // in a literal
	}
	p.outline = outlineOf(before, tokens[:len(tokens)-1])
	parts := cut(before, tokens)
	parts[len(parts)-1].hole = true
	own := parts[len(parts)-1]
	later := cut(text, lex(text))
	for len(later) > 0 && later[0].start <= start {
		later = later[1:]
	}
	p.look(s, before, text, parts, own, later)
	return p
}

// word is the place of an identifier in a cell as it stands.
func word(s *check.Session, code string, start, end int) *place {
	text, kind := goText(code)
	p := &place{text: text, kind: kind, start: start, end: end}
	parts := cut(text, lex(text))
	for i, own := range parts {
		if own.start <= start && start < own.end {
			p.look(s, text, text, parts[:i+1], own, parts[i+1:])
			break
		}
	}
	return p
}

// look parses and checks a cell whose parts up to the identifier's own one are
// of one text, the later ones of another.
func (p *place) look(s *check.Session, text, rest string, parts []part, own part, later []part) {
	d := &p.draft
	d.Fset = token.NewFileSet()
	d.Program = p.kind.apart()
	d.Global = own.decl || p.kind.program
	add := func(x part, text string, keep int) []ast.Node {
		decls, stmts := d.add(x, text[x.start:x.end], keep)
		var nodes []ast.Node
		for _, n := range decls {
			nodes = append(nodes, n)
		}
		for _, n := range stmts {
			nodes = append(nodes, n)
		}
		d.Decls = append(d.Decls, decls...)
		d.Stmts = append(d.Stmts, stmts...)
		return nodes
	}
	var nodes []ast.Node
	for _, x := range parts {
		if x != own {
			add(x, text, x.end-x.start)
			continue
		}
		// Of the statement around the identifier nothing is to be blanked.
		nodes = add(x, text, p.start-x.start)
	}
	d.at = d.position(p.start)
	for _, n := range nodes {
		if p.path = pathTo(n, d.at); p.path != nil {
			d.Focus, _ = n.(*ast.FuncDecl)
			break
		}
	}
	for _, x := range later {
		if x.decl || d.Global {
			add(x, rest, x.end-x.start)
		}
	}
	p.probe = s.Probe(d.Draft)
	p.scope = p.innermost()
}

// position is where an offset of the cell stands in the latest part.
func (d *draft) position(offset int) token.Pos {
	if len(d.origins) == 0 {
		return token.NoPos
	}
	o := d.origins[len(d.origins)-1]
	return o.pos + token.Pos(offset-o.offset)
}

// pathTo is the path from a node to the identifier at a position.
func pathTo(root ast.Node, pos token.Pos) []ast.Node {
	var stack, found []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if id, ok := n.(*ast.Ident); ok && id.Pos() == pos {
			found = append([]ast.Node(nil), stack...)
		}
		return true
	})
	return found
}

// innermost is the smallest scope around the place.
func (p *place) innermost() *types.Scope {
	best := p.probe.Package.Scope()
	for n, s := range p.probe.Info.Scopes {
		if _, ok := n.(*ast.File); ok || !s.Contains(p.draft.at) {
			continue
		}
		if best == p.probe.Package.Scope() || s.Pos() >= best.Pos() && s.End() <= best.End() && s != best.Parent() {
			best = s
		}
	}
	return best
}

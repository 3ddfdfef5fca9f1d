package complete

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// names are the names that are declared at the place, and the packages that can
// be used without an import.
func (p *place) names(s *check.Session) []candidate {
	var out []candidate
	seen := map[string]bool{}
	for scope := p.scope; scope != nil; scope = scope.Parent() {
		r := local
		switch scope {
		case types.Universe:
			r = universal
		case p.probe.Package.Scope():
			r = global
		}
		for _, name := range scope.Names() {
			obj := scope.Lookup(name)
			if r == local {
				if in, _ := scope.LookupParent(name, p.draft.at); in != scope {
					continue // declared further down
				}
			}
			if seen[name] || strings.HasPrefix(name, ".") || name == "iota" && !p.counts() {
				continue
			}
			seen[name] = true
			c := candidateOf(obj, r)
			switch c.kind {
			case "package":
				c.rank = imported
			case "type":
				c.rank = max(c.rank, global) // type parameters come behind variables
			}
			out = append(out, c)
		}
	}
	if p.kind.program && !p.kind.compiled {
		return out // an interpreted program has to import
	}
	for _, name := range packageNames() {
		if !seen[name] {
			out = append(out, candidate{text: name, kind: "package", detail: s.ImportPath(name), rank: importable})
		}
	}
	return out
}

// receiver reports whether the place is in the receiver of a method.
func (p *place) receiver() bool {
	frames := p.outline.frames
	if len(frames) != 2 || frames[1].kind != parens {
		return false
	}
	s := &frames[0].stmt
	return s.header == token.FUNC && !s.named
}

// ownTypes are the types that can have methods.
func (p *place) ownTypes(s *check.Session) []candidate {
	var out []candidate
	for _, c := range p.names(s) {
		if tn, ok := c.object.(*types.TypeName); ok && tn.Pkg() != nil && own(tn) && !types.IsInterface(tn.Type()) {
			out = append(out, c)
		}
	}
	return out
}

// counts reports whether the place is in a declaration of constants, where iota
// means something.
func (p *place) counts() bool {
	for i := range p.outline.frames {
		f := &p.outline.frames[i]
		if f.head == token.CONST || f.stmt.first == token.CONST {
			return true
		}
	}
	return false
}

// packageNames are the names of the packages that a cell can use.
var packageNames = sync.OnceValue(func() []string {
	var out []string
	seen := map[string]bool{}
	for _, path := range exportdata.Paths() {
		if name, ok := exportdata.Name(path); ok && !seen[name] && len(exportdata.ByName(name)) > 0 {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
})

// keywords are those that can stand at the place.
func (p *place) keywords(typ bool) []candidate {
	o := p.outline
	f := o.top()
	s := &f.stmt
	list := []token.Token{token.CHAN, token.FUNC, token.INTERFACE, token.MAP, token.STRUCT}
	if typ {
		return words(list...)
	}
	switch o.prev.kind {
	case token.FOR, token.DEFINE, token.ASSIGN:
		if s.header == token.FOR && s.semis == 0 {
			return append(words(list...), candidate{text: "range", kind: "keyword", rank: ofPlace})
		}
	}
	if f.kind == parens && o.prev.kind == token.LPAREN && len(o.frames) > 1 && o.frames[len(o.frames)-2].stmt.header == token.SWITCH {
		list = append(list, token.TYPE)
	}
	if f.kind != block || s.count > 0 {
		return words(list...)
	}
	list = append(list, token.BREAK, token.CONST, token.CONTINUE, token.DEFER, token.FALLTHROUGH, token.FOR, token.GO,
		token.GOTO, token.IF, token.RETURN, token.SELECT, token.SWITCH, token.TYPE, token.VAR)
	if f.head == token.SWITCH || f.head == token.SELECT {
		list = append(list, token.CASE, token.DEFAULT)
	}
	if o.depth() == 0 {
		list = append(list, token.IMPORT, token.PACKAGE)
	}
	return words(list...)
}

func words(list ...token.Token) []candidate {
	var out []candidate
	for _, t := range list {
		out = append(out, candidate{text: t.String(), kind: "keyword", rank: keyword})
	}
	return out
}

// labels are those that a goto, break or continue can name.
func (p *place) labels(jump token.Token) []candidate {
	var out []candidate
	add := func(name string) {
		out = append(out, candidate{text: name, kind: "label", rank: ofPlace})
	}
	if jump == token.GOTO {
		for _, name := range p.allLabels() {
			add(name)
		}
		return out
	}
	for i := len(p.path) - 1; i >= 0; i-- {
		switch n := p.path[i].(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return out
		case *ast.LabeledStmt:
			_, isFor := n.Stmt.(*ast.ForStmt)
			_, isRange := n.Stmt.(*ast.RangeStmt)
			if isFor || isRange || jump == token.BREAK {
				add(n.Label.Name)
			}
		}
	}
	return out
}

// allLabels are those of the function, or of the cell's statements, also behind
// the place. Functions are told apart by their braces alone.
func (p *place) allLabels() []string {
	tokens := lex(p.text)
	o := newOutline()
	var funcs []int // tokens at which the functions that are open begin
	type label struct {
		name string
		of   int
	}
	var all []label
	here, found := -1, false
	current := func() int {
		if len(funcs) == 0 {
			return -1
		}
		return funcs[len(funcs)-1]
	}
	depths := []int{}
	for i, t := range tokens {
		if t.off >= p.start && !found {
			here, found = current(), true
		}
		if t.kind == token.COLON && o.top().kind == block && o.top().stmt.count == 1 && o.top().stmt.first == token.IDENT {
			all = append(all, label{p.text[o.prev.off:o.prev.end], current()})
		}
		o.step(t, 0)
		if t.kind == token.LBRACE && o.top().head == token.FUNC {
			funcs, depths = append(funcs, i), append(depths, o.depth())
		}
		for len(depths) > 0 && o.depth() < depths[len(depths)-1] {
			funcs, depths = funcs[:len(funcs)-1], depths[:len(depths)-1]
		}
	}
	if !found {
		here = current()
	}
	var out []string
	for _, l := range all {
		if l.of == here {
			out = append(out, l.name)
		}
	}
	return out
}

// importPath completes the path in an import declaration.
func importPath(code string, offset int) (cell.Completion, bool) {
	tokens := lex(code[:offset])
	if len(tokens) == 0 {
		return cell.Completion{}, false
	}
	last := len(tokens) - 1
	if tokens[last].auto() && last > 0 {
		last--
	}
	t := tokens[last]
	if t.kind != token.STRING || !t.open || t.end != offset {
		return cell.Completion{}, false
	}
	o := outlineOf(code, tokens[:last])
	f := o.top()
	if f.head != token.IMPORT && f.stmt.first != token.IMPORT {
		return cell.Completion{}, false
	}
	c := cell.Completion{Start: t.off + 1, End: offset}
	for _, path := range exportdata.Paths() {
		if strings.HasPrefix(path, code[c.Start:offset]) {
			c.Matches = append(c.Matches, cell.Match{Text: path, Kind: "package"})
		}
	}
	return c, true
}

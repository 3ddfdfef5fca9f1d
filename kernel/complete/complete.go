package complete

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// Complete lists what can stand at a byte offset of code, the likeliest first:
// names in the case in which they were begun, then those of the expected type,
// then the innermost.
func Complete(s *check.Session, code string, offset int) (c cell.Completion) {
	offset = within(code, offset)
	defer guard(func() { c = cell.Completion{Start: offset, End: offset} })
	if c, ok := command(code, offset); ok {
		return c
	}
	if c, ok := importPath(code, offset); ok {
		return c
	}
	start, _ := identifierAt(code[:offset], offset)
	c = cell.Completion{Start: start, End: offset}
	prefix := code[start:offset]
	if prefix != "" && prefix[0] >= '0' && prefix[0] <= '9' {
		return c
	}
	if tooDeep(code) {
		return c
	}
	p := hole(s, code, start, "_")
	if p.outline == nil {
		return c
	}
	c.Matches = matches(p.candidates(s), prefix)
	return c
}

// guard ends a look at code that makes the type checker panic: it was made for
// whole programs. An answer that is missing must not cost the session.
func guard(fail func()) {
	if unguarded {
		return
	}
	if recover() != nil {
		fail()
	}
}

// unguarded lets panics through, for tests.
var unguarded = false

// A candidate is something that could stand at the place.
type candidate struct {
	text   string
	kind   string
	object types.Object // nil for keywords, labels and packages that are not imported
	detail string       // of candidates without an object
	rank   rank
	grade  grade
}

// A rank orders candidates.
type rank int

const (
	ofPlace rank = iota // fields of a literal, labels: what belongs there and nowhere else
	local
	global
	keyword
	universal
	imported
	importable
)

// candidates are all that can stand at the place.
func (p *place) candidates(s *check.Session) []candidate {
	o := p.outline
	f := o.top()
	switch {
	case o.prev.kind == token.PERIOD:
		return p.selected(s)
	case f.kind == block && f.stmt.count == 1 && (o.prev.kind == token.GOTO || o.prev.kind == token.BREAK || o.prev.kind == token.CONTINUE):
		return p.labels(o.prev.kind)
	case o.prev.kind == token.ELSE:
		return words(token.IF)
	case o.prev.kind == token.RBRACE && f.kind == block && f.stmt.closed == token.IF:
		return words(token.ELSE)
	case o.prev.kind == token.RBRACE && f.kind == block && f.stmt.closed != token.ILLEGAL:
		return nil // a block ends with its line
	case f.kind == block && (f.head == token.SWITCH || f.head == token.SELECT) && !f.stmt.clause:
		return words(token.CASE, token.DEFAULT)
	case p.declares():
		return nil
	}
	fields, only := p.literalFields()
	switch {
	case only:
		return fields
	case p.wantsType() && p.receiver():
		return p.ownTypes(s)
	case p.wantsType():
		return typesOnly(append(p.names(s), p.keywords(true)...))
	}
	return p.graded(append(append(fields, p.names(s)...), p.keywords(false)...))
}

// declares reports whether a new name stands at the place.
func (p *place) declares() bool {
	o := p.outline
	f := o.top()
	switch o.prev.kind {
	case token.FUNC, token.TYPE, token.CONST, token.VAR, token.PACKAGE, token.IMPORT:
		return true
	case token.RPAREN:
		if f.stmt.header == token.FUNC && !f.stmt.named {
			return true
		}
	}
	if f.kind == group && f.stmt.count == 0 {
		return true
	}
	if len(p.path) < 2 {
		return false
	}
	id := p.path[len(p.path)-1]
	if spec, ok := p.path[len(p.path)-2].(*ast.ValueSpec); ok {
		for _, name := range spec.Names {
			if ast.Node(name) == id {
				return true
			}
		}
	}
	return false
}

// matches are the candidates that begin with a prefix, in order.
func matches(all []candidate, prefix string) []cell.Match {
	type ranked struct {
		candidate
		exact bool
	}
	var fit []ranked
	seen := map[string]bool{}
	for _, c := range all {
		if c.text == "_" || len(c.text) < len(prefix) || !strings.EqualFold(c.text[:len(prefix)], prefix) || seen[c.text] {
			continue
		}
		seen[c.text] = true
		fit = append(fit, ranked{c, strings.HasPrefix(c.text, prefix)})
	}
	sort.Slice(fit, func(i, j int) bool {
		a, b := fit[i], fit[j]
		switch {
		case a.exact != b.exact:
			return a.exact
		case a.rank == ofPlace != (b.rank == ofPlace):
			return a.rank == ofPlace
		case a.grade != b.grade:
			return a.grade < b.grade
		case a.rank != b.rank:
			return a.rank < b.rank
		}
		return a.text < b.text
	})
	var out []cell.Match
	for _, c := range fit {
		m := cell.Match{Text: c.text, Kind: c.kind, Signature: c.detail}
		if c.object != nil {
			m.Signature = signature(c.object)
		}
		out = append(out, m)
	}
	return out
}

func candidateOf(obj types.Object, r rank) candidate {
	return candidate{text: obj.Name(), kind: kind(obj), object: obj, rank: r}
}

func kind(obj types.Object) string {
	switch o := obj.(type) {
	case *types.PkgName:
		return "package"
	case *types.Const, *types.Nil:
		return "constant"
	case *types.TypeName:
		return "type"
	case *types.Func:
		if o.Signature().Recv() != nil {
			return "method"
		}
		return "function"
	case *types.Builtin:
		return "function"
	case *types.Var:
		if o.IsField() {
			return "field"
		}
	}
	return "variable"
}

// signature is the type of a value or the signature of a function.
func signature(obj types.Object) string {
	switch o := obj.(type) {
	case *types.PkgName:
		return o.Imported().Path()
	case *types.Func:
		return signatureText(o.Signature())
	case *types.TypeName:
		if o.Pkg() == nil || o.IsAlias() {
			return ""
		}
		switch t := o.Type().Underlying().(type) {
		case *types.Struct:
			return "struct"
		case *types.Interface:
			return "interface"
		default:
			return types.TypeString(t, check.Qualifier)
		}
	case *types.Builtin, *types.Nil:
		return ""
	}
	return types.TypeString(obj.Type(), check.Qualifier)
}

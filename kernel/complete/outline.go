package complete

import (
	"go/token"
	"strings"
)

// An outline is what tokens alone tell about a place: which brackets are open,
// and how far the statement in each of them has come. It is built token by
// token and takes every text, so that it holds where the parser gives up.
type outline struct {
	frames []frame // the first stands for the whole text
	prev   tok     // the latest token but for comments
}

// A frame is one open bracket.
type frame struct {
	kind frameKind
	head token.Token // whose body a block is, whose group a group: IF, FUNC, CONST, …
	line int         // line in which the bracket stands
	call bool        // a parenthesis behind an operand
	stmt statement
}

type frameKind int

const (
	block     frameKind = iota // statements
	group                      // specs of import, const, type or var
	fields                     // body of a struct or interface type
	composite                  // elements of a composite literal
	parens
	index
)

// A statement is one that is being written.
type statement struct {
	first  token.Token // ILLEGAL before the first token
	count  int         // tokens at this level
	header token.Token // IF, FOR, SWITCH, SELECT, FUNC or ELSE whose block is still to come
	semis  int         // in a header
	assign bool        // there is = or := since the latest of them
	ranged bool
	comma  bool
	named  bool // a func declaration has its name
	params bool // and a parenthesis behind it
	fn     bool // a function type stands last, its body may follow
	typ    bool // a type other than a name stands last, elements may follow
	closed token.Token
	clause bool // the block has a case or default
	colon  bool // of case or default
}

func newOutline() *outline {
	return &outline{frames: []frame{{kind: block}}}
}

// outlineOf is the outline at the end of tokens.
func outlineOf(text string, tokens []tok) *outline {
	o := newOutline()
	line, at := 0, 0
	for _, t := range tokens {
		line += strings.Count(text[at:t.off], "\n")
		at = t.off
		o.step(t, line)
	}
	return o
}

func (o *outline) top() *frame { return &o.frames[len(o.frames)-1] }

// depth is how many brackets are open.
func (o *outline) depth() int { return len(o.frames) - 1 }

// step adds a token, which stands in a line.
func (o *outline) step(t tok, line int) {
	f := o.top()
	switch t.kind {
	case token.COMMENT:
		return
	case token.LPAREN, token.LBRACK, token.LBRACE:
		o.push(t, line)
	case token.RPAREN, token.RBRACK, token.RBRACE:
		o.pop(t)
	case token.SEMICOLON:
		f.semicolon(t)
	case token.COLON:
		f.colon()
	default:
		f.token(t.kind, o.prev.kind)
	}
	o.prev = t
}

// push opens a bracket.
func (o *outline) push(t tok, line int) {
	f := o.top()
	next := frame{line: line}
	switch t.kind {
	case token.LPAREN:
		next.kind = parens
		next.call = operandEnd(o.prev.kind) && f.stmt.count > 0
		f.stmt.typ = false
		switch first := f.stmt.first; {
		case f.stmt.count == 1 && (first == token.IMPORT || first == token.CONST || first == token.TYPE || first == token.VAR):
			next.kind, next.head = group, first
		case f.stmt.header == token.FUNC && f.stmt.named:
			f.stmt.params = true
			next.call = false
		case f.stmt.header == token.FUNC, f.stmt.fn:
			next.call = false
		}
	case token.LBRACK:
		next.kind = index
		f.stmt.typ = f.stmt.typ || !operandEnd(o.prev.kind)
	case token.LBRACE:
		next.kind, next.head = f.brace(o.prev.kind)
	}
	if f.stmt.first == token.ILLEGAL {
		f.stmt.first = t.kind
	}
	f.stmt.count++
	o.frames = append(o.frames, next)
}

// brace tells what a brace begins, by what stands before it.
func (f *frame) brace(prev token.Token) (frameKind, token.Token) {
	switch {
	case prev == token.STRUCT, prev == token.INTERFACE:
		return fields, prev
	case f.stmt.fn:
		f.stmt.fn = false
		return block, token.FUNC
	case f.stmt.typ && f.stmt.header != token.FUNC:
		f.stmt.typ = false
		return composite, token.ILLEGAL
	case f.stmt.header != token.ILLEGAL:
		head := f.stmt.header
		f.stmt.header = token.ILLEGAL
		f.stmt.closed = head
		return block, head
	case f.kind == block && f.stmt.count == 0:
		return block, token.ILLEGAL
	}
	return composite, token.ILLEGAL
}

// pop closes a bracket. One that does not fit closes what stands in its way.
func (o *outline) pop(t tok) {
	fits := func(k frameKind) bool {
		switch t.kind {
		case token.RPAREN:
			return k == parens || k == group
		case token.RBRACK:
			return k == index
		}
		return k == block || k == fields || k == composite
	}
	for i := len(o.frames) - 1; i > 0; i-- {
		if fits(o.frames[i].kind) {
			o.frames = o.frames[:i]
			return
		}
		if o.frames[i].kind <= composite && t.kind != token.RBRACE {
			return // a parenthesis does not close a block
		}
	}
}

func (f *frame) semicolon(t tok) {
	s := &f.stmt
	switch {
	case f.kind > fields:
		return
	case s.header == token.FOR || (s.header == token.IF || s.header == token.SWITCH) && !t.auto():
		if !t.auto() || s.semis > 0 {
			s.semis++
			s.assign, s.comma, s.typ = false, false, false
			return
		}
	}
	f.reset()
}

// reset begins the next statement.
func (f *frame) reset() { f.stmt = statement{clause: f.stmt.clause} }

func (f *frame) colon() {
	s := &f.stmt
	if f.kind != block {
		s.count++
		return
	}
	if s.first == token.CASE || s.first == token.DEFAULT || s.first == token.IDENT && s.count == 1 {
		f.reset()
		return
	}
	s.count++
}

func (f *frame) token(kind, prev token.Token) {
	s := &f.stmt
	if s.count == 0 {
		s.first = kind
	}
	switch kind {
	case token.IF, token.FOR, token.SWITCH, token.SELECT:
		if f.kind == block && (s.count == 0 || s.header == token.ELSE) {
			s.header = kind
		}
	case token.ELSE:
		s.header = kind
	case token.FUNC:
		switch {
		case f.kind == block && s.count == 0:
			s.header = kind // a literal at the beginning of a statement looks alike
		case prev != token.RBRACK: // the braces of []func(){…} hold elements
			s.fn = true
		}
	case token.CASE, token.DEFAULT:
		s.clause = true
	case token.MAP, token.STRUCT:
		s.typ = true
	case token.ASSIGN, token.DEFINE:
		s.assign, s.fn = true, false
	case token.RANGE:
		s.ranged = true
	case token.COMMA:
		s.comma, s.fn, s.typ = true, false, false
	case token.IDENT:
		if s.header == token.FUNC && !s.params {
			s.named = true
		}
	}
	s.count++
}

// operandEnd reports whether a parenthesis behind a token holds arguments.
func operandEnd(kind token.Token) bool {
	switch kind {
	case token.IDENT, token.RPAREN, token.RBRACK, token.RBRACE:
		return true
	}
	return false
}

// closers are what is missing at the end of a text for it to parse, if the text
// ends in an operand.
func (o *outline) closers() string {
	var b strings.Builder
	for i := len(o.frames) - 1; i >= 0; i-- {
		f := &o.frames[i]
		called := i+1 < len(o.frames) && o.frames[i+1].call
		b.WriteString(f.finish(called, i > 0))
		if i == 0 {
			break
		}
		switch f.kind {
		case parens:
			b.WriteString(")")
		case group:
			b.WriteString("\n)")
		case index:
			b.WriteString("]")
		default:
			b.WriteString("}")
		}
	}
	return b.String()
}

// finish is what the statement of a frame lacks. called says that it ends in a
// call, inner that the frame is not the outermost one.
func (f *frame) finish(called, inner bool) string {
	s := &f.stmt
	if f.kind > fields || s.count == 0 {
		return ""
	}
	switch s.header {
	case token.FOR:
		return s.finishFor()
	case token.IF:
		if s.assign {
			return "; true {}"
		}
		return " {}"
	case token.SWITCH:
		if s.assign {
			return "; {}"
		}
		return " {}"
	case token.SELECT, token.ELSE:
		return " {}"
	case token.FUNC:
		switch {
		case inner:
			return " {}"
		case !s.named:
			return " _() {}"
		case !s.params:
			return "() {}"
		}
		return " {}"
	}
	switch {
	case s.first == token.CASE, s.first == token.DEFAULT:
		return ":"
	case (s.first == token.GO || s.first == token.DEFER) && !called:
		return "()"
	case f.kind == block && s.comma && !s.assign && !s.first.IsKeyword():
		return " = 0"
	}
	return ""
}

func (s *statement) finishFor() string {
	switch {
	case s.ranged, s.semis >= 2:
		return " {}"
	case s.semis == 1:
		return "; {}"
	case s.comma && !s.assign:
		return " = range 0 {}"
	}
	return "; ; {}"
}

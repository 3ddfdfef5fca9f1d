package check

import (
	"go/scanner"
	"go/token"
)

// A segment is one import, declaration or statement at the top level of a cell:
// the bytes from start to end of its text, with the semicolon that ends it.
type segment struct {
	start, end int
	decl       bool // import, type, const or func; not var, which runs in order
}

// split cuts the text of a cell into its top-level segments. It looks at tokens
// only, so it works for text that does not parse: the parser then says what is
// wrong. Text outside all segments is white space, comments and semicolons.
func split(src []byte) []segment {
	var s splitter
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	s.scan.Init(file, src, func(token.Position, string) {}, 0)
	s.base, s.size = file.Base(), len(src)
	s.tok = token.EOF
	s.next()
	for s.tok != token.EOF {
		s.segment()
	}
	return s.out
}

type splitter struct {
	scan scanner.Scanner
	base int
	size int // of the text
	tok  token.Token
	off  int // of the current token
	end  int // of the previous token
	lit  string
	out  []segment
}

func (s *splitter) next() {
	s.end = s.tokenEnd()
	pos, tok, lit := s.scan.Scan()
	s.off, s.tok, s.lit = int(pos)-s.base, tok, lit
}

// tokenEnd is where the current token ends. The scanner gives a byte that is not
// UTF-8 as a longer character.
func (s *splitter) tokenEnd() int { return min(s.off+s.length(), s.size) }

// length is the length of the current token's text.
func (s *splitter) length() int {
	switch {
	case s.tok == token.SEMICOLON && s.lit == "\n":
		return 0
	case s.tok.IsOperator():
		return len(s.tok.String())
	}
	return len(s.lit)
}

// segment reads up to the semicolon that ends a segment.
func (s *splitter) segment() {
	if s.tok == token.SEMICOLON {
		s.next()
		return
	}
	seg := segment{start: s.off}
	switch s.tok {
	case token.IMPORT, token.TYPE, token.CONST:
		seg.decl = true
	case token.FUNC:
		seg.decl = s.funcDecl()
	}
	for depth := 0; s.tok != token.EOF; s.next() {
		switch s.tok {
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		case token.SEMICOLON:
			if depth <= 0 {
				seg.end = s.tokenEnd()
				s.out = append(s.out, seg)
				return
			}
		}
	}
	seg.end = s.end
	s.out = append(s.out, seg)
}

// funcDecl reads the beginning of a segment that starts with func and tells a
// declaration from a function literal: func name(, func name[ and, after a
// receiver, func (r T) name( are declarations.
func (s *splitter) funcDecl() bool {
	s.next()
	if s.tok == token.IDENT {
		return true
	}
	if s.tok != token.LPAREN {
		return false
	}
	for depth := 0; s.tok != token.EOF; s.next() {
		if s.tok == token.LPAREN {
			depth++
		}
		if s.tok == token.RPAREN {
			if depth--; depth == 0 {
				break
			}
		}
	}
	s.next()
	if s.tok != token.IDENT {
		return false
	}
	s.next()
	return s.tok == token.LPAREN
}

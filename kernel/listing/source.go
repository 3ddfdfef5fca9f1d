package listing

import (
	"go/scanner"
	"go/token"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Span is the lines of a function of a cell, from the word func to its last brace.
type Span struct {
	Name     string // "f", "point.area", "(*point).grow"
	From, To int
}

// Spans finds the functions that a cell declares, by their braces: a cell may hold
// statements too and be not quite Go.
func Spans(src cell.Source) []Span {
	var s scanner.Scanner
	set := token.NewFileSet()
	file := set.AddFile("", set.Base(), len(src.Text))
	s.Init(file, []byte(src.Text), func(token.Position, string) {}, 0)
	var (
		spans []Span
		depth int
		start = true // of a statement or declaration
	)
	for {
		pos, tok, _ := s.Scan()
		switch tok {
		case token.EOF:
			return spans
		case token.FUNC:
			if depth == 0 && start {
				if name, end, ok := function(&s); ok {
					spans = append(spans, Span{name, file.Line(pos), file.Line(end)})
				}
			}
		case token.LBRACE, token.LPAREN, token.LBRACK:
			depth++
		case token.RBRACE, token.RPAREN, token.RBRACK:
			depth = max(0, depth-1)
		}
		start = tok == token.SEMICOLON
	}
}

// channels are the places where a cell makes channels. The compiler does not say so,
// because it has nothing to decide: a channel is always on the heap.
func channels(src cell.Source) []Decision {
	var s scanner.Scanner
	set := token.NewFileSet()
	file := set.AddFile("", set.Base(), len(src.Text))
	s.Init(file, []byte(src.Text), func(token.Position, string) {}, 0)
	var out []Decision
	var before [3]token.Token // the latest last
	var begin token.Pos       // of the latest make
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return out
		}
		if tok == token.IDENT && text == "make" {
			begin = pos
			tok = token.FUNC // stands for make: no other name does
		}
		makes := before[2] == token.LPAREN && before[1] == token.FUNC || before[2] == token.ARROW && before[1] == token.LPAREN && before[0] == token.FUNC
		if tok == token.CHAN && makes {
			at := file.Position(begin)
			out = append(out, Decision{Pos: cell.Pos{Cell: src.Name(), Line: at.Line, Column: at.Column}, Kind: Heap,
				What: parenthesized(src.Text[at.Offset:]), Text: channel})
		}
		before[0], before[1], before[2] = before[1], before[2], tok
	}
}

// parenthesized is the beginning of a text up to the end of its first parentheses, on
// one line.
func parenthesized(text string) string {
	depth := 0
	for i, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth <= 0 {
				return text[:i+1]
			}
		case '\n':
			return text[:i] + "…"
		}
	}
	return text
}

// function reads a declaration after its func, up to the end of its body. ok is
// false for a function literal or type.
func function(s *scanner.Scanner) (name string, end token.Pos, ok bool) {
	pos, tok, text := s.Scan()
	receiver := ""
	if tok == token.LPAREN {
		receiver = receiverType(s)
		pos, tok, text = s.Scan()
	}
	if tok != token.IDENT {
		return "", pos, false
	}
	name = text
	switch {
	case strings.HasPrefix(receiver, "*"):
		name = "(" + receiver + ")." + name
	case receiver != "":
		name = receiver + "." + name
	}
	return name, body(s, pos), true
}

// body reads on to the end of a function. Braces before its own, as in the
// parameter struct{}, are balanced and stand in parentheses or after a type's word.
func body(s *scanner.Scanner, pos token.Pos) token.Pos {
	depth, ended, literal := 0, false, false
	for {
		p, tok, _ := s.Scan()
		switch tok {
		case token.EOF:
			return pos
		case token.STRUCT, token.INTERFACE:
			literal = literal || depth == 0
		case token.LBRACE, token.LPAREN, token.LBRACK:
			ended = ended || tok == token.LBRACE && depth == 0 && !literal
			depth++
		case token.RBRACE, token.RPAREN, token.RBRACK:
			depth--
			if depth <= 0 && tok == token.RBRACE {
				if ended || depth < 0 {
					return p
				}
				literal = false // the type of a result: the body is still to come
			}
		case token.SEMICOLON:
			if depth == 0 {
				return pos // declared without a body
			}
		}
		pos = p
	}
}

// receiverType reads a receiver after its parenthesis: "*T" or "T".
func receiverType(s *scanner.Scanner) string {
	star, name, depth := "", "", 1
	for {
		_, tok, text := s.Scan()
		switch tok {
		case token.EOF:
			return ""
		case token.MUL:
			star = "*"
		case token.IDENT:
			if depth == 1 {
				name = text
			}
		case token.LPAREN, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACK:
			depth--
			if depth == 0 {
				return star + name
			}
		}
	}
}

// Matches reports whether a person who says want means the function: f for f,
// grow, T.grow or (*T).grow for a method, and the function literals inside of it.
func Matches(function, want string) bool {
	function, want = bare(function), bare(want)
	for {
		if function == want || strings.HasSuffix(function, "."+want) {
			return true
		}
		i := strings.LastIndexByte(function, '.')
		if i < 0 {
			return false
		}
		function = function[:i] // f.func1 belongs to f
	}
}

// bare is the name without what a person leaves out: type arguments and pointers.
func bare(name string) string {
	name = strings.NewReplacer("(*", "", "(", "", ")", "").Replace(name)
	for {
		open := strings.IndexByte(name, '[')
		if open < 0 {
			return name
		}
		depth, end := 0, len(name)
		for i := open; i < len(name); i++ {
			switch name[i] {
			case '[':
				depth++
			case ']':
				depth--
			}
			if depth == 0 {
				end = i + 1
				break
			}
		}
		name = name[:open] + name[end:]
	}
}

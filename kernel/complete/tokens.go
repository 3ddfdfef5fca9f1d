package complete

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A tok is a token of a cell: the bytes from off to end. A semicolon that the
// line end stands for is empty.
type tok struct {
	kind     token.Token
	off, end int
	open     bool // a comment or literal that is not terminated
}

// auto reports whether a semicolon is that of a line end.
func (t tok) auto() bool { return t.kind == token.SEMICOLON && t.off == t.end }

// lex reads the tokens of a text, comments among them, as far as it has any. It
// takes every text.
func lex(text string) []tok {
	var s scanner.Scanner
	src := []byte(text)
	file := token.NewFileSet().AddFile("", -1, len(src))
	failed := ""
	s.Init(file, src, func(_ token.Position, msg string) { failed = msg }, scanner.ScanComments)
	out := make([]tok, 0, len(src)/4+1)
	for {
		failed = ""
		pos, kind, lit := s.Scan()
		if kind == token.EOF {
			return trim(out, len(text))
		}
		t := tok{kind: kind, off: int(pos) - file.Base(), open: strings.HasSuffix(failed, "not terminated")}
		switch {
		case kind == token.SEMICOLON && lit == "\n":
			t.end = t.off
		case kind == token.COMMENT, kind == token.STRING && strings.HasPrefix(lit, "`"):
			t.end = t.off + rawLength(text[t.off:], t.open) // the scanner leaves out carriage returns
		case kind.IsOperator():
			t.end = t.off + len(kind.String())
		default:
			t.end = t.off + len(lit)
		}
		out = append(out, t)
	}
}

// rawLength is the length of the comment or raw string with which text begins.
func rawLength(text string, open bool) int {
	end := ""
	skip := 2
	switch {
	case open:
		return len(text)
	case strings.HasPrefix(text, "//"):
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			return i
		}
		return len(text)
	case strings.HasPrefix(text, "/*"):
		end = "*/"
	default:
		end, skip = "`", 1
	}
	if i := strings.Index(text[min(skip, len(text)):], end); i >= 0 {
		return skip + i + len(end)
	}
	return len(text)
}

// trim keeps each token within the text and before the next one: the scanner
// gives a byte that is not UTF-8 as a longer character.
func trim(tokens []tok, size int) []tok {
	for i := range tokens {
		limit := size
		if i+1 < len(tokens) {
			limit = min(limit, tokens[i+1].off)
		}
		tokens[i].end = max(tokens[i].off, min(tokens[i].end, limit))
	}
	return tokens
}

// identifierAt delimits the identifier, keyword or number around a byte offset.
func identifierAt(text string, offset int) (start, end int) {
	start, end = offset, offset
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(text[:start])
		if !isNameRune(r) {
			break
		}
		start -= n
	}
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		if !isNameRune(r) {
			break
		}
		end += n
	}
	return start, end
}

func isNameRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// blanks is as long as text and has its line ends, and nothing else.
func blanks(text string) string {
	out := []byte(text)
	for i, b := range out {
		if b != '\n' && b != '\r' && b != '\t' {
			out[i] = ' '
		}
	}
	return string(out)
}

// within clamps an offset to a text and to the beginning of a character.
func within(text string, offset int) int {
	offset = max(0, min(offset, len(text)))
	for offset > 0 && offset < len(text) && !utf8.RuneStart(text[offset]) {
		offset--
	}
	return offset
}

// Nobody writes what is nested or prefixed more than this, and the type checker
// takes time that grows with the square of it.
const (
	maxText     = 1 << 20
	maxNesting  = 1000
	maxPrefixes = 100
)

// tooDeep reports whether a text is not to be looked at.
func tooDeep(text string) bool {
	if len(text) > maxText {
		return true
	}
	depth, prefixes := 0, 0
	for _, t := range lex(text) {
		switch t.kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(depth-1, 0)
		case token.ADD, token.SUB, token.NOT, token.XOR, token.MUL, token.AND, token.ARROW, token.CHAN:
			prefixes++
		default:
			prefixes = 0
		}
		if depth > maxNesting || prefixes > maxPrefixes {
			return true
		}
	}
	return false
}

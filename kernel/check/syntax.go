package check

import (
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
)

// What the checker takes. Beyond it the recursion of parser and checker is a
// danger to the process, which nothing could catch.
const (
	maxText  = 4 << 20 // bytes
	maxDepth = 1000    // brackets in one another, or operators in one statement
)

// lexeme is one token of a cell.
type lexeme struct {
	tok       token.Token
	lit       string
	off       int // in bytes, from the cell's start
	line, col int // both from 1; col in bytes
}

// String is how people know the token.
func (l lexeme) String() string {
	switch {
	case l.tok == token.SEMICOLON && l.lit == "\n":
		return ""
	case l.tok == token.STRING, l.tok == token.CHAR:
		return l.lit[:1] + "…"
	case l.lit != "":
		return l.lit
	}
	return l.tok.String()
}

// lex cuts a text into tokens.
func lex(text []byte) []lexeme {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	s.Init(file, text, func(token.Position, string) {}, 0)
	var out []lexeme
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		p := file.PositionFor(pos, false)
		out = append(out, lexeme{tok: tok, lit: lit, off: p.Offset, line: p.Line, col: p.Column})
	}
}

// readable returns the text that is parsed: the cell's, with ASCII characters in
// the place of those that people type or paste by mistake, as many bytes, and
// the errors that these are. It returns nil for a text that is too much for the
// checker.
func readable(src cell.Source) ([]byte, Diagnostics) {
	if len(src.Text) > maxText {
		return nil, Diagnostics{{Pos: cell.Pos{Cell: src.Name()},
			Message: fmt.Sprintf("the cell has %d bytes of text; %d are the most that a cell can have", len(src.Text), maxText)}}
	}
	text, errs := repair(src)
	depth, chain := 0, 0
	for _, l := range lex(text) {
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
			chain++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.SEMICOLON, token.COMMA:
			chain = 0
		default:
			if l.tok.IsOperator() || l.tok == token.FUNC {
				chain++
			}
		}
		if depth > maxDepth || chain > 5*maxDepth {
			d := diagnose(src, token.Position{Line: l.line, Column: l.col}, "the cell is nested too deep here: the checker and the interpreter could not take it")
			d.Line = ""
			return nil, Diagnostics{d}
		}
	}
	return text, errs
}

// explainSyntax makes diagnostics of what the parses of a text complained of,
// with words for learners, and without what only follows from other errors.
func explainSyntax(src cell.Source, text []byte, parses ...error) Diagnostics {
	var errs []*scanner.Error
	for _, err := range parses {
		var list scanner.ErrorList
		if errors.As(err, &list) {
			errs = append(errs, list...)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	sort.SliceStable(errs, func(i, j int) bool {
		a, b := errs[i].Pos, errs[j].Pos
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	})
	x := &syntaxErrors{src: src, program: IsProgram(src.Text), tokens: lex(text)}
	x.bracket = x.brackets()
	for _, e := range errs {
		if x.add(e); len(x.out) >= maxCollected {
			break
		}
	}
	if x.bracket != nil && !x.bracketSaid {
		x.out = append(x.out, x.bracket.Diagnostic)
	}
	if len(x.out) == 0 {
		x.out = append(x.out, x.diagnose(errs[0]))
	}
	return x.out
}

// syntaxErrors collects the errors of one cell.
type syntaxErrors struct {
	src         cell.Source
	program     bool
	tokens      []lexeme
	bracket     *bracketError // nil when brackets match
	bracketSaid bool
	stopped     bool // what comes now follows from what has been said
	lastLine    int
	out         Diagnostics
}

// add takes one error of the parser, in the order of the text.
func (x *syntaxErrors) add(e *scanner.Error) {
	if x.stopped || e.Pos.Line == x.lastLine {
		return
	}
	if !x.program && len(x.out) > 0 && strings.HasPrefix(e.Msg, "expected declaration") {
		return
	}
	atEnd := strings.Contains(e.Msg, "found 'EOF'") || x.afterLast(e.Pos)
	if atEnd && (len(x.out) > 0 || x.bracket != nil) {
		return
	}
	if b := x.bracket; b != nil && b.before(e.Pos) {
		if e.Pos.Line == b.Pos.Line && !b.extra && strings.Contains(e.Msg, "newline") {
			d := x.diagnose(e)
			d.Hint = b.inLine
			x.out = append(x.out, d)
			x.bracketSaid, x.stopped = true, true
			return
		}
		if b.open != token.LBRACE || b.extra || strings.Contains(e.Msg, "expected declaration") {
			return
		}
	}
	x.lastLine = e.Pos.Line
	x.out = append(x.out, x.diagnose(e))
	if strings.HasPrefix(e.Msg, "raw string literal not") || strings.HasPrefix(e.Msg, "comment not") {
		x.stopped = true
	}
}

// afterLast reports whether a place is after the last token of the cell, where
// Parse has added a brace.
func (x *syntaxErrors) afterLast(p token.Position) bool {
	if len(x.tokens) == 0 {
		return true
	}
	last := x.tokens[len(x.tokens)-1]
	return p.Line > last.line || p.Line == last.line && p.Column > last.col
}

// diagnose puts an error of the parser into words.
func (x *syntaxErrors) diagnose(e *scanner.Error) Diagnostic {
	d := diagnose(x.src, e.Pos, e.Msg)
	d.Message = x.reword(e)
	d.Hint = x.hint(e)
	return d
}

// reword says what the parser says without the words of its grammar.
func (x *syntaxErrors) reword(e *scanner.Error) string {
	expected, found, ok := strings.Cut(e.Msg, ", found ")
	if !ok || !strings.HasPrefix(expected, "expected ") {
		return e.Msg
	}
	found = strings.Trim(found, "'")
	if found == "" {
		found = "'"
	}
	if expected == "expected boolean expression" {
		return "cannot use an assignment as a condition"
	}
	if x.afterLast(e.Pos) && (found == "}" || found == "EOF") {
		found = "the end of the cell"
	}
	if utf8.RuneCountInString(found) > 40 {
		found = string([]rune(found)[:40]) + "…"
	}
	expected = strings.TrimPrefix(expected, "expected ")
	switch expected {
	case "';'":
		return "unexpected " + found + " at the end of a statement"
	case "'IDENT'":
		return "expected a name, found " + found
	case "operand":
		return "expected a value, found " + found
	case "statement":
		return "unexpected " + found + " at the beginning of a statement"
	case "'=='":
		return "unexpected = in an expression"
	}
	return "expected " + strings.Trim(expected, "'") + ", found " + found
}

// hint is what is meant by the line of an error.
func (x *syntaxErrors) hint(e *scanner.Error) string {
	for _, h := range messageHints {
		if strings.HasPrefix(e.Msg, h.prefix) && (x.program || h.prefix != "expected declaration") {
			return h.hint
		}
	}
	line := x.normal(e.Pos.Line)
	for _, h := range lineHints() {
		if h.pattern.MatchString(line) && (h.message == "" || strings.Contains(e.Msg, h.message)) {
			return h.hint
		}
	}
	for _, h := range laterHints {
		if strings.HasPrefix(e.Msg, h.prefix) {
			return h.hint
		}
	}
	return ""
}

// normal is a line as its tokens with a space between them.
func (x *syntaxErrors) normal(line int) string {
	var words []string
	for _, l := range x.tokens {
		if l.line == line && l.String() != "" {
			words = append(words, l.String())
		}
	}
	return strings.Join(words, " ")
}

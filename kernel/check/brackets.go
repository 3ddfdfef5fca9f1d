package check

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A bracketError says that brackets do not match. The parser notices that late,
// often at the end of the text; the place that has to be changed is another one.
type bracketError struct {
	Diagnostic
	inLine string // a hint for what the parser says of the same line
	open   token.Token
	extra  bool // a closing bracket that closes nothing
}

// before reports whether the bracket stands before a place.
func (b *bracketError) before(p token.Position) bool {
	return b.Pos.Line < p.Line || b.Pos.Line == p.Line && b.Pos.Column <= p.Column
}

type openBracket struct {
	lexeme
	indent int // of its line
}

var closing = map[token.Token]token.Token{token.LPAREN: token.RPAREN, token.LBRACK: token.RBRACK, token.LBRACE: token.RBRACE}

// brackets finds the first bracket that has no partner, or nil.
func (x *syntaxErrors) brackets() *bracketError {
	var stack []openBracket
	var suspect *openBracket // a { whose } seems to be that of another {
	var instead lexeme
	for _, l := range x.tokens {
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			stack = append(stack, openBracket{l, x.indent(l.line)})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(stack) == 0 {
				return x.extra(l, "nothing is open here that it could close")
			}
			top := stack[len(stack)-1]
			if closing[top.tok] != l.tok {
				if top.tok == token.LBRACE && !hasPartner(stack, l.tok) {
					return x.extra(l, fmt.Sprintf("the { at %s is still open", x.place(top.lexeme)))
				}
				return x.unclosed(top, &l)
			}
			if suspect == nil && l.tok == token.RBRACE && x.first(l) && x.indent(l.line) < top.indent && len(stack) > 1 {
				top := top
				suspect, instead = &top, l
			}
			stack = stack[:len(stack)-1]
		}
	}
	if len(stack) == 0 {
		return nil
	}
	if suspect != nil {
		return x.unclosed(*suspect, &instead)
	}
	return x.unclosed(stack[len(stack)-1], nil)
}

func hasPartner(stack []openBracket, tok token.Token) bool {
	for _, o := range stack {
		if closing[o.tok] == tok {
			return true
		}
	}
	return false
}

func (x *syntaxErrors) extra(l lexeme, why string) *bracketError {
	return &bracketError{Diagnostic: x.at(l, "unexpected "+l.tok.String(), why), extra: true}
}

// unclosed is the error of an opening bracket. before is the closing bracket of
// another one at which it is noticed.
func (x *syntaxErrors) unclosed(o openBracket, before *lexeme) *bracketError {
	want := closing[o.tok].String()
	b := &bracketError{Diagnostic: x.at(o.lexeme, fmt.Sprintf("the %s is not closed: a %s is missing", o.tok, want), ""), open: o.tok}
	b.inLine = fmt.Sprintf("the %s at %s is not closed", o.tok, x.place(o.lexeme))
	if before != nil {
		b.Hint = fmt.Sprintf("it is missing before the %s at %s", before.tok, x.place(*before))
	}
	return b
}

func (x *syntaxErrors) at(l lexeme, msg, hint string) Diagnostic {
	d := diagnose(x.src, token.Position{Line: l.line, Column: l.col}, msg)
	d.Hint = hint
	return d
}

func (x *syntaxErrors) place(l lexeme) string {
	return cell.Pos{Cell: x.src.Name(), Line: l.line, Column: l.col}.String()
}

// indent is how far a line is indented.
func (x *syntaxErrors) indent(line int) int {
	n := 0
	for _, r := range x.src.Line(line) {
		switch r {
		case ' ':
			n++
		case '\t':
			n += 8
		default:
			return n
		}
	}
	return n
}

// first reports whether a token is the first of its line.
func (x *syntaxErrors) first(l lexeme) bool {
	line := x.src.Line(l.line)
	return l.col-1 <= len(line) && strings.TrimSpace(line[:l.col-1]) == ""
}

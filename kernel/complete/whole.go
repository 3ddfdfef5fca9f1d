package complete

import (
	"errors"
	"go/scanner"
	"go/token"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// IsComplete tells whether a text is a whole cell. For one that is not, the next
// line is to be indented by a tab for each open bracket.
func IsComplete(text string) cell.Completeness {
	if t := strings.TrimSpace(text); t == "" || strings.HasPrefix(t, "%") || strings.HasPrefix(t, "!") || strings.HasSuffix(t, "?") {
		return cell.Completeness{Status: cell.Complete}
	}
	if check.IsProgram(text) {
		text = strings.Replace(text, "package", "       ", 1) // the rest of a program looks like a cell
		_, text, _ = strings.Cut(text, "\n")
	}
	open := check.Open(text)
	incomplete := cell.Completeness{Status: cell.Incomplete, Indent: strings.Repeat("\t", len(open))}
	if len(open) > 0 || unterminated(text) {
		return incomplete
	}
	_, err := check.Parse(token.NewFileSet(), cell.Source{Text: text})
	var d check.Diagnostics
	if !errors.As(err, &d) {
		return cell.Completeness{Status: cell.Complete}
	}
	if len(d) > 0 && d[0].Pos.Line >= strings.Count(strings.TrimRight(text, "\n"), "\n")+1 && endsOpen(text) {
		return incomplete
	}
	return cell.Completeness{Status: cell.Invalid}
}

// unterminated reports whether a text ends in a raw string or a comment.
func unterminated(text string) bool {
	found := false
	scan(text, func(_ token.Token, msg string) {
		found = found || strings.Contains(msg, "not terminated") && !strings.Contains(msg, "rune") && msg != "string literal not terminated"
	})
	return found
}

// endsOpen reports whether the last token asks for more: an operator, a comma, a
// keyword.
func endsOpen(text string) bool {
	last := token.ILLEGAL
	scan(text, func(tok token.Token, _ string) {
		if tok != token.ILLEGAL {
			last = tok
		}
	})
	return last.IsKeyword() || last.IsOperator() && last != token.RPAREN && last != token.RBRACE && last != token.RBRACK && last != token.SEMICOLON
}

// scan calls f for each token, and for each error with ILLEGAL and the message.
func scan(text string, f func(token.Token, string)) {
	var s scanner.Scanner
	src := []byte(text)
	s.Init(token.NewFileSet().AddFile("", -1, len(src)), src, func(_ token.Position, msg string) { f(token.ILLEGAL, msg) }, 0)
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		if tok != token.SEMICOLON || lit != "\n" {
			f(tok, "")
		}
	}
}

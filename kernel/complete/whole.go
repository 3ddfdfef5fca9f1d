package complete

import (
	"go/parser"
	"go/token"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// IsComplete tells whether a text is a whole cell: whether it could run if it
// were followed by nothing. The indent for a text that is not is what gofmt would
// give its next line.
func IsComplete(text string) (c cell.Completeness) {
	defer guard(func() { c = cell.Completeness{Status: cell.Invalid} })
	t := strings.TrimSpace(text)
	oneLine := !strings.Contains(t, "\n")
	switch {
	case t == "", oneLine && strings.HasSuffix(t, "?"):
		return cell.Completeness{Status: cell.Complete}
	case strings.HasPrefix(t, "%%"):
		return wholeCommand(text, oneLine)
	case oneLine && (strings.HasPrefix(t, "%") || strings.HasPrefix(t, "!")):
		return cell.Completeness{Status: cell.Complete}
	}
	return wholeGo(text)
}

// wholeCommand is for cell commands, whose body need not be Go: an empty line
// ends them, and otherwise so does a body that is whole Go.
func wholeCommand(text string, oneLine bool) cell.Completeness {
	if oneLine {
		return cell.Completeness{Status: cell.Incomplete}
	}
	lines := strings.Split(strings.TrimRight(text, " \t\r"), "\n")
	if n := len(lines); n > 2 && strings.TrimSpace(lines[n-1]) == "" && strings.TrimSpace(lines[n-2]) == "" {
		return cell.Completeness{Status: cell.Complete}
	}
	c := wholeGo(text)
	if c.Status == cell.Invalid {
		c.Status = cell.Incomplete // it may be of another language
	}
	return c
}

func wholeGo(code string) cell.Completeness {
	text, kind := goText(code)
	invalid := cell.Completeness{Status: cell.Invalid}
	complete := cell.Completeness{Status: cell.Complete}
	tokens := lex(text)
	last := latest(tokens)
	switch {
	case last < 0 && kind.program:
		return cell.Completeness{Status: cell.Incomplete} // package main
	case last < 0 && (len(tokens) == 0 || !tokens[len(tokens)-1].open):
		return complete // comments
	}
	parts := cut(text, tokens)
	end := len(tokens) - 1
	for end > 0 && tokens[end].auto() {
		end--
	}
	if t := tokens[end]; t.open && (t.kind == token.COMMENT || text[t.off] == '`') && parse(text, parts, t.off) {
		return cell.Completeness{Status: cell.Incomplete}
	}
	if !parse(text, parts, contentEnd(tokens)) {
		return invalid
	}
	own := tokens[firstOf(tokens, parts):]
	o := outlineOf(text, own)
	if o.depth() > 0 || !tokens[last].auto() && (tokens[last].kind != token.SEMICOLON || inHeader(o, tok{})) {
		return cell.Completeness{Status: cell.Incomplete, Indent: indent(text, tokens, last, o)}
	}
	if kind.program {
		if !strings.Contains(text, "func main") {
			return cell.Completeness{Status: cell.Incomplete}
		}
		return complete
	}
	if _, err := check.Parse(token.NewFileSet(), cell.Source{Text: text}); err != nil {
		return invalid
	}
	return complete
}

// latest is the index of the last token that is no comment, or -1.
func latest(tokens []tok) int {
	for i := len(tokens) - 1; i >= 0; i-- {
		if tokens[i].kind != token.COMMENT {
			return i
		}
	}
	return -1
}

// contentEnd is where the last token with a text ends.
func contentEnd(tokens []tok) int {
	for i := len(tokens) - 1; i >= 0; i-- {
		if tokens[i].kind != token.COMMENT && !tokens[i].auto() {
			return tokens[i].end
		}
	}
	return 0
}

// firstOf is the index of the token with which the last part begins.
func firstOf(tokens []tok, parts []part) int {
	if len(parts) == 0 {
		return 0
	}
	for i, t := range tokens {
		if t.off >= parts[len(parts)-1].start && t.kind != token.COMMENT {
			return i
		}
	}
	return 0
}

// parse reports whether the parts parse, but for what is missing behind end.
func parse(text string, parts []part, end int) bool {
	for i, p := range parts {
		head, tail := "package main;", ""
		if !p.decl {
			head, tail = "package main;func _(){", "\n}"
		}
		body := text[p.start:p.end]
		closers := ""
		if i == len(parts)-1 {
			closers = outlineOf(body, withoutEnd(lex(body), len(body))).closers()
		}
		_, err := parser.ParseFile(token.NewFileSet(), "", head+body+closers+tail, parser.SkipObjectResolution)
		if err != nil && firstError(err)-len(head)+p.start < end {
			return false
		}
	}
	return true
}

// indent is what gofmt would begin the next line with: a tab for each line that
// opens a bracket, and one more where an expression goes on.
func indent(text string, tokens []tok, last int, o *outline) string {
	tabs := map[int]bool{}
	for i := range o.frames[1:] {
		f := &o.frames[i+1]
		flush := f.kind == block && (f.head == token.SWITCH || f.head == token.SELECT) && !f.stmt.clause
		if !flush {
			tabs[f.line] = true
		}
	}
	n := len(tabs)
	t := tokens[last]
	if goesOn(t.kind, o.top().kind) && !tabs[strings.Count(text[:t.off], "\n")] {
		n++
	}
	return strings.Repeat("\t", n)
}

// goesOn reports whether a token at the end of a line leaves an expression or
// statement to be continued in the next, which is indented then.
func goesOn(t token.Token, in frameKind) bool {
	switch t {
	case token.LPAREN, token.LBRACK, token.LBRACE, token.COLON, token.SEMICOLON, token.RPAREN, token.RBRACK, token.RBRACE, token.INC, token.DEC:
		return false
	case token.COMMA:
		return in <= fields
	}
	return t.IsOperator()
}

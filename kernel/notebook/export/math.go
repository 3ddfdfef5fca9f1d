package export

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/notebook/export/mathml"
)

// insert is a piece of HTML of our own. It travels through Markdown and sanitizer
// as a mark of two characters that nobody uses, and is put in its place when it is
// known to be a text's and not an attribute's.
type insert struct {
	html   string
	source string // that stands in its place where no HTML can be
}

const markBegin, markEnd = '\ue000', '\ue001'

// inserts are those of one text.
type inserts []insert

func (in *inserts) add(i insert) string {
	*in = append(*in, i)
	return fmt.Sprintf("%c%d%c", markBegin, len(*in)-1, markEnd)
}

// unmarked is a text in which nothing passes for a mark.
func unmarked(text string) string {
	return strings.Map(func(r rune) rune {
		if r == markBegin || r == markEnd {
			return '\ufffd'
		}
		return r
	}, text)
}

// cut splits a text at its first mark.
func (in inserts) cut(text string) (before string, found *insert, after string) {
	for from := 0; ; {
		at := strings.IndexRune(text[from:], markBegin)
		if at < 0 {
			return text, nil, ""
		}
		at += from
		from = at + len(string(markBegin))
		number, rest, ok := strings.Cut(text[from:], string(markEnd))
		if n, err := strconv.Atoi(number); ok && err == nil && 0 <= n && n < len(in) {
			return text[:at], &in[n], rest
		}
	}
}

// withoutMarks puts the sources into the place of marks.
func (in inserts) withoutMarks(text string) string {
	var b strings.Builder
	for {
		before, found, after := in.cut(text)
		b.WriteString(before)
		if found == nil {
			return b.String()
		}
		b.WriteString(found.source)
		text = after
	}
}

// takeMath puts marks into the place of a Markdown text's formulas, before Markdown
// can take their underlines and backslashes for its own: as Jupyter's front ends do.
// Code, links' addresses and tags have no formulas.
func takeMath(text string, in *inserts) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		if n := notMath(text, i); n > 0 {
			out.WriteString(text[i : i+n])
			i += n
			continue
		}
		if tex, n, display := formula(text[i:]); n > 0 {
			out.WriteString(in.add(insert{formulaHTML(tex, display), text[i : i+n]}))
			i += n
			continue
		}
		out.WriteByte(text[i])
		i++
	}
	return out.String()
}

// notMath is the length of what begins at i and has no formula in it, 0 for what
// may be one.
func notMath(text string, i int) int {
	rest := text[i:]
	lineStart := strings.TrimLeft(text[strings.LastIndexByte(text[:i], '\n')+1:i], " >") == ""
	switch {
	case rest[0] == '`' || rest[0] == '~' && lineStart:
		run := len(rest) - len(strings.TrimLeft(rest, rest[:1]))
		if run >= 3 && lineStart {
			return fence(rest, run)
		}
		if rest[0] == '`' {
			return span(rest, run)
		}
		return run
	case rest[0] == '\\' && len(rest) > 1:
		if strings.HasPrefix(rest, `\begin{`) {
			return 0
		}
		if strings.HasPrefix(rest, `\\(`) || strings.HasPrefix(rest, `\\[`) {
			return 0
		}
		return 2
	case strings.HasPrefix(rest, "]("):
		if end := strings.IndexAny(rest, ") \n"); end > 0 {
			return end
		}
	case rest[0] == '<' && len(rest) > 1 && (isLetter(rune(rest[1])) || rest[1] == '/' || rest[1] == '!'):
		if end := strings.IndexByte(rest, '>'); end > 0 {
			return end + 1
		}
	case rest[0] != '$':
		return 1
	}
	return 0
}

// fence is the length of a fenced block of code.
func fence(rest string, run int) int {
	mark := rest[:run]
	length := 0
	for line := range strings.Lines(rest) {
		first := length == 0
		length += len(line)
		inner := strings.TrimRight(strings.TrimLeft(line, " >"), " \t\r\n")
		if !first && strings.HasPrefix(inner, mark) && strings.Trim(inner, mark[:1]) == "" {
			break
		}
	}
	return length
}

// span is the length of code between backticks, or of the backticks alone.
func span(rest string, run int) int {
	for at := run; at < len(rest); {
		next := strings.IndexByte(rest[at:], '`')
		if next < 0 {
			break
		}
		at += next
		n := len(rest[at:]) - len(strings.TrimLeft(rest[at:], "`"))
		if n == run {
			return at + n
		}
		at += n
	}
	return run
}

// formula is the one that a text begins with: its TeX and its length with the
// signs around it, 0 when there is none.
func formula(text string) (tex string, length int, display bool) {
	for _, kind := range []struct {
		open, close string
		display     bool
	}{{"$$", "$$", true}, {`\\[`, `\\]`, true}, {`\\(`, `\\)`, false}} {
		if rest, ok := strings.CutPrefix(text, kind.open); ok {
			if end := strings.Index(rest, kind.close); end > 0 {
				return rest[:end], end + len(kind.open) + len(kind.close), kind.display
			}
			return "", 0, false
		}
	}
	if rest, ok := strings.CutPrefix(text, `\begin{`); ok {
		name, _, ok := strings.Cut(rest, "}")
		end := strings.Index(text, `\end{`+name+"}")
		if ok && end > 0 {
			end += len(`\end{`) + len(name) + 1
			return text[:end], end, true
		}
		return "", 0, false
	}
	if text[0] != '$' {
		return "", 0, false
	}
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '\n' && strings.HasPrefix(strings.TrimLeft(text[i+1:], " \t\r"), "\n"):
			return "", 0, false
		case text[i] == '`':
			return "", 0, false
		case text[i] == '$':
			// $5 and $10 are amounts, and $HOME is no formula without an end.
			digit := i+1 < len(text) && '0' <= text[i+1] && text[i+1] <= '9'
			if i == 1 || strings.ContainsAny(text[1:2], " \t\n") || strings.ContainsAny(text[i-1:i], " \t\n") || digit {
				return "", 0, false
			}
			return text[1:i], i + 1, false
		}
	}
	return "", 0, false
}

// formulaHTML is a formula for the page. One that is not understood is shown as
// it was written.
func formulaHTML(tex string, display bool) string {
	m, err := mathml.Convert(tex, display)
	if err != nil {
		m = `<code class="tex">` + html.EscapeString(strings.TrimSpace(tex)) + "</code>"
	}
	if display {
		return `<span class="formula" role="group" tabindex="0">` + m + "</span>"
	}
	return m
}

package race

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/show"
)

// prose is text in which pieces of Go are marked, so that one sentence makes both
// the HTML and the plain text. The marks are characters for private use.
type prose string

const (
	codeBegin = "\uE000"
	codeEnd   = "\uE001"
)

var unmark = strings.NewReplacer(codeBegin, "", codeEnd, "")

// code marks a piece of Go.
func code(s string) prose { return prose(codeBegin + clean(s) + codeEnd) }

// clean makes foreign text fit to stand in a line of ours.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(unmark.Replace(s), "\uFFFD"))
}

// say formats like fmt.Sprintf. Strings of foreign origin come through code or
// clean. Pieces of Go in the format stand between back quotes.
func say(format string, args ...any) prose {
	var b strings.Builder
	for i, part := range strings.Split(format, "`") {
		switch {
		case i%2 == 1:
			b.WriteString(codeBegin)
		case i > 0:
			b.WriteString(codeEnd)
		}
		b.WriteString(part)
	}
	return prose(fmt.Sprintf(b.String(), args...))
}

// lowerFirst makes a sentence a part of another.
func lowerFirst(p prose) prose {
	r, n := utf8.DecodeRuneInString(string(p))
	return prose(unicode.ToLower(r)) + p[n:]
}

func (p prose) text() string { return unmark.Replace(string(p)) }

func (p prose) html() string {
	return strings.NewReplacer(codeBegin, `<code style="`+styleCode+`">`, codeEnd, `</code>`).Replace(html.EscapeString(string(p)))
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// shorten cuts s to a number of columns of a fixed-width font.
func shorten(s string, columns int) string {
	if show.Width(s) <= columns {
		return s
	}
	var b strings.Builder
	left := columns - 1
	for _, r := range s {
		if left -= show.Width(string(r)); left < 0 {
			break
		}
		b.WriteRune(r)
	}
	return b.String() + "…"
}

// wrap breaks a text into lines of a number of columns, at spaces.
func wrap(s string, columns int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && show.Width(line)+1+show.Width(word) > columns {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

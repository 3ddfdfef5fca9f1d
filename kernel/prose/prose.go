// Package prose is for the sentences of reports. One sentence makes both the HTML and
// the plain text: pieces of Go in it are marked, and become elements of their own in
// the one and stay as they are in the other.
//
// The package knows nothing of what the sentences are about.
package prose

import (
	"fmt"
	"html"
	"strings"
	"unicode"
)

// Text is text in which pieces of Go are marked. The marks are characters for private
// use, which Code and Clean take out of what others wrote.
type Text string

const (
	codeBegin = "\uE000"
	codeEnd   = "\uE001"
)

var unmark = strings.NewReplacer(codeBegin, "", codeEnd, "")

// Code marks a piece of Go.
func Code(s string) Text { return Text(codeBegin + Clean(s) + codeEnd) }

// Clean makes what others wrote fit to stand in a line of ours.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(unmark.Replace(s), "\uFFFD"))
}

// Say formats like fmt.Sprintf. Pieces of Go in the format stand between back quotes;
// strings that others wrote come through Code or Clean.
func Say(format string, args ...any) Text {
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
	return Text(fmt.Sprintf(b.String(), args...))
}

// Plain is the text without marks.
func (t Text) Plain() string { return unmark.Replace(string(t)) }

// HTML is the text as HTML, with the pieces of Go in a style of CSS.
func (t Text) HTML(style string) string {
	return strings.NewReplacer(codeBegin, `<code style="`+style+`">`, codeEnd, `</code>`).Replace(html.EscapeString(string(t)))
}

// Join puts sep between the texts that are not empty.
func Join(sep Text, texts ...Text) Text {
	var b strings.Builder
	for _, t := range texts {
		if t == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(string(sep))
		}
		b.WriteString(string(t))
	}
	return Text(b.String())
}

// List joins texts as in "a, b and c".
func List(word string, texts ...Text) Text {
	if n := len(texts); n > 1 {
		return Join(Text(" "+word+" "), Join(", ", texts[:n-1]...), texts[n-1])
	}
	return Join("", texts...)
}

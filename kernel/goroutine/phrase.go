package goroutine

import (
	"fmt"
	"html"
	"strings"
	"time"
	"unicode"

	"github.com/chanbook/chanbook/kernel/show"
)

// A phrase is text in which pieces of Go code are marked, so that one sentence
// makes both the HTML and the plain text. The marks are characters for private
// use, which code takes out of what users wrote.
type phrase string

const (
	codeBegin = "\uE000"
	codeEnd   = "\uE001"
)

var unmark = strings.NewReplacer(codeBegin, "", codeEnd, "")

// code marks a piece of Go.
func code(s string) phrase { return phrase(codeBegin + clean(s) + codeEnd) }

// clean makes text of the user's fit to stand in a line of ours.
func clean(s string) string {
	s = strings.ToValidUTF8(unmark.Replace(s), "\uFFFD")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// text is the phrase without marks.
func (p phrase) text() string { return unmark.Replace(string(p)) }

// html is the phrase as HTML.
func (p phrase) html() string {
	return strings.NewReplacer(codeBegin, `<code style="`+styleCode+`">`, codeEnd, `</code>`).Replace(html.EscapeString(string(p)))
}

// phrasef formats like fmt.Sprintf. Strings that users wrote must come through
// code or clean.
func phrasef(format string, args ...any) phrase { return phrase(fmt.Sprintf(format, args...)) }

// join puts sep between the phrases that are not empty.
func join(sep phrase, phrases ...phrase) phrase {
	var b strings.Builder
	for _, p := range phrases {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(string(sep))
		}
		b.WriteString(string(p))
	}
	return phrase(b.String())
}

// list joins phrases as in "a, b and c".
func list(word string, phrases ...phrase) phrase {
	if n := len(phrases); n > 1 {
		return join(phrase(" "+word+" "), join(", ", phrases[:n-1]...), phrases[n-1])
	}
	return join("", phrases...)
}

// number writes n with a comma between thousands.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// duration is how long something takes, as exactly as a reader needs it: with
// two digits or, above ten seconds, in whole seconds, minutes or hours.
func duration(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "less than 1ms"
	case d < time.Second:
		return d.Truncate(time.Millisecond).String()
	case d < 10*time.Second:
		return d.Truncate(100 * time.Millisecond).String()
	case d < time.Minute:
		return d.Truncate(time.Second).String()
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days", int(d.Hours())/24)
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

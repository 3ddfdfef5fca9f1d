package prose

import (
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/show"
)

// Number writes n with a comma between thousands.
func Number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Count is a number with its noun.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Shorten cuts s to a number of columns of a fixed-width font.
func Shorten(s string, columns int) string {
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

// Columns is how many columns of text fit on a page beside some indentation, in
// JupyterLab and in what is exported.
const Columns = 82

// Wrap breaks a text at spaces into lines of so many columns.
func Wrap(s string, columns int) []string {
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

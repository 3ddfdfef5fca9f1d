package check

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Diagnostic is one thing that is wrong with a cell.
type Diagnostic struct {
	Pos     cell.Pos
	Message string
	Line    string // the text of the line, for the caret
}

// String formats the diagnostic as "In[3]:12:5: message", followed by the line
// and a caret below the place.
func (d Diagnostic) String() string {
	s := d.Pos.String() + ": " + d.Message
	if d.Line == "" || d.Pos.Column < 1 || d.Pos.Column > len(d.Line)+1 {
		return s
	}
	return fmt.Sprintf("%s\n    %s\n    %s^", s, d.Line, indent(d.Line[:d.Pos.Column-1]))
}

// indent is white space as wide as s, tabs kept.
func indent(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '\t':
			b.WriteByte('\t')
		case wide(r):
			b.WriteString("  ")
		default:
			b.WriteByte(' ')
		}
		s = s[n:]
	}
	return b.String()
}

// wide reports whether fixed-width fonts draw r two columns wide: the CJK
// ranges of Unicode's East Asian Width.
func wide(r rune) bool {
	return r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf ||
		r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 ||
		r >= 0xffe0 && r <= 0xffe6 || r >= 0x20000 && r <= 0x3fffd)
}

// Diagnostics are all that is wrong with a cell, in its order. They are an error.
type Diagnostics []Diagnostic

func (d Diagnostics) Error() string {
	lines := make([]string, len(d))
	for i, x := range d {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// sorted orders by position and drops what was said twice of one line by the
// two parses.
func (d Diagnostics) sorted() Diagnostics {
	sort.SliceStable(d, func(i, j int) bool {
		a, b := d[i].Pos, d[j].Pos
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	out := d[:0]
	for _, x := range d {
		if n := len(out); n > 0 && out[n-1].Pos == x.Pos {
			continue
		}
		out = append(out, x)
	}
	return out
}

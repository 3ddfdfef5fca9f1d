package check

import (
	"fmt"
	"go/token"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Diagnostic is one thing that is wrong with a cell.
type Diagnostic struct {
	Pos     cell.Pos
	Message string // what the compiler says; it may have more lines
	Hint    string // what may be meant or what to do, for learners; may be empty
	Line    string // the text of the line, for the caret
}

// maxDiagnostics is how many things are said to be wrong with one cell,
// maxCollected how many are looked for.
const (
	maxDiagnostics = 50
	maxCollected   = 1000
)

// String formats the diagnostic as "In[3]:12:5: message", followed by the line
// and a caret below the place, then the rest of the message and the hint.
func (d Diagnostic) String() string {
	first, rest, _ := strings.Cut(d.Message, "\n")
	var b strings.Builder
	b.WriteString(d.Pos.String() + ": " + first)
	if d.Line != "" && d.Pos.Column >= 1 && d.Pos.Column <= len(d.Line)+1 {
		before, after := excerpt(d.Line[:d.Pos.Column-1], d.Line[d.Pos.Column-1:])
		fmt.Fprintf(&b, "\n    %s\n    %s^", printable(before+after), indent(before))
	}
	for line := range strings.Lines(rest) {
		b.WriteString("\n    " + strings.TrimLeft(strings.TrimRight(line, "\n"), "\t"))
	}
	if d.Hint != "" {
		b.WriteString("\n    " + d.Hint)
	}
	return b.String()
}

// excerpt shortens a long line to what is around a place in it.
func excerpt(before, after string) (string, string) {
	const most = 100
	if r := []rune(before); len(r) > most {
		before = "… " + string(r[len(r)-most:])
	}
	if r := []rune(after); len(r) > most {
		after = string(r[:most]) + " …"
	}
	return before, after
}

// printable shows characters that have no form of their own.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (unicode.IsControl(r) || r == utf8.RuneError) {
			return '\ufffd'
		}
		return r
	}, s)
}

// indent is white space as wide as s, tabs kept. Under a character that
// fixed-width fonts draw two columns wide stands the ideographic space: it is as
// wide as such characters also where that is not quite two columns.
func indent(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteByte('\t')
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case emoji(r):
			b.WriteString("  ")
		case wide(r):
			b.WriteRune('\u3000')
		default:
			b.WriteByte(' ')
		}
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

func emoji(r rune) bool { return r >= 0x1f300 && r <= 0x1faff }

// Diagnostics are all that is wrong with a cell, in its order. They are an error.
type Diagnostics []Diagnostic

func (d Diagnostics) Error() string {
	var lines []string
	for i, x := range d {
		if i == maxDiagnostics {
			more := fmt.Sprintf("and %d more errors", len(d)-i)
			if len(d) >= maxCollected {
				more = "and many more errors"
			}
			lines = append(lines, more)
			break
		}
		lines = append(lines, x.String())
	}
	return strings.Join(lines, "\n")
}

// sorted orders by position and drops what was said twice of one place by two
// parses or passes.
func (d Diagnostics) sorted() Diagnostics {
	sort.SliceStable(d, func(i, j int) bool {
		a, b := d[i].Pos, d[j].Pos
		if a.Cell != b.Cell {
			return a.Cell < b.Cell
		}
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

// diagnose makes a diagnostic of a parser's or checker's message. A position
// after the cell's end, in the closing brace that Parse added, is moved to the
// end of the cell's text, one after a line to the end of the line.
func diagnose(src cell.Source, p token.Position, msg string) Diagnostic {
	text := strings.TrimRight(src.Text, " \t\r\n")
	if lines := strings.Count(text, "\n") + 1; p.Line > lines {
		p.Line, p.Column = lines, len(src.Line(lines))+1
	}
	p.Column = min(p.Column, len(src.Line(p.Line))+1)
	return Diagnostic{
		Pos:     cell.Pos{Cell: src.Name(), Line: p.Line, Column: p.Column},
		Message: msg,
		Line:    src.Line(p.Line),
	}
}

// errorf adds an error of the cell.
func (k *checking) errorf(pos token.Pos, format string, args ...any) {
	k.hint(pos, "", format, args...)
}

// hint adds an error of the cell with a hint.
func (k *checking) hint(pos token.Pos, hint, format string, args ...any) {
	d := diagnose(k.cell.Source, k.fset.Position(pos), fmt.Sprintf(format, args...))
	d.Hint = hint
	k.errs = append(k.errs, d)
}

// crashed is the error of a cell that go/types or this package cannot take.
func crashed(src cell.Source, r any) error {
	return Diagnostics{{
		Pos:     cell.Pos{Cell: src.Name()},
		Message: fmt.Sprintf("the type checker failed on this cell: %v", r),
		Hint:    "this is a fault of the checker, not of the cell. Nothing has run. Try the cell in smaller parts to find what it cannot take",
	}}
}

package listing

import (
	"fmt"
	"html"
	"strings"
	"unicode"
)

// Each element that has a colour has both of its colours: the style sheets of the
// front ends colour tables and code for their theme.
const (
	white        = "background-color:#ffffff;color:#1a1a1a"
	styleFrame   = white + ";padding:4px 8px;max-width:72em"
	styleText    = white + ";padding:1px 0"
	styleHead    = white + ";padding:8px 0 2px 0;font-weight:bold;overflow-wrap:anywhere"
	styleTable   = white + ";border-collapse:collapse;margin:6px 0;width:100%;table-layout:auto"
	styleNumber  = "background-color:#f2f3f5;color:#55595e;border:none;padding:1px 8px;text-align:right;vertical-align:top;font-family:monospace;white-space:nowrap;width:1%"
	styleLine    = white + ";border:none;padding:1px 8px;text-align:left;vertical-align:top"
	styleCode    = white + ";font-family:monospace;white-space:pre-wrap;overflow-wrap:anywhere"
	styleSaid    = white + ";margin:1px 0 1px 16px;padding:0;overflow-wrap:anywhere"
	styleSummary = white + ";cursor:pointer"
	styleStep    = white + ";margin-left:24px;font-family:monospace;font-size:90%;overflow-wrap:anywhere"
)

// colours are a ground and what stands on it.
type colours struct{ ground, ink string }

var kindColours = map[Kind]colours{
	Inlinable:    {"#e1ebfb", "#0b3a75"},
	NotInlinable: {"#e8e8ea", "#3a3d42"},
	Param:        {"#fbf0d0", "#5a4300"},
	Heap:         {"#fbdfdb", "#86140f"},
	Static:       {"#e3f0e4", "#1a5620"},
	Stack:        {"#e3f0e4", "#1a5620"},
	Capture:      {"#efe4f7", "#4c1a7a"},
	Inlined:      {"#e1ebfb", "#0b3a75"},
	Direct:       {"#e1ebfb", "#0b3a75"},
	Bounds:       {"#fbf0d0", "#5a4300"},
	Note:         {"#e8e8ea", "#3a3d42"},
}

// mark is a word on a ground of its own.
func mark(word string, c colours) string {
	return fmt.Sprintf(`<span style="background-color:%s;color:%s;padding:0 5px;font-size:85%%;white-space:nowrap">%s</span>`, c.ground, c.ink, escape(word))
}

func escape(s string) string { return html.EscapeString(s) }

// narrow puts four spaces in the place of a tab: the style that says how wide a tab is
// does not survive everywhere.
func narrow(s string) string { return strings.ReplaceAll(s, "\t", "    ") }

// visible gives a form to characters that have none.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (unicode.IsControl(r) || r == unicode.ReplacementChar) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

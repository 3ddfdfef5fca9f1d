package testrun

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/chanbook/chanbook/kernel/show"
)

// table draws rows.
type table struct {
	caption string
	rows    []row
	runs    bool // a column says how often each test ran
	left    int  // tests that are not shown
	found   []string
}

// Each element that has a colour has both of its colours: the style sheets of the
// front ends colour tables and code for their theme.
const (
	white        = "background-color:#ffffff;color:#1a1a1a"
	styleFrame   = white + ";padding:4px 8px;max-width:72em"
	styleCaption = white + ";padding:2px 0;font-weight:bold"
	styleTable   = white + ";border-collapse:collapse;margin:4px 0"
	styleTitle   = "background-color:#e8ebf0;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;text-align:left"
	styleCell    = white + ";border:1px solid #b8b8b8;padding:3px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere"
	styleNumber  = white + ";border:1px solid #b8b8b8;padding:3px 8px;text-align:right;vertical-align:top;white-space:nowrap"
	styleLog     = white + ";font-family:monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin-top:2px"
	stylePlace   = white + ";font-family:monospace;font-weight:bold"
	styleNote    = white + ";padding:2px 0;overflow-wrap:anywhere"
	styleCode    = "background-color:#f2f3f5;color:#1a1a1a;font-family:monospace;white-space:pre-wrap;overflow-wrap:anywhere;padding:1px 6px;margin:1px 0 3px 0"
)

// colours of the verdicts: ground and what stands on it.
var colours = map[verdict][2]string{
	passed:  {"#e3f0e4", "#1a5620"},
	failed:  {"#fbdfdb", "#86140f"},
	skipped: {"#e8e8ea", "#3a3d42"},
	open:    {"#fbf0d0", "#5a4300"},
	notRun:  {"#fbf0d0", "#5a4300"},
}

func (t table) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<div style=%q>\n<div style=%q>%s</div>\n", styleFrame, styleCaption, escape(t.caption))
	fmt.Fprintf(&b, "<table style=%q>\n<thead><tr>", styleTable)
	for _, title := range t.header() {
		fmt.Fprintf(&b, "<th scope=\"col\" style=%q>%s</th>", styleTitle, title)
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, r := range t.rows {
		t.row(&b, r)
	}
	b.WriteString("</tbody></table>\n")
	for _, note := range t.notes() {
		fmt.Fprintf(&b, "<div style=%q>%s</div>\n", styleNote, escape(note))
	}
	for i, line := range t.found {
		style := styleNote
		if i > 0 {
			style = styleCode
		}
		fmt.Fprintf(&b, "<div style=%q>%s</div>\n", style, escape(visible(line)))
	}
	b.WriteString("</div>")
	return b.String()
}

func (t table) header() []string {
	if t.runs {
		return []string{"test", "result", "runs", "time"}
	}
	return []string{"test", "result", "time"}
}

// row draws a test, with its log below its name.
func (t table) row(b *strings.Builder, r row) {
	fmt.Fprintf(b, "<tr><td style=%q><div style=\"%s;padding-left:%dpx\">%s</div>", styleCell, white, 16*r.depth, escape(visible(r.name)))
	for _, e := range r.log {
		fmt.Fprintf(b, "<div style=\"%s;padding-left:%dpx\">", styleLog, 16*(r.depth+1))
		if e.place != "" {
			fmt.Fprintf(b, "<span style=%q>%s</span> ", stylePlace, escape(e.place))
		}
		b.WriteString(escape(visible(e.text)))
		if e.code != "" {
			fmt.Fprintf(b, "<div style=%q>%s</div>", styleCode, escape(visible(e.code)))
		}
		b.WriteString("</div>")
	}
	if r.more > 0 {
		fmt.Fprintf(b, "<div style=\"%s;padding-left:%dpx\">… %d more lines</div>", styleLog, 16*(r.depth+1), r.more)
	}
	c := colours[r.result]
	fmt.Fprintf(b, "</td><td style=%q><span style=\"background-color:%s;color:%s;padding:0 6px;white-space:nowrap\">%s</span></td>", styleCell, c[0], c[1], r.result)
	if t.runs {
		fmt.Fprintf(b, "<td style=%q>%s</td>", styleNumber, r.runs)
	}
	fmt.Fprintf(b, "<td style=%q>%s</td></tr>\n", styleNumber, r.time)
}

func (t table) notes() []string {
	if t.left == 0 {
		return nil
	}
	return []string{fmt.Sprintf("… %s more", tests(t.left))}
}

func (t table) text() string {
	name, result, runs := len("test"), len("result"), len("runs")
	for _, r := range t.rows {
		name = max(name, 2*r.depth+show.Width(visible(r.name)))
		result = max(result, len(r.result))
		runs = max(runs, len(r.runs))
	}
	var b strings.Builder
	line := func(depth int, cells ...string) {
		text := strings.Repeat("  ", depth) + visible(cells[0])
		text += strings.Repeat(" ", max(0, name-2*depth-show.Width(visible(cells[0]))))
		text += fmt.Sprintf("  %-*s", result, cells[1])
		if t.runs {
			text += fmt.Sprintf("  %-*s", runs, cells[2])
		}
		b.WriteString(strings.TrimRight(text+"  "+cells[3], " ") + "\n")
	}
	b.WriteString(t.caption + "\n")
	line(0, "test", "result", "runs", "time")
	for _, r := range t.rows {
		line(r.depth, r.name, string(r.result), r.runs, r.time)
		for _, e := range r.log {
			e.write(&b, strings.Repeat("  ", r.depth+2))
		}
		if r.more > 0 {
			fmt.Fprintf(&b, "%s… %d more lines\n", strings.Repeat("  ", r.depth+2), r.more)
		}
	}
	for _, note := range t.notes() {
		b.WriteString(note + "\n")
	}
	for _, line := range t.found {
		b.WriteString(visible(line) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// write writes an entry of a log as text.
func (e entry) write(b *strings.Builder, indent string) {
	place := ""
	if e.place != "" {
		place = e.place + ": "
	}
	for i, line := range strings.Split(place+e.text, "\n") {
		if i > 0 {
			line = "  " + line
		}
		b.WriteString(strings.TrimRight(indent+visible(line), " ") + "\n")
	}
	if e.code != "" {
		b.WriteString(indent + "    | " + visible(e.code) + "\n")
	}
}

// visible gives a form to characters that have none.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && r != '\n' && (unicode.IsControl(r) || r == unicode.ReplacementChar) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

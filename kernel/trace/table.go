package trace

import (
	"fmt"
	"html"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
	"github.com/chanbook/chanbook/kernel/show"
)

// A table is drawn as HTML and in columns of a fixed-width font.
type table struct {
	caption string
	header  []string
	numbers []bool // columns of numbers
	rows    [][]string
	missing int // rows that are not shown
}

// Each cell has both of its colours: the style sheets of the front ends colour
// the rows of all tables for their theme.
const (
	styleTable   = "border-collapse:collapse;margin:8px 0 4px;background-color:#ffffff;color:#1a1a1a"
	styleCell    = "background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:2px 6px;text-align:left;vertical-align:top;overflow-wrap:break-word"
	styleNumber  = "background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:2px 6px;text-align:right;vertical-align:top;white-space:normal"
	styleTitle   = "background-color:#e8ebf0;color:#1a1a1a;border:1px solid #b8b8b8;padding:2px 6px;text-align:left;vertical-align:top"
	styleCaption = "background-color:#ffffff;color:#1a1a1a;padding:4px 8px;text-align:left;caption-side:top;font-weight:bold"
	styleText    = "background-color:#ffffff;color:#1a1a1a;margin:4px 0;padding:4px 8px;line-height:1.5"
	styleNotice  = "background-color:#fff1cc;color:#664200;margin:4px 0;padding:4px 8px;line-height:1.5"
)

// limit keeps so many rows.
func (t *table) limit(most int) {
	if len(t.rows) > most {
		t.missing = len(t.rows) - most
		t.rows = t.rows[:most]
	}
}

// note says what the table does not show.
func (t *table) note() string {
	switch t.missing {
	case 0:
		return ""
	case 1:
		return "… 1 more row"
	}
	return "… " + prose.Number(t.missing) + " more rows"
}

// unbroken keeps a number with its unit in one line; a narrow page may put its part
// of the whole into a second one.
var unbroken = strings.NewReplacer(" (", " (", " ", "\u00a0")

func (t *table) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<table style=%q>\n<caption style=%q>%s</caption>\n<thead><tr>\n", styleTable, styleCaption, html.EscapeString(t.caption))
	for _, h := range t.header {
		fmt.Fprintf(&b, "<th scope=\"col\" style=%q>%s</th>\n", styleTitle, html.EscapeString(h))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range t.rows {
		b.WriteString("<tr>\n")
		for i, text := range row {
			style := styleCell
			if t.numbers[i] {
				style, text = styleNumber, unbroken.Replace(text)
			}
			fmt.Fprintf(&b, "<td style=%q>%s</td>\n", style, html.EscapeString(clean(text)))
		}
		b.WriteString("</tr>\n")
	}
	if note := t.note(); note != "" {
		fmt.Fprintf(&b, "<tr><td colspan=\"%d\" style=%q>%s</td></tr>\n", len(t.header), styleCell, note)
	}
	b.WriteString("</tbody>\n</table>\n")
	return b.String()
}

func (t *table) text() string {
	widths := make([]int, len(t.header))
	for i, h := range t.header {
		widths[i] = show.Width(h)
	}
	for _, row := range t.rows {
		for i, text := range row {
			widths[i] = max(widths[i], show.Width(clean(text)))
		}
	}
	var b strings.Builder
	b.WriteString(t.caption + "\n")
	line := func(row []string) {
		var l strings.Builder
		for i, text := range row {
			text = clean(text)
			space := strings.Repeat(" ", widths[i]-show.Width(text))
			if t.numbers[i] {
				l.WriteString(space + text + "  ")
			} else {
				l.WriteString(text + space + "  ")
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	line(t.header)
	rules := make([]string, len(widths))
	for i, w := range widths {
		rules[i] = strings.Repeat("-", w)
	}
	line(rules)
	for _, row := range t.rows {
		line(row)
	}
	if note := t.note(); note != "" {
		b.WriteString(note + "\n")
	}
	return b.String()
}

package bench

import (
	"encoding/base64"
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/chanbook/chanbook/kernel/show"
)

// The styles are those of package show's tables: everything that has a colour has a
// ground of its own, because the page below may be white or black.
const (
	styleTable = "border-collapse:collapse;margin:4px 0"
	styleCell  = "background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;vertical-align:top"
	styleTitle = "background-color:#e8ebf0;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;text-align:left"
	styleNote  = "background-color:#ffffff;color:#1a1a1a;padding:3px 8px;text-align:left"
	styleWarn  = "background-color:#fff1cc;color:#664200;padding:3px 8px;text-align:left;max-width:60em;margin:2px 0"
	styleLine  = "display:inline-block;background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px"
	stylePlain = "background-color:#ffffff;color:#1a1a1a"
)

// table is a table with a title for each column.
type table struct {
	caption []string // lines
	titles  []string
	rows    [][]entry
}

// entry is one cell: parts that do not break, and HTML where it is a picture.
type entry struct {
	parts  []string
	html   string
	number bool
}

func words(s string) entry         { return entry{parts: []string{s}} }
func number(parts ...string) entry { return entry{parts: parts, number: true} }
func (e entry) text() string       { return strings.Join(e.parts, " ") }
func barOf(f float64, alt string) entry {
	return entry{parts: []string{textBar(f, 10)}, html: barImage(f, 50, alt)}
}

// markup is the table as HTML, a line for each cell.
func (t table) markup() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<table style=%q>\n<caption style=%q>%s</caption>\n<thead><tr>\n", styleTable, styleNote, escapeLines(t.caption))
	for _, title := range t.titles {
		fmt.Fprintf(&b, "<th scope=\"col\" style=%q>%s</th>\n", styleTitle, html.EscapeString(title))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range t.rows {
		b.WriteString("<tr>\n")
		for _, e := range row {
			b.WriteString(e.markup() + "\n")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>")
	return b.String()
}

func (e entry) markup() string {
	style, content := styleCell+";text-align:left", e.html
	switch {
	case content != "":
	case e.number:
		style = styleCell + ";text-align:right"
		spans := make([]string, len(e.parts))
		for i, part := range e.parts {
			spans[i] = `<span style="` + stylePlain + `;white-space:nowrap">` + html.EscapeString(part) + "</span>"
		}
		content = strings.Join(spans, " ")
	default:
		content = html.EscapeString(e.text())
	}
	return fmt.Sprintf("<td style=%q>%s</td>", style, content)
}

// plain is the table in columns of a fixed-width font.
func (t table) plain() string {
	widths := make([]int, len(t.titles))
	numbers := make([]bool, len(t.titles))
	rules := make([]entry, len(t.titles))
	titles := make([]entry, len(t.titles))
	for i, title := range t.titles {
		widths[i] = show.Width(title)
		for _, row := range t.rows {
			widths[i] = max(widths[i], show.Width(row[i].text()))
			numbers[i] = numbers[i] || row[i].number
		}
		titles[i], rules[i] = words(title), words(strings.Repeat("-", widths[i]))
	}
	var b strings.Builder
	for _, line := range t.caption {
		b.WriteString(line + "\n")
	}
	for _, row := range append([][]entry{titles, rules}, t.rows...) {
		var line strings.Builder
		for i, e := range row {
			if i > 0 {
				line.WriteString("  ")
			}
			space := strings.Repeat(" ", widths[i]-show.Width(e.text()))
			if numbers[i] {
				line.WriteString(space + e.text())
			} else {
				line.WriteString(e.text() + space)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func escapeLines(lines []string) string {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = html.EscapeString(line)
	}
	return strings.Join(escaped, "<br>")
}

// barImage draws a bar that is filled to a fraction, as package show does.
func barImage(fraction float64, width int, alt string) string {
	filled := int(math.Round(min(1, max(0, fraction)) * float64(width-2)))
	return image(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="12">`+
		`<rect x="0.5" y="0.5" width="%d" height="11" fill="#ffffff" stroke="#6b6b6b"/>`+
		`<rect x="1" y="1" width="%d" height="10" fill="#2b62a8"/></svg>`, width, width-1, filled), alt,
		fmt.Sprintf("width:%dpx;min-width:%dpx;max-width:none;height:12px;vertical-align:middle;", width, width))
}

// image puts a picture into the page, which lets no <svg> element stand.
func image(svg, alt, style string) string {
	return fmt.Sprintf(`<img alt="%s" style="%s" src="data:image/svg+xml;base64,%s">`,
		html.EscapeString(alt), style+stylePlain, base64.StdEncoding.EncodeToString([]byte(svg)))
}

// textBar draws a bar of characters.
func textBar(fraction float64, width int) string {
	filled := int(math.Round(min(1, max(0, fraction)) * float64(width)))
	return "[" + strings.Repeat("#", filled) + strings.Repeat("-", width-filled) + "]"
}

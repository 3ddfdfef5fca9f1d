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
	styleCell  = "background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;vertical-align:top;text-align:left;white-space:normal;overflow-wrap:break-word"
	styleTitle = "background-color:#e8ebf0;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;text-align:left"
	styleNote  = "background-color:#ffffff;color:#1a1a1a;padding:3px 8px;text-align:left"
	styleWarn  = "background-color:#fff1cc;color:#664200;padding:3px 8px;text-align:left;max-width:60em;margin:2px 0"
	styleLine  = "display:inline-block;background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px"
	stylePlain = "background-color:#ffffff;color:#1a1a1a"
)

// table is a table. As text it has all columns; in a page, which may be as narrow as
// a telephone or as paper, those of one fold stand below each other.
type table struct {
	caption []string // lines
	folds   []string // their titles
	columns []column
	rows    [][]entry
}

// column is one of the text. In its fold words stand around its entries.
type column struct {
	title         string
	fold          int
	before, after string
}

// entry is one cell: parts that do not break, and HTML where it is a picture.
type entry struct {
	parts  []string
	html   string
	number bool
	strong bool
}

func words(s string) entry         { return entry{parts: []string{s}} }
func number(parts ...string) entry { return entry{parts: parts, number: true} }
func (e entry) text() string       { return strings.Join(e.parts, " ") }

// bold is the entry that is read first.
func (e entry) bold() entry { e.strong = true; return e }

// barOf is a bar; alt says in words how long it is.
func barOf(f float64, alt string) entry {
	return entry{parts: []string{textBar(f, 10)}, html: barImage(f, 50, alt)}
}

// markup is the table as HTML, a line for each cell.
func (t table) markup() string {
	var b strings.Builder
	// Where even this is too wide, it can be scrolled.
	fmt.Fprintf(&b, "<div style=\"overflow-x:auto\"><table style=%q>\n<caption style=%q>%s</caption>\n<thead><tr>\n", styleTable, styleNote, escapeLines(t.caption))
	for _, title := range t.folds {
		fmt.Fprintf(&b, "<th scope=\"col\" style=%q>%s</th>\n", styleTitle, html.EscapeString(title))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range t.rows {
		b.WriteString("<tr>\n")
		for fold := range t.folds {
			fmt.Fprintf(&b, "<td style=%q>%s</td>\n", styleCell, t.folded(row, fold))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table></div>")
	return b.String()
}

// folded are the entries of a row in one fold, without those that say nothing.
func (t table) folded(row []entry, fold int) string {
	var lines []string
	for i, c := range t.columns {
		if text := row[i].text(); c.fold != fold || text == "" || text == "–" {
			continue
		}
		lines = append(lines, row[i].markup(c))
	}
	return strings.Join(lines, "<br>")
}

func (e entry) markup(c column) string {
	content := e.html
	switch {
	case content != "":
	case e.number:
		spans := make([]string, len(e.parts))
		for i, part := range e.parts {
			if i == 0 {
				part = c.before + part + c.after
			}
			spans[i] = `<span style="` + stylePlain + `;white-space:nowrap">` + html.EscapeString(part) + "</span>"
		}
		content = strings.Join(spans, " ")
	default:
		// The name of a benchmark of several levels can be broken between them.
		content = strings.ReplaceAll(html.EscapeString(c.before+e.text()+c.after), "/", "/<wbr>")
	}
	if e.strong {
		return "<b>" + content + "</b>"
	}
	return content
}

// plain is the table in columns of a fixed-width font.
func (t table) plain() string {
	widths := make([]int, len(t.columns))
	numbers := make([]bool, len(t.columns))
	rules := make([]entry, len(t.columns))
	titles := make([]entry, len(t.columns))
	for i, c := range t.columns {
		widths[i] = show.Width(c.title)
		for _, row := range t.rows {
			widths[i] = max(widths[i], show.Width(row[i].text()))
			numbers[i] = numbers[i] || row[i].number
		}
		titles[i], rules[i] = words(c.title), words(strings.Repeat("-", widths[i]))
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

var option = lazy(`(^|[ (])(-[a-z]+)`)

// escape is HTML of a text in which options such as -time are not broken.
func escape(text string) string {
	return option().ReplaceAllString(html.EscapeString(text), `$1<span style="white-space:nowrap">$2</span>`)
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

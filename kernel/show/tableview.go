package show

import (
	"fmt"
	"html"
	"strings"
	"unicode"
)

// Each cell has both of its colours: the style sheets of the front ends colour
// the rows of all tables for their theme.
const (
	styleTable = "border-collapse:collapse;margin:4px 0"
	styleLight = "background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;vertical-align:top"
	styleTitle = "background-color:#e8ebf0;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;text-align:left"
	styleNote  = "background-color:#ffffff;color:#1a1a1a;padding:3px 8px;text-align:left"
)

// html draws the table, a line for each cell.
func (t table) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<table style=%q>\n", styleTable)
	if t.caption != "" {
		fmt.Fprintf(&b, "<caption style=%q>%s</caption>\n", styleNote, html.EscapeString(t.caption))
	}
	if t.header != nil {
		b.WriteString("<thead><tr>\n")
		for _, title := range t.header {
			fmt.Fprintf(&b, "<th scope=\"col\" style=%q>%s</th>\n", styleTitle, html.EscapeString(title))
		}
		b.WriteString("</tr></thead>\n")
	}
	b.WriteString("<tbody>\n")
	numbers := t.numberColumns()
	for _, row := range t.rows {
		b.WriteString("<tr>\n")
		for i, cell := range padded(row, len(numbers)) {
			style := styleLight + ";white-space:pre-wrap;text-align:left"
			content := cell.html
			if content == "" {
				content = html.EscapeString(cell.text)
			}
			switch {
			case numbers[i] && cell.html == "":
				style = styleLight + ";white-space:nowrap;text-align:right"
			case numbers[i]: // it says itself where it may break
				style = styleLight + ";white-space:normal;text-align:right"
			}
			fmt.Fprintf(&b, "<td style=%q>%s</td>\n", style, content)
		}
		b.WriteString("</tr>\n")
	}
	if note := t.note(); note != "" {
		fmt.Fprintf(&b, "<tr><td colspan=\"%d\" style=%q>%s</td></tr>\n", max(1, len(numbers)), styleNote, html.EscapeString(note))
	}
	b.WriteString("</tbody>\n</table>")
	return b.String()
}

// text draws the table in columns of a fixed-width font.
func (t table) text() string {
	numbers := t.numberColumns()
	widths := make([]int, len(numbers))
	for i, title := range t.header {
		widths[i] = Width(oneLine(title))
	}
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], Width(oneLine(cell.text)))
		}
	}
	var b strings.Builder
	line := func(texts []string) {
		var l strings.Builder
		for i, text := range texts {
			if i > 0 {
				l.WriteString("  ")
			}
			space := strings.Repeat(" ", widths[i]-Width(text))
			if numbers[i] {
				l.WriteString(space + text)
			} else {
				l.WriteString(text + space)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	if t.caption != "" {
		b.WriteString(t.caption + "\n")
	}
	if t.header != nil {
		titles := make([]string, len(widths))
		rules := make([]string, len(widths))
		for i := range widths {
			if i < len(t.header) {
				titles[i] = oneLine(t.header[i])
			}
			rules[i] = strings.Repeat("-", widths[i])
		}
		line(titles)
		line(rules)
	}
	for _, row := range t.rows {
		texts := make([]string, len(widths))
		for i, cell := range row {
			texts[i] = oneLine(cell.text)
		}
		line(texts)
	}
	if note := t.note(); note != "" {
		b.WriteString(note + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// note is a last line that says what the table does not show.
func (t table) note() string {
	switch {
	case t.missing == 1:
		return "… 1 more row"
	case t.missing > 1:
		return fmt.Sprintf("… %d more rows", t.missing)
	case len(t.rows) == 0:
		return "(no rows)"
	}
	return ""
}

// numberColumns tells for each column whether it holds numbers alone.
func (t table) numberColumns() []bool {
	columns := len(t.header)
	for _, row := range t.rows {
		columns = max(columns, len(row))
	}
	numbers := make([]bool, columns)
	for i := range numbers {
		for _, row := range t.rows {
			if i < len(row) && row[i] != (tableCell{}) {
				numbers[i] = row[i].number
				if !numbers[i] {
					break
				}
			}
		}
	}
	return numbers
}

// padded returns row with empty cells up to the given length.
func padded(row []tableCell, length int) []tableCell {
	if len(row) >= length {
		return row
	}
	return append(row[:len(row):len(row)], make([]tableCell, length-len(row))...)
}

// oneLine marks line ends and tabs, which would break the columns.
func oneLine(s string) string {
	return strings.NewReplacer("\r\n", "⏎", "\n", "⏎", "\t", " ").Replace(s)
}

// wide are the characters that take two columns in a fixed-width font: those of
// Chinese, Japanese and Korean, and pictographs. The ranges are the blocks that
// Unicode's EastAsianWidth lists as W or F.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1},
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1},
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1},
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1},
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff00, Hi: 0xff60, Stride: 1},
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1},
		{Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

// Width is the number of columns that s takes in a fixed-width font: characters
// of Chinese, Japanese and Korean take two.
func Width(s string) int {
	width := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.Is(wide, r):
			width += 2
		default:
			width++
		}
	}
	return width
}

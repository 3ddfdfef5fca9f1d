package modules

import (
	"fmt"
	"html"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/show"
)

// The colours of a cell of the table. Each has both, because front ends colour
// tables for their theme.
const (
	styleTable = "border-collapse:collapse;margin:4px 0"
	styleCell  = "background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;vertical-align:top;text-align:left"
	styleTitle = "background-color:#e8ebf0;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;text-align:left"
	styleFault = "background-color:#fdecea;color:#8a1c12"
	styleNote  = "background-color:#ffffff;color:#1a1a1a;padding:3px 8px;text-align:left;max-width:60em"
)

// View draws a table of modules, with notes below it.
func View(modules []Module, notes ...string) cell.Bundle {
	var markup strings.Builder
	fmt.Fprintf(&markup, "<table style=%q>\n<thead><tr>\n", styleTable)
	rows := [][]string{{"module", "version", "packages", "licence"}}
	for _, title := range rows[0] {
		fmt.Fprintf(&markup, "<th scope=\"col\" style=%q>%s</th>\n", styleTitle, title)
	}
	markup.WriteString("</tr></thead>\n<tbody>\n")
	for _, m := range modules {
		licence := m.Licence
		if licence == "" {
			licence = "none found"
		}
		names, namesHTML := m.names()
		rows = append(rows, []string{m.Path, m.Version, names, licence})
		markup.WriteString("<tr>\n")
		for i, content := range []string{html.EscapeString(m.Path), html.EscapeString(m.Version), namesHTML, html.EscapeString(licence)} {
			style := styleCell
			if i < 2 { // there may be no space in it at which it could break
				style += ";overflow-wrap:anywhere;min-width:6em"
			}
			fmt.Fprintf(&markup, "<td style=%q>%s</td>\n", style, content)
		}
		markup.WriteString("</tr>\n")
	}
	markup.WriteString("</tbody>\n</table>")
	text := columns(rows)
	for _, m := range modules {
		for _, p := range m.Packages {
			if p.Fault != "" {
				notes = append(notes, fmt.Sprintf("%s cannot be used: %s", p.Path, p.Fault))
			}
		}
	}
	for _, note := range notes {
		fmt.Fprintf(&markup, "\n<div style=%q>%s</div>", styleNote, strings.ReplaceAll(html.EscapeString(note), "\n", "<br>"))
		text += "\n" + note
	}
	return cell.Bundle{"text/html": markup.String(), "text/plain": text}
}

// names lists the packages of a module by name, with the path where that does not
// end in the name.
func (m Module) names() (text, markup string) {
	const most = 20
	var texts, markups []string
	rest := m.Left
	for i, p := range m.Packages {
		if i >= most {
			rest += len(m.Packages) - most
			break
		}
		name := p.Name
		if !strings.HasSuffix(p.Path, "/"+p.Name) {
			name = fmt.Sprintf("%s (%s)", p.Name, p.Path)
		}
		if p.Fault == "" {
			texts, markups = append(texts, name), append(markups, html.EscapeString(name))
			continue
		}
		name += " (does not compile)"
		texts = append(texts, name)
		markups = append(markups, fmt.Sprintf("<span style=%q>%s</span>", styleFault, html.EscapeString(name)))
	}
	if rest > 0 {
		more := fmt.Sprintf("and %d more", rest)
		texts, markups = append(texts, more), append(markups, more)
	}
	return strings.Join(texts, ", "), strings.Join(markups, ", ")
}

// columns lays out rows in columns of a fixed-width font.
func columns(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, s := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], show.Width(s))
		}
	}
	var lines []string
	for _, row := range rows {
		var b strings.Builder
		for i, s := range row {
			b.WriteString(s + strings.Repeat(" ", widths[i]-show.Width(s)+2))
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return strings.Join(lines, "\n")
}

// Line is the %get line that gets just these versions again.
func Line(modules []Module) string {
	line := "%get"
	for _, m := range modules {
		for _, path := range m.Asked {
			line += " " + path + "@" + m.Version
		}
	}
	return line
}

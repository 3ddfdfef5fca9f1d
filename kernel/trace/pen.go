package trace

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode"

	"github.com/chanbook/chanbook/kernel/show"
)

// pen writes an SVG picture. Shapes of one style become one path, so that a
// picture of many intervals stays small.
type pen struct {
	layers [layers]layer
}

// Layers of the picture, the lowest first.
const (
	ground = iota
	shapes
	columns
	lines
	arrows
	words
	layers
)

type layer struct {
	styles []string
	paths  map[string]*strings.Builder
	rest   strings.Builder
}

// path is what is drawn with a style: attributes of <path>.
func (p *pen) path(at int, style string) *strings.Builder {
	l := &p.layers[at]
	if l.paths == nil {
		l.paths = map[string]*strings.Builder{}
	}
	b := l.paths[style]
	if b == nil {
		b = &strings.Builder{}
		l.paths[style] = b
		l.styles = append(l.styles, style)
	}
	return b
}

// rect draws a rectangle.
func (p *pen) rect(at int, style string, x, y, w, h float64) {
	fmt.Fprintf(p.path(at, style), "M%s %sh%sv%sh-%sz", num(x), num(y), num(w), num(h), num(w))
}

// line draws a line.
func (p *pen) line(at int, style string, x1, y1, x2, y2 float64) {
	b := p.path(at, style)
	switch {
	case y1 == y2:
		fmt.Fprintf(b, "M%s %sH%s", num(x1), num(y1), num(x2))
	case x1 == x2:
		fmt.Fprintf(b, "M%s %sV%s", num(x1), num(y1), num(y2))
	default:
		fmt.Fprintf(b, "M%s %sL%s %s", num(x1), num(y1), num(x2), num(y2))
	}
}

// text writes a text; style is attributes of <text>.
func (p *pen) text(style string, x, y float64, s string) {
	fmt.Fprintf(&p.layers[words].rest, "<text x=\"%s\" y=\"%s\"%s>%s</text>\n", num(x), num(y), style, html.EscapeString(clean(s)))
}

// num writes a coordinate with one digit behind the point.
func num(f float64) string {
	s := strconv.FormatFloat(f, 'f', 1, 64)
	if s == "-0.0" {
		return "0"
	}
	return strings.TrimSuffix(s, ".0")
}

// picture is the whole as an SVG file.
func (p *pen) picture(width, height float64, title string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%[1]s" height="%[2]s" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" font-size="12">`+"\n", num(width), num(height))
	fmt.Fprintf(&b, "<title>%s</title>\n%s\n", html.EscapeString(clean(title)), patterns)
	fmt.Fprintf(&b, "<rect width=\"%s\" height=\"%s\" fill=\"%s\"/>\n", num(width), num(height), colourPaper)
	for i := range p.layers {
		l := &p.layers[i]
		for _, style := range l.styles {
			fmt.Fprintf(&b, "<path%s d=\"%s\"/>\n", style, l.paths[style].String())
		}
		b.WriteString(l.rest.String())
	}
	b.WriteString("</svg>")
	return b.String()
}

// clean makes what users wrote fit for one line of a picture or a table.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\ufffe' || r == '\uffff' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Widths of a letter in the fonts of the picture. They are those of a rather wide
// font, because nobody knows which one the viewer has.
const (
	letter      = 6.7 // at 12 pixels
	smallLetter = 5.9 // at 10.5 pixels
)

// fits shortens a text to a width, "" when nothing of use would be left.
func fits(s string, width, letter float64) string {
	s = clean(s)
	if float64(show.Width(s))*letter <= width {
		return s
	}
	most := int(width/letter) - 1
	if most < 3 {
		return ""
	}
	var b strings.Builder
	for _, r := range s {
		if most -= show.Width(string(r)); most < 0 {
			break
		}
		b.WriteRune(r)
	}
	return b.String() + "…"
}

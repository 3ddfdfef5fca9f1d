package race

import (
	"fmt"
	"html"
	"strings"
)

// html draws all findings below each other.
func (v *view) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<div style=\"%s\">%s <b>%s</b></div>\n", styleText, badge(colourRace, "data race"), v.summary().HTML(styleCode))
	for _, f := range v.drawn() {
		f.html(&b)
	}
	for _, p := range v.ending() {
		fmt.Fprintf(&b, "<div style=\"%s\">%s</div>\n", styleText, p.HTML(styleCode))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (f *findingView) html(b *strings.Builder) {
	fmt.Fprintf(b, "<div style=\"%s\">\n<div style=\"%s\"><b>%s</b>", styleBox, styleHead, f.heading().HTML(styleCode))
	if f.about != "" {
		fmt.Fprintf(b, " · %s", f.about.HTML(styleCode))
	}
	fmt.Fprintf(b, "</div>\n<div style=\"%s\">\n", styleSides)
	for i := range f.sides {
		f.sides[i].html(b)
	}
	fmt.Fprintf(b, "</div>\n<div style=\"%s\">\n<div style=\"flex:0 1 auto;background-color:#ffffff;color:#1a1a1a;padding-right:16px\">%s</div>\n<div style=\"%s\"><b>%s</b> %s %s<br><b>%s</b>\n<ul style=\"%s\">\n",
		styleRest, f.lanes.html(), styleAdvice, notOrdered, f.nothing.HTML(styleCode), f.outcome.HTML(styleCode), orders, styleList)
	for _, a := range f.advice {
		fmt.Fprintf(b, "<li>%s</li>\n", a.HTML(styleCode))
	}
	fmt.Fprintf(b, "</ul></div>\n</div>\n<details style=\"%s\"><summary>The detector's own report</summary><pre style=\"%s\">%s</pre></details>\n</div>\n",
		styleDetails, styleReport, html.EscapeString(f.report))
}

func (s *sideView) html(b *strings.Builder) {
	fmt.Fprintf(b, "<div style=\"%s\">%s <b>%s</b>", styleSide, badge(s.colours(), s.word()), s.where.HTML(styleCode))
	if s.what != "" {
		b.WriteString(", " + s.what.HTML(styleCode))
	}
	fmt.Fprintf(b, "<br>%s\n", s.who.HTML(styleCode))
	if len(s.source) > 0 {
		fmt.Fprintf(b, "<pre style=\"%s\"><span style=\"%s\">", styleSource, styleLines)
		for _, l := range s.source {
			l.html(b, s.colours())
		}
		b.WriteString("</span></pre>\n")
	}
	if s.chain != "" {
		fmt.Fprintf(b, "<div style=\"%s\">%s</div>\n", styleSmall, s.chain.HTML(styleCode))
	}
	b.WriteString("</div>\n")
}

// html is a line of source. The marked one is told apart by a sign and by weight as
// well as by colour.
func (l *sourceLine) html(b *strings.Builder, c colours) {
	sign, style, look := " ", styleLine, "background-color:#f6f7f9;color:#1a1a1a;"
	if l.marked {
		look = fmt.Sprintf("background-color:%s;color:%s;", c.ground, c.text)
		sign, style = "▶", look+styleMarked
	}
	// No line is broken behind its indentation.
	text := strings.TrimLeft(l.text, " ")
	text = strings.Repeat("\u00a0", len(l.text)-len(text)) + text
	fmt.Fprintf(b, "<span style=\"%s\"><span style=\"%s\">%s %3d  </span><span style=\"%s\">%s\n</span></span>",
		style, look+styleNumber, sign, l.number, look+styleGo, html.EscapeString(text))
}

// badge is a word on a coloured ground.
func badge(c colours, word string) string {
	return fmt.Sprintf(`<span style="%s;background-color:%s;color:%s">%s</span>`, styleBadge, c.ground, c.text, html.EscapeString(word))
}

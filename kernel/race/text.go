package race

import (
	"fmt"
	"strings"
)

const (
	notOrdered = "Nothing orders these two:"
	orders     = "What would order them:"
)

// textWidth is how many columns sentences take.
const textWidth = 90

// text writes all findings below each other.
func (v *view) text() string {
	var b strings.Builder
	b.WriteString("DATA RACE: " + v.summary().text() + "\n")
	for _, f := range v.drawn() {
		f.text(&b)
	}
	for i, p := range v.ending() {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString(p.text() + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// summary counts what was found.
func (v *view) summary() prose {
	p := prose(count(v.total, "pair", "pairs") + " of accesses that nothing orders")
	if v.total == 0 {
		return "the detector gave up"
	}
	if v.reports != v.total {
		p += prose(", in " + count(v.reports, "report", "reports"))
	}
	if v.run > 0 {
		p += prose(fmt.Sprintf(", seen in run %d", v.run))
	}
	return p
}

// ending is what stands below the findings.
func (v *view) ending() []prose {
	var all []prose
	for _, f := range v.findings[len(v.drawn()):] {
		all = append(all, prose(fmt.Sprintf("Race %d: ", f.number))+f.line())
	}
	if n := v.total - len(v.findings); n > 0 {
		all = append(all, prose("… and "+count(n, "more pair", "more pairs")))
	}
	if v.total > len(v.drawn()) {
		all = append(all, "Many races have one cause: mend the first, and run the cell again.")
	}
	for _, s := range v.fatal {
		all = append(all, prose("The race detector ended the program: "+s))
	}
	return all
}

// heading names a finding.
func (f *findingView) heading() prose {
	return prose(fmt.Sprintf("Race %d: ", f.number)) + f.title
}

// line is the finding in one line.
func (f *findingView) line() prose {
	a, b := &f.sides[0], &f.sides[1]
	return f.title + prose(": "+a.word()+" ") + a.where + prose(" and "+b.word()+" ") + b.where
}

// drawn are the findings that are drawn.
func (v *view) drawn() []findingView { return v.findings[:min(len(v.findings), maxDrawn)] }

func (f *findingView) text(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s", f.heading().text())
	if f.about != "" {
		fmt.Fprintf(b, " (%s)", f.about.text())
	}
	b.WriteString("\n")
	for i := range f.sides {
		f.sides[i].text(b)
	}
	paragraph(b, "  ", "  ", notOrdered+" "+f.nothing.text()+" "+f.outcome.text())
	b.WriteString("  " + orders + "\n")
	for _, a := range f.advice {
		paragraph(b, "  - ", "    ", a.text())
	}
}

// paragraph writes a text in lines, the first behind a mark of its own.
func paragraph(b *strings.Builder, first, rest, text string) {
	for i, line := range wrap(text, textWidth) {
		if i > 0 {
			first = rest
		}
		b.WriteString(first + line + "\n")
	}
}

func (s *sideView) text(b *strings.Builder) {
	fmt.Fprintf(b, "  %s %s", s.word(), s.where.text())
	if s.what != "" {
		b.WriteString(", " + s.what.text())
	}
	fmt.Fprintf(b, "\n    %s\n", s.who.text())
	for _, l := range s.source {
		sign := " "
		if l.marked {
			sign = ">"
		}
		b.WriteString(strings.TrimRight(fmt.Sprintf("    %s %3d  %s", sign, l.number, l.text), " ") + "\n")
	}
	if s.chain != "" {
		fmt.Fprintf(b, "    %s\n", s.chain.text())
	}
}

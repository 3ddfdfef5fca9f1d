package race

import (
	"fmt"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
)

const (
	notOrdered = "Nothing orders these two:"
	orders     = "What would order them:"
)

// text writes all findings below each other.
func (v *view) text() string {
	var b strings.Builder
	b.WriteString("DATA RACE: " + v.summary().Plain() + "\n")
	for _, f := range v.drawn() {
		f.text(&b)
	}
	for i, p := range v.ending() {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString(p.Plain() + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// summary counts what was found.
func (v *view) summary() prose.Text {
	p := prose.Text(prose.Count(v.total, "pair", "pairs") + " of accesses that nothing orders")
	if v.total == 0 {
		return "the detector gave up"
	}
	if v.reports != v.total {
		p += prose.Text(", in " + prose.Count(v.reports, "report", "reports"))
	}
	if v.run > 0 {
		p += prose.Text(fmt.Sprintf(", seen in run %d", v.run))
	}
	return p
}

// ending is what stands below the findings.
func (v *view) ending() []prose.Text {
	var all []prose.Text
	for _, f := range v.findings[len(v.drawn()):] {
		all = append(all, prose.Text(fmt.Sprintf("Race %d: ", f.number))+f.line())
	}
	if n := v.total - len(v.findings); n > 0 {
		all = append(all, prose.Text("… and "+prose.Count(n, "more pair", "more pairs")))
	}
	if v.total > len(v.drawn()) {
		all = append(all, "Many races have one cause: mend the first, and run the cell again.")
	}
	for _, s := range v.fatal {
		all = append(all, prose.Text("The race detector ended the program: "+s))
	}
	return all
}

// heading names a finding.
func (f *findingView) heading() prose.Text {
	return prose.Text(fmt.Sprintf("Race %d: ", f.number)) + f.title
}

// line is the finding in one line.
func (f *findingView) line() prose.Text {
	a, b := &f.sides[0], &f.sides[1]
	return f.title + prose.Text(": "+a.word()+" ") + a.where + prose.Text(" and "+b.word()+" ") + b.where
}

// drawn are the findings that are drawn.
func (v *view) drawn() []findingView { return v.findings[:min(len(v.findings), maxDrawn)] }

func (f *findingView) text(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s", f.heading().Plain())
	if f.about != "" {
		fmt.Fprintf(b, " (%s)", f.about.Plain())
	}
	b.WriteString("\n")
	for i := range f.sides {
		f.sides[i].text(b)
	}
	paragraph(b, "  ", "  ", notOrdered+" "+f.nothing.Plain()+" "+f.outcome.Plain())
	b.WriteString("  " + orders + "\n")
	for _, a := range f.advice {
		paragraph(b, "  - ", "    ", a.Plain())
	}
}

// paragraph writes a text in lines, the first behind a mark of its own.
func paragraph(b *strings.Builder, first, rest, text string) {
	for i, line := range prose.Wrap(text, prose.Columns) {
		if i > 0 {
			first = rest
		}
		b.WriteString(first + line + "\n")
	}
}

func (s *sideView) text(b *strings.Builder) {
	fmt.Fprintf(b, "  %s %s", s.word(), s.where.Plain())
	if s.what != "" {
		b.WriteString(", " + s.what.Plain())
	}
	fmt.Fprintf(b, "\n    %s\n", s.who.Plain())
	for _, l := range s.source {
		sign := " "
		if l.marked {
			sign = ">"
		}
		b.WriteString(strings.TrimRight(fmt.Sprintf("    %s %3d  %s", sign, l.number, l.text), " ") + "\n")
	}
	if s.chain != "" {
		fmt.Fprintf(b, "    %s\n", s.chain.Plain())
	}
}

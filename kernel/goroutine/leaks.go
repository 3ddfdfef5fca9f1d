package goroutine

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
	"github.com/chanbook/chanbook/kernel/show"
)

// Leaks explains the goroutines that can never continue, then those that only a
// later cell can wake, and says in a line what the others do.
func Leaks(s *Snapshot) show.Bundle {
	r := newLeakReport(s)
	return bundle(r.html(), r.text())
}

// leakReport is what Leaks shows.
type leakReport struct {
	searched bool
	leaked   []leak
	later    []leak
	left     int // crowds that are not explained
	counts   totals
	others   prose.Text
	graph    graph
}

// leak is a crowd in words, with the explanation.
type leak struct {
	row
	explanation
}

func newLeakReport(s *Snapshot) leakReport {
	d := describe(s, s.Goroutines)
	r := leakReport{searched: s.Searched, counts: d.totals(s.Goroutines)}
	var stuck, others []*Info
	for _, g := range s.Goroutines {
		switch {
		case g.Verdict == Never || g.Verdict == Later:
			stuck = append(stuck, g)
		case !g.Main || g.Cell != s.Cell:
			others = append(others, g)
		}
	}
	circles := d.circles(stuck)
	crowds := crowdsOf(stuck)
	explainer := d.explainer(circles)
	sortForReading(crowds, s.Cell)
	slices.SortStableFunc(crowds, func(a, b crowd) int { return int(b[0].Verdict) - int(a[0].Verdict) })
	for i, c := range crowds {
		switch {
		case i >= maxRows:
			r.left++
		case c[0].Verdict == Never:
			r.leaked = append(r.leaked, leak{d.row(c), explainer.next(c)})
		default:
			l := leak{d.row(c), d.explainLater(c)}
			l.hope = "" // the explanation says it
			r.later = append(r.later, l)
		}
	}
	r.others = d.othersInWords(others)
	if len(circles) > 0 {
		r.graph = d.graph(stuck)
	}
	return r
}

// explainLater explains a wait that only a later cell can end.
func (d describer) explainLater(c crowd) explanation {
	by := prose.Text("a variable of the session")
	names := c[0].Hope
	if len(names) == 0 {
		names = c[0].variables()
	}
	if len(names) > 0 {
		by = hopes(names)
	}
	return explanation{why: prose.Say("No goroutine is left that could wake it, but a later cell can, by %s.", by)}
}

// variables are those by which a later cell can end g's wait.
func (g *Info) variables() []string {
	var names []string
	if g.Wait == nil {
		return nil
	}
	for _, c := range g.Wait.On {
		if c.Object == nil {
			continue
		}
		for _, r := range c.Object.Reached {
			if r.Goroutine == 0 && c.Object.endedBy(r, c.Send) && !slices.Contains(names, r.Variable) {
				names = append(names, r.Variable)
			}
		}
	}
	return names
}

// othersInWords is the line on goroutines that have not leaked.
func (d describer) othersInWords(others []*Info) prose.Text {
	var working, open int
	var opaque string
	for _, g := range others {
		if g.State != Waiting || g.Verdict == Live {
			working++
			continue
		}
		open++
		if g.Wait != nil && opaque == "" {
			for _, c := range g.Wait.On {
				if c.Object != nil && c.Object.Opaque != "" {
					opaque = c.Object.Opaque
				}
			}
		}
	}
	var works, unknown prose.Text
	if working > 0 {
		works = prose.Say("%s or can still be woken.", prose.Count(working, "other goroutine works", "other goroutines work"))
	}
	if open > 0 {
		unknown = prose.Say("Whether %s can be woken cannot be told", prose.Count(open, "goroutine that waits", "goroutines that wait"))
		if opaque != "" {
			unknown += prose.Say(": %s may do it, but cannot be looked into", prose.Text(prose.Clean(opaque)))
		}
		unknown += "."
	}
	return prose.Join(" ", works, unknown)
}

// heading says what has been found.
func (r leakReport) heading() string {
	switch {
	case r.counts.all == 0:
		return "No goroutine has leaked: there is none."
	case !r.searched:
		return "Which goroutines have leaked is not known, because the memory has not been searched."
	case r.counts.never == 0 && r.counts.later == 0:
		return "No goroutine has leaked."
	case r.counts.never == 0:
		return "No goroutine has leaked; " + prose.Count(r.counts.later, "waits", "wait") + " for a later cell."
	case r.counts.later == 0:
		return prose.Count(r.counts.never, "goroutine", "goroutines") + " can never continue (leaked)."
	}
	return prose.Count(r.counts.never, "goroutine", "goroutines") + " can never continue (leaked); " + prose.Count(r.counts.later, "waits", "wait") + " for a later cell."
}

func (r leakReport) more() string {
	if r.left == 0 {
		return ""
	}
	return fmt.Sprintf("… %s; %%goroutines leaked with a text finds them", prose.Count(r.left, "more group", "more groups"))
}

func (r leakReport) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div style="%s"><b>%s</b></div>`+"\n", styleText, html.EscapeString(r.heading()))
	for _, l := range slices.Concat(r.leaked, r.later) {
		l.html(&b)
	}
	for _, p := range []prose.Text{prose.Text(r.more()), r.others} {
		if p != "" {
			fmt.Fprintf(&b, `<div style="%s">%s</div>`+"\n", styleText, p.HTML(styleCode))
		}
	}
	b.WriteString(r.graph.html())
	return b.String()
}

const styleCard = "background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:6px 12px;margin:6px 0;line-height:1.6;border-left:4px solid "

// html draws a leak as a card.
func (l leak) html(b *strings.Builder) {
	who := "goroutine " + l.ids
	if l.many != "" {
		who = l.many + " " + l.ids
	}
	period := ""
	if l.period != "" {
		period = small(prose.Text(" for " + l.period))
	}
	pieces := []string{
		fmt.Sprintf("<b>%s</b> %s %s %s%s", html.EscapeString(who), prose.Code(l.name.Plain()).HTML(styleCode), badge(l.state.colours(), l.reason), badge(l.verdictLook, l.verdict), period),
	}
	if l.native != "" {
		pieces = append(pieces, l.native.HTML(styleCode))
	}
	if len(l.stack) > 0 {
		pieces = append(pieces, frameHTML(l.stack[0], " "))
	}
	for i, p := range l.waits {
		word := "waits "
		if i > 0 {
			word = "or "
		}
		pieces = append(pieces, word+p.HTML(styleCode))
	}
	for _, p := range l.holds {
		pieces = append(pieces, p.HTML(styleCode))
	}
	pieces = append(pieces, small(l.started))
	if l.why != "" {
		pieces = append(pieces, "<b>Why:</b> "+l.why.HTML(styleCode))
	}
	if l.mend != "" {
		pieces = append(pieces, "<b>To mend it:</b> "+l.mend.HTML(styleCode))
	}
	fmt.Fprintf(b, `<div style="%s%s">%s</div>`+"\n", styleCard, l.verdictLook.line, lines(pieces...))
}

func (r leakReport) text() string {
	var b strings.Builder
	b.WriteString(r.heading() + "\n")
	for _, l := range slices.Concat(r.leaked, r.later) {
		b.WriteString("\n")
		l.row.text(&b)
		for _, line := range l.explanation.lines() {
			b.WriteString("      " + line + "\n")
		}
	}
	for _, p := range []prose.Text{prose.Text(r.more()), r.others} {
		if p != "" {
			b.WriteString("\n" + p.Plain() + "\n")
		}
	}
	b.WriteString(r.graph.text())
	return b.String()
}

// lines are the explanation as lines of text.
func (e explanation) lines() []string {
	var all []string
	if e.why != "" {
		all = append(all, wrap("Why: "+e.why.Plain())...)
	}
	if e.mend != "" {
		all = append(all, wrap("To mend it: "+e.mend.Plain())...)
	}
	return all
}

// wrap breaks a text into lines that fit on a page, those after the first indented.
func wrap(s string) []string {
	lines := prose.Wrap(s, prose.Columns)
	for i := range lines[1:] {
		lines[i+1] = "  " + lines[i+1]
	}
	return lines
}

package goroutine

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
	"github.com/chanbook/chanbook/kernel/show"
)

// maxRows bounds a table. A filter finds what it leaves out.
const maxRows = 50

// Dump is the table of the goroutines that a filter keeps: goroutines that are
// the same to a reader in one row, those of the cell that asks before those of
// others, and below it the picture of who waits for whom.
func Dump(s *Snapshot, f Filter) show.Bundle {
	kept := f.Apply(s.Goroutines)
	if len(kept) == 0 {
		text := nothing(s, f)
		return bundle(fmt.Sprintf(`<div style="%s">%s</div>`, styleText, text.HTML(styleCode)), text.Plain())
	}
	d := describe(s, kept)
	t := d.table(kept, f, s.Cell)
	g := d.graph(kept)
	return bundle(t.html()+g.html(), t.text()+g.text())
}

// nothing says that there is nothing to show, and why.
func nothing(s *Snapshot, f Filter) prose.Text {
	all := len(s.Goroutines)
	switch {
	case all == 0:
		return "No goroutines: no cell runs, and none has left a goroutine behind."
	case f.Leaked && !s.Searched:
		return prose.Say("%s; which of them have leaked is not known, because the memory was not searched.", prose.Count(all, "goroutine", "goroutines"))
	}
	if all == 1 {
		return prose.Say("The one goroutine that there is does not fit %s.", prose.Code(f.String()))
	}
	return prose.Say("None of the %s fits %s.", prose.Count(all, "goroutine", "goroutines"), prose.Code(f.String()))
}

// table is what a dump shows.
type table struct {
	asked    prose.Text // what the goroutines have in common
	totals   totals
	sections []section
	more     prose.Text // what is not shown
}

// section is the goroutines of one cell.
type section struct {
	title string
	rows  []row
}

// row is one crowd in words.
type row struct {
	state       State
	verdict     string // in a word, if it matters
	verdictLook colours

	ids, many string // "7–9", "3 goroutines"
	name      prose.Text
	started   prose.Text
	reason    string
	period    string // for how long
	native    prose.Text
	stack     []Frame
	waits     []prose.Text
	holds     []prose.Text
	hope      prose.Text
}

// table puts goroutines into words. this is the cell that is shown first.
func (d describer) table(goroutines []*Info, f Filter, this string) table {
	t := table{totals: d.totals(goroutines)}
	if f != (Filter{}) {
		t.asked = prose.Say(" that fit %s", prose.Code(f.String()))
	}
	crowds := crowdsOf(goroutines)
	sortForReading(crowds, this)
	rows := crowds[:min(len(crowds), maxRows)]
	for len(rows) > 0 {
		cell, n := rows[0][0].Cell, 1
		for n < len(rows) && rows[n][0].Cell == cell {
			n++
		}
		sec := section{title: sectionTitle(cell, this)}
		for _, c := range rows[:n] {
			sec.rows = append(sec.rows, d.row(c))
		}
		t.sections = append(t.sections, sec)
		rows = rows[n:]
	}
	if rest := crowds[min(len(crowds), maxRows):]; len(rest) > 0 {
		n := 0
		for _, c := range rest {
			n += len(c)
		}
		t.more = prose.Say("… %s, %s; a filter finds them, as in %s", prose.Count(len(rest), "more group", "more groups"),
			prose.Count(n, "goroutine", "goroutines"), prose.Code("%goroutines blocked In[3]"))
	}
	return t
}

// sectionTitle tells the cell that is meant by this from earlier ones.
func sectionTitle(cell, this string) string {
	switch {
	case this == "" || cellNumber(this) < cellNumber(cell):
		return prose.Clean(cell)
	case this == cell:
		return prose.Clean(cell) + ", this cell"
	}
	return prose.Clean(cell) + ", an earlier cell"
}

// row puts a crowd into words.
func (d describer) row(c crowd) row {
	g := c[0]
	r := row{
		state: g.State,
		ids:   c.ids(), name: name(g), started: d.started(c),
		reason: g.Reason, period: c.period(d.Taken, waitsSince),
		stack: g.Stack, waits: d.waits(c), holds: d.holds(c),
	}
	r.verdictLook, r.verdict = d.verdict(g)
	if len(c) > 1 {
		r.many = prose.Count(len(c), "goroutine", "goroutines")
	}
	if g.inPackage() {
		r.native = prose.Say("in %s", prose.Code(g.Native))
	}
	if g.Verdict == Later && !d.deadlock && len(g.Hope) > 0 {
		r.hope = prose.Say("a later cell can end it by %s", hopes(g.Hope))
	}
	return r
}

// inPackage reports whether a goroutine does something in a package that a reader
// must be told of: what a wait is for says more.
func (g *Info) inPackage() bool { return g.Native != "" && g.Wait == nil }

// hopes names what can end a wait.
func hopes(names []string) prose.Text {
	var phrases []prose.Text
	for _, n := range ofReader(names) {
		phrases = append(phrases, hope(n))
	}
	return prose.List("or", phrases[:min(len(phrases), 3)]...)
}

// ofReader are those of the hopes that a reader can do something about: not
// goroutines that wait themselves, unless there is nothing else.
func ofReader(names []string) []string {
	own := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return strings.HasPrefix(n, "goroutine ") })
	if len(own) == 0 {
		return names
	}
	return own
}

// hope is one thing by which a wait can be ended. Variables are code.
func hope(s string) prose.Text {
	variable := variableName(s)
	if variable == s && strings.Contains(s, " ") && !strings.HasSuffix(s, ")") || strings.HasPrefix(s, "goroutine ") {
		return prose.Text(prose.Clean(s))
	}
	return prose.Code(variable)
}

const columns = 5

func (t table) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<table style=%q>\n<caption style=%q>%s</caption>\n<thead><tr>\n", styleTable, styleCaption, t.totals.html(t.asked))
	for i, title := range [columns]string{"goroutine", "function", "state", "where", "waits, holds"} {
		style := styleTitle
		if least := [columns]int{0, 84, 0, 100, 120}[i]; least > 0 { // so that not every word breaks on a narrow page
			style += fmt.Sprintf(";min-width:%dpx", least)
		}
		fmt.Fprintf(&b, "<th scope=\"col\" style=%q>%s</th>\n", style, title)
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, s := range t.sections {
		fmt.Fprintf(&b, "<tr><th colspan=\"%d\" scope=\"colgroup\" style=%q>%s</th></tr>\n", columns, styleSection, html.EscapeString(s.title))
		for _, r := range s.rows {
			r.html(&b)
		}
	}
	if t.more != "" {
		fmt.Fprintf(&b, "<tr><td colspan=\"%d\" style=%q>%s</td></tr>\n", columns, styleCell, t.more.HTML(styleCode))
	}
	b.WriteString("</tbody>\n</table>\n")
	return b.String()
}

func (r row) html(b *strings.Builder) {
	b.WriteString("<tr>\n")
	for _, cell := range [columns]string{
		lines("<b>"+html.EscapeString(r.ids)+"</b>", small(prose.Text(r.many))),
		lines(prose.Code(r.name.Plain()).HTML(styleCode), small(r.started)),
		r.stateHTML(),
		r.whereHTML(),
		r.waitsHTML(),
	} {
		fmt.Fprintf(b, "<td style=%q>%s</td>\n", styleCell, cell)
	}
	b.WriteString("</tr>\n")
}

func (r row) stateHTML() string {
	var verdict, period string
	if r.verdict != "" {
		verdict = badge(r.verdictLook, r.verdict)
	}
	if r.period != "" {
		period = small(prose.Text("for " + r.period))
	}
	return lines(badge(r.state.colours(), r.reason), verdict, period)
}

func (r row) whereHTML() string {
	var b strings.Builder
	if r.native != "" {
		b.WriteString(r.native.HTML(styleCode) + "<br>")
	}
	if len(r.stack) == 0 {
		return strings.TrimSuffix(b.String(), "<br>")
	}
	b.WriteString(frameHTML(r.stack[0], "<br>"))
	if callers := r.stack[1:]; len(callers) > 0 {
		fmt.Fprintf(&b, "<details><summary>%s</summary>", prose.Count(len(callers), "caller", "callers"))
		for i, f := range callers {
			if i > 0 {
				b.WriteString("<br>")
			}
			b.WriteString(small(prose.Text(prose.Clean(f.Func))) + " " + frameHTML(f, " "))
		}
		b.WriteString("</details>")
	}
	return b.String()
}

// maxSource is how much of a line of source is shown, in columns.
const maxSource = 60

// frameHTML is the place of a call and, after sep, its line of source.
func frameHTML(f Frame, sep string) string {
	s := prose.Text(prose.Clean(f.Place)).HTML(styleCode)
	if f.Text == "" {
		return s
	}
	return s + sep + prose.Code(sourceLine(f.Text)).HTML(styleCode)
}

func sourceLine(source string) string { return prose.Shorten(prose.Clean(source), maxSource) }

func (r row) waitsHTML() string {
	var pieces []string
	if len(r.waits) > 1 {
		pieces = append(pieces, "for one of:")
	}
	for _, p := range r.waits {
		if len(r.waits) > 1 {
			p = "· " + p
		}
		pieces = append(pieces, p.HTML(styleCode))
	}
	for _, p := range r.holds {
		pieces = append(pieces, p.HTML(styleCode))
	}
	return lines(append(pieces, small(r.hope))...)
}

func (t table) text() string {
	var b strings.Builder
	b.WriteString(t.totals.text(t.asked) + "\n")
	for _, s := range t.sections {
		b.WriteString("\n" + s.title + "\n")
		for _, r := range s.rows {
			r.text(&b)
		}
	}
	if t.more != "" {
		b.WriteString("\n" + t.more.Plain() + "\n")
	}
	return b.String()
}

// text writes a row as a few lines, in the manner of the runtime's own dumps.
func (r row) text(b *strings.Builder) {
	fmt.Fprintf(b, "  %s [%s]: %s\n", r.head(), r.status(), r.name.Plain())
	indented := func(format string, args ...any) { fmt.Fprintf(b, "      "+format+"\n", args...) }
	if r.native != "" {
		indented("%s", r.native.Plain())
	}
	for i, f := range r.stack {
		if i == maxTextFrames {
			indented("… %s", prose.Count(len(r.stack)-i, "more caller", "more callers"))
			break
		}
		indented("%s", frameText(f))
	}
	for i, p := range r.waits {
		word := "waits "
		if i > 0 {
			word = "   or "
		}
		indented("%s%s", word, p.Plain())
	}
	for _, p := range r.holds {
		indented("%s", p.Plain())
	}
	if r.hope != "" {
		indented("%s", r.hope.Plain())
	}
	indented("%s", r.started.Plain())
}

const maxTextFrames = 6

func frameText(f Frame) string {
	s := prose.Clean(f.Place)
	if f.Text != "" {
		s += ": " + sourceLine(f.Text)
	}
	return s
}

func (r row) head() string {
	if r.many == "" {
		return "goroutine " + r.ids
	}
	return r.many + " " + r.ids
}

// status is what the brackets of a dump hold: "chan send, for 2s, leaked".
func (r row) status() string {
	words := []string{prose.Clean(r.reason)}
	if r.period != "" {
		words = append(words, "for "+r.period)
	}
	if r.verdict != "" {
		words = append(words, r.verdict)
	}
	return strings.Join(words, ", ")
}

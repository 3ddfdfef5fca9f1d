package listing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/prose"
)

// maxLines bounds the lines of source that a view shows.
const maxLines = 2000

// Decisions shows what the compiler decided beside the lines of cells, the first
// of them first. With want only the functions are shown that a person means by it.
func Decisions(all []Decision, cells []cell.Source, want string) (cell.Bundle, error) {
	var parts []part
	for _, src := range cells {
		if p := decided1(all, src, want); len(p.lines) > 0 {
			parts = append(parts, p)
		}
	}
	if want != "" && len(parts) == 0 {
		return nil, noFunction(want, cells)
	}
	// A kept cell of which nothing is used has nothing to say.
	parts = slices.DeleteFunc(parts, func(p part) bool { return p.src.Name() != cells[0].Name() && len(p.shown) == 0 })
	v := &escapeView{parts: parts}
	return cell.Bundle{"text/html": v.html(), "text/plain": v.text()}, nil
}

// noFunction is the error of a name that no function has.
func noFunction(want string, cells []cell.Source) error {
	var names []string
	for _, src := range cells {
		for _, s := range Spans(src) {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("no function is called %s: the cell declares none", want)
	}
	return fmt.Errorf("no function is called %s; there is %s", want, strings.Join(names, ", "))
}

// part is what is shown of one cell.
type part struct {
	src   cell.Source
	lines []int // the lines that are shown, in order
	more  int   // how many are left out at the end
	by    map[int][]Decision
	shown []Decision
}

// decided1 takes what is about one cell.
func decided1(all []Decision, src cell.Source, want string) part {
	p := part{src: src, by: map[int][]Decision{}}
	p.lines, p.more = linesOf(src, want)
	for _, d := range slices.Concat(all, channels(src)) {
		if _, there := slices.BinarySearch(p.lines, d.Pos.Line); there && d.Pos.Cell == src.Name() {
			p.by[d.Pos.Line] = append(p.by[d.Pos.Line], d)
			p.shown = append(p.shown, d)
		}
	}
	for _, line := range p.by {
		slices.SortStableFunc(line, func(a, b Decision) int { return cmp.Compare(a.Kind, b.Kind) })
	}
	return p
}

// linesOf are the lines to show of a cell: all of its text, or those of functions.
func linesOf(src cell.Source, want string) (lines []int, more int) {
	last := strings.Count(strings.TrimRight(src.Text, " \t\r\n"), "\n") + 1
	show := func(from, to int) {
		for n := from; n <= to; n++ {
			lines = append(lines, n)
		}
	}
	if want == "" {
		first := 1
		for first < last && strings.TrimSpace(src.Line(first)) == "" {
			first++
		}
		show(first, last)
	} else {
		found := false
		spans := Spans(src)
		for _, s := range spans {
			if Matches(s.Name, want) {
				show(s.From, s.To)
				found = true
			}
		}
		if !found && want == "main" {
			lines = outside(spans, src, last)
		}
	}
	if len(lines) > maxLines {
		lines, more = lines[:maxLines], len(lines)-maxLines
	}
	return slices.Compact(lines), more
}

// outside are the lines of a cell outside of its functions: what becomes main.
func outside(spans []Span, src cell.Source, last int) (lines []int) {
	for n := 1; n <= last; n++ {
		within := slices.ContainsFunc(spans, func(s Span) bool { return s.From <= n && n <= s.To })
		if !within && strings.TrimSpace(src.Line(n)) != "" {
			lines = append(lines, n)
		}
	}
	return lines
}

// escapeView draws them.
type escapeView struct{ parts []part }

// summary counts what was decided.
func (v *escapeView) summary() []string {
	n := map[Kind]int{}
	for _, p := range v.parts {
		for _, d := range p.shown {
			n[d.Kind]++
		}
	}
	memory := fmt.Sprintf("%s on the heap, %d on the stack", prose.Count(n[Heap], "value", "values"), n[Stack])
	if n[Static] > 0 {
		memory += fmt.Sprintf(", %d that need no allocation", n[Static])
	}
	functions := fmt.Sprintf("%s can be inlined, %d cannot; %s inlined",
		prose.Count(n[Inlinable], "function", "functions"), n[NotInlinable], prose.Count(n[Inlined], "call is", "calls are"))
	said := []string{memory + ".", functions + "."}
	if n[Bounds] > 0 {
		said = append(said, prose.Count(n[Bounds], "index is", "indexes are")+" checked at run time.")
	}
	return said
}

// item is a line of text about a line of source: decisions of one kind.
type item struct {
	kind Kind
	text string
	why  []Flow
	in   string // the cell
	long bool   // has more to say than a name
}

// items are what is said below a line: values on the heap one by one, because each
// has its own reason, the others of a kind together.
func items(line []Decision) []item {
	var out []item
	for _, d := range line {
		name := plain(d.What)
		switch d.Kind {
		case Heap:
			out = append(out, item{Heap, heapText(d, name), d.Why, d.Pos.Cell, true})
			continue
		default:
			if d.Text != "" {
				name += ": " + d.Text
			}
		}
		if n := len(out); n > 0 && out[n-1].kind == d.Kind && joins(d.Kind) && d.Text == "" && !out[n-1].long {
			out[n-1].text += ", " + name
			continue
		}
		out = append(out, item{d.Kind, name, d.Why, d.Pos.Cell, d.Text != ""})
	}
	return out
}

// joins reports whether the decisions of a kind stand in one row.
func joins(k Kind) bool { return k == Stack || k == Inlined }

func heapText(d Decision, name string) string {
	text := name
	if d.Text == variable {
		text = "the variable " + name
	}
	if d.Text == channel {
		return text + ": " + channel
	}
	if why := d.reason(); why != "" {
		text += ", because " + why
	}
	return text
}

// text draws the view in a fixed-width font.
func (v *escapeView) text() string {
	var b strings.Builder
	b.WriteString(strings.Join(v.summary(), "\n") + "\n")
	for _, p := range v.parts {
		b.WriteString("\n")
		if len(v.parts) > 1 {
			b.WriteString(p.src.Name() + "\n")
		}
		for _, n := range p.lines {
			b.WriteString(strings.TrimRight(fmt.Sprintf("%4d  %s", n, visible(p.src.Line(n))), " \t") + "\n")
			for _, it := range items(p.by[n]) {
				fmt.Fprintf(&b, "      | %s  %s\n", it.kind.word(), it.text)
				for _, step := range flowLines(it.why, it.in) {
					fmt.Fprintf(&b, "      |     %s\n", step)
				}
			}
		}
		if p.more > 0 {
			fmt.Fprintf(&b, "… %s; -func shows one function\n", prose.Count(p.more, "more line", "more lines"))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// flowLines are the ways of a value of a cell, a line each.
func flowLines(flows []Flow, in string) []string {
	var lines []string
	for _, f := range flows {
		line := end(f.Source) + " → " + end(f.Dest)
		for i, s := range f.Steps {
			if i == 0 {
				line += ": "
			} else {
				line += "; "
			}
			line += s.words(f.Source, in)
		}
		lines = append(lines, line)
	}
	return lines
}

// end names an end of a flow.
func end(name string) string {
	switch {
	case name == "{heap}":
		return "the heap"
	case name == "{temp}":
		return "a temporary value"
	case strings.HasPrefix(name, "~r"):
		return "the result " + name
	case strings.HasPrefix(name, "&{storage for ") || strings.HasPrefix(name, "{storage for "):
		inner := strings.TrimSuffix(strings.TrimLeft(name, "&"), "}")
		inner = strings.TrimPrefix(inner, "{storage for ")
		if name[0] == '&' {
			return "a pointer to " + plain(inner)
		}
		return plain(inner)
	}
	return plain(name)
}

// html draws the view as a table: line numbers, and the source with what is said of
// it below each line.
func (v *escapeView) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<div style=%q>\n", styleFrame)
	for _, s := range v.summary() {
		fmt.Fprintf(&b, "<div style=%q>%s</div>\n", styleText, escape(s))
	}
	for _, p := range v.parts {
		if len(v.parts) > 1 {
			fmt.Fprintf(&b, "<div style=%q>%s</div>\n", styleHead, escape(p.src.Name()))
		}
		fmt.Fprintf(&b, "<table style=%q><tbody>\n", styleTable)
		for _, n := range p.lines {
			fmt.Fprintf(&b, "<tr><td style=%q>%d</td><td style=%q>", styleNumber, n, styleLine)
			fmt.Fprintf(&b, "<div style=%q>%s</div>", styleCode, escape(narrow(visible(p.src.Line(n)))))
			for _, it := range items(p.by[n]) {
				b.WriteString(it.html())
			}
			b.WriteString("</td></tr>\n")
		}
		b.WriteString("</tbody></table>\n")
		if p.more > 0 {
			fmt.Fprintf(&b, "<div style=%q>… %s; -func shows one function</div>\n", styleText, prose.Count(p.more, "more line", "more lines"))
		}
	}
	b.WriteString("</div>")
	return b.String()
}

func (it item) html() string {
	line := mark(it.kind.word(), kindColours[it.kind]) + " " + escape(it.text)
	if len(it.why) == 0 {
		return fmt.Sprintf("<div style=%q>%s</div>", styleSaid, line)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<details style=%q><summary style=%q>%s</summary>", styleSaid, styleSummary, line)
	for _, step := range flowLines(it.why, it.in) {
		fmt.Fprintf(&b, "<div style=%q>%s</div>", styleStep, escape(step))
	}
	b.WriteString("</details>")
	return b.String()
}

package goroutine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
)

// title is what a reader knows a node by.
func (d describer) title(n *node) prose.Text {
	switch {
	case n.crowd != nil:
		return name(n.crowd[0])
	case n.outside != "":
		return n.outside
	case len(n.objects) > 1:
		return d.several(n.objects)
	case d.label(n.objects[0]) != "":
		return prose.Text(prose.Clean(d.label(n.objects[0])))
	}
	return prose.Text(prose.Clean(cmp.Or(n.objects[0].Type, n.objects[0].Kind)))
}

// inLine names a node in a line of text.
func (d describer) inLine(n *node) prose.Text {
	switch {
	case n.crowd != nil:
		return prose.Say("%s (%s)", n.crowd.goroutines(), name(n.crowd[0]))
	case len(n.objects) == 1:
		return d.called(n.objects[0])
	}
	return d.title(n)
}

// details are what a picture says of a node below its title.
func (d describer) details(n *node) []string {
	switch {
	case n.crowd != nil:
		g := n.crowd[0]
		state := g.State.String()
		if _, word := d.verdict(g); word != "" {
			state = word
		}
		return []string{n.crowd.goroutines(), state}
	case n.outside != "":
		return nil
	}
	o := n.objects[0]
	var details []string
	switch {
	case len(n.objects) > 1:
		details = append(details, prose.Clean(o.Type))
	case d.label(o) == "" && o.Made != "":
		details = append(details, "made at "+prose.Clean(o.Made))
	case d.label(o) != "":
		details = append(details, prose.Clean(o.Type))
	}
	if len(n.objects) == 1 && o.Kind == KindChannel {
		details = append(details, o.fill())
	}
	if len(n.objects) == 1 && o.Kind == KindWaitGroup && o.Count >= 0 {
		details = append(details, fmt.Sprintf("counter %d", o.Count))
	}
	if n.nobody {
		details = append(details, "nobody can end it")
	}
	return details
}

// lines are the graph as text: a line for each circle and for each thing that a
// crowd waits for.
func (g graph) lines() []string {
	var lines []string
	for _, c := range g.circles {
		lines = append(lines, g.d.round(c))
	}
	out := map[*node][]*edge{}
	for _, e := range g.edges {
		out[e.from] = append(out[e.from], e)
	}
	for _, e := range g.edges {
		if e.from.crowd != nil && !e.circle {
			p := prose.Say("%s ─%s→ %s%s", g.d.inLine(e.from), e.word, g.d.inLine(e.to), g.d.ends(e.to, out[e.to]))
			lines = append(lines, p.Plain())
		}
	}
	return lines
}

// ends says who could end the waits for an object.
func (d describer) ends(o *node, out []*edge) prose.Text {
	if o.nobody {
		return ", which nobody can end"
	}
	if len(out) == 0 {
		return ""
	}
	word, last := out[0].word, "or"
	if !out[0].maybe {
		last = "and"
	}
	var ids []int64
	var others []prose.Text
	for _, e := range out {
		if e.to.crowd == nil {
			others = append(others, d.inLine(e.to))
		}
		for _, g := range e.to.crowd {
			ids = append(ids, g.ID)
		}
	}
	slices.Sort(ids)
	if len(ids) > 0 {
		others = append([]prose.Text{d.everyone(last, ids)}, others...)
	}
	return prose.Say(" ─%s→ %s", word, prose.List(last, others...))
}

// round is a circle as one line of text. Of a long one, the middle is left out.
func (d describer) round(c circle) string {
	const most = 12
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", c.kind())
	for i, l := range c {
		if len(c) > most && i == most-1 {
			fmt.Fprintf(&b, "… %d more ─held by→ ", len(c)-most)
		}
		if len(c) > most && i >= most-1 && i < len(c)-1 {
			continue
		}
		word := "could be ended by"
		if l.on.Object.exclusive() {
			word = l.on.Object.holdWord()
		}
		fmt.Fprintf(&b, "%s ─%s→ %s ─%s→ ", d.who(l.goroutine.ID).Plain(), waitWord(l.goroutine, l.on), d.called(l.on.Object).Plain(), word)
	}
	return b.String() + d.who(c[0].goroutine.ID).Plain()
}

// kind names what is wrong with a circle.
func (c circle) kind() string {
	switch {
	case len(c) == 1 && c.locksOnly():
		return "double lock"
	case c.locksOnly():
		return "lock order inversion"
	case len(c) == 1:
		return "waits for itself"
	}
	return "circle"
}

// text is the graph in lines, with a title; empty for an empty graph.
func (g graph) text() string {
	if len(g.nodes) == 0 {
		return ""
	}
	text := "\nWho waits for whom\n  " + strings.Join(g.lines(), "\n  ") + "\n"
	if note := g.note(); note != "" {
		text += "  " + note.Plain() + "\n"
	}
	return text
}

// html is the picture; empty for an empty graph.
func (g graph) html() string {
	if len(g.nodes) == 0 {
		return ""
	}
	note := ""
	if p := g.note(); p != "" {
		note = "<br>" + small(p)
	}
	alt := "Who waits for whom: " + strings.Join(g.lines(), "; ")
	svg, width := g.svg()
	return fmt.Sprintf(`<div style="%s"><b>Who waits for whom</b>%s<br>%s</div>`+"\n", styleFigure, note, pictureHTML(svg, width, alt))
}

// note says what the picture leaves out.
func (g graph) note() prose.Text {
	if g.missing == 0 {
		return ""
	}
	return prose.Say("the biggest groups only; %s", prose.Count(g.missing, "group or object is not drawn", "groups and objects are not drawn"))
}

package trace

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/prose"
)

// Bundle draws the trace: a picture with tables below it, and a text that says
// the same. An error is about the view.
func (t *Trace) Bundle(v View) (cell.Bundle, error) {
	shown, hidden, err := t.shown(v)
	if err != nil {
		return nil, err
	}
	d := t.draw(v, shown)
	summary, notes, alt := t.summary(v, shown), t.notes(v, hidden, d), t.alternative(v, shown)
	var h, p strings.Builder
	fmt.Fprintf(&h, "<div style=%q>%s</div>\n", styleText, html.EscapeString(summary))
	p.WriteString(summary + "\n")
	for _, n := range notes {
		style := styleText
		if n.warning {
			style = styleNotice
		}
		fmt.Fprintf(&h, "<div style=%q>%s</div>\n", style, html.EscapeString(n.text))
		p.WriteString(n.text + "\n")
	}
	h.WriteString(pictureHTML(d.picture(d.width, d.y+6, alt), d.width, alt) + "\n")
	p.WriteString("\n" + t.timeline(shown))
	for _, x := range t.tables(shown) {
		h.WriteString(x.html())
		p.WriteString("\n" + x.text())
	}
	return cell.Bundle{"text/html": h.String(), "text/plain": strings.TrimSuffix(p.String(), "\n")}, nil
}

// pictureHTML embeds a picture as an <img>, since viewers that do not trust a
// notebook drop SVG that stands in its HTML. On a narrow page it is made smaller
// as far as its words can be read then.
func pictureHTML(svg string, width float64, alt string) string {
	return fmt.Sprintf(`<img alt="%s" style="max-width:100%%;min-width:%dpx;background-color:#ffffff;color:#1a1a1a" src="data:image/svg+xml;base64,%s">`,
		html.EscapeString(alt), int(min(width*0.72, 700)), base64.StdEncoding.EncodeToString([]byte(svg)))
}

// summary says in a sentence what the trace shows.
func (t *Trace) summary(v View, shown []*Goroutine) string {
	s := fmt.Sprintf("%s on %s", prose.Count(len(shown), "goroutine", "goroutines"), prose.Count(len(t.Procs), "processor", "processors"))
	if v.Title != "" {
		s = v.Title + ": " + s
	}
	if t.From == 0 && t.To == t.Length {
		s += ", " + timeText(t.Length)
	} else {
		s += fmt.Sprintf(", from %s to %s of %s", timeText(t.From), timeText(t.To), timeText(t.Length))
	}
	return s + fmt.Sprintf(". On average %s ran at once, at most %s.", decimal(t.parallelism()), prose.Number(t.MostAtOnce))
}

// parallelism is how many goroutines ran at the same time on average.
func (t *Trace) parallelism() float64 { return float64(t.Running) / float64(t.window()) }

// A note is a line about what the picture does not show.
type note struct {
	text    string
	warning bool
}

func (t *Trace) notes(v View, hidden int, d *drawing) []note {
	var notes []note
	add := func(warning bool, format string, args ...any) {
		notes = append(notes, note{fmt.Sprintf(format, args...), warning})
	}
	if t.Truncated != "" {
		add(true, "The trace is not whole: %s.", t.Truncated)
	}
	if t.To < t.Length && t.LastChange <= t.To && t.LastChange > 0 {
		add(false, "After %s nothing changes any more: from then on all goroutines wait.", timeText(t.LastChange))
	}
	if hidden > 0 {
		add(false, "%s not named by %q and not shown; the processors and what was waited for are those of all.", prose.Count(hidden, "goroutine is", "goroutines are"), v.Goroutines)
	}
	if d.undrawn > 0 {
		drawn := "go statements and the ends of the longest waits"
		if d.crowded {
			drawn = "go statements"
		}
		add(false, "%s not drawn for want of room. Those drawn are %s; a shorter time (-from, -to) or fewer goroutines (-goroutines) show more.",
			prose.Count(d.undrawn, "arrow is", "arrows are"), drawn)
	}
	if from, to, ok := t.busiest(); ok {
		add(false, "Nine of ten changes happen from %s to %s: %s shows them larger.", timeText(from), timeText(to), flagsFor(from, to))
	}
	if t.Merged > 0 {
		add(false, "There was more than can be kept: what was shorter than %s is drawn as shares of time. Sums and counts are of everything.", timeText(t.Merged))
	}
	return notes
}

// alternative describes the picture to those who cannot see it.
func (t *Trace) alternative(v View, shown []*Goroutine) string {
	var b strings.Builder
	b.WriteString("Timeline. " + t.summary(v, shown))
	for i, gr := range t.groups(shown) {
		if i == 12 {
			b.WriteString(" And others.")
			break
		}
		var sum [states]time.Duration
		whole := time.Duration(0)
		for _, g := range gr.members {
			for s, d := range g.Totals {
				sum[s] += d
				whole += d
			}
		}
		fmt.Fprintf(&b, " %s: %s running, %s runnable, %s waiting", t.label(gr), percent(sum[Running], whole), percent(sum[Runnable], whole), percent(sum[Waiting], whole))
		if sum[Syscall] > 0 {
			fmt.Fprintf(&b, ", %s in system calls", percent(sum[Syscall], whole))
		}
		b.WriteString(".")
	}
	collections := 0
	for _, r := range t.Ranges {
		if !r.Stop {
			collections++
		}
	}
	if collections > 0 {
		fmt.Fprintf(&b, " %s.", prose.Count(collections, "garbage collection", "garbage collections"))
	}
	b.WriteString(" The tables below have the figures.")
	return b.String()
}

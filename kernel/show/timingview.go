package show

import (
	"fmt"
	"html"
	"math"
	"strings"
	"time"
)

// notCompiled stands under figures of interpreted code.
const notCompiled = "Measured in the interpreter: this compares the variants as the notebook runs them and says nothing of the speed of " +
	"compiled Go, which is some hundred times faster and can rank them otherwise; allocations are the interpreter's too. For compiled figures " +
	"measure them in a cell that begins with " + benchCommand

const benchCommand = "%%bench"

// view draws the table.
func (r *Timings) view() view {
	t := table{caption: r.caption(), header: []string{"variant", "median", r.spread(), "", "allocs per call", "bytes per call"}}
	if len(r.Variants) > 1 {
		t.header = append(t.header, "ratio", "against "+r.Variants[0].Name)
	}
	slowest := 0.0
	for _, v := range r.Variants {
		slowest = max(slowest, v.Time.Median)
	}
	for i, v := range r.Variants {
		part := v.Time.Median / max(slowest, 1e-9)
		t.rows = append(t.rows, []tableCell{
			{text: v.Name},
			{text: nanoseconds(v.Time.Median), number: true},
			unbroken(nanoseconds(v.Time.Low)+" –", nanoseconds(v.Time.High)),
			{text: textBar(part, 10), html: barImage(part, 50, percent(part)+" of the slowest")},
			{text: amount(v.Allocs), number: true},
			{text: amount(v.Bytes), number: true},
		})
		if len(r.Variants) == 1 {
			continue
		}
		row := &t.rows[i]
		if i == 0 {
			*row = append(*row, tableCell{text: "1", number: true}, tableCell{text: "–"})
			continue
		}
		ratio := unbroken(digits(v.Ratio.Median), "("+digits(v.Ratio.Low)+" – "+digits(v.Ratio.High)+")")
		*row = append(*row, ratio, tableCell{text: v.Verdict})
	}
	if r.Interpreted {
		return t.withNote(notCompiled)
	}
	return t.withNote("")
}

// unbroken is a cell of numbers whose parts do not break; between them it may, so
// that the table fits on paper.
func unbroken(parts ...string) tableCell {
	spans := make([]string, len(parts))
	for i, part := range parts {
		spans[i] = `<span style="white-space:nowrap">` + html.EscapeString(part) + "</span>"
	}
	return tableCell{text: strings.Join(parts, " "), html: strings.Join(spans, " "), number: true}
}

// withNote is the table with a text below it.
func (t table) withNote(note string) view {
	markup, text := t.html(), t.text()
	if note != "" {
		command := `<span style="white-space:nowrap">` + benchCommand + "</span>"
		markup += fmt.Sprintf("\n<div style=\"max-width:60em;%s\">%s</div>", styleNote,
			strings.ReplaceAll(html.EscapeString(note), benchCommand, command))
		text += "\n" + note
	}
	return view{data: Bundle{mimeHTML: valid(markup), mimeText: valid(text)}}
}

// spread names the column of intervals.
func (r *Timings) spread() string {
	if r.Rounds < fewest {
		return "range"
	}
	return "95 % interval"
}

func (r *Timings) caption() string {
	var calls []string
	for _, v := range r.Variants {
		calls = append(calls, fmt.Sprint(v.Calls))
	}
	code, each := ", compiled", ""
	if r.Interpreted { // the note says so
		code = ""
	}
	if len(r.Variants) > 1 {
		each = " of each variant, in rotation"
	}
	return fmt.Sprintf("Time of one call%s: %s%s, each %s; %s in all", code, count(r.Rounds, "sample", "samples"), each, joined(calls), duration(r.Elapsed))
}

// joined says how many calls made a sample.
func joined(calls []string) string {
	same := true
	for _, c := range calls {
		same = same && c == calls[0]
	}
	switch {
	case same && calls[0] == "1":
		return "of one call"
	case same:
		return "the mean of " + calls[0] + " calls"
	}
	return "the mean of " + strings.Join(calls, ", ") + " calls"
}

// nanoseconds words a time that may be less than a nanosecond.
func nanoseconds(ns float64) string {
	if ns < 1000 {
		return digits(ns) + "ns"
	}
	return duration(time.Duration(min(ns, math.MaxInt64/2)))
}

// digits words a number with three digits.
func digits(f float64) string {
	switch {
	case f >= 100 || f == math.Trunc(f):
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// amount words a count per call.
func amount(f float64) string {
	if f < 0.005 {
		return "0"
	}
	return digits(f)
}

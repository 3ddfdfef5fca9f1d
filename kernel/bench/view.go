package bench

import (
	"fmt"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// page is what is shown, in both of its forms.
type page struct{ markup, plain []string }

func (p *page) table(t table) {
	p.markup = append(p.markup, t.markup())
	p.plain = append(p.plain, t.plain())
}

func (p *page) warn(s string) {
	p.markup = append(p.markup, fmt.Sprintf("<div style=%q><b style=\"background-color:#fff1cc;color:#664200\">Note:</b> %s</div>", styleWarn, escape(s)))
	p.plain = append(p.plain, "Note: "+s)
}

func (p *page) note(s string) {
	p.markup = append(p.markup, fmt.Sprintf("<div style=\"max-width:60em;%s\">%s</div>", styleNote, escape(s)))
	p.plain = append(p.plain, s)
}

func (p *page) bundle() cell.Bundle {
	return cell.Bundle{
		"text/html":  strings.ToValidUTF8(strings.Join(p.markup, "\n"), "\ufffd"),
		"text/plain": strings.ToValidUTF8(strings.Join(p.plain, "\n"), "\ufffd"),
	}
}

// Shown says what is shown of results besides themselves.
type Shown struct {
	Base   string   // the benchmark to which the ratios are; "" is the first one
	Before *Results // to compare with, or nil
	Name   string   // of Before
	Notes  []string
}

// View draws the results.
func (r *Results) View(what Shown) cell.Bundle {
	p := r.page(what.Base)
	if what.Before != nil {
		r.compare(p, what.Before, what.Name)
	}
	for _, n := range what.Notes {
		p.note(n)
	}
	return p.bundle()
}

func (r *Results) page(base string) *page {
	if base == "" && len(r.Series) > 0 {
		base = r.Series[0].Name
	}
	var p page
	p.table(r.table(base))
	for _, w := range r.warnings() {
		p.warn(w)
	}
	if r.Parallel {
		p.note("Each block ran on all processors at once (-parallel): the time of one operation is the time that passed, divided by the operations of all goroutines.")
	}
	if len(r.Skipped) > 0 {
		p.note("Skipped: " + strings.Join(r.Skipped, ", "))
	}
	r.picture(&p)
	return &p
}

// table lists the figures.
func (r *Results) table(base string) table {
	many, compared := len(r.processors()) > 1, len(r.names()) > 1
	interval := "95 % interval"
	if least, _ := r.samples(); least < fewest {
		interval = "range"
	}
	t := table{caption: []string{r.caption(), r.where()}, folds: []string{"benchmark", "median, " + interval}, columns: []column{{title: "benchmark"}}}
	add := func(c column) { t.columns = append(t.columns, c) }
	if many {
		add(column{title: "GOMAXPROCS", before: "GOMAXPROCS "})
	}
	add(column{title: "median", fold: 1})
	add(column{title: interval, fold: 1})
	add(column{fold: 1})
	if compared || many {
		t.folds = append(t.folds, "speed-up")
	}
	if compared {
		t.folds[2] = "against " + base
		add(column{title: "against " + base, fold: 2})
		add(column{title: "ratio", fold: 2, before: "ratio "})
	}
	if many {
		add(column{title: "speed-up", fold: 2, before: "speed-up "})
	}
	units := append([]string{unitBytes, unitAllocs}, r.custom()...)
	t.folds = append(t.folds, "memory")
	if len(units) > 2 {
		t.folds[len(t.folds)-1] = "other figures"
	}
	for _, unit := range units {
		add(column{title: unit, fold: len(t.folds) - 1, after: " " + unit})
	}
	for _, s := range r.Series {
		row := []entry{words(s.Name).bold()}
		if many {
			row = append(row, number(fmt.Sprint(s.Procs)))
		}
		row = append(row, r.timing(s)...)
		if compared {
			row = append(row, r.against(s, base)...)
		}
		if many {
			row = append(row, ratioEntry(r.speedUp(s)))
		}
		for _, unit := range units {
			row = append(row, figureEntry(s.median(unit), unit))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// timing are the entries about the time of a benchmark: median, interval and bar.
func (r *Results) timing(s *Series) []entry {
	m := s.median(unitTime)
	if m.Samples == 0 {
		return []entry{number("–"), number("–"), words("")}
	}
	slowest := 0.0
	for _, other := range r.Series {
		slowest = max(slowest, other.median(unitTime).Median)
	}
	part := 0.0
	if slowest > 0 {
		part = m.Median / slowest
	}
	around := number(seconds(m.Low)+" –", seconds(m.High))
	if m.known() {
		around = number(seconds(m.Low)+" –", seconds(m.High), "(± "+percent(m.spread())+")")
	}
	return []entry{number(seconds(m.Median)).bold(), around, barOf(part, percent(part)+" of the slowest")}
}

// figureEntry is a median, and how far it is known when that is not far.
func figureEntry(m Interval, unit string) entry {
	switch {
	case m.Samples == 0:
		return number("–")
	case m.known() && m.spread() > narrow && unit != unitBytes && unit != unitAllocs:
		return number(figure(m.Median, unit), "± "+percent(m.spread()))
	}
	return number(figure(m.Median, unit))
}

// speedUp is how many times as many operations a second there are as with the first
// number of processors.
func (r *Results) speedUp(s *Series) Interval {
	first := r.find(s.Name, r.processors()[0])
	switch {
	case first == nil || len(s.figures(unitTime)) == 0:
		return Interval{}
	case first == s:
		return Interval{1, 1, 1, len(s.Samples)}
	}
	return s.ratioTo(first).inverse()
}

// against are the entries that compare a benchmark with the one of that name.
func (r *Results) against(s *Series, base string) []entry {
	b := r.find(base, s.Procs)
	if b == s || b == nil {
		return []entry{words("–"), number("1")}
	}
	ratio := s.ratioTo(b)
	return []entry{words(comparison(ratio)).bold(), ratioEntry(ratio)}
}

func ratioEntry(i Interval) entry {
	switch {
	case i.Samples == 0:
		return number("–")
	case i.Low == i.High:
		return number(digits(i.Median))
	}
	return number(digits(i.Median), "("+digits(i.Low)+" – "+digits(i.High)+")")
}

package bench

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// compare draws how r stands against earlier results, which the person calls by a name.
func (r *Results) compare(p *page, before *Results, name string) {
	t, new, gone := r.changes(before, name)
	var missing []string
	if len(new) > 0 {
		missing = append(missing, "only in this cell "+joined(new))
	}
	if len(gone) > 0 {
		missing = append(missing, "only in "+name+" "+joined(gone))
	}
	if len(t.rows) == 0 {
		p.warn("Nothing is to be compared: " + strings.Join(missing, "; "))
		return
	}
	p.table(t)
	p.note("p is the probability of samples at least this different if nothing had changed (Mann-Whitney test); at most 0.05 counts as a difference.")
	if len(missing) > 0 {
		p.note("Not compared: " + strings.Join(missing, "; "))
	}
	if w := r.unlike(before, name); w != "" {
		p.warn(w)
	}
	p.note("The two were measured at different times, and the state of the machine may differ too. To tell a small difference " +
		"for sure, put both variants into one cell, where they take turns.")
}

// changes is a table of what has changed, with the benchmarks that only r or only the
// earlier results have.
func (r *Results) changes(before *Results, name string) (t table, new, gone []string) {
	t.caption = []string{"This cell against " + before.source(name)}
	t.folds = []string{"benchmark", "time", "change of time", "other changes"}
	t.columns = []column{{title: "benchmark"}, {title: "before", fold: 1, before: "before "}, {title: "now", fold: 1, before: "now "},
		{title: "change of time", fold: 2}, {title: "verdict", fold: 2}, {title: "p", fold: 2, before: "p "}, {title: "other changes", fold: 3}}
	extra := false
	label := r.label
	if !slices.Equal(r.processors(), before.processors()) {
		label = (*Series).onProcessors
	}
	for _, s := range r.Series {
		b := before.find(s.Name, s.Procs)
		if b == nil {
			new = append(new, label(s))
			continue
		}
		was, is := b.median(unitTime), s.median(unitTime)
		if was.Samples == 0 || is.Samples == 0 {
			continue // it reports no time
		}
		d := differenceOf(b.figures(unitTime), s.figures(unitTime))
		others := r.otherChanges(b, s)
		extra = extra || others != ""
		t.rows = append(t.rows, []entry{words(label(s)).bold(), number(seconds(was.Median)), number(seconds(is.Median)),
			d.change(), words(d.verdict()).bold(), number(d.probability()), words(others)})
	}
	for _, b := range before.Series {
		if r.find(b.Name, b.Procs) == nil {
			gone = append(gone, label(b))
		}
	}
	if !extra {
		t.folds, t.columns = t.folds[:3], t.columns[:6]
		for i := range t.rows {
			t.rows[i] = t.rows[i][:6]
		}
	}
	return t, new, gone
}

// source says where results come from.
func (r *Results) source(name string) string {
	switch {
	case r.File != "" && r.At.IsZero():
		return "the file " + r.File
	case r.File != "":
		return fmt.Sprintf("the file %s (%s)", r.File, r.At.Format("2006-01-02 15:04:05"))
	}
	return fmt.Sprintf("%s (%s, %s)", name, r.Cell, r.At.Format("15:04:05"))
}

// change is the change of the time, as a part of what it was. A wide interval is
// seldom as wide on both sides, and gets both of its ends.
func (d Difference) change() entry {
	low, change, high := 100*(d.Ratio.Low-1), 100*(d.Ratio.Median-1), 100*(d.Ratio.High-1)
	around := math.Max(high-change, change-low)
	places := 0
	if around < 0.95 {
		places = 1
	}
	text := signed(change, places) + " %"
	switch {
	case !d.Enough:
		return number(text)
	case around >= 10:
		return number(text, "("+signed(low, 0)+" … "+signed(high, 0)+")")
	}
	return number(text, fmt.Sprintf("± %.*f", places, around))
}

func signed(f float64, places int) string {
	sign := "+"
	if f < 0 {
		sign = "−"
	}
	return fmt.Sprintf("%s%.*f", sign, places, math.Abs(f))
}

func (d Difference) probability() string {
	if d.P < 0.001 {
		return "< 0.001"
	}
	return fmt.Sprintf("%.3f", d.P)
}

// verdict is the plain word. Where the change is great it says how often the one goes
// into the other.
func (d Difference) verdict() string {
	ratio, word := d.Ratio.Median, "slower"
	if ratio < 1 {
		ratio, word = 1/ratio, "faster"
	}
	switch {
	case !d.Enough:
		return "too few samples to tell"
	case !d.seen():
		return "no difference seen"
	case ratio < 1.5 || math.IsInf(ratio, 0):
		return word
	}
	return factor(ratio, word)
}

// otherChanges are those of memory and of the benchmark's own figures, in words. What a
// benchmark allocates is nearly always the same in each sample, and then any change
// is one.
func (r *Results) otherChanges(b, s *Series) string {
	var all []string
	for _, unit := range append([]string{unitBytes, unitAllocs}, r.custom()...) {
		was, is := b.figures(unit), s.figures(unit)
		if len(was) == 0 || len(is) == 0 {
			continue
		}
		before, now := medianOf(was), medianOf(is)
		exact := before.Low == before.High && now.Low == now.High
		if before.Median == now.Median || !exact && !differenceOf(was, is).seen() {
			continue
		}
		all = append(all, fmt.Sprintf("%s: %s, now %s", unit, figure(before.Median, unit), figure(now.Median, unit)))
	}
	return strings.Join(all, "; ")
}

// unlike warns when the two were measured on different machines or systems.
func (r *Results) unlike(before *Results, name string) string {
	var differ []string
	add := func(what, was, is string) {
		if was != is && was != "" && is != "" {
			differ = append(differ, fmt.Sprintf("%s (%s, now %s)", what, was, is))
		}
	}
	add("processor", before.Machine.CPU, r.Machine.CPU)
	add("system", before.Machine.OS+"/"+before.Machine.Arch, r.Machine.OS+"/"+r.Machine.Arch)
	add("version of Go", before.Machine.Go, r.Machine.Go)
	if len(differ) == 0 {
		return ""
	}
	return fmt.Sprintf("This cell and %s were not measured alike: %s.", name, joined(differ))
}

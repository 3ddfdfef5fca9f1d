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
	t.titles = []string{"benchmark", "before", "now", "change of time", "p", "verdict", "other changes"}
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
		t.rows = append(t.rows, []entry{words(label(s)), number(seconds(was.Median)), number(seconds(is.Median)),
			d.change(), number(d.probability()), words(d.verdict()), words(others)})
	}
	for _, b := range before.Series {
		if r.find(b.Name, b.Procs) == nil {
			gone = append(gone, label(b))
		}
	}
	if !extra {
		t.titles = t.titles[:len(t.titles)-1]
		for i := range t.rows {
			t.rows[i] = t.rows[i][:len(t.titles)]
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

// change is the change of the time, as a part of what it was.
func (d Difference) change() entry {
	change, around := 100*(d.Ratio.Median-1), 100*math.Max(d.Ratio.High-d.Ratio.Median, d.Ratio.Median-d.Ratio.Low)
	places := 0
	if around < 0.95 {
		places = 1
	}
	sign := "+"
	if change < 0 {
		sign = "−"
	}
	text := fmt.Sprintf("%s%.*f %%", sign, places, math.Abs(change))
	if !d.Enough {
		return number(text)
	}
	return number(text, fmt.Sprintf("± %.*f", places, around))
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

package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// result is what was measured of one kernel: medians over the rounds, times in
// milliseconds, memory in bytes.
type result struct {
	Kernel      string  `json:"kernel"`
	Language    string  `json:"language"`
	Rounds      int     `json:"rounds"`
	FirstResult float64 `json:"first_result_ms"`
	CellMedian  float64 `json:"cell_median_ms"`
	CellP95     float64 `json:"cell_p95_ms"`
	Cells       int     `json:"cells"`
	Print       float64 `json:"print_ms"`
	LostLines   int     `json:"lost_lines"` // in all rounds
	Memory      float64 `json:"memory_bytes"`

	measurements []measurement
}

func (r *result) add(m measurement) { r.measurements = append(r.measurements, m) }

func (r *result) summarize() {
	var first, cells, print, memory []float64
	for _, m := range r.measurements {
		first = append(first, milliseconds(m.first))
		print = append(print, milliseconds(m.print))
		memory = append(memory, float64(m.memory))
		for _, d := range m.cells {
			cells = append(cells, milliseconds(d))
		}
		r.LostLines += m.lost
	}
	r.Rounds, r.Cells = len(r.measurements), len(cells)
	r.FirstResult, r.Print, r.Memory = quantile(first, 0.5), quantile(print, 0.5), quantile(memory, 0.5)
	r.CellMedian, r.CellP95 = quantile(cells, 0.5), quantile(cells, 0.95)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// quantile returns the q-quantile of values by the nearest rank.
func quantile(values []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

func printTable(w io.Writer, results []*result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\t")
	for _, r := range results {
		fmt.Fprintf(t, "%s\t", r.Kernel)
	}
	for _, row := range []struct {
		name  string
		value func(r *result) string
	}{
		{"spawn to first result", func(r *result) string { return fmt.Sprintf("%.0f ms", r.FirstResult) }},
		{"trivial cell, median", func(r *result) string { return fmt.Sprintf("%.2f ms", r.CellMedian) }},
		{"trivial cell, p95", func(r *result) string { return fmt.Sprintf("%.2f ms", r.CellP95) }},
		{"printing", func(r *result) string { return fmt.Sprintf("%.0f ms", r.Print) }},
		{"lines lost", func(r *result) string { return fmt.Sprint(r.LostLines) }},
		{"memory (PSS)", func(r *result) string { return megabytes(r.Memory) }},
	} {
		fmt.Fprintf(t, "\n%s\t", row.name)
		for _, r := range results {
			fmt.Fprintf(t, "%s\t", row.value(r))
		}
	}
	fmt.Fprintln(t)
	return t.Flush()
}

func megabytes(bytes float64) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", bytes/1e6)
}

// goals are how much of the other kernel's figure ours may be.
var goals = []struct {
	name  string
	most  float64
	value func(r *result) float64
}{
	{"spawn to first result", 1. / 5, func(r *result) float64 { return r.FirstResult }},
	{"trivial cell, median", 1. / 5, func(r *result) float64 { return r.CellMedian }},
	{"memory", 1. / 2, func(r *result) float64 { return r.Memory }},
	{"printing", 1, func(r *result) float64 { return r.Print }},
}

// checkGoals compares two of the results, given as OURS=THEIRS.
func checkGoals(w io.Writer, results []*result, pair string) error {
	ours, theirs, err := findPair(results, pair)
	if err != nil {
		return err
	}
	var missed []string
	verdict := func(name, figure string, met bool) {
		word := "met"
		if !met {
			word = "MISSED"
			missed = append(missed, name)
		}
		fmt.Fprintf(w, "%-22s %s: %s\n", name, figure, word)
	}
	fmt.Fprintf(w, "%s as a share of %s:\n", ours.Kernel, theirs.Kernel)
	for _, g := range goals {
		if g.value(ours) == 0 || g.value(theirs) == 0 {
			fmt.Fprintf(w, "%-22s not measured here\n", g.name)
			continue
		}
		share := g.value(ours) / g.value(theirs)
		verdict(g.name, fmt.Sprintf("%.3f, goal at most %.3f", share, g.most), share <= g.most)
	}
	verdict("lines lost", fmt.Sprintf("%d, goal none", ours.LostLines), ours.LostLines == 0)
	if len(missed) > 0 {
		return errors.New("goals missed: " + strings.Join(missed, "; "))
	}
	return nil
}

func findPair(results []*result, pair string) (ours, theirs *result, err error) {
	a, b, ok := strings.Cut(pair, "=")
	for _, r := range results {
		switch r.Kernel {
		case a:
			ours = r
		case b:
			theirs = r
		}
	}
	if !ok || ours == nil || theirs == nil {
		return nil, nil, fmt.Errorf("-check %s: name two of the measured kernels, as OURS=THEIRS", pair)
	}
	return ours, theirs, nil
}

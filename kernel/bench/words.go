package bench

import (
	"fmt"
	"math"
	"strings"
	"time"

	"golang.org/x/perf/benchunit"

	"github.com/chanbook/chanbook/kernel/prose"
)

// seconds words a time, given in seconds.
func seconds(s float64) string {
	switch {
	case s == 0:
		return "0s"
	case s > 0 && s < 1e-12:
		return "< 0.001ns"
	}
	return benchunit.Scale(s, benchunit.Decimal) + "s"
}

// figure words a figure in its unit, which stands in the title of its column.
func figure(f float64, unit string) string {
	switch {
	case unit == unitTime:
		return seconds(f)
	case f == 0:
		return "0"
	case strings.Contains(unit, "sec"):
		return benchunit.Scale(f, benchunit.Decimal) + "s"
	case math.Abs(f) >= 0.01 && math.Abs(f) < 10_000:
		return digits(f)
	}
	return benchunit.Scale(f, benchunit.ClassOf(unit))
}

// digits words a number with about three digits, and an integer with all.
func digits(f float64) string {
	switch a := math.Abs(f); {
	case a >= 100 || f == math.Trunc(f):
		return fmt.Sprintf("%.0f", f)
	case a >= 10:
		return fmt.Sprintf("%.1f", f)
	case a < 0.1:
		return fmt.Sprintf("%.2g", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// percent words a part of something.
func percent(f float64) string {
	switch {
	case f >= 0.0995:
		return fmt.Sprintf("%.0f %%", 100*f)
	case f > 0 && f < 0.0005:
		return "< 0.1 %"
	}
	return fmt.Sprintf("%.1f %%", 100*f)
}

// span words a time that has passed, with three digits, and not below a second
// from a minute on.
func span(d time.Duration) string {
	unit := time.Nanosecond
	for unit < time.Second && d >= 1000*unit {
		unit *= 10
	}
	if d.Round(unit) >= time.Minute {
		unit = time.Second
	}
	return d.Round(unit).String()
}

// comparison says in words what a ratio of times means, as package show does.
func comparison(ratio Interval) string {
	switch {
	case ratio.Samples == 0:
		return "–"
	case !ratio.known():
		return "too few samples to tell"
	case ratio.holds(1):
		return "no difference beyond noise"
	case ratio.Median > 1:
		return factor(ratio.Median, "slower")
	}
	return factor(1/ratio.Median, "faster")
}

// factor words a ratio above 1.
func factor(ratio float64, word string) string {
	switch {
	case math.IsInf(ratio, 0) || math.IsNaN(ratio):
		return word
	case ratio < 1.2:
		return fmt.Sprintf("%.2g %% %s", (ratio-1)*100, word)
	case ratio < 10:
		return fmt.Sprintf("%.1f times %s", ratio, word)
	}
	return fmt.Sprintf("%.0f times %s", ratio, word)
}

// joined is a list in words.
func joined(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// caption says how it was measured.
func (r *Results) caption() string {
	least, most := r.samples()
	samples := prose.Count(most, "sample", "samples")
	if least < most {
		samples = fmt.Sprintf("%d to %s", least, samples)
	}
	if len(r.Series) > 1 {
		samples += " of each benchmark, in rotation"
	}
	if r.File != "" {
		return "Time of one operation: " + samples
	}
	return fmt.Sprintf("Time of one operation: %s, each of at least %s in a process of its own; %s in all%s",
		samples, span(r.Each), span(r.Elapsed), map[Stopped]string{
			Interrupted: ", until it was interrupted", Broken: ", until one failed",
		}[r.Stopped])
}

// where says on what it was measured.
func (r *Results) where() string {
	m := r.Machine
	words := []string{"Compiled"}
	if m.Go != "" {
		words[0] = "Compiled by " + m.Go
	}
	if m.OS != "" {
		words = append(words, m.OS+"/"+m.Arch)
	}
	if m.CPU != "" {
		words = append(words, m.CPU)
	}
	var procs []string
	for _, p := range r.processors() {
		procs = append(procs, fmt.Sprint(p))
	}
	used := "GOMAXPROCS " + joined(procs)
	if m.Processors > 0 {
		used += fmt.Sprintf(" on a machine with %s", prose.Count(m.Processors, "processor", "processors"))
	}
	return strings.Join(append(words, used), "; ")
}

package trace

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// timeText writes a time with three digits.
func timeText(d time.Duration) string {
	unit := time.Duration(1)
	for unit < time.Second && d >= 1000*unit {
		unit *= 10
	}
	d = d.Round(unit)
	for _, u := range []struct {
		size time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= u.size {
			return strconv.FormatFloat(digits(float64(d)/float64(u.size), 3), 'f', -1, 64) + " " + u.name
		}
	}
	if d == 0 {
		return "0"
	}
	return fmt.Sprintf("%d ns", d)
}

// digits rounds to so many digits, and whole numbers not at all.
func digits(f float64, n int) float64 {
	if f == 0 || f >= math.Pow10(n) {
		return math.Round(f)
	}
	scale := math.Pow10(n - 1 - int(math.Floor(math.Log10(math.Abs(f)))))
	return math.Round(f*scale) / scale
}

// decimal writes a number with two digits.
func decimal(f float64) string { return strconv.FormatFloat(digits(f, 2), 'f', -1, 64) }

// percent is a part of a whole in words; it is 0 and 100 only when it is.
func percent(part, whole time.Duration) string {
	if whole <= 0 || part <= 0 {
		return "0 %"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case p < 1:
		return "< 1 %"
	case p > 99 && part < whole:
		return "> 99 %"
	}
	return fmt.Sprintf("%.0f %%", p)
}

// bytesText writes a size.
func bytesText(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%.4g MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.4g kB", float64(n)/(1<<10))
}

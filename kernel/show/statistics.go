package show

import (
	"fmt"
	"math"
	"slices"
)

// An Interval is a median with the interval that holds the true median with a
// confidence of at least 95 %, whatever the distribution of the samples is.
type Interval struct{ Low, Median, High float64 }

// fewest is the least number of samples that has such an interval: with five, the
// least and the greatest one miss the median with a probability of 2/2⁵, which is
// more than 5 %.
const fewest = 6

// medianOf returns the median of samples that are independent of each other and
// its interval, which reaches from the k-th smallest sample to the k-th greatest
// one. k is the greatest number with P(B < k) ≤ 0.025, where B counts how many of n
// samples lie below the median, and so has the binomial distribution B(n, 1/2).
// (H. A. David, H. N. Nagaraja: Order Statistics, 3rd edition, Wiley 2003, section
// 7.1.) Of fewer than six samples the interval is their range.
func medianOf(samples []float64) Interval {
	if len(samples) == 0 {
		return Interval{}
	}
	sorted := slices.Sorted(slices.Values(samples))
	n := len(sorted)
	k := max(1, rankOfInterval(n))
	return Interval{sorted[k-1], (sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[n-k]}
}

// rankOfInterval is k of medianOf, 0 when there are too few samples.
func rankOfInterval(n int) int {
	k := 0
	tail := 0.0 // P(B ≤ k)
	for ; ; k++ {
		// The logarithm of n over k; 2ⁿ is too great for a float64 from n = 1024 on.
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		tail += math.Exp(a - b - c - float64(n)*math.Ln2)
		if tail > 0.025 {
			return k
		}
	}
}

// comparison says in words what a ratio to the first variant means.
func comparison(ratio Interval, samples int) string {
	if samples < fewest {
		return "too few samples to tell"
	}
	switch {
	case ratio.Low <= 1 && ratio.High >= 1:
		return "no difference beyond noise"
	case ratio.Median > 1:
		return factor(ratio.Median, "slower")
	}
	return factor(1/ratio.Median, "faster")
}

// factor words a ratio above 1.
func factor(ratio float64, word string) string {
	switch {
	case math.IsInf(ratio, 1) || math.IsNaN(ratio):
		return word
	case ratio < 1.2:
		return fmt.Sprintf("%.2g %% %s", (ratio-1)*100, word)
	case ratio < 10:
		return fmt.Sprintf("%.1f times %s", ratio, word)
	}
	return fmt.Sprintf("%.0f times %s", ratio, word)
}

package bench

import (
	"math"
	"slices"
	"sort"

	"github.com/aclements/go-moremath/stats"
	"golang.org/x/perf/benchmath"
)

// confidence of all intervals, and alpha, the probability at which a difference
// counts as seen.
const (
	confidence = 0.95
	alpha      = 1 - confidence
)

// fewest is the least number of samples whose median has an interval at that
// confidence: all five of five lie on one side of it with a probability of 2/2⁵.
const fewest = 6

// An Interval is a median with the interval that holds the true one with a
// confidence of 95 %, whatever the distribution is. Of too few samples it is their
// range.
type Interval struct {
	Low, Median, High float64
	Samples           int
}

// medianOf is the median of samples, in any order.
func medianOf(samples []float64) Interval {
	n := len(samples)
	if n == 0 {
		return Interval{}
	}
	sorted := slices.Sorted(slices.Values(samples))
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(sorted, &benchmath.DefaultThresholds), confidence)
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		return Interval{sorted[0], s.Center, sorted[n-1], n}
	}
	return Interval{s.Lo, s.Center, s.Hi, n}
}

// known reports whether there were enough samples for an interval.
func (i Interval) known() bool { return i.Samples >= fewest }

// spread is how far the interval reaches from the median at most, as a part of it.
func (i Interval) spread() float64 {
	if i.Median == 0 {
		return 0
	}
	return math.Max(i.High-i.Median, i.Median-i.Low) / math.Abs(i.Median)
}

// holds reports whether x is in the interval.
func (i Interval) holds(x float64) bool { return i.Low <= x && x <= i.High }

// inverse is the interval of the inverse of positive values.
func (i Interval) inverse() Interval { return Interval{1 / i.High, 1 / i.Median, 1 / i.Low, i.Samples} }

// A Difference is what became of a benchmark from one measurement to another one.
type Difference struct {
	// Ratio is how many times as great the values have become: the median of the
	// ratios of all pairs, with the interval that belongs to the Mann-Whitney test, or
	// the range when there are too few samples, which then are none.
	Ratio Interval
	// P is the probability of samples at least this different when nothing has changed.
	P float64
	// Enough says that there are enough samples to see any difference at all.
	Enough bool
}

// seen reports whether the difference is more than chance.
func (d Difference) seen() bool { return d.Enough && d.P <= alpha }

// differenceOf compares two sets of positive samples that were measured apart from
// each other.
func differenceOf(before, now []float64) Difference {
	n, m := len(before), len(now)
	if n == 0 || m == 0 {
		return Difference{P: 1}
	}
	c := benchmath.AssumeNothing.Compare(
		benchmath.NewSample(slices.Clone(before), &benchmath.DefaultThresholds),
		benchmath.NewSample(slices.Clone(now), &benchmath.DefaultThresholds))
	ratios := make([]float64, 0, n*m)
	for _, b := range before {
		for _, a := range now {
			ratios = append(ratios, a/b)
		}
	}
	slices.Sort(ratios)
	k := pairsBeyond(n, m)
	d := Difference{P: c.P, Enough: k > 0}
	if d.Enough {
		d.Ratio.Samples = min(n, m)
	}
	k = max(k, 1)
	d.Ratio.Low, d.Ratio.High = ratios[k-1], ratios[n*m-k]
	d.Ratio.Median = (ratios[(n*m-1)/2] + ratios[n*m/2]) / 2
	return d
}

// pairsBeyond is k of the interval for the ratio of two samples of sizes n and m,
// which reaches from the k-th smallest ratio of all pairs to the k-th greatest one: the
// greatest k with P(U < k) ≤ alpha/2, where U is Mann and Whitney's. It is 0 when
// there is none. (J. L. Hodges, E. L. Lehmann: Estimates of location based on rank tests, Annals of
// Mathematical Statistics 34 (1963); of the logarithms of the values.)
func pairsBeyond(n, m int) int {
	const exact = 50 // as benchmath's test: beyond it the normal distribution will do
	if n > exact || m > exact {
		product := float64(n) * float64(m)
		k := product/2 - 1.96*math.Sqrt(product*float64(n+m+1)/12)
		return max(0, int(k))
	}
	u := stats.UDist{N1: n, N2: m}
	// Search finds the first k for which P(U < k+1) is too great.
	return sort.Search(n*m, func(k int) bool { return u.CDF(float64(k)) > alpha/2 })
}

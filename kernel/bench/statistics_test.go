package bench

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestMedianOf(t *testing.T) {
	tests := []struct {
		samples []float64
		want    Interval
	}{
		{nil, Interval{}},
		{[]float64{3}, Interval{3, 3, 3, 1}},
		{[]float64{4, 1}, Interval{1, 2.5, 4, 2}},
		{[]float64{5, 4, 3, 2, 1}, Interval{1, 3, 5, 5}},
		{[]float64{6, 5, 4, 3, 2, 1}, Interval{1, 3.5, 6, 6}},
		{[]float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, Interval{2, 5.5, 9, 10}},
	}
	for _, tt := range tests {
		before := slices.Clone(tt.samples)
		if got := medianOf(tt.samples); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.samples, got, tt.want)
		}
		if !slices.Equal(before, tt.samples) {
			t.Error("the samples were changed")
		}
	}
	if i := medianOf([]float64{1, 2, 3, 4, 5}); i.known() {
		t.Error("five samples have an interval of 95 %")
	}
	if i := medianOf([]float64{1, 2, 3, 4, 5, 6}); !i.known() {
		t.Error("six samples have no interval of 95 %")
	}
}

// The ranks are those of the tables for the Mann-Whitney test at 0.05, two-sided, of
// which the critical value is k-1.
func TestPairsBeyond(t *testing.T) {
	for _, tt := range []struct{ n, m, critical int }{
		{4, 4, 0}, {5, 5, 2}, {6, 6, 5}, {8, 8, 13}, {10, 10, 23}, {5, 10, 8}, {20, 20, 127},
	} {
		if got := pairsBeyond(tt.n, tt.m); got != tt.critical+1 {
			t.Errorf("%d and %d samples: %d, want %d", tt.n, tt.m, got, tt.critical+1)
		}
	}
	if got := pairsBeyond(3, 3); got != 0 {
		t.Errorf("three and three samples cannot show a difference at 0.05: %d", got)
	}
	exact, normal := pairsBeyond(50, 50), pairsBeyond(51, 51)
	if normal < exact || normal > exact+60 {
		t.Errorf("50 and 50 samples: %d, 51 and 51: %d", exact, normal)
	}
}

// The interval of a difference holds the true ratio as often as it promises, and it
// leaves 1 out when the test sees a difference, and only then.
func TestDifferenceHoldsTheRatio(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	skew := func(n int, scale float64) []float64 {
		s := make([]float64, n)
		for i := range s {
			s[i] = scale * (10 + random.ExpFloat64())
		}
		return s
	}
	for _, ratio := range []float64{1, 1.05, 0.5} {
		const trials = 1000
		held, apart := 0, 0
		for range trials {
			d := differenceOf(skew(8, 1), skew(10, ratio))
			if d.Ratio.holds(ratio) {
				held++
			}
			if d.seen() == d.Ratio.holds(1) {
				apart++
			}
		}
		if share := float64(held) / trials; share < 0.93 {
			t.Errorf("ratio %v: the interval held it in %.3f of the trials", ratio, share)
		}
		if apart > 0 {
			t.Errorf("ratio %v: interval and test differ in %d of the trials", ratio, apart)
		}
	}
}

func TestDifferenceOfFew(t *testing.T) {
	d := differenceOf([]float64{1, 2, 3}, []float64{10, 11, 12})
	if d.Enough || d.seen() || math.IsNaN(d.Ratio.Median) {
		t.Errorf("%+v", d)
	}
	if d := differenceOf(nil, []float64{1}); d.seen() || d.Enough {
		t.Errorf("%+v", d)
	}
	// Equal samples cannot be told apart, nor do they make the test fail.
	same := []float64{4, 4, 4, 4, 4, 4}
	if d := differenceOf(same, same); d.seen() || d.Ratio.Median != 1 {
		t.Errorf("%+v", d)
	}
	if d := differenceOf(same, []float64{5, 5, 5, 5, 5, 5}); !d.seen() || d.Ratio.Low != 1.25 || d.Ratio.High != 1.25 {
		t.Errorf("%+v", d)
	}
}

// In as many rounds as there are benchmarks, or twice as many, each has each place
// equally often, and follows each other one equally often.
func TestOrder(t *testing.T) {
	for n := 1; n <= 9; n++ {
		rounds := n
		if n%2 == 1 {
			rounds = 2 * n
		}
		places, follows := map[[2]int]int{}, map[[2]int]int{}
		for round := range rounds {
			turns := order(n, round)
			sorted := slices.Sorted(slices.Values(turns))
			for i := range n {
				if sorted[i] != i {
					t.Fatalf("%d benchmarks, round %d: %v", n, round, turns)
				}
				places[[2]int{i, turns[i]}]++
				if i > 0 {
					follows[[2]int{turns[i-1], turns[i]}]++
				}
			}
		}
		for at, times := range places {
			if times != rounds/n {
				t.Errorf("%d benchmarks: place and benchmark %v: %d times of %d", n, at, times, rounds/n)
			}
		}
		if len(follows) != n*(n-1) {
			t.Errorf("%d benchmarks: %d pairs follow each other, want %d", n, len(follows), n*(n-1))
		}
		for pair, times := range follows {
			if times != rounds/n {
				t.Errorf("%d benchmarks: %v follow each other %d times, want %d", n, pair, times, rounds/n)
			}
		}
	}
}

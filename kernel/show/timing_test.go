package show

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
)

// The ranks are those of the tables for the sign test.
func TestRankOfInterval(t *testing.T) {
	for n, want := range map[int]int{1: 0, 5: 0, 6: 1, 8: 1, 9: 2, 10: 2, 15: 4, 20: 6, 30: 10, 50: 18, 100: 40, 1000: 469, 5000: 2431} {
		if got := rankOfInterval(n); got != want {
			t.Errorf("n = %d: rank %d, want %d", n, got, want)
		}
	}
}

func TestMedianOf(t *testing.T) {
	tests := []struct {
		samples []float64
		want    Interval
	}{
		{nil, Interval{}},
		{[]float64{3}, Interval{3, 3, 3}},
		{[]float64{4, 1}, Interval{1, 2.5, 4}},
		{[]float64{9, 8, 7, 6, 5, 4, 3, 2, 1}, Interval{2, 5, 8}},
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
}

// The interval holds the true median as often as it promises, of a skew
// distribution too.
func TestIntervalHoldsTheMedian(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{6, 15, 40} {
		const trials = 4000
		held := 0
		for range trials {
			samples := make([]float64, n)
			for i := range samples {
				samples[i] = random.ExpFloat64()
			}
			if m := medianOf(samples); m.Low <= math.Ln2 && math.Ln2 <= m.High {
				held++
			}
		}
		if share := float64(held) / trials; share < 0.94 {
			t.Errorf("%d samples: the interval held the median in %.3f of the trials", n, share)
		}
	}
}

func TestComparison(t *testing.T) {
	tests := []struct {
		ratio   Interval
		samples int
		want    string
	}{
		{Interval{0.98, 1.01, 1.02}, 40, "no difference beyond noise"},
		{Interval{1, 1, 1}, 40, "no difference beyond noise"},
		{Interval{1.8, 1.9, 2}, 40, "1.9 times slower"},
		{Interval{0.4, 0.5, 0.6}, 40, "2.0 times faster"},
		{Interval{1.03, 1.04, 1.05}, 40, "4 % slower"},
		{Interval{90, 104, 110}, 40, "104 times slower"},
		{Interval{0.85, 0.9, 0.95}, 40, "11 % faster"},
		{Interval{1.8, 1.9, 2}, 5, "too few samples to tell"},
	}
	for _, tt := range tests {
		if got := comparison(tt.ratio, tt.samples); got != tt.want {
			t.Errorf("%v of %d: %q, want %q", tt.ratio, tt.samples, got, tt.want)
		}
	}
}

var sink64 uint64

func spin(n int) func() {
	return func() {
		for i := range n {
			sink64 = sink64*31 + uint64(i)
		}
	}
}

var kept []byte

func TestTiming(t *testing.T) {
	got := collect(t)
	setups := 0
	r := Timing("short", spin(1000), "long", spin(10_000), "again", spin(1000), "keep", func() { kept = make([]byte, 64) },
		For(400*time.Millisecond), Setup(func() { setups++ }))
	if len(r.Variants) != 4 || r.Rounds < fewest || setups < 4*r.Rounds || r.Interpreted {
		t.Errorf("%d variants, %d rounds, %d setups, interpreted %v", len(r.Variants), r.Rounds, setups, r.Interpreted)
	}
	// On a machine that is busy, medians may be of anything. The least samples are of
	// the work.
	least := func(name string) float64 { return slices.Min(r.Variant(name).Samples) }
	if ratio := least("long") / least("short"); ratio < 3 || ratio > 40 {
		t.Errorf("ten times the work takes %.1f times as long", ratio)
	}
	if ratio := least("again") / least("short"); ratio < 0.3 || ratio > 3 {
		t.Errorf("the same work takes %.1f times as long", ratio)
	}
	if v := r.Variant("long"); v.Ratio.Low > v.Ratio.Median || v.Ratio.Median > v.Ratio.High || len(v.Samples) != r.Rounds || v.Verdict == "" {
		t.Errorf("%+v", v)
	}
	if v := r.Variant("keep"); v.Allocs < 0.9 || v.Allocs > 2 || v.Bytes < 60 || v.Bytes > 200 {
		t.Errorf("one allocation of 64 bytes: %v of %v bytes", v.Allocs, v.Bytes)
	}
	if m := got(); len(m) != 1 || strings.Contains(m[0].Data[mimeText].(string), "interpreter") {
		t.Errorf("shown: %v", texts(m))
	}
	if _, ok := Render(r); ok {
		t.Error("what has been shown is shown again as a value")
	}
}

// A function that takes longer than there is time is still measured, and few
// samples are not called more than they are.
func TestTimingOfWhatIsSlow(t *testing.T) {
	collect(t)
	calls := 0
	r := Timing("a", func() { calls++; time.Sleep(2 * time.Millisecond) }, For(time.Millisecond))
	if r.Rounds < 1 || r.Rounds > fewest || calls > 60 {
		t.Errorf("%d rounds, %d calls", r.Rounds, calls)
	}
}

func TestTimes(t *testing.T) {
	got := collect(t)
	var order []string
	r := Timing("a", func() { order = append(order, "a") }, func() { order = append(order, "b") }, Times(3))
	if strings.Join(order, "") != "abbaab" {
		t.Errorf("order %q", order)
	}
	if v := r.Variants[1]; v.Name != "variant 2" || len(v.Samples) != 3 || v.Calls != 1 || v.Verdict != "too few samples to tell" {
		t.Errorf("%+v", v)
	}
	if text := texts(got())[0]; !strings.HasPrefix(text, "Time of one call, compiled: 3 samples of each variant, in rotation, each of one call; ") || !strings.Contains(text, "range") {
		t.Error(text)
	}
}

func TestTimingOfNonsense(t *testing.T) {
	for want, args := range map[string][]any{
		`show.Timing: there is no function to measure`:                                             {},
		`show.Timing: no function follows the name "a"`:                                            {"a"},
		`show.Timing: argument 2 is a int; it takes names, each with a func(), and options`:        {"a", 1},
		`show.Timing: argument 1 is a func() int; it takes names, each with a func(), and options`: {func() int { return 1 }},
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("%v: panic %v, want %s", args, got, want)
				}
			}()
			Timing(args...)
		}()
	}
}

func TestTimingGolden(t *testing.T) {
	r := &Timings{Rounds: 40, Elapsed: 2012 * time.Millisecond, Interpreted: true, Variants: []Variant{
		{Name: "mutex", Time: Interval{812.4, 820.04, 833}, Calls: 1200, Allocs: 3, Bytes: 96, Ratio: Interval{1, 1, 1}},
		{Name: "atomic <int>", Time: Interval{401, 402, 404}, Calls: 2500, Allocs: 1.25, Bytes: 40.5, Ratio: Interval{0.48, 0.49, 0.5}, Verdict: "2.0 times faster"},
		{Name: "channel", Time: Interval{9012, 9250, 9900}, Calls: 110, Ratio: Interval{10.9, 11.2, 11.6}, Verdict: "11 times slower"},
	}}
	v := r.view()
	html := v.data[mimeHTML].(string)
	checkColours(t, html)
	golden.Compare(t, "testdata/timing.html", html+"\n")
	golden.Compare(t, "testdata/timing.txt", v.data[mimeText].(string)+"\n")
}

package show

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
)

// Timings are what Timing has measured.
type Timings struct {
	Variants []Variant
	// Rounds is how many samples there are of each variant. In each round every
	// variant was measured once.
	Rounds int
	// Elapsed is how long all of it took.
	Elapsed time.Duration
	// Interpreted says that the functions are interpreted, so that the figures say
	// nothing of the speed of compiled Go.
	Interpreted bool
}

// Variant is one function that was measured.
type Variant struct {
	Name string
	// Time is that of one call, in nanoseconds: the median of the samples with its
	// 95 % interval.
	Time Interval
	// Samples are the times of one call in nanoseconds, each the mean of Calls calls,
	// in the order of the rounds.
	Samples []float64
	Calls   int
	// Allocs and Bytes are what one call allocates on the heap; of interpreted code
	// most of it is the interpreter's.
	Allocs, Bytes float64
	// Ratio is how many times as long as the first variant this one takes: the median
	// of the ratios in each round, with its 95 % interval.
	Ratio Interval
	// Verdict says in words what Ratio means: "1.9 times slower", "no difference
	// beyond noise". It is empty for the first variant.
	Verdict string
}

// TimingOption changes how Timing measures.
type TimingOption func(*timing)

// For sets how long Timing measures in all, about two seconds unless told otherwise.
func For(d time.Duration) TimingOption { return func(t *timing) { t.budget = d } }

// Setup makes Timing call f before each sample. Its time does not count.
func Setup(f func()) TimingOption { return func(t *timing) { t.setup = f } }

// Times makes Timing call each function n times, each call a sample of its own,
// for functions that are slow or that must not run more often. The first calls
// count too: nothing is warmed up.
func Times(n int) TimingOption { return func(t *timing) { t.times = n } }

// Timing measures how long functions take, side by side, and shows a table:
//
//	show.Timing(
//		"mutex", func() { mu.Lock(); n++; mu.Unlock() },
//		"atomic", func() { atomic.AddInt64(&m, 1) },
//	)
//
// The arguments are pairs of a name and a func(), and options. The result holds
// the figures, for assertions.
//
// Each function is called until it is warm and until it is known how many calls
// make a sample that the clock can measure. Then come rounds, in which each
// function is measured once, in an order that rotates; so what slows the machine
// down for a while slows all of them down, and the ratios, which compare samples
// of the same round, hardly change. The table has the median of the samples with
// its 95 % interval, by order statistics, and says whether a difference from the
// first function is more than noise. What else runs meanwhile, goroutines of the
// session too, is measured with them, in the allocations above all.
//
// Timing panics when its arguments are not such pairs.
func Timing(args ...any) *Timings {
	t := newTiming(args)
	r := t.run()
	displayView(r.view())
	return r
}

// Variant is the variant with a name. It panics when there is none.
func (r *Timings) Variant(name string) Variant {
	at := slices.IndexFunc(r.Variants, func(v Variant) bool { return v.Name == name })
	if at < 0 {
		panic(fmt.Sprintf("show.Timings: no variant is called %q", name))
	}
	return r.Variants[at]
}

// timing is a measurement under way.
type timing struct {
	budget   time.Duration
	setup    func()
	times    int
	variants []*timed
}

type timed struct {
	name          string
	f             func()
	calls         int // in one sample
	samples       []float64
	allocs, bytes float64
}

func newTiming(args []any) *timing {
	t := &timing{budget: 2 * time.Second}
	name, named := "", false
	for i, arg := range args {
		switch a := arg.(type) {
		case TimingOption:
			a(t)
		case func(*timing): // as a conversion in an interpreter may leave it
			a(t)
		case string:
			if named {
				panic(fmt.Sprintf("show.Timing: no function follows the name %q", name))
			}
			name, named = valid(a), true
		case func():
			if !named {
				name = fmt.Sprintf("variant %d", len(t.variants)+1)
			}
			t.variants = append(t.variants, &timed{name: name, f: a})
			named = false
		default:
			panic(fmt.Sprintf("show.Timing: argument %d is a %T; it takes names, each with a func(), and options", i+1, arg))
		}
	}
	switch {
	case named:
		panic(fmt.Sprintf("show.Timing: no function follows the name %q", name))
	case len(t.variants) == 0:
		panic("show.Timing: there is no function to measure")
	}
	return t
}

// Bounds of a measurement.
const (
	wantRounds  = 40               // as many as make a narrow interval
	leastSample = time.Millisecond // so that the clock's own time does not matter
	warmShare   = 0.2              // of the budget
	patience    = 4                // how many times the budget may be exceeded for enough samples
)

func (t *timing) run() *Timings {
	begun := time.Now()
	runtime.GC() // what was left before is not charged to the first variant
	if t.times > 0 {
		for _, v := range t.variants {
			v.calls = 1
		}
		for round := range t.times {
			t.round(round)
		}
	} else {
		t.prepare()
		t.rounds(begun)
	}
	return t.result(time.Since(begun))
}

// prepare warms the variants up, and finds out how many calls make a sample.
func (t *timing) prepare() {
	share := float64(t.budget) / float64(len(t.variants))
	sample := max(leastSample, time.Duration(share*(1-warmShare)/wantRounds))
	for _, v := range t.variants {
		t.calibrate(v, sample, time.Duration(share*warmShare), time.Duration(share))
		t.allocations(v)
	}
}

// calibrate finds the number of calls that take as long as a sample. It goes by the
// fastest calls that it has seen: one that was slow only because something else had
// the processor would make a sample too short. It takes the time warm at least, and
// no more than most.
func (t *timing) calibrate(v *timed, sample, warm, most time.Duration) {
	fastest := math.Inf(1)
	v.calls = 1
	for begun := time.Now(); ; {
		took := t.sample(v)
		fastest = min(fastest, float64(max(took, 1))/float64(v.calls))
		wanted := int(min(float64(sample)/fastest, 100*float64(v.calls))) + 1
		passed := time.Since(begun)
		if passed > most || passed > warm && wanted <= v.calls+v.calls/4 {
			return
		}
		v.calls = wanted
	}
}

// rounds measures until the time is over, for long enough to have an interval.
func (t *timing) rounds(begun time.Time) {
	for round := 0; ; round++ {
		passed := time.Since(begun)
		if round >= 1 && passed > t.budget && (round >= fewest || passed > patience*t.budget) {
			return
		}
		t.round(round)
	}
}

// round measures each variant once, beginning with another one in each round.
func (t *timing) round(n int) {
	for i := range t.variants {
		v := t.variants[(n+i)%len(t.variants)]
		if t.times > 0 {
			t.counted(v)
			continue
		}
		took := t.sample(v)
		v.samples = append(v.samples, float64(took)/float64(v.calls))
	}
}

// sample measures some calls of a variant.
func (t *timing) sample(v *timed) time.Duration {
	checkpoint()
	if t.setup != nil {
		t.setup()
	}
	f, calls := v.f, v.calls
	begun := time.Now()
	for range calls {
		f()
	}
	return time.Since(begun)
}

// allocations counts what the calls of one sample allocate: the least of three
// counts, because other goroutines allocate too.
func (t *timing) allocations(v *timed) {
	calls := v.calls
	v.calls = min(calls, 1000)
	for i := range 3 {
		allocs, bytes := t.allocated(func() { t.sample(v) })
		allocs, bytes = allocs/float64(v.calls), bytes/float64(v.calls)
		if i == 0 || allocs < v.allocs {
			v.allocs, v.bytes = allocs, bytes
		}
	}
	v.calls = calls
}

// counted takes a sample of one call, and counts what it allocates.
func (t *timing) counted(v *timed) {
	allocs, bytes := t.allocated(func() { v.samples = append(v.samples, float64(t.sample(v))) })
	if len(v.samples) == 1 || allocs < v.allocs {
		v.allocs, v.bytes = allocs, bytes
	}
}

func (t *timing) allocated(f func()) (allocs, bytes float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)
}

func (t *timing) result(elapsed time.Duration) *Timings {
	r := &Timings{Rounds: len(t.variants[0].samples), Elapsed: elapsed, Interpreted: interpreted()}
	first := t.variants[0].samples
	for i, v := range t.variants {
		variant := Variant{
			Name: v.name, Time: medianOf(v.samples), Samples: v.samples, Calls: v.calls,
			Allocs: v.allocs, Bytes: v.bytes, Ratio: Interval{1, 1, 1},
		}
		if i > 0 {
			ratios := make([]float64, len(first))
			for round := range first {
				ratios[round] = v.samples[round] / max(first[round], 1e-9)
			}
			variant.Ratio = medianOf(ratios)
			variant.Verdict = comparison(variant.Ratio, len(ratios))
		}
		r.Variants = append(r.Variants, variant)
	}
	return r
}

package bench

import (
	"fmt"
	"time"

	"github.com/chanbook/chanbook/kernel/prose"
)

// Bounds beyond which figures are doubtful.
const (
	noisy    = 0.05 // the part of the median that its interval reaches
	tooQuick = 1e-9 // seconds an operation: a few steps of a processor
	// The testing package gives up to make a benchmark take long enough at so many
	// operations, and no operation takes so short a time (in seconds).
	mostIterations = 1_000_000_000
	noLoop         = 1e-10
)

// warnings are what a reader of the figures must know.
func (r *Results) warnings() []string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	switch r.Stopped {
	case Interrupted:
		add("Interrupted while %s was measured: these are the figures until then.", r.Last)
	case Broken:
		add("%s failed on the way: these are the figures until then.", r.Last)
	}
	if least, _ := r.samples(); least < fewest && r.File == "" {
		add("Fewer than %d samples have no interval at 95 %%, and no difference can be told from noise%s.", fewest, r.more())
	}
	if names := r.those(func(s *Series) bool { m := s.median(unitTime); return m.known() && m.spread() > noisy }); names != "" {
		add("The figures of %s scatter by more than %.0f %%: something else used the machine, or the work itself differs from time to time. "+
			"Measure again when it is idle, or for longer (-time 1m).", names, noisy*100)
	}
	if r.Again > 0 {
		add("%s taken once more: the machine had done something else meanwhile, so that there was time for a few operations only.",
			prose.Count(r.Again, "sample was", "samples were"))
	}
	if names := r.those((*Series).withoutLoop); names != "" {
		add("%s has no loop, or leaves it at once: a benchmark function does its work in for b.Loop() { … }.", names)
	}
	quick := func(s *Series) bool {
		m := s.median(unitTime)
		return m.Samples > 0 && m.Median < tooQuick && !s.withoutLoop() && !(r.Parallel && s.Procs > 1)
	}
	if names := r.those(quick); names != "" {
		add("Less than a nanosecond is a few steps of a processor: the compiler has probably optimized away what %s does, or computed it beforehand. "+
			"Let the work depend on a variable, and assign its result to one.", names)
	}
	return append(all, r.aboutProcessors()...)
}

// withoutLoop reports whether the benchmark does nothing b.N times.
func (s *Series) withoutLoop() bool {
	m := s.median(unitTime)
	return m.Samples > 0 && m.Median < noLoop && s.Samples[0].Iterations >= mostIterations
}

// aboutProcessors are the warnings about numbers of processors.
func (r *Results) aboutProcessors() []string {
	var all []string
	procs := r.processors()
	for _, p := range procs {
		if r.Machine.Processors > 0 && p > r.Machine.Processors {
			all = append(all, fmt.Sprintf("The machine has %s: with GOMAXPROCS above that, threads take turns on them, and nothing can become faster.",
				prose.Count(r.Machine.Processors, "processor", "processors")))
			break
		}
	}
	blocks := false
	for _, s := range r.Series {
		blocks = blocks || s.Block
	}
	if blocks && !r.Parallel && len(procs) > 1 {
		all = append(all, "Each block ran on one goroutine, which more processors cannot make faster; with -parallel it runs on all of them at once.")
	}
	return all
}

// more says how to get more samples.
func (r *Results) more() string {
	switch {
	case r.Stopped == Interrupted, r.Stopped == Broken:
		return ""
	case r.Stopped == Counted:
		return ": ask for more by -count"
	}
	need := r.Elapsed / time.Duration(max(r.Rounds, 1)) * (leastRounds + 1)
	return fmt.Sprintf(": give it more time, such as -time %v", need.Round(time.Second)+time.Second)
}

// those names the benchmarks for which f is true, with their processors when there are
// several.
func (r *Results) those(f func(*Series) bool) string {
	var names []string
	for _, s := range r.Series {
		if f(s) {
			names = append(names, r.label(s))
		}
	}
	const most = 5
	if len(names) > most {
		names = append(names[:most-1:most-1], fmt.Sprintf("%d others", len(names)-most+1))
	}
	return joined(names)
}

package bench

import (
	"time"
)

// Units of the figures that the testing package gives itself, as benchunit tidies
// them.
const (
	unitTime   = "sec/op"
	unitBytes  = "B/op"
	unitAllocs = "allocs/op"
)

// Results are what was measured in one cell.
type Results struct {
	Cell    string // "In[3]"; "" when they were read from a file
	File    string // that they were read from
	At      time.Time
	Machine Machine
	Series  []*Series // in the order of the cell; of one benchmark by processors
	Rounds  int       // that were begun
	Each    time.Duration
	Elapsed time.Duration
	Stopped Stopped
	Last    string // what was measured last
	// Skipped are the benchmarks that asked for that, with their words.
	Skipped []string
	// Again is how many samples were taken once more, because the machine did something
	// else while they were taken.
	Again int
	// Parallel says that the blocks ran on all processors at once.
	Parallel bool
}

// Machine is where it was measured.
type Machine struct {
	Go         string // "go1.26.0"
	OS, Arch   string
	CPU        string // its model, "" where it is not known
	Processors int    // how many goroutines can run on at once
}

// Stopped says why no more was measured.
type Stopped int

// The reasons to stop.
const (
	Steady      Stopped = iota // the medians are known well enough
	TimeOver                   // the time was over
	Counted                    // there are as many samples as were asked for
	Interrupted                // by the person
	Broken                     // a benchmark failed on the way
)

// A Series is one benchmark on one number of processors, with its samples.
type Series struct {
	Name    string // as it is shown: "Mutex/size=10", or a block's label
	Full    string // as the testing package calls it: "BenchmarkMutex/size=10"
	Procs   int    // GOMAXPROCS
	Block   bool   // a labelled block
	Samples []Sample
}

// A Sample is what one run of a benchmark has measured.
type Sample struct {
	Round      int
	Iterations int
	Values     []Value
	again      bool // it was taken in the place of one that was held up
}

// Value is a figure and its unit, tidied as benchunit does: seconds and bytes.
type Value struct {
	Unit   string
	Figure float64
}

// figure is a sample's figure in a unit.
func (s Sample) figure(unit string) (float64, bool) {
	for _, v := range s.Values {
		if v.Unit == unit {
			return v.Figure, true
		}
	}
	return 0, false
}

// figures are those of all samples in a unit.
func (s *Series) figures(unit string) []float64 {
	var all []float64
	for _, sample := range s.Samples {
		if f, ok := sample.figure(unit); ok {
			all = append(all, f)
		}
	}
	return all
}

// median is that of the figures in a unit; it has no samples when there are none.
func (s *Series) median(unit string) Interval { return medianOf(s.figures(unit)) }

// ratioTo is how many times as long s takes as base does: the median of the ratios in
// each round in which both were measured. What slows the machine down for a while
// slows both, and does not count.
func (s *Series) ratioTo(base *Series) Interval {
	at := map[int]float64{}
	for _, sample := range base.Samples {
		if f, ok := sample.figure(unitTime); ok && f > 0 {
			at[sample.Round] = f
		}
	}
	var ratios []float64
	for _, sample := range s.Samples {
		f, ok := sample.figure(unitTime)
		if b, both := at[sample.Round]; ok && both && f > 0 {
			ratios = append(ratios, f/b)
		}
	}
	return medianOf(ratios)
}

// custom are the units that the benchmarks report themselves, in the order in which
// they come.
func (r *Results) custom() []string {
	var units []string
	seen := map[string]bool{unitTime: true, unitBytes: true, unitAllocs: true}
	for _, s := range r.Series {
		for _, sample := range s.Samples {
			for _, v := range sample.Values {
				if !seen[v.Unit] {
					seen[v.Unit] = true
					units = append(units, v.Unit)
				}
			}
		}
	}
	return units
}

// processors are the numbers of processors that were measured, in their order.
func (r *Results) processors() []int {
	var all []int
	seen := map[int]bool{}
	for _, s := range r.Series {
		if !seen[s.Procs] {
			seen[s.Procs] = true
			all = append(all, s.Procs)
		}
	}
	return all
}

// names are those of the benchmarks, each once.
func (r *Results) names() []string {
	var all []string
	seen := map[string]bool{}
	for _, s := range r.Series {
		if !seen[s.Name] {
			seen[s.Name] = true
			all = append(all, s.Name)
		}
	}
	return all
}

// find is the series of a benchmark on a number of processors, or nil.
func (r *Results) find(name string, procs int) *Series {
	for _, s := range r.Series {
		if s.Name == name && s.Procs == procs {
			return s
		}
	}
	return nil
}

// samples is the least and the greatest number of samples that a series has.
func (r *Results) samples() (least, most int) {
	for i, s := range r.Series {
		n := len(s.Samples)
		if i == 0 || n < least {
			least = n
		}
		most = max(most, n)
	}
	return least, most
}

// empty reports whether nothing was measured.
func (r *Results) empty() bool {
	_, most := r.samples()
	return most == 0
}

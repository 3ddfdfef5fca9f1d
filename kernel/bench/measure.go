package bench

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Runner runs the test binary of the cell.
type Runner interface {
	// Run runs it with these arguments on so many processors (GOMAXPROCS), 0 for
	// those of the machine, and returns what it wrote to standard output and why it
	// ended otherwise than with status 0. A long output may lack its beginning.
	Run(ctx context.Context, args []string, procs int) (stdout string, status int, failure *cell.Failure)
}

// Options say what is measured and for how long.
type Options struct {
	// Time is how long it may take; a round that began goes on to its end only when
	// it is the first.
	Time time.Duration
	// Count is the number of samples of each benchmark, whatever time that takes; 0
	// leaves it to Time and to what is found.
	Count int
	// Pick picks benchmarks as go test -bench does: expressions that a slash parts, for
	// the names of sub-benchmarks. nil picks all.
	Pick []*regexp.Regexp
	// Processors are the numbers of processors to measure with; 0 is all of the machine.
	Processors []int
	// Functions are the benchmark functions of the cell: "BenchmarkX".
	Functions []string
	// Blocks is the benchmark that holds the cell's labelled blocks, Labels are their
	// names.
	Blocks string
	Labels []string
	// Base is the name of the benchmark to which all others are compared, as it is
	// shown; "" is the first one.
	Base string
	// Written is called with what the program itself writes when each benchmark
	// runs for the first time.
	Written func(stdout string)
	// Progress is called before each sample.
	Progress func(Progress)
}

// Progress is how far it has come.
type Progress struct {
	Results *Results
	Options Options
	Elapsed time.Duration
}

// How long and how often it is measured.
const (
	wantRounds  = 60 // that fit into the time, at least
	leastRounds = 10
	leastEach   = 5 * time.Millisecond
	mostEach    = 100 * time.Millisecond
	narrow      = 0.02 // part of the median that its interval reaches when it is well known
)

// measuring is a measurement under way.
type measuring struct {
	Options
	runner  Runner
	begun   time.Time
	results *Results
}

// Measure runs the benchmarks of a binary. Results are nil when nothing was
// measured. Otherwise there may be both: results until the failure.
func Measure(ctx context.Context, r Runner, o Options) (*Results, *cell.Failure) {
	m := &measuring{Options: o, runner: r, results: &Results{At: time.Now()}}
	found, failure := m.find(ctx)
	if failure != nil {
		return nil, failure
	}
	for _, s := range found {
		for _, procs := range o.Processors {
			if procs == 0 {
				procs = s.Procs
			}
			m.results.Series = append(m.results.Series, &Series{Name: s.Name, Full: s.Full, Block: s.Block, Procs: procs})
		}
	}
	if o.Base != "" && !slices.Contains(m.results.names(), o.Base) {
		return nil, cell.Fail(cell.CommandError, fmt.Sprintf("-base %s: no benchmark of this name is measured; there are %s", o.Base, strings.Join(m.results.names(), ", ")))
	}
	m.begun = time.Now()
	failure = m.rounds(ctx)
	m.results.Elapsed = time.Since(m.begun)
	if m.results.empty() {
		return nil, failure
	}
	return m.results, failure
}

// rounds measures until it is enough.
func (m *measuring) rounds(ctx context.Context) *cell.Failure {
	series := m.results.Series
	m.results.Each = min(max(m.Time/time.Duration(len(series)*wantRounds), leastEach), mostEach)
	for round := 0; ; round++ {
		if enough, why := m.enough(round); enough {
			m.results.Stopped = why
			return nil
		}
		m.results.Rounds = round + 1
		for _, turn := range order(len(series), round) {
			if round > 0 && m.Count == 0 && time.Since(m.begun) >= m.Time {
				m.results.Stopped = TimeOver
				return nil
			}
			if failure := m.sample(ctx, series[turn], round); failure != nil {
				m.results.Stopped = Broken
				if ctx.Err() != nil || failure.Name == cell.Interrupt {
					m.results.Stopped = Interrupted
				}
				return failure
			}
		}
	}
}

// enough tells, after so many rounds, whether to stop.
func (m *measuring) enough(rounds int) (bool, Stopped) {
	switch {
	case rounds == 0:
		return false, 0
	case m.Count > 0:
		return rounds >= m.Count, Counted
	case time.Since(m.begun) >= m.Time:
		return true, TimeOver
	case rounds < leastRounds:
		return false, 0
	}
	for _, s := range m.results.Series {
		if s.median(unitTime).spread() > narrow {
			return false, 0
		}
	}
	return true, Steady
}

// sample adds a sample to a series. One that turns out to have been held up is taken
// once more.
func (m *measuring) sample(ctx context.Context, s *Series, round int) *cell.Failure {
	m.results.Last = m.results.label(s)
	if m.Progress != nil {
		m.Progress(Progress{Results: m.results, Options: m.Options, Elapsed: time.Since(m.begun)})
	}
	taken, failure := m.take(ctx, s, round)
	if failure != nil {
		return failure
	}
	s.Samples = append(s.Samples, taken)
	for i := range s.Samples {
		if old := s.Samples[i]; !old.again && s.heldUp(old) {
			taken, failure := m.take(ctx, s, old.Round)
			if failure != nil {
				return failure
			}
			taken.again = true
			s.Samples[i] = taken
			m.results.Again++
		}
	}
	return nil
}

// heldUp reports whether a sample has so few operations beside the others that the
// machine must have done something else meanwhile: the testing package stops at the
// first operation when that alone takes longer than the sample should.
func (s *Series) heldUp(one Sample) bool {
	const few, others = 50, 3
	var all []int
	for _, other := range s.Samples {
		all = append(all, other.Iterations)
	}
	slices.Sort(all)
	return len(all) > others && one.Iterations*few < all[len(all)/2]
}

// take measures a benchmark once, in a process of its own.
func (m *measuring) take(ctx context.Context, s *Series, round int) (Sample, *cell.Failure) {
	o, failure := m.run(ctx, only(s.Full), m.results.Each.String(), s.Procs)
	if failure != nil {
		return Sample{}, failure
	}
	for _, r := range o.results {
		procs, ok := strip(r.name, s.Full)
		if !ok {
			continue
		}
		s.Procs = procs
		sample := Sample{Round: round, Iterations: r.iterations}
		for _, v := range r.values {
			sample.Values = append(sample.Values, Value{v.Unit, v.Value})
		}
		m.results.Machine.OS, m.results.Machine.Arch, m.results.Machine.CPU = o.config["goos"], o.config["goarch"], o.config["cpu"]
		return sample, nil
	}
	return Sample{}, cell.Fail(cell.CommandError, m.labels([]string{s.Full})+" ended without a result, though it had one when it ran for the first time")
}

// again is how often a run is repeated that ended well though a benchmark in it did
// not: the testing package goes on while a benchmark panics, and may be done before
// the panic has ended the program.
const again = 3

// run runs the benchmarks that a pattern picks.
func (m *measuring) run(ctx context.Context, pattern, each string, procs int) (o output, failure *cell.Failure) {
	for range again {
		o, failure = m.once(ctx, pattern, each, procs)
		if failure != nil || len(o.unfinished()) == 0 {
			break
		}
	}
	return o, failure
}

func (m *measuring) once(ctx context.Context, pattern, each string, procs int) (output, *cell.Failure) {
	stdout, status, failure := m.runner.Run(ctx, []string{
		"-test.run=^$", "-test.bench=" + pattern, "-test.benchtime=" + each, "-test.benchmem", "-test.v", "-test.paniconexit0",
	}, procs)
	o := parseOutput(stdout)
	if status == 1 && len(o.failed) > 0 {
		return o, m.failed(o)
	}
	return o, failure
}

// unfinished are the benchmarks that began and of which nothing more was heard.
func (o output) unfinished() (names []string) {
	over := func(name string) bool {
		for _, r := range o.results {
			if _, ok := strip(r.name, name); ok {
				return true
			}
		}
		for _, f := range append(slices.Clone(o.failed), o.skipped...) {
			if f.name == name {
				return true
			}
		}
		for _, below := range o.started {
			if strings.HasPrefix(below, name+"/") {
				return true
			}
		}
		return false
	}
	for _, name := range o.started {
		if !over(name) {
			names = append(names, name)
		}
	}
	return names
}

// strip takes the number of processors from a name in the output.
func strip(written, name string) (procs int, ok bool) {
	rest, ok := strings.CutPrefix(written, name)
	if !ok {
		return 0, false
	}
	if rest == "" {
		return 1, true
	}
	procs, err := strconv.Atoi(strings.TrimPrefix(rest, "-"))
	return procs, err == nil && rest == "-"+strconv.Itoa(procs)
}

// only is the pattern that picks one benchmark.
func only(full string) string {
	parts := strings.Split(full, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// failed is the failure of the first benchmark that failed.
func (m *measuring) failed(o output) *cell.Failure {
	first := o.failed[0]
	var lines []string
	for line := range strings.Lines(first.log) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	const most = 30
	if len(lines) > most {
		lines = append([]string{fmt.Sprintf("    … %d lines …", len(lines)-most)}, lines[len(lines)-most:]...)
	}
	if strings.Contains(first.log, "returned without B.Loop() == false") {
		lines = append(lines, "    Its loop was left by break, return or goto. Each round of the loop is one operation to be measured, and the loop itself ends it.")
	}
	var others []string
	for _, f := range o.failed[1:] {
		// The benchmark around a sub-benchmark fails with it.
		if !slices.Contains(others, f.name) && !strings.HasPrefix(first.name, f.name+"/") {
			others = append(others, f.name)
		}
	}
	if len(others) > 0 {
		lines = append(lines, "Others failed too: "+m.labels(others))
	}
	name, _ := m.label(first.name)
	return cell.Fail(cell.CommandError, name+" failed", lines...)
}

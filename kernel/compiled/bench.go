package compiled

import (
	"debug/buildinfo"
	"flag"
	"fmt"
	"go/token"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/bench"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// processors is how many goroutines can run at once in a process that has no
// other limit: what the runtime found at the start, before a cell could change it.
var processors = func() int {
	if os.Getenv("GOMAXPROCS") != "" {
		return runtime.NumCPU()
	}
	return runtime.GOMAXPROCS(0)
}()

// benchSettings are what a line with %%bench says besides what all commands have
// in common.
type benchSettings struct {
	*settings
	bench.Options
	parallel      bool
	save, against string
	file          string
}

// Bench is %%bench: it measures the benchmark functions and the labelled blocks of
// the cell.
func (s *Cells) Bench(c *Call) cell.Outcome {
	set, bad := c.benchSettings()
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	before, bad := s.before(c, set)
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	marks := benchmarks{parallel: set.parallel}
	p, bad := s.program(c, program.Options{Test: true, Body: marks.write})
	if bad != nil {
		return cell.Outcome{Failure: c.labelled(bad)}
	}
	binary, bad := s.build(c, set.settings, p, func(b *toolchain.Build) { b.Test = true })
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	set.Functions, set.Blocks, set.Labels = marks.functions, marks.holder, marks.labels
	return cell.Outcome{Failure: s.measure(c, set, binary, before)}
}

// labelled adds how blocks are written to an error in a line that may be meant as one.
func (c *Call) labelled(bad *cell.Failure) *cell.Failure {
	add := func(line string) { bad.Traceback = append(bad.Traceback, "    "+line) }
	m := regexp.MustCompile(`^[^:]*:(\d+)`).FindStringSubmatch(bad.Message)
	if bad.Name != cell.CompileError || m == nil {
		if strings.Contains(bad.Message, "no Go code") {
			bad.Traceback = append(bad.Traceback, bench.Example...)
		}
		return bad
	}
	n, _ := strconv.Atoi(m[1])
	line := c.Cell.Line(n)
	noColon := regexp.MustCompile(`^\s*([\pL_][\pL\d_]*)\s*\{`)
	noLabel := regexp.MustCompile(`^\s*([^:={}()]*?)\s*:\s*\{`)
	if m := noColon.FindStringSubmatch(line); m != nil && token.IsIdentifier(m[1]) {
		add(fmt.Sprintf("a block to be measured has a colon after its name: %s: { … }", m[1]))
	} else if m := noLabel.FindStringSubmatch(line); m != nil && !token.IsIdentifier(m[1]) && m[1] != "default" && !strings.HasPrefix(m[1], "case ") {
		add("the name of a block is one as Go has them, of letters, digits and _, such as my_block: { … }")
	}
	return bad
}

// measure runs the benchmarks and shows what came of it.
func (s *Cells) measure(c *Call, set *benchSettings, binary *toolchain.Binary, before *bench.Results) *cell.Failure {
	display := &progress{out: c.Out}
	shown := time.Time{}
	set.Progress = func(p bench.Progress) {
		if time.Since(shown) >= time.Second/10 {
			display.show(cell.Display{Data: p.View()})
			shown = time.Now()
		}
	}
	runner := &benchRunner{cells: s, call: c, set: set.settings, binary: binary, begun: time.Now()}
	set.Written = runner.written
	results, bad := bench.Measure(c.Ctx, runner, set.Options)
	if results == nil {
		if display.id != "" {
			display.show(cell.Display{Data: cell.Text("nothing was measured")})
		}
		return bad
	}
	results.Cell, results.Parallel = c.Cell.Name(), set.parallel
	results.Machine.Processors = processors
	if info, err := buildinfo.ReadFile(binary.Path); err == nil {
		results.Machine.Go = info.GoVersion
	}
	what := bench.Shown{Base: set.Base, Before: before, Name: set.against}
	if bad == nil {
		what.Notes, bad = s.saveBench(c, set, results)
	}
	display.end(results.View(what), nil)
	return bad
}

// saveBench keeps results as the line says.
func (s *Cells) saveBench(c *Call, set *benchSettings, r *bench.Results) (notes []string, bad *cell.Failure) {
	if set.save != "" {
		s.benched.Keep(set.save, r)
		notes = append(notes, fmt.Sprintf("Kept as %s: a later cell is compared with it by %%%%bench -against %s.", set.save, set.save))
	}
	if set.file == "" {
		return notes, nil
	}
	f, err := os.Create(set.file)
	if err == nil {
		err = r.Write(f)
		if closed := f.Close(); err == nil {
			err = closed
		}
	}
	if err != nil {
		return notes, c.fail("-o: the results could not be written: %v", err)
	}
	return append(notes, fmt.Sprintf("Written to %s in the format of go test -bench, for benchstat and for -against.", set.file)), nil
}

// before finds the results with which the cell is to be compared: those that were
// kept under the name, or else those in a file.
func (s *Cells) before(c *Call, set *benchSettings) (*bench.Results, *cell.Failure) {
	if set.against == "" {
		return nil, nil
	}
	if r := s.benched.Get(set.against); r != nil {
		return r, nil
	}
	f, err := os.Open(set.against)
	if os.IsNotExist(err) {
		return nil, c.fail("-against %s: there is neither a file of this name nor are there results that were kept under it by -save; %s",
			set.against, s.kepts())
	}
	if err != nil {
		return nil, c.fail("-against: %v", err)
	}
	defer f.Close()
	r, err := bench.Read(f, set.against)
	if err != nil {
		return nil, c.fail("-against: %v", err)
	}
	return r, nil
}

// kepts says what can be compared with.
func (s *Cells) kepts() string {
	if names := s.benched.Names(); names != "" {
		return "kept are " + names
	}
	return "none are kept (the session keeps them until it is started again; -o writes them to a file)"
}

// benchSettings reads the line.
func (c *Call) benchSettings() (*benchSettings, *cell.Failure) {
	var set benchSettings
	var pick, cpu string
	common, bad := c.settings(func(f *flag.FlagSet) {
		f.DurationVar(&set.Time, "time", 10*time.Second, "measure for this `time` at most, such as 1m")
		f.IntVar(&set.Count, "count", 0, "take `N` samples of each benchmark, however long that takes")
		f.StringVar(&pick, "run", "", "measure only benchmarks that this `regexp` picks, as go test -bench does")
		f.StringVar(&cpu, "cpu", "", "measure with each of these `numbers` of processors (GOMAXPROCS), such as 1,2,4")
		f.BoolVar(&set.parallel, "parallel", false, "run each block on all processors at once")
		f.StringVar(&set.Base, "base", "", "give ratios to the benchmark with this `name`; otherwise to the first one")
		f.StringVar(&set.save, "save", "", "keep the results under this `name`")
		f.StringVar(&set.against, "against", "", "compare with results kept under this `name`, or in a file of this name")
		f.StringVar(&set.file, "o", "", "write all samples to this `file`, in the format of go test -bench")
	})
	if bad != nil {
		return nil, bad
	}
	set.settings = common
	switch {
	case set.Time <= 0:
		return nil, c.fail("-time %v: a time is positive", set.Time)
	case set.Count < 0 || set.Count > mostSamples:
		return nil, c.fail("-count %d: a number of samples is from 1 to %d", set.Count, mostSamples)
	case cpu != "" && set.procs > 0:
		return nil, c.fail("-p and -cpu both say how many processors to use; -cpu %d is the same as -p %d", set.procs, set.procs)
	}
	if pick != "" {
		for part := range strings.SplitSeq(pick, "/") {
			r, err := regexp.Compile(part)
			if err != nil {
				return nil, c.fail("-run %s: %v", pick, err)
			}
			set.Pick = append(set.Pick, r)
		}
	}
	set.Processors = []int{set.procs}
	if cpu != "" {
		set.Processors, bad = c.processorNumbers(cpu)
	}
	return &set, bad
}

// Bounds of what is measured.
const (
	mostSamples    = 1000
	mostProcessors = 1024
)

// processorNumbers reads the numbers of -cpu.
func (c *Call) processorNumbers(list string) ([]int, *cell.Failure) {
	var all []int
	seen := map[int]bool{}
	for word := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 || n > mostProcessors {
			return nil, c.fail("-cpu %s: %q is no number of processors; it takes numbers from 1 to %d, such as 1,2,4", list, word, mostProcessors)
		}
		if !seen[n] {
			seen[n] = true
			all = append(all, n)
		}
	}
	return all, nil
}

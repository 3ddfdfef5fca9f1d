package compiled

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/race"
	"github.com/chanbook/chanbook/kernel/testrun"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// testFailure is the name of the failure of a cell whose tests fail.
const testFailure = "test"

// Test is %%test: it runs the cell's test functions.
func (s *Cells) Test(c *Call) cell.Outcome {
	t := &tests{Cells: s, call: c}
	if bad := t.read(); bad != nil {
		return cell.Outcome{Failure: bad}
	}
	p, bad := s.program(c, program.Options{Test: true, Tags: t.tags()})
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	if bad := t.find(p); bad != nil {
		return cell.Outcome{Failure: bad}
	}
	binary, bad := s.build(c, t.set, p, func(b *toolchain.Build) {
		b.Test, b.Race, b.Fuzz = true, t.race, t.fuzz != ""
		if t.race && len(b.GCFlags) == 0 {
			b.GCFlags = []string{"-l"} // of inlined calls the detector would not know the callers
		}
	})
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	dir, remove, err := s.toolchain.Scratch()
	if err != nil {
		return cell.Outcome{Failure: failure(err)}
	}
	defer remove()
	t.dir = dir
	return cell.Outcome{Failure: t.run(p, binary)}
}

// tests are the tests of one call.
type tests struct {
	*Cells
	call *Call
	set  *settings

	pattern  string // of -run
	fuzz     string // the fuzz test to fuzz, or ""
	fuzzTime string
	count    int
	race     bool
	verbose  bool
	short    bool

	detector detector // of races
	names    []string // the functions that should run
	dir      string   // for the files of this run
}

// tags are the build tags that the program is made for, besides those of -tags.
func (t *tests) tags() []string {
	if t.race {
		return []string{"race"}
	}
	return nil
}

// isFuzzTime reports whether -fuzztime takes it: a time or a number of inputs.
func isFuzzTime(s string) bool {
	if n, ok := strings.CutSuffix(s, "x"); ok {
		count, err := strconv.Atoi(n)
		return err == nil && count > 0
	}
	d, err := time.ParseDuration(s)
	return err == nil && d > 0
}

// read reads the command's line.
func (t *tests) read() (bad *cell.Failure) {
	c := t.call
	t.set, bad = c.settings(func(f *flag.FlagSet) {
		f.StringVar(&t.pattern, "run", "", "run only the tests whose names match this `expression`")
		f.BoolVar(&t.race, "race", false, "look for data races")
		f.IntVar(&t.count, "count", 1, "run each test `N` times")
		f.BoolVar(&t.verbose, "v", false, "show also what tests logged that did not fail")
		f.BoolVar(&t.short, "short", false, "tell long tests to be short")
		f.StringVar(&t.fuzz, "fuzz", "", "look for an input with which the fuzz test of this `name` fails")
		f.StringVar(&t.fuzzTime, "fuzztime", "5s", "look for this `time`, or for a number of inputs such as 1000x")
	})
	switch {
	case bad != nil:
		return bad
	case t.count < 1:
		return c.fail("-count %d: a test runs at least once", t.count)
	case !isFuzzTime(t.fuzzTime):
		return c.fail("-fuzztime %s: that is a time such as 5s, or a number of inputs such as 1000x", t.fuzzTime)
	}
	var err error
	if t.detector, err = newDetector(raceSettings(t.set.env)); err != nil && t.race {
		return c.fail("%v", err)
	}
	return nil
}

// noTests is said of a cell without tests.
const noTests = `the cell has no test function. A test is such as

    func TestAdd(t *testing.T) {
        if got := add(1, 2); got != 3 {
            t.Errorf("add(1, 2) = %d, want 3", got)
        }
    }

and so are func Example() with an // Output: comment, and func FuzzAdd(f *testing.F)`

// find finds the functions that should run.
func (t *tests) find(p *program.Program) *cell.Failure {
	var texts []string
	for _, f := range p.Files {
		texts = append(texts, f.Text)
	}
	found := testrun.Find(texts...)
	all, _ := found.Run("")
	switch {
	case len(all) == 0 && len(found.Benchmarks) > 0:
		return t.call.fail("the cell has benchmarks but no tests; %%%%bench measures benchmarks")
	case len(all) == 0:
		return t.call.fail("%s", noTests)
	case t.fuzz != "" && !slices.Contains(found.Fuzz, t.fuzz):
		if len(found.Fuzz) == 0 {
			return t.call.fail("-fuzz %s: the cell has no fuzz test, which is such as func FuzzAdd(f *testing.F)", t.fuzz)
		}
		return t.call.fail("-fuzz %s: the cell has no such fuzz test, but %s", t.fuzz, strings.Join(found.Fuzz, ", "))
	}
	names, err := found.Run(t.pattern)
	if err != nil {
		return t.call.fail("-run %s: %v", t.pattern, err)
	}
	if len(names) == 0 {
		return t.call.fail("-run %s: no test has such a name; there is %s", t.pattern, strings.Join(all, ", "))
	}
	t.names = names
	return nil
}

// arguments are those of the test binary.
func (t *tests) arguments() []string {
	args := []string{"-test.v=test2json", "-test.paniconexit0", fmt.Sprintf("-test.count=%d", t.count)}
	if t.pattern != "" {
		args = append(args, "-test.run="+t.pattern)
	}
	if t.short {
		args = append(args, "-test.short")
	}
	if t.fuzz != "" {
		args = append(args, "-test.fuzz=^"+regexp.QuoteMeta(t.fuzz)+"$", "-test.fuzztime="+t.fuzzTime,
			"-test.fuzzminimizetime="+t.fuzzTime, "-test.fuzzcachedir="+filepath.Join(t.dir, "cache"))
	}
	return append(args, t.set.args...)
}

// run runs the tests and shows how they went.
func (t *tests) run(p *program.Program, binary *toolchain.Binary) *cell.Failure {
	out := newTestOutput(t.call.Out, t.verbose)
	call := *t.call
	call.Out = out
	result := t.Cells.run(&call, t.set, binary, func(r *toolchain.Run) {
		r.Args = t.arguments()
		if t.fuzz != "" {
			r.Dir = t.dir // where it leaves the failing input
		}
		if t.race {
			// The tests have waited for what they began, as before a second run.
			r.Env = append(r.Env, t.detector.env(filepath.Join(t.dir, racePrefix), 2))
		}
	})
	log := &race.Log{}
	if t.race {
		var err error
		if log, err = readRaces(filepath.Join(t.dir, racePrefix)); err != nil {
			return t.call.fail("the report of the race detector cannot be read: %v", err)
		}
		result.Failure = t.detector.failure(t.call, result, log)
	}
	report := out.report()
	view := testrun.View{Verbose: t.verbose, Source: t.source(t.call), NotRun: testrun.Missing(t.names, report), Fuzz: t.fuzz}
	if path := report.Fuzz.Crasher; path != "" {
		view.Found = t.input(path, p)
	}
	out.show(view.Bundle(report))
	t.showRaces(p, log)
	return t.failed(result, report, view, len(log.Reports))
}

// racePrefix is the beginning of the names of the files with the detector's reports.
const racePrefix = "race"

// failed says why the cell fails, if it does: the program's own failure before that
// of tests, because it is the cause.
func (t *tests) failed(result toolchain.Result, report testrun.Report, view testrun.View, races int) *cell.Failure {
	_, failures := report.Count()
	byTests := result.Signal == nil && result.Status == 1 && failures > 0 // as package testing ends
	switch {
	case result.Failure != nil && !byTests:
		return result.Failure
	case failures > 0:
		return cell.Fail(testFailure, view.Summary(report), view.Reasons(report)...)
	case races > 0:
		return cell.Fail(testFailure, "all tests passed, but there are data races")
	}
	return nil
}

// input is the failing input at a path, as the call that adds it to the examples of
// the fuzz test.
func (t *tests) input(path string, p *program.Program) string {
	text, err := os.ReadFile(filepath.Join(t.dir, filepath.FromSlash(path)))
	if err != nil {
		return ""
	}
	values, err := testrun.Input(string(text))
	if err != nil {
		return ""
	}
	variable := "f"
	for _, f := range p.Files {
		if m := regexp.MustCompile(`func\s+` + regexp.QuoteMeta(t.fuzz) + `\s*\(\s*(\w+)\s`).FindStringSubmatch(f.Text); m != nil {
			variable = m[1]
		}
	}
	return testrun.Add(variable, values)
}

package testrun

import (
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Report is what is known of the tests of one run.
type Report struct {
	Tests []*Test // subtests follow the test that they belong to
	Fuzz  Fuzzing
}

// A Test is one test, subtest, example or fuzz test. With -count it may have run
// several times.
type Test struct {
	Name   string // "TestSum/two"
	Label  string // its name without that of the test that it belongs to: "two"
	Depth  int    // 0 for a function of the cell, 1 for its subtests
	Runs   int
	Passed int
	Failed int
	// Skipped are the runs that the test itself gave up.
	Skipped int
	Seconds float64 // of all runs, by the clock of the test
	Log     []Line  // what it logged and why it failed
	More    int     // how many lines of its log were not kept
	dropped int     // how many of these were of the latest run
}

// A Line is one thing that a test logged.
type Line struct {
	Pos  cell.Pos // where, if it is known, with the file's name as the test binary gives it
	Text string   // may have several lines
	Run  int      // the run of the test, from 1
}

// Fuzzing is what fuzzing has found.
type Fuzzing struct {
	Last    string // the latest line about its progress
	Seed    string // the example that failed before fuzzing began: "FuzzSum/seed#0"
	Crasher string // the path of the failing input, relative to the test's folder
}

// Ended reports whether all runs have a result.
func (t *Test) Ended() bool { return t.Passed+t.Failed+t.Skipped >= t.Runs }

// Count counts the functions that ran, and those of them that failed at least once.
func (r Report) Count() (ran, failed int) {
	for _, t := range r.Tests {
		if t.Depth > 0 {
			continue
		}
		ran++
		if t.Failed > 0 {
			failed++
		}
	}
	return ran, failed
}

// tree puts the subtests behind the tests that they belong to, each in the order in
// which they began. The name alone does not tell: a subtest may be called "a/b".
func tree(tests []*Test) []*Test {
	byName := map[string]*Test{}
	for _, t := range tests {
		byName[t.Name] = t
	}
	children := map[*Test][]*Test{}
	var roots []*Test
	for _, t := range tests {
		t.Label = t.Name
		if p := parent(byName, t.Name); p != nil {
			t.Label = t.Name[len(p.Name)+1:]
			children[p] = append(children[p], t)
		} else {
			roots = append(roots, t)
		}
	}
	var out []*Test
	type level struct {
		tests []*Test
		depth int
	}
	for stack := []level{{roots, 0}}; len(stack) > 0; {
		top := &stack[len(stack)-1]
		if len(top.tests) == 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		t := top.tests[0]
		top.tests = top.tests[1:]
		t.Depth = top.depth
		out = append(out, t)
		if c := children[t]; len(c) > 0 {
			stack = append(stack, level{c, t.Depth + 1})
		}
	}
	return slices.Clip(out)
}

// parent is the test with the longest name that is the beginning of a subtest's.
func parent(tests map[string]*Test, name string) *Test {
	for {
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			return nil
		}
		name = name[:i]
		if t := tests[name]; t != nil {
			return t
		}
	}
}

package referee

import (
	"fmt"
	"go/build"
	"go/build/constraint"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	// programTime is what a program has.
	programTime = 10 * time.Second
	// hopelessTime is what a program has that is listed as out of time. One
	// that has become quick passes in it; one that has not costs the test less.
	hopelessTime = 2 * time.Second
	// lonelyTime is what a program has at its second run, by itself, after it
	// ran out of time beside others: a loaded machine is no fault. With -update
	// it may then use no more than programTime of the processor.
	lonelyTime = 12 * programTime
)

// corpusFolders are the folders of GOROOT/test that the referee reads.
var corpusFolders = []string{".", "ken", "chan", "interface", "typeparam", "fixedbugs"}

// A program is one file of GOROOT/test.
type program struct {
	name string // as in fixedbugs/issue4620.go
	text string
	want string // combined output
}

// TestGoroot runs GOROOT/test. Without -update it compares with the list.
func TestGoroot(t *testing.T) {
	root := goEnv(t, "GOROOT")
	programs, elsewhere := corpus(t, root)
	old, err := readList(listFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	bin := needChanbook(t)
	c := &court{bin: bin, root: root, importcfg: importcfg(t), old: old, results: map[string]result{}}
	t.Cleanup(func() {
		if *update {
			c.write(t, programs, elsewhere)
		} else {
			c.conclude(t, len(programs))
		}
	})
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			c.try(t, p)
		})
	}
}

// corpus reads the programs that the distribution itself would run on this
// platform, and the names of those marked "// run" that it would not.
func corpus(t *testing.T, root string) (programs []program, elsewhere []string) {
	t.Helper()
	top := filepath.Join(root, "test")
	if _, err := os.Stat(filepath.Join(top, "fixedbugs")); err != nil {
		missing(t, "this Go installation has no folder "+top+": install Go from its own archive, which has it")
	}
	for _, folder := range corpusFolders {
		paths, err := filepath.Glob(filepath.Join(top, folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name, _ := filepath.Rel(top, path)
			name = filepath.ToSlash(name)
			marked, here := header(string(text))
			switch {
			case marked && here:
				want, err := os.ReadFile(strings.TrimSuffix(path, ".go") + ".out")
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				programs = append(programs, program{name, string(text), string(want)})
			case marked:
				elsewhere = append(elsewhere, name)
			}
		}
	}
	return programs, elsewhere
}

// header reports whether a file is marked as a program to run without flags,
// and whether its build line admits this platform.
func header(text string) (marked, here bool) {
	here = true
	for i, line := range strings.SplitN(text, "\n", 21) {
		line = strings.TrimSpace(line)
		if line == "// run" && i < 10 {
			marked = true
		}
		if constraint.IsGoBuild(line) && i < 20 {
			if expr, err := constraint.Parse(line); err == nil {
				here = expr.Eval(admits)
			}
		}
	}
	return marked, here
}

// admits reports whether a build tag holds, as the distribution's own test
// driver has it.
func admits(tag string) bool {
	switch tag {
	case runtime.GOOS, runtime.GOARCH, "gc", "cgo", "test_run":
		return true
	}
	return slices.Contains(build.Default.ReleaseTags, tag) || slices.Contains(build.Default.ToolTags, tag)
}

// A result is the outcome of one program.
type result struct {
	pass     bool
	cause    string // one of the causes
	about    string // in words, of the hand-made table
	evidence string // exit status and first difference
}

// A court runs programs and compares with the list.
type court struct {
	bin       string
	root      string
	importcfg string
	old       list

	alone   sync.RWMutex // held for writing by a program that runs by itself
	mu      sync.Mutex
	results map[string]result
}

// try runs one program and complains when it changed sides.
func (c *court) try(t *testing.T, p program) {
	before, known := c.old.results[p.name]
	limit := programTime
	if !*update && known && strings.HasPrefix(before.evidence, outOfTime) {
		limit = hopelessTime
	}
	e := c.run(t, p, limit)
	if e.killed == outOfTime && limit == programTime {
		e = c.runAlone(t, p)
	}
	r := c.judge(p, e)
	c.mu.Lock()
	c.results[p.name] = r
	c.mu.Unlock()
	if !r.pass {
		t.Logf("%s\n%s", r.cause, r.evidence)
		t.Logf("chanbook eval said:\n%s", anonymous(e.stdout, c.places()...))
	}
	_, shaky := unsteady[p.name]
	switch {
	case *update || shaky:
	case !known:
		if c.old.toolchain == runtime.Version() {
			t.Errorf("%s is not in %s: run with -update", p.name, listFile)
		}
	case before.pass && !r.pass:
		t.Errorf("%s passed, and fails now: %s", p.name, r.evidence)
	case !before.pass && r.pass:
		t.Errorf("%s is listed as failing, and passes now: run with -update (the number only rises)", p.name)
	}
}

func (c *court) run(t *testing.T, p program, limit time.Duration) ending {
	c.alone.RLock()
	defer c.alone.RUnlock()
	return run(t, c.job(p, limit))
}

func (c *court) runAlone(t *testing.T, p program) ending {
	c.alone.Lock()
	defer c.alone.Unlock()
	j := c.job(p, lonelyTime)
	if *update {
		j.cpu = programTime
	}
	return run(t, j)
}

// job is how the distribution's own driver runs a program, but for "eval": in
// GOROOT/test, with the compiled packages of the standard library listed for
// those that call the compiler themselves.
func (c *court) job(p program, limit time.Duration) job {
	return job{
		argv:  []string{c.bin, "eval", filepath.FromSlash(p.name)},
		dir:   filepath.Join(c.root, "test"),
		env:   []string{"STDLIB_IMPORTCFG=" + c.importcfg},
		limit: limit,
		merge: true,
	}
}

// importcfg writes the file that tells the compiler where the packages are that
// chanbook has been built of. Its programs need no others.
func importcfg(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", "{{if and .Standard .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}", "github.com/chanbook/chanbook/cmd/chanbook")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list -export: %v", err)
	}
	file := filepath.Join(workDir, "importcfg")
	if err := os.WriteFile(file, out, 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// judge decides as the distribution's own driver does: exit status 0 and the
// expected output.
func (c *court) judge(p program, e ending) result {
	got := strings.ReplaceAll(e.stdout, "\r\n", "\n")
	if e.status == 0 && got == p.want {
		return result{pass: true}
	}
	got = anonymous(got, c.places()...)
	var facts []string
	switch {
	case e.killed != "":
		facts = append(facts, e.killed)
	case e.status != 0:
		facts = append(facts, fmt.Sprintf("exit status %d", e.status))
	}
	if d := firstDifference(p.want, got); d != "" {
		facts = append(facts, d)
	}
	r := result{evidence: strings.Join(facts, "; ")}
	r.cause, r.about = causeOf(p, e.killed, got)
	return r
}

func (c *court) places() []place {
	here, _ := filepath.Abs("../..")
	return []place{{c.root, "GOROOT"}, {here, "CHANBOOK"}, {build.Default.GOPATH, "GOPATH"}, {workDir, "TMP"}, {os.TempDir(), "TMP"}}
}

// conclude compares the share of all programs, when all were run.
func (c *court) conclude(t *testing.T, programs int) {
	if len(c.results) < programs {
		return
	}
	now := c.tally()
	t.Logf("%s; the list has %s", now, c.old.tally)
	if c.old.toolchain != runtime.Version() || c.old.platform != platform() {
		t.Logf("the list was made by %s on %s", c.old.toolchain, c.old.platform)
		return
	}
	if now.passing+len(unsteady) < c.old.tally.passing {
		t.Errorf("%s, fewer than the %d of the list", now, c.old.tally.passing)
	}
}

// tally counts. An unsteady program counts as failing.
func (c *court) tally() tally {
	n := tally{programs: len(c.results)}
	for name, r := range c.results {
		if _, shaky := unsteady[name]; r.pass && !shaky {
			n.passing++
		}
	}
	return n
}

func platform() string { return runtime.GOOS + "/" + runtime.GOARCH }

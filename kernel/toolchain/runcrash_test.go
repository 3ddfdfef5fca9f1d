//go:build unix

package toolchain

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

var update = flag.Bool("update", false, "write the golden files of testdata")

// sourceOf gives the text of In[3] from a program of testdata/run: what follows its
// //line directive.
func sourceOf(t testing.TB, name string) func(string) (cell.Source, bool) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/run", name+".go"))
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(text), "//line In[3]:1\n")
	return func(name string) (cell.Source, bool) {
		return cell.Source{Number: 3, Text: code}, name == "In[3]" || name == program.Self
	}
}

// crash runs a program that fails.
func crash(t *testing.T, p *page, r Run, name string, args ...string) Result {
	t.Helper()
	tc := New(Options{})
	defer tc.Close()
	r.Path, r.Args, r.Source = builtProgram(t, name), args, sourceOf(t, name)
	result := tc.Run(t.Context(), r, p)
	if result.Failure == nil {
		t.Fatalf("%v did not fail; stdout %q, stderr %q", args, p.stdout(), p.stderr())
	}
	return result
}

// The report of a crash is shown as the error, in lines of the cell, and not as
// output.
func TestRunCrashes(t *testing.T) {
	for _, test := range []struct {
		args   []string
		name   string
		stderr string
		report string // a pattern
	}{
		{[]string{"panic", "boom"}, cell.Panic, "", `^panic: boom\n\ngoroutine 1 \(main\):\n    In\[3\]:\d+ in a function literal: "panic": func\(\) \{ panic\(os.Args\[2\]\) \},\n    In\[3\]:8 in main: what\(\)$`},
		{[]string{"panic-in-goroutine"}, cell.Panic, "panic: not yet\n",
			`^panic: runtime error: index out of range \[7\] with length 3\n\n` +
				`goroutine \d+ \(worker\), started at In\[3\]:\d+:\n` +
				`    In\[3\]:\d+ in fail: func fail\(list \[\]int, at int\) \{ fmt.Println\(list\[at\]\) \}\n` +
				`    In\[3\]:\d+ in worker: fail\(make\(\[\]int, n\), 7\)\n\n` +
				`Other goroutines:\n` +
				`  goroutine 1 \[chan receive\] \(main\)\n` +
				`    In\[3\]:\d+ in a function literal: <-stop\n` +
				`  5 goroutines \(\d+.*\) \[chan receive\] \(parked\), started at In\[3\]:\d+\n` +
				`    In\[3\]:\d+ in parked: func parked\(stop chan bool\) \{ <-stop \}$`},
		{[]string{"nil"}, cell.Panic, "", `^panic: runtime error: invalid memory address or nil pointer dereference\n\[signal SIGSEGV: .*\]\n\(a pointer.*\)\n\ngoroutine 1 \(main\):\n.* in a function literal: p.n = 1\n`},
		{[]string{"error"}, cell.Panic, "", `^panic: two\n\tlines\n\ngoroutine 1`},
		{[]string{"nested"}, cell.Panic, "", `^panic: first \[recovered\]\n\tpanic: again: first\n\ngoroutine 1`},
		{[]string{"deadlock"}, cell.Deadlock, "", `^fatal error: all goroutines are asleep - deadlock!\n\(.*\)\n\nGoroutines:\n  goroutine 1 \[chan receive\] \(main\)\n.*<-make\(chan int\)\n` +
			`  goroutine \d+ \[sync.Mutex.Lock\] \(a function literal\), started at In\[3\]:\d+\n.*mu.Lock\(\)`},
		{[]string{"overflow"}, cell.FatalError, "", `^fatal error: stack overflow\nruntime: goroutine stack exceeds \d+-byte limit\n\(.*\)\n\ngoroutine 1 \(main\):\n    In\[3\]:\d+ in recursion: .* \(\d+ times and more\)\n`},
		{[]string{"map"}, cell.FatalError, "", `^fatal error: concurrent map writes\n\(.*\)\n\ngoroutine \d+ \(a function literal\), started at In\[3\]:\d+:\n.*: m\[i%100\] = i`},
		{[]string{"fatal"}, cell.Exit, "cannot go on\n", `^exit: exit status 1$`},
		{[]string{"exit", "2"}, cell.Exit, "", `^exit: exit status 2$`},
		{[]string{"kill", "9"}, cell.Killed, "", `^killed: the program was killed \(SIGKILL\)`},
		{[]string{"kill", "15"}, cell.Killed, "", `^killed: the program was ended by the signal SIGTERM \(terminated\)$`},
		{[]string{"kill", "3"}, cell.Killed, "", `^killed: the program got the signal SIGQUIT \(quit\)\n\nGoroutines:\n  goroutine 1 \[`},
	} {
		t.Run(test.args[0], func(t *testing.T) {
			p := newPage()
			f := crash(t, p, Run{}, "plain", test.args...).Failure
			stderr := p.stderr()
			if test.args[0] == "fatal" { // with the time
				stderr = regexp.MustCompile(`(?m)^\d.*:\d\d `).ReplaceAllString(stderr, "")
			}
			report := strings.Join(f.Traceback, "\n")
			if f.Name != test.name || stderr != test.stderr || !regexp.MustCompile(test.report).MatchString(report) {
				t.Errorf("%s, stderr %q, report\n%s\nwant %s, %q and\n%s", f.Name, stderr, report, test.name, test.stderr, test.report)
			}
		})
	}
}

// Text that looks like a report is shown when it is none.
func TestRunPretended(t *testing.T) {
	trace := "panic: fake\n\ngoroutine 1 [running]:\nmain.main()\n\t/x/main.go:3 +0x1\n"
	for _, text := range []string{
		"panic: hello\n", "panic: no line end", "goroutine 1 [running]:\nmain.main()\n", "pan", "SIG", "SIGNAL lost\n", "SIGQUIT: quit\n",
		"a\nfatal error: b\nc\n", "runtime: x\n\npanic: y [recovered]\n", "g", "ordinary\npanicky\n", trace, trace + trace,
		trace + strings.Repeat("a line of a log\n", 10), "panic: a\npanic: b\nc\nd\ne\nf\n",
	} {
		for _, status := range []string{"1", "0"} {
			p := newPage()
			r := play(t, "plain", p, "pretend", text, "0", status)
			if got := p.stderr(); got != text+"after\n" || r.Status != int(status[0]-'0') || status == "1" && r.Failure.Name != cell.Exit {
				t.Errorf("%q shows as %q; %+v", text, got, r)
			}
		}
	}
	// It is shown while the program goes on.
	for _, text := range []string{"pan", "panic: hello\n", "fatal error: a\nb\n"} {
		p := newPage()
		p.onOutput = func(o cell.Output) {
			if s, ok := o.(cell.Stream); ok && s.Name == cell.Stdout && !strings.HasPrefix(p.stderr(), text) {
				t.Errorf("of %q was shown %q", text, p.stderr())
			}
		}
		play(t, "plain", p, "pretend", text, "1500", "0")
	}
}

// A report that came after something like one is told from it.
func TestRunRealAfterPretended(t *testing.T) {
	p := newPage()
	f := crash(t, p, Run{}, "shows", "panicky").Failure
	if f.Name != cell.Panic || f.Message != "real" || p.stderr() != "panic: of no meaning\n" {
		t.Errorf("%+v, stderr %q", f, p.stderr())
	}
	if got := strings.Join(p.shown(), "|"); got != "display first|stderr panic: of no meaning\n|display second" {
		t.Errorf("shown is %q", got)
	}
}

// The connection to the notebook hides no deadlock.
func TestRunDeadlockWithDisplays(t *testing.T) {
	p := newPage()
	if f := crash(t, p, Run{}, "shows", "deadlock").Failure; f.Name != cell.Deadlock {
		t.Errorf("%+v", f)
	}
}

// What the person says of GOTRACEBACK holds.
func TestRunTraceback(t *testing.T) {
	p := newPage()
	f := crash(t, p, Run{Env: []string{"GOTRACEBACK=none"}}, "plain", "panic", "boom").Failure
	if f.Name != cell.Panic || len(f.Traceback) != 1 || p.stderr() != "" {
		t.Errorf("%q, stderr %q", f.Traceback, p.stderr())
	}
	f = crash(t, newPage(), Run{Env: []string{"GOTRACEBACK=single"}}, "plain", "panic-in-goroutine").Failure
	if strings.Contains(strings.Join(f.Traceback, "\n"), "Other goroutines") {
		t.Errorf("%q", f.Traceback)
	}
}

// Displays that are under way do not tear a report apart.
func TestRunPanicAmongDisplays(t *testing.T) {
	for range 10 {
		p := newPage()
		f := crash(t, p, Run{}, "shows", "panic-among-displays").Failure
		if f.Name != cell.Panic || f.Message != "among displays" || p.stderr() != "" {
			t.Fatalf("%v, stderr %q", f, p.stderr())
		}
	}
}

// A slow front end does not either.
func TestRunPanicInAFlood(t *testing.T) {
	p := newPage()
	p.onOutput = func(o cell.Output) {
		if o.(cell.Stream).Name == cell.Stdout {
			time.Sleep(100 * time.Millisecond)
		}
	}
	f := crash(t, p, Run{}, "plain", "flood-and-panic").Failure
	if f.Name != cell.Panic || p.stderr() != "" {
		t.Fatalf("%v, stderr %q", f, p.stderr())
	}
}

// What another program reports on the same standard error is shown, whatever comes
// after.
func TestRunChildsReport(t *testing.T) {
	p := newPage()
	f := crash(t, p, Run{}, "plain", "child-panics").Failure
	if f.Name != cell.Panic || f.Message != "of the parent" || !strings.HasPrefix(p.stderr(), "panic: of the child\n\ngoroutine 1 [running]:\n") ||
		strings.Contains(p.stderr(), "parent") {
		t.Errorf("%v, stderr %q", f, p.stderr())
	}
}

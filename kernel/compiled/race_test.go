package compiled

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/race"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// racePage is a front end that keeps what it is shown.
type racePage struct {
	mu             sync.Mutex
	stdout, stderr strings.Builder
	displays       []cell.Bundle
	on             func(cell.Stream)
}

func (p *racePage) Output(o cell.Output) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch o := o.(type) {
	case cell.Stream:
		if o.Name == cell.Stdout {
			p.stdout.WriteString(o.Text)
		} else {
			p.stderr.WriteString(o.Text)
		}
		if p.on != nil {
			p.on(o)
		}
	case cell.Display:
		p.displays = append(p.displays, o.Data)
	}
}

func (p *racePage) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

// text is what the displays say.
func (p *racePage) text() string {
	var b strings.Builder
	for _, d := range p.displays {
		b.WriteString(d["text/plain"].(string) + "\n")
	}
	return b.String()
}

// raceSession is a session with a real toolchain.
func raceSession(t *testing.T) *Cells {
	t.Helper()
	for tool, what := range map[string]string{"go": "Go from https://go.dev/dl", "gcc": "gcc"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(tool + " is missing")
			}
			t.Skip("install " + what)
		}
	}
	tools := toolchain.New(toolchain.Options{})
	t.Cleanup(func() {
		if err := tools.Close(); err != nil {
			t.Error(err)
		}
	})
	return New(tools, program.Standard())
}

// runRace runs a cell, In[3], whose first line is the command.
func runRace(t *testing.T, s *Cells, text string) (*racePage, *cell.Failure) {
	t.Helper()
	line, rest, _ := strings.Cut(text, "\n")
	p := &racePage{}
	outcome := s.Run(&Call{
		Ctx: t.Context(), Name: "%%race", Args: strings.TrimPrefix(line, "%%race"), Out: p,
		Cell: cell.Source{Number: 3, Text: strings.Repeat(" ", len(line)) + "\n" + rest},
	})
	return p, outcome.Failure
}

// quick spares the second for which the detector waits after main.
const quick = "%%race -env GORACE=atexit_sleep_ms=20"

const counterCell = `
counter := 0
var wg sync.WaitGroup
for i := range 2 {
	wg.Go(func() {
		time.Sleep(time.Duration(i) * 20 * time.Millisecond)
		counter++
	})
}
wg.Wait()
fmt.Println("done")
`

func TestRaceOfStatements(t *testing.T) {
	p, failure := runRace(t, raceSession(t), quick+counterCell)
	if failure != nil {
		t.Fatal(failure)
	}
	if p.stdout.String() != "done\n" || p.stderr.String() != "" {
		t.Errorf("stdout %q, stderr %q", p.stdout.String(), p.stderr.String())
	}
	got := p.text()
	for _, want := range []string{"Race 1: counter", "write at In[3]:7", "read at In[3]:7", "started at In[3]:5", ">   7  ", "counter++", "atomic.Int64"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestRaceOfAProgram(t *testing.T) {
	p, failure := runRace(t, raceSession(t), quick+`
package main

import (
	"fmt"
	"time"
)

func main() {
	result := 0
	go func() { result = 42 }()
	time.Sleep(20 * time.Millisecond)
	fmt.Println(result)
}`)
	if failure != nil {
		t.Fatal(failure)
	}
	got := p.text()
	for _, want := range []string{"Race 1: result", "read at In[3]:13", "write at In[3]:11", "Wait before In[3]:13", "time.Sleep at In[3]:12"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// A race in what another cell has kept is shown in that cell.
func TestRaceInAKeptCell(t *testing.T) {
	s := raceSession(t)
	s.Keep("counting", cell.Source{Number: 2, Text: "    \nvar hits int\n\nfunc hit() {\n\thits++\n}"})
	p, failure := runRace(t, s, quick+"\ngo hit()\ntime.Sleep(20 * time.Millisecond)\nhit()")
	if failure != nil {
		t.Fatal(failure)
	}
	got := p.text()
	for _, want := range []string{"Race 1: hits", "at In[2]:5", "main In[3]:4", "started at In[3]:2", "hits++"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestRaceFail(t *testing.T) {
	p, failure := runRace(t, raceSession(t), quick+" -fail"+counterCell)
	if failure == nil || failure.Name != cell.CommandError || !strings.Contains(failure.Error(), "counter: write at In[3]:7 and read at In[3]:7") {
		t.Errorf("failure %v", failure)
	}
	if len(p.displays) != 1 {
		t.Errorf("%d displays", len(p.displays))
	}
}

func TestNoRace(t *testing.T) {
	s := raceSession(t)
	for args, want := range map[string]string{"": "No data race seen. ", " -n 3": "No data race seen in 3 runs. "} {
		p, failure := runRace(t, s, quick+args+"\nfmt.Println(1)")
		if failure != nil {
			t.Fatal(failure)
		}
		if got := p.text(); !strings.HasPrefix(got, want) || strings.Contains(got, "-n 20") != (args == "") {
			t.Errorf("%q: %s", args, got)
		}
		if n := strings.Count(p.stdout.String(), "1\n"); args != "" && n != 3 || args == "" && n != 1 {
			t.Errorf("%q: the program ran %d times", args, n)
		}
	}
}

// -n stops at the first run with a race. The program races when a file is there,
// which its first run makes.
func TestRaceInALaterRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ran")
	p, failure := runRace(t, raceSession(t), quick+" -n 5 -- "+file+`
fmt.Println("run")
_, err := os.Stat(os.Args[1])
os.WriteFile(os.Args[1], nil, 0o600)
if err == nil {
	n := 0
	go func() { n = 1 }()
	time.Sleep(20 * time.Millisecond)
	fmt.Println(n)
}`)
	if failure != nil {
		t.Fatal(failure)
	}
	if n := strings.Count(p.stdout.String(), "run"); n != 2 || !strings.Contains(p.text(), "seen in run 2") {
		t.Errorf("%d runs\n%s", n, p.text())
	}
}

// What a program does wrong itself stays its failure.
func TestRaceAndFailure(t *testing.T) {
	const racing = "\nn := 0\ngo func() { n = 1 }()\ntime.Sleep(20 * time.Millisecond)\nfmt.Println(n)\n"
	s := raceSession(t)
	for _, test := range []struct{ name, args, text, failure, message string }{
		{"exit", "", racing + "os.Exit(3)", cell.Exit, "exit status 3"},
		{"the detector's status", "", racing + "os.Exit(66)", cell.Exit, "exit status 66"},
		{"without a race", "", "\nos.Exit(66)", cell.Exit, "exit status 66"},
		{"panic", "", racing + `panic("no")`, cell.Panic, "no"},
		{"another status", " -env 'GORACE=exitcode=7 atexit_sleep_ms=0'", racing, "", ""},
		{"status 0", " -env 'GORACE=exitcode=0 atexit_sleep_ms=0'", racing, "", ""},
		{"halt", " -env 'GORACE=halt_on_error=1'", racing + "os.Exit(3)", "", ""},
		{"map", "", `
m := map[int]int{}
for range 4 {
	go func() {
		for i := 0; ; i++ {
			m[i%100]++
		}
	}()
}
select {}`, cell.FatalError, "concurrent map"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, failure := runRace(t, s, quick+test.args+test.text)
			switch {
			case test.failure == "" && failure != nil:
				t.Error(failure)
			case test.failure != "" && (failure == nil || failure.Name != test.failure || !strings.Contains(failure.Error(), test.message)):
				t.Errorf("failure %v", failure)
			}
			if shown := strings.HasPrefix(p.text(), "DATA RACE"); shown != (test.name != "without a race") {
				t.Errorf("shown: %s", p.text())
			}
			if strings.Contains(p.stderr.String(), "DATA RACE") {
				t.Errorf("on stderr: %s", &p.stderr)
			}
		})
	}
}

func TestRaceLine(t *testing.T) {
	s := raceSession(t)
	for args, want := range map[string]string{
		"-n 0":                      "-n 0",
		"-env GORACE=log_path=/x":   "log_path",
		"-env GORACE=exitcode=many": "exitcode=many",
		"-x":                        "-fail",
	} {
		_, failure := runRace(t, s, "%%race "+args+"\nprintln(1)")
		if failure == nil || failure.Name != cell.CommandError || !strings.Contains(failure.Error(), want) {
			t.Errorf("%s: %v", args, failure)
		}
	}
	if _, failure := runRace(t, s, "%%race\nfunc f() {}"); failure == nil || !strings.Contains(failure.Error(), "nothing to run") {
		t.Errorf("without statements: %v", failure)
	}
}

func TestRaceWithoutCompiler(t *testing.T) {
	if runtime.GOOS == "darwin" {
		t.Skip("the race detector needs no C compiler there")
	}
	t.Setenv("CC", "no-such-compiler")
	_, failure := runRace(t, raceSession(t), quick+counterCell)
	if failure == nil || failure.Name != cell.CommandError || !strings.Contains(failure.Error(), "no-such-compiler") || !strings.Contains(failure.Error(), "gcc") {
		t.Errorf("failure %v", failure)
	}
}

// What was seen before an interrupt is shown.
func TestRaceInterrupted(t *testing.T) {
	s := raceSession(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	p := &racePage{}
	p.on = func(cell.Stream) { cancel(cell.ErrInterrupted) }
	text := "\nn := 0\ngo func() { n = 1 }()\ntime.Sleep(20 * time.Millisecond)\nfmt.Println(n)\nselect {}"
	failure := s.Run(&Call{Ctx: ctx, Name: "%%race", Out: p, Cell: cell.Source{Number: 3, Text: text}}).Failure
	if failure == nil || failure.Name != cell.Interrupt || !strings.Contains(p.text(), "Race 1: n") {
		t.Errorf("failure %v\n%s", failure, p.text())
	}
}

func TestDetectorSettings(t *testing.T) {
	for own, want := range map[string]detector{
		"":                                     {status: 66},
		"exitcode=7":                           {status: 7},
		"history_size=2:exitcode=0,exitcode=3": {status: 3},
		`exitcode="5" halt_on_error=1`:         {status: 5, halts: true},
		"halt_on_error=0":                      {status: 66},
		"strip_path_prefix=/exitcode":          {status: 66},
	} {
		want.own = own
		if got, err := newDetector(own); err != nil || got != want {
			t.Errorf("%q: %+v, %v", own, got, err)
		}
	}
	for _, own := range []string{"log_path=x", "history_size=1,log_path=stderr", "exitcode=", "exitcode=256", "exitcode=-1"} {
		if _, err := newDetector(own); err == nil {
			t.Errorf("%q is taken", own)
		}
	}
	d := detector{own: "history_size=3", status: 66}
	if got, want := d.env("/a b/run1", 1), `GORACE=history_size=7 history_size=3 log_path="/a b/run1"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// What the detector itself says when it cannot go on is the failure.
func TestDetectorFailure(t *testing.T) {
	c := &Call{Name: "%%race"}
	exit := func(status int) toolchain.Result {
		return toolchain.Result{Status: status, Failure: cell.Fail(cell.Exit, "exit status")}
	}
	reports := []race.Report{{}}
	for name, test := range map[string]struct {
		result toolchain.Result
		log    race.Log
		want   string // the failure's name
	}{
		"well":           {toolchain.Result{}, race.Log{Reports: reports}, ""},
		"races":          {exit(66), race.Log{Reports: reports, Found: 1}, ""},
		"its own status": {exit(66), race.Log{Reports: reports}, cell.Exit},
		"nothing seen":   {exit(66), race.Log{}, cell.Exit},
		"another status": {exit(1), race.Log{Reports: reports, Found: 1}, cell.Exit},
		"gave up":        {exit(66), race.Log{Reports: reports, Fatal: []string{"race: limit"}}, cell.FatalError},
		"lost":           {exit(66), race.Log{Found: 1}, cell.CommandError},
	} {
		got := ""
		if f := (detector{status: 66}).failure(c, test.result, &test.log); f != nil {
			got = f.Name
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

package race

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
)

// animal is a program of testdata/zoo as a cell, In[3], and what the detector
// wrote when it ran.
type animal struct {
	name string
	text string
	log  string
}

// zoo builds the programs with the race detector and runs each until it races, at
// most ten times.
func zoo(t testing.TB) map[string]*animal {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		missing(t, "the race detector needs a C compiler: install gcc")
	}
	animals, err := ranZoo()
	if err != nil {
		t.Fatal(err)
	}
	return animals
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

var ranZoo = sync.OnceValues(func() (map[string]*animal, error) {
	dir, err := os.MkdirTemp("", "race-zoo-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	files, err := filepath.Glob("testdata/zoo/*.go")
	if err != nil {
		return nil, err
	}
	animals := map[string]*animal{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		a := &animal{name: strings.TrimSuffix(filepath.Base(file), ".go"), text: string(text)}
		if err := a.run(dir); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		animals[a.name] = a
	}
	return animals, nil
})

// run builds and runs a program.
func (a *animal) run(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	file, binary := filepath.Join(dir, a.name+".go"), filepath.Join(dir, a.name+".exe")
	if err := os.WriteFile(file, []byte(a.file()), 0o666); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-race", "-gcflags=-l", "-o", binary, file)
	build.Env = append(os.Environ(), "GOWORK=off", "GO111MODULE=off", "GOFLAGS=", "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	var out bytes.Buffer
	for range 10 {
		out.Reset()
		run := exec.CommandContext(ctx, binary)
		run.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=50 history_size=7", "GOMAXPROCS=2")
		run.Stderr = &out
		err := run.Run()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 66) {
			return fmt.Errorf("%w\n%s", err, &out)
		}
		if err != nil {
			a.log = out.String()
			return nil
		}
	}
	return errors.New("no race in ten runs")
}

// self is the cell's name in positions. A reader knows it by another one.
const self = "cell.go"

// file is the program's Go file, whose lines are those of the cell.
func (a *animal) file() string { return "//line " + self + ":1:1\n" + a.text }

func (a *animal) options() Options {
	return Options{
		Source: func(name string) (cell.Source, bool) { return cell.Source{Number: 3, Text: a.text}, name == self },
		Place: func(path string, line int) (cell.Pos, bool) {
			return cell.Pos{Cell: self, Line: line}, filepath.Base(path) == self
		},
		Files:    []string{a.file()},
		Importer: exportdata.NewImporter(),
	}
}

func (a *animal) parse(t *testing.T) *Log {
	t.Helper()
	l, err := Parse(strings.NewReader(a.log))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// line is the number of the first line that holds a text.
func (a *animal) line(t *testing.T, text string) int {
	t.Helper()
	i := slices.IndexFunc(strings.Split(a.text, "\n"), func(l string) bool { return strings.Contains(l, text) })
	if i < 0 {
		t.Fatalf("%s has no line with %q", a.name, text)
	}
	return i + 1
}

// chance is what differs between two runs.
var chance = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`goroutine \d+`), "goroutine N"},
	{regexp.MustCompile(`Goroutine \d+ \((?:running|finished)\)`), "Goroutine N (finished)"},
	{regexp.MustCompile(`0x[0-9a-f]{12}`), "0x00c000000000"},
	{regexp.MustCompile(`; (?:it had finished|still running) when`), "; it had finished when"},
	{regexp.MustCompile(`data:image/svg\+xml;base64,[A-Za-z0-9+/=]+`), "data:"},
	{regexp.MustCompile(`/[^ \n]*/src/`), "GOROOT/src/"},
	{regexp.MustCompile(`, in \d+ reports`), ""},
	{regexp.MustCompile(` · \d+ reports of these two lines [^<]*`), ""},
	{regexp.MustCompile(`<pre style="[^"]*">WARNING: DATA RACE[^<]*</pre>`), "<pre>REPORT</pre>"},
	{regexp.MustCompile(` \(\d+ reports of these two lines [^\n]*`), ""},
	{regexp.MustCompile(`(src/[^ \n]*\.(?:go|s)):\d+`), "$1:N"},
}

func withoutChance(s string) string {
	for _, c := range chance {
		s = c.what.ReplaceAllString(s, c.with)
	}
	return s
}

// TestParseZoo says of each program what the detector reports, as far as it is the
// same in all runs.
func TestParseZoo(t *testing.T) {
	for name, want := range map[string]struct{ first, second string }{ // lines of the two accesses
		"counter":       {"counter++", "counter++"},
		"map":           {"seen[word]++", "seen[word]++"},
		"append":        {"append(list", "append(list"},
		"loopvariable":  {"i++", "Println"},
		"closedchannel": {"close(results)", "results <- 1"},
		"interface":     {"maker.Hello()", "maker = "},
		"buffer":        {"&log", "&log"},
		"missingwait":   {"Println(result)", "result = "},
		"atomic":        {"Println(hits)", "atomic.AddInt64"},
		"waitgroup":     {"wg.Wait", "wg.Add"},
		"flag":          {"for !done", "done = true"},
		"field":         {"a.balance +=", "a.balance +="},
		"pointer":       {"Println(n, m)", "*p *= 2"},
		"mutex":         {"Println(stats.last)", "s.last = name"},
		"sort":          {"Println(data[0])", "slices.Sort"},
	} {
		t.Run(name, func(t *testing.T) {
			a := zoo(t)[name]
			l := a.parse(t)
			if l.Found != len(l.Reports) || len(l.Fatal) > 0 || l.Dropped > 0 {
				t.Errorf("%d reports, found %d, fatal %q", len(l.Reports), l.Found, l.Fatal)
			}
			for _, r := range l.Reports {
				if len(r.Accesses) != 2 || r.Accesses[0].Address == 0 || r.Accesses[0].Goroutine == r.Accesses[1].Goroutine ||
					!r.Accesses[0].Write && !r.Accesses[1].Write {
					t.Errorf("%+v", r)
				}
			}
			x := newExplainer(a.options())
			f := x.findings(l)
			if len(f) != 1 {
				t.Fatalf("%d findings", len(f))
			}
			got := [2]string{x.show(f[0].sides[0].at), x.show(f[0].sides[1].at)}
			lines := [2]string{fmt.Sprintf("In[3]:%d", a.line(t, want.first)), fmt.Sprintf("In[3]:%d", a.line(t, want.second))}
			if got != lines {
				t.Errorf("raced at %q, want %q", got, lines)
			}
		})
	}
}

func TestDrawZoo(t *testing.T) {
	for name, a := range zoo(t) {
		t.Run(name, func(t *testing.T) {
			b := Draw(a.parse(t), a.options())
			golden.Compare(t, "testdata/zoo/"+name+".txt", withoutChance(b["text/plain"].(string))+"\n")
			checkHTML(t, b["text/html"].(string))
			if name == "counter" {
				golden.Compare(t, "testdata/counter.html", withoutChance(b["text/html"].(string))+"\n")
			}
			if dir := os.Getenv("RACE_PAGES"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(b["text/html"].(string)), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

package main

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

// example is a cell of Go in README, and what README says that it shows.
type example struct{ text, shows string }

var exampleText = regexp.MustCompile("(?s)```go\n(.*?)```\n\n((?:(?:    [^\n]*)?\n)+)")

func readmeExamples(t *testing.T) []example {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	for _, m := range exampleText.FindAllStringSubmatch(string(data), -1) {
		shows := strings.ReplaceAll("\n"+m[2], "\n    ", "\n")
		out = append(out, example{m[1], strings.TrimSpace(shows)})
	}
	return out
}

// transcript is a front end that keeps what cells show as text.
type transcript struct {
	mu sync.Mutex
	b  strings.Builder
}

func (r *transcript) Output(o cell.Output) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch o := o.(type) {
	case cell.Stream:
		r.b.WriteString(o.Text)
	case cell.Result:
		r.b.WriteString(o.Data["text/plain"].(string))
	}
}

func (*transcript) Input(context.Context, string, bool) (string, error) {
	return "", cell.ErrNoInput
}

// numbers and states of goroutines differ from run to run, and the runtime may
// catch either of two mistakes.
var varies = strings.NewReplacer("concurrent map read and map write", "concurrent map writes", "[runnable]", "[running]")

var goroutineNumber = regexp.MustCompile(`goroutine \d+`)

func canonical(s string) string {
	return goroutineNumber.ReplaceAllString(varies.Replace(s), "goroutine N")
}

// TestReadme runs the cells that README shows, in a worker as in a notebook.
func TestReadme(t *testing.T) {
	path, err := exec.LookPath("chanbook")
	if err != nil {
		t.Fatal(err)
	}
	sup, err := supervisor.New(supervisor.Options{Command: []string{path, "worker"}})
	if err != nil {
		t.Fatal(err)
	}
	defer sup.Close()
	examples := readmeExamples(t)
	if len(examples) != 3 {
		t.Fatalf("README has %d cells with outputs, want 3", len(examples))
	}
	for i, e := range examples {
		r := &transcript{}
		req := cell.Request{Source: cell.Source{Number: i + 1, Text: e.text}}
		out := sup.Execute(t.Context(), req, r)
		got := strings.TrimSpace(r.b.String())
		if out.Failure != nil {
			got = strings.TrimSpace(got + "\n" + out.Failure.Error())
		}
		if i < 2 {
			if got != e.shows {
				t.Errorf("cell %d shows\n%s\nREADME says\n%s", i+1, got, e.shows)
			}
			continue
		}
		// README leaves out some lines.
		for line := range strings.SplitSeq(canonical(e.shows), "\n") {
			if !strings.Contains(canonical(got), line) {
				t.Errorf("cell %d shows\n%s\nwhich has not README's line\n%s", i+1, got, line)
			}
		}
	}
}

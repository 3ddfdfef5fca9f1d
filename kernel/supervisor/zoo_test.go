//go:build unix

package supervisor_test

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/cell"
)

// TestZoo walks testdata/zoo: every way in which a cell can end the process that
// runs it, or could be thought to. Each file holds
//
//	setup      a cell that runs before, In[1]
//	cell       the cell, In[2]
//	interrupt  interrupt the cell when its standard output holds this
//	report     a pattern a line, each matching a line of the failure, in order;
//	           without it the cell must not fail
//	note       a pattern a line, for what the cell displays
//	stdout     what the cell prints, if it is compared
//	stderr     what it prints on standard error; by default nothing
//	late       text that appears on its standard error after its end
//	next       the next cell, which must not fail, and
//	output     what it prints
func TestZoo(t *testing.T) {
	files, err := filepath.Glob("testdata/zoo/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no zoo: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { visit(t, file) })
	}
}

func visit(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	part := map[string]string{}
	for _, f := range archive.Files {
		part[f.Name] = string(f.Data)
	}
	s := kernelOf(t, "session", capped("512MiB"))
	if setup, ok := part["setup"]; ok {
		run(t, s, setup)
	}
	p := newPage()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	if when := strings.TrimSpace(part["interrupt"]); when != "" {
		go func() {
			p.await(t, cell.Stdout, when)
			cancel(cell.ErrInterrupted)
		}()
	}
	out := s.Execute(ctx, request(2, part["cell"]), p)
	checkReport(t, out.Failure, part["report"])
	checkPage(t, p, part)
	next := newPage()
	if out := s.Execute(t.Context(), request(3, part["next"]), next); out.Failure != nil {
		t.Errorf("the next cell fails: %v", out.Failure)
	} else if got := next.stdout(); got != part["output"] {
		t.Errorf("the next cell prints %q, want %q", got, part["output"])
	}
}

func checkReport(t *testing.T, f *cell.Failure, patterns string) {
	t.Helper()
	if f == nil || patterns == "" {
		if f != nil || patterns != "" {
			t.Errorf("failure %v, want %q", f, patterns)
		}
		return
	}
	missing := match(patterns, strings.Split(f.Error(), "\n"))
	if missing != "" {
		t.Errorf("no line matches %q in\n%v", missing, f)
	}
	t.Logf("\n%v", f)
}

// match finds a line for each pattern, in order, and returns the first pattern
// without one.
func match(patterns string, lines []string) (missing string) {
	for pattern := range strings.Lines(patterns) {
		pattern = strings.TrimSuffix(pattern, "\n")
		found := false
		for len(lines) > 0 && !found {
			found = regexp.MustCompile(pattern).MatchString(lines[0])
			lines = lines[1:]
		}
		if !found {
			return pattern
		}
	}
	return ""
}

func checkPage(t *testing.T, p *page, part map[string]string) {
	t.Helper()
	if want, ok := part["stdout"]; ok && p.stdout() != want {
		t.Errorf("standard output %q, want %q", p.stdout(), want)
	}
	if late, ok := part["late"]; ok {
		p.await(t, cell.Stderr, strings.TrimSpace(late))
	} else if p.stderr() != part["stderr"] && !strings.Contains(p.stderr(), "WARNING: DATA RACE") { // of a test with -race
		t.Errorf("standard error %q, want %q", p.stderr(), part["stderr"])
	}
	if missing := match(part["note"], p.displays()); missing != "" {
		t.Errorf("no display matches %q in %q", missing, p.displays())
	}
}

package toolchain

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// printed collects what a program prints.
type printed struct{ text strings.Builder }

func (p *printed) Output(o cell.Output) {
	if s, ok := o.(cell.Stream); ok {
		p.text.WriteString(s.Text)
	}
}

func (p *printed) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

// contest runs the same program as a compiled cell and by go run.
type contest struct {
	tc   *Toolchain
	dir  string // of go run
	race bool
}

func newContest(t testing.TB, race bool) *contest {
	c := &contest{tc: New(Options{}), dir: t.TempDir(), race: race}
	t.Cleanup(func() { c.tc.Close() })
	write(t, filepath.Join(c.dir, "go.mod"), "module hello\n\ngo 1.26\n")
	return c
}

// cell makes a program of a cell, builds it and runs it.
func (c *contest) cell(t testing.TB, text string) time.Duration {
	t.Helper()
	start := time.Now()
	p, err := program.Make(cell.Source{Number: 1, Text: text}, program.Options{Importer: program.Standard()})
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.tc.Build(t.Context(), Build{Program: p, Race: c.race})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Release()
	var out printed
	if r := c.tc.Run(t.Context(), Run{Path: b.Path}, &out); r.Failure != nil || out.text.Len() == 0 {
		t.Fatalf("%v, %q", r.Failure, &out.text)
	}
	return time.Since(start)
}

// goRun runs the program by go run.
func (c *contest) goRun(t testing.TB, text string) time.Duration {
	t.Helper()
	start := time.Now()
	write(t, filepath.Join(c.dir, "cell.go"), text)
	args := []string{"run", "."}
	if c.race {
		args = []string{"run", "-race", "."}
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = c.dir
	if out, err := cmd.CombinedOutput(); err != nil || len(out) == 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	return time.Since(start)
}

// changed is the text of a whole program that no other one is like.
func changed(i int) string {
	return fmt.Sprintf("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello %d %d\") }\n", i, time.Now().UnixNano())
}

// TestWarm: a cell that has changed is there as soon as with go run, or sooner.
func TestWarm(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	for _, race := range []bool{false, true} {
		c := newContest(t, race)
		c.cell(t, changed(-1))
		c.goRun(t, changed(-1))
		var ours, theirs []time.Duration
		for i := range 7 {
			text := changed(i)
			ours = append(ours, c.cell(t, text))
			theirs = append(theirs, c.goRun(t, text))
		}
		cell, goRun := median(ours), median(theirs)
		t.Logf("race=%v: a changed cell %v, go run %v, ratio %.2f", race, cell, goRun, float64(cell)/float64(goRun))
		if float64(cell) > 1.15*float64(goRun) {
			t.Errorf("race=%v: a changed cell takes %v, go run %v", race, cell, goRun)
		}
	}
}

// BenchmarkWarm gives the figures.
func BenchmarkWarm(b *testing.B) {
	for _, race := range []bool{false, true} {
		name := ""
		if race {
			name = "-race"
		}
		c := newContest(b, race)
		c.cell(b, changed(-1))
		c.goRun(b, changed(-1))
		b.Run("changed"+name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				c.cell(b, changed(i))
			}
		})
		b.Run("unchanged"+name, func(b *testing.B) {
			text := changed(0)
			for b.Loop() {
				c.cell(b, text)
			}
		})
		b.Run("gorun"+name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				c.goRun(b, changed(i))
			}
		})
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

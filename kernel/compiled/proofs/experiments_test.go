//go:build unix

package proofs

import (
	"context"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

func TestExperiments(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("what two processors do cannot be seen on one")
	}
	archive, err := txtar.ParseFile("testdata/experiments.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := session.New(session.Options{})
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	execute := func(ctx context.Context, req cell.Request, fe cell.Frontend) cell.Outcome {
		out, _ := s.Execute(ctx, req, fe)
		return out
	}
	var shown string
	for _, f := range archive.Files {
		name, part, _ := strings.Cut(f.Name, "/")
		if part != "want" {
			shown = run(t, execute, 1, string(f.Data))
			continue
		}
		t.Run(name, func(t *testing.T) {
			for pattern := range strings.Lines(string(f.Data)) {
				pattern = strings.TrimSuffix(pattern, "\n")
				pattern, unwanted := strings.CutPrefix(pattern, "not: ")
				if pattern != "" && regexp.MustCompile("(?m)"+pattern).MatchString(shown) == unwanted {
					t.Errorf("%s: unwanted is %v, in\n%.4000s", pattern, unwanted, shown)
				}
			}
		})
	}
}

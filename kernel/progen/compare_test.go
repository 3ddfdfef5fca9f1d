package progen_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/progen"
)

var (
	programs = flag.Int("programs", 60, "how many fresh programs TestCompare runs")
	seed     = flag.Uint64("seed", 1, "the seed of the first one")
	during   = flag.Duration("for", 0, "run fresh programs for this long, whatever their number; give -timeout too")
	corpus   = flag.String("corpus", "testdata/corpus", "the folder of the programs that once differed, and where new ones are written")
	reduce   = flag.Duration("reduce", time.Minute, "how long to look for a smaller program that differs, for each; 0 keeps it as it is")
)

// sameKind is how many programs that differ in one way are made smaller and kept.
const sameKind = 3

// batchSize is how many programs are compiled at once.
const batchSize = 40

// TestCompare runs programs compiled by the Go toolchain and by chanbook eval,
// and compares what they print, their exit status and the panic that ends them:
// first the corpus, then fresh ones. To run for ten minutes:
//
//	go test ./kernel/progen -run Compare -for 10m -timeout 1h -seed N
func TestCompare(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("chanbook does not run on Windows")
	}
	r := newReferee(t)
	old := readCorpus(t)
	for len(old) > 0 {
		n := min(batchSize, len(old))
		for _, d := range r.compare(old[:n]) {
			t.Errorf("%s", d)
		}
		old = old[n:]
	}
	next, end := *seed, *seed+uint64(*programs)
	start := time.Now()
	kinds := map[string]int{}
	for next < end && *during == 0 || time.Since(start) < *during {
		var list []program
		for len(list) < batchSize && (next < end || *during > 0) {
			list = append(list, program{name: fmt.Sprintf("seed%d", next), text: progen.Program(next)})
			next++
		}
		for _, d := range r.compare(list) {
			if kinds[d.kind()]++; kinds[d.kind()] > sameKind {
				t.Errorf("%s: %s, as programs above", d.program.name, d.kind())
				continue
			}
			d = r.reduce(d, *reduce)
			file := filepath.Join(*corpus, d.program.name+".go")
			if err := os.WriteFile(file, []byte(d.program.text), 0o644); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s\nwritten to %s\n%s", d, file, d.program.text)
		}
		if *during > 0 {
			t.Logf("seeds %d to %d, %v", *seed, next-1, time.Since(start).Round(time.Second))
		}
	}
	if r.miscompiled > 0 {
		t.Logf("programs that the Go compiler itself failed on: %d", r.miscompiled)
	}
}

func readCorpus(t *testing.T) []program {
	if err := os.MkdirAll(*corpus, 0o755); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(*corpus, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var out []program
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, program{name: strings.TrimSuffix(filepath.Base(f), ".go"), text: string(text)})
	}
	return out
}

// A difference is a program that ended in two ways.
type difference struct {
	program  program
	compiled outcome
	eval     outcome
}

// kind says what differs, without details of the program.
func (d difference) kind() string {
	switch {
	case d.compiled.same(d.eval):
		return ""
	case d.eval.timeout:
		return "does not end"
	case d.eval.status != d.compiled.status && d.eval.message != "":
		return "ends with " + digits.ReplaceAllString(firstLine(d.eval.message), "N")
	case d.eval.status != d.compiled.status:
		return "exit status"
	case d.eval.stdout != d.compiled.stdout:
		return "output"
	}
	return "panic message"
}

func (d difference) String() string {
	return fmt.Sprintf("%s: %s\n--- compiled\n%s--- chanbook eval\n%s", d.program.name, d.kind(), d.compiled, d.eval)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

package complete_test

import (
	"go/token"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/complete"
	"github.com/chanbook/chanbook/kernel/notebook"
)

// notebookCells are the code cells of a notebook.
func notebookCells(t testing.TB, path string) []string {
	t.Helper()
	n, err := notebook.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range n.Cells {
		if c.Kind == notebook.Code {
			out = append(out, c.Source)
		}
	}
	if len(out) == 0 {
		t.Fatal(path, "has no code cells")
	}
	return out
}

// everywhere calls look at every character of every cell of a notebook, as the
// cells would be written one after the other.
func everywhere(t testing.TB, path string, look func(s *looked)) {
	var before []string
	for _, text := range notebookCells(t, path) {
		s := run(t, before...)
		for offset := range text {
			look(&looked{s, text, offset})
		}
		if fits(before, text) {
			before = append(before, text)
		}
	}
}

// fits reports whether a cell is one of the session, and has no mistake behind
// those before it.
func fits(before []string, text string) bool {
	if strings.HasPrefix(text, "%") || check.IsProgram(text) {
		return false
	}
	fset := token.NewFileSet()
	s := check.NewSession(fset, standard)
	for i, text := range append(slices.Clone(before), text) {
		c, err := check.Parse(fset, cell.Source{Number: i + 1, Text: text})
		if err != nil {
			return false
		}
		checked, err := s.Check(c)
		if err != nil {
			return false
		}
		s.Commit(checked, func(*check.Object) bool { return true })
	}
	return true
}

// BenchmarkComplete completes at every character of every cell of the first
// notebook: in the finished cell, and where it ends as if it were being typed.
func BenchmarkComplete(b *testing.B) {
	const path = "../../notebooks/01-goroutines.ipynb"
	for _, bench := range []struct {
		name  string
		typed bool
	}{{"finished", false}, {"typed", true}} {
		b.Run(bench.name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				everywhere(b, path, func(l *looked) {
					code := l.code
					if bench.typed {
						code = code[:l.offset]
					}
					start := time.Now()
					complete.Complete(l.session, code, l.offset)
					times = append(times, time.Since(start))
				})
			}
			slices.Sort(times)
			for _, q := range []struct {
				name string
				at   float64
			}{{"p50-µs", 0.5}, {"p95-µs", 0.95}, {"max-µs", 1}} {
				b.ReportMetric(float64(times[int(q.at*float64(len(times)-1))].Microseconds()), q.name)
			}
		})
	}
}

// BenchmarkInspect is what a look at a function of the session costs.
func BenchmarkInspect(b *testing.B) {
	s := run(b, earlier)
	for b.Loop() {
		complete.Inspect(s, "double(1)", 3, 0)
	}
}

// BenchmarkIsComplete looks at a cell of forty lines.
func BenchmarkIsComplete(b *testing.B) {
	text := strings.Repeat("for i := range 3 {\n\tfmt.Println(i)\n}\n", 13) + "for {"
	for b.Loop() {
		complete.IsComplete(text)
	}
}

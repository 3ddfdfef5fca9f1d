package session

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// BenchmarkPrepare checks and lowers each code cell of the notebooks, in sessions
// that know what the cells before it declare. It reports the median, the 95th
// percentile and the largest of all cells, in microseconds.
func BenchmarkPrepare(b *testing.B) {
	notebooks, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(notebooks) == 0 {
		b.Fatal("no notebooks", err)
	}
	var times []time.Duration
	for b.Loop() {
		for _, path := range notebooks {
			times = append(times, prepareNotebook(b, path)...)
		}
	}
	slices.Sort(times)
	report := func(name string, share float64) {
		b.ReportMetric(float64(times[int(share*float64(len(times)-1))].Microseconds()), name)
	}
	report("p50-µs/cell", 0.5)
	report("p95-µs/cell", 0.95)
	report("max-µs/cell", 1)
}

func prepareNotebook(b *testing.B, path string) []time.Duration {
	s := New(Options{})
	defer s.Close()
	var times []time.Duration
	for i, text := range codeCells(b, path) {
		src := cell.Source{Number: i + 1, Text: text}
		if strings.HasPrefix(strings.TrimSpace(text), "%") {
			continue
		}
		start := time.Now()
		program, checked, err := s.prepare(src)
		times = append(times, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
		s.checker.KeepInstances(program.Instances)
		s.checker.Commit(checked, func(*check.Object) bool { return true })
	}
	return times
}

// codeCells are the texts of a notebook's code cells.
func codeCells(b *testing.B, path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	var notebook struct {
		Cells []struct {
			Type   string   `json:"cell_type"`
			Source []string `json:"source"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(data, &notebook); err != nil {
		b.Fatal(err)
	}
	var out []string
	for _, c := range notebook.Cells {
		if c.Type == "code" {
			out = append(out, strings.Join(c.Source, ""))
		}
	}
	return out
}

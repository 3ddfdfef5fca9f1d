package session_test

import (
	"encoding/json"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/lower"
)

type packages struct{ *exportdata.Importer }

func (packages) ByName(name string) []string { return exportdata.ByName(name) }

// notebookCells are the cells of Go of our notebooks.
func notebookCells(b *testing.B) []string {
	files, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		b.Fatal("no notebooks", err)
	}
	var out []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		var nb struct {
			Cells []struct {
				CellType string   `json:"cell_type"`
				Source   []string `json:"source"`
			} `json:"cells"`
		}
		if err := json.Unmarshal(data, &nb); err != nil {
			b.Fatal(err)
		}
		for _, c := range nb.Cells {
			text := strings.Join(c.Source, "")
			if c.CellType == "code" && !strings.HasPrefix(text, "%") && !check.IsProgram(text) {
				out = append(out, text)
			}
		}
	}
	return out
}

// BenchmarkFrontEnd checks and lowers the cells of the notebooks in a session
// that holds 500 objects beside theirs, and reports the median and the worst.
func BenchmarkFrontEnd(b *testing.B) {
	cells := notebookCells(b)
	fset := token.NewFileSet()
	s := check.NewSession(fset, packages{exportdata.NewImporter()})
	l := lower.New(s, fset)
	number := 0
	run := func(text string) (time.Duration, error) {
		number++
		start := time.Now()
		c, err := check.Parse(fset, cell.Source{Number: number, Text: text})
		if err != nil {
			return 0, err
		}
		checked, err := s.Check(c)
		if err != nil {
			return 0, err
		}
		if _, err := l.Lower(checked); err != nil {
			return 0, err
		}
		took := time.Since(start)
		s.Commit(checked, func(*check.Object) bool { return true })
		return took, nil
	}
	for i := range 100 {
		_, err := run(fmt.Sprintf("type T%[1]d struct{ a, b int; next *T%[1]d }\nfunc (t T%[1]d) Sum() int { return t.a + t.b }\nfunc f%[1]d(x int) T%[1]d { return T%[1]d{a: x} }\nconst c%[1]d = %[1]d\nvar v%[1]d = f%[1]d(c%[1]d).Sum()", i))
		if err != nil {
			b.Fatal(err)
		}
	}
	var all []time.Duration
	for b.Loop() {
		for _, text := range cells {
			took, err := run(text)
			if err != nil {
				b.Fatalf("%s\n%v", text, err)
			}
			all = append(all, took)
		}
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "µs/median-cell")
	b.ReportMetric(float64(all[len(all)*95/100].Microseconds()), "µs/p95-cell")
}

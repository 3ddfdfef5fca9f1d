package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

// asKernel makes the test binary a kernel.
const asKernel = "KERNELBENCH_TEST_KERNEL"

func TestMain(m *testing.M) {
	if os.Getenv(asKernel) == "" {
		os.Exit(m.Run())
	}
	file, err := wire.ReadConnectionFile(os.Args[1])
	if err == nil {
		err = kernel.New(kernel.Config{Evaluator: &pretender{}}).Serve(context.Background(), file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pretender gives the answers that the benchmark's Go cells should have.
type pretender struct{ kerneltest.Echo }

func (p *pretender) Execute(ctx context.Context, req cell.Request, fe cell.Frontend) cell.Outcome {
	var n int
	if _, err := fmt.Sscanf(req.Text, "for i := 0; i < %d;", &n); err == nil {
		req.Text = fmt.Sprint("print ", n)
	} else if req.Text == "1+1" {
		req.Text = "result 2"
	}
	return p.Echo.Execute(ctx, req, fe)
}

// install writes a kernelspec and returns its folder.
func install(t *testing.T, argv ...string) string {
	t.Helper()
	dir := t.TempDir()
	data, err := json.Marshal(spec{Argv: argv, Language: "go", Env: map[string]string{asKernel: "1"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestBench(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	a, b := install(t, self, "{connection_file}"), install(t, self, "{connection_file}")
	var out, progress bytes.Buffer
	err = run(t.Context(), []string{"-rounds", "2", "-cells", "5", "-lines", "2000", "-json", a, b}, &out, &progress)
	if err != nil {
		t.Fatal(err)
	}
	var results []result
	if err := json.Unmarshal(out.Bytes(), &results); err != nil || len(results) != 2 {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, r := range results {
		if r.Rounds != 2 || r.Cells != 10 || r.LostLines != 0 || r.FirstResult <= 0 || r.CellMedian <= 0 || r.CellP95 < r.CellMedian || r.Print <= 0 {
			t.Errorf("%+v", r)
		}
	}
	if got := strings.Count(progress.String(), "round"); got != 4 {
		t.Errorf("%d rounds reported:\n%s", got, &progress)
	}
}

func TestBenchErrors(t *testing.T) {
	for name, kernel := range map[string]string{
		"no kernelspec \"nothing\"":        "nothing",
		"no such file":                     install(t, filepath.Join(t.TempDir(), "missing"), "{connection_file}"),
		"no benchmark is known for the la": language(t, "cobol"),
	} {
		err := run(t.Context(), []string{"-rounds", "1", kernel}, &bytes.Buffer{}, &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one with %q", err, name)
		}
	}
}

func language(t *testing.T, name string) string {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), []byte(`{"argv": ["x"], "language": "`+name+`"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func sample(name string, scale float64) *result {
	r := &result{Kernel: name}
	for i := range 4 {
		d := time.Duration(scale * float64(time.Millisecond) * float64(i+1))
		r.add(measurement{first: d, cells: []time.Duration{d, 2 * d}, memory: int64(scale * 1e6), print: d})
	}
	r.summarize()
	return r
}

func TestSummary(t *testing.T) {
	r := sample("a", 1)
	// The cells are 1 2 2 3 4 4 6 8 ms.
	if r.FirstResult != 2 || r.CellMedian != 3 || r.CellP95 != 8 || r.Cells != 8 || r.Memory != 1e6 {
		t.Errorf("%+v", r)
	}
	var out strings.Builder
	if err := printTable(&out, []*result{r, sample("b", 10)}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"spawn to first result     2 ms     20 ms", "memory (PSS)   1.0 MB   10.0 MB"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table has no %q:\n%s", want, out.String())
		}
	}
}

func TestCheckGoals(t *testing.T) {
	fast, slow := sample("fast", 1), sample("slow", 10)
	var out strings.Builder
	if err := checkGoals(&out, []*result{fast, slow}, "fast=slow"); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := checkGoals(&out, []*result{fast, slow}, "slow=fast"); err == nil || !strings.Contains(err.Error(), "printing") {
		t.Errorf("a slow kernel: %v", err)
	}
	fast.LostLines = 1
	if err := checkGoals(&out, []*result{fast, slow}, "fast=slow"); err == nil || !strings.Contains(err.Error(), "lines lost") {
		t.Errorf("a lost line: %v", err)
	}
	if err := checkGoals(&out, []*result{fast, slow}, "fast"); err == nil {
		t.Error("a check against nothing was accepted")
	}
}

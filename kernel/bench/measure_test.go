package bench

import (
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// binary runs a real test binary.
type binary struct {
	path string
	runs []string // the benchmarks that were picked, in their order
	stop func(run int)
}

func (b *binary) Run(ctx context.Context, args []string, procs int) (string, int, *cell.Failure) {
	b.runs = append(b.runs, strings.NewReplacer("^", "", "$", "").Replace(strings.TrimPrefix(args[1], "-test.bench=")))
	if b.stop != nil {
		b.stop(len(b.runs))
	}
	cmd := exec.CommandContext(ctx, b.path, args...)
	if procs > 0 {
		cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(procs))
	}
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return string(out), -1, cell.Fail(cell.Interrupt, "interrupted")
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(out), exit.ExitCode(), cell.Fail(cell.Exit, exit.Error())
	}
	if err != nil {
		return "", -1, cell.Fail(cell.KernelError, err.Error())
	}
	return string(out), 0, nil
}

// source is a program with benchmarks of all kinds.
const source = `package main

import (
	"fmt"
	"os"
	"runtime"
	"testing"
)

var n, m int

//go:noinline
func work(k int) {
	for i := range k {
		n += i * n
	}
}

func BenchmarkShort(b *testing.B) { for b.Loop() { work(1000) } }
func BenchmarkLong(b *testing.B)  { for i := 0; i < b.N; i++ { work(10_000) } }
func BenchmarkSize(b *testing.B) {
	for _, k := range []int{1, 2} {
		b.Run(fmt.Sprintf("of-%d", k), func(b *testing.B) {
			b.SetBytes(100)
			for b.Loop() { work(1000 * k * k) }
			b.ReportMetric(3.5, "hops/op")
		})
	}
}
func BenchmarkPrints(b *testing.B) {
	b.Log("a log")
	fmt.Println("a line")
	fmt.Print("no line end")
	for b.Loop() { work(100) }
}
func BenchmarkFails(b *testing.B) { b.Log("before"); b.Fatalf("wrong sum %d", 3) }
func BenchmarkFailsBelow(b *testing.B) { b.Run("x", func(b *testing.B) { b.Error("bad") }) }
func BenchmarkSkips(b *testing.B) { b.Skip("not here") }
func BenchmarkBreaks(b *testing.B) { for b.Loop() { break } }
func BenchmarkLater(b *testing.B) {
	for b.Loop() { m++ }
	if m > 1 { b.Fatal("more than one") }
}
func BenchmarkPanics(b *testing.B) { panic("boom") }
func BenchmarkGoes(b *testing.B) { runtime.Goexit() }
func BenchmarkExits(b *testing.B)  { os.Exit(3) }
func BenchmarkSpaces(b *testing.B) { b.Run("a b/c=日本", func(b *testing.B) { for b.Loop() { work(100) } }) }
func BenchmarkCell(b *testing.B) {
	b.Run("one", func(b *testing.B) { for b.Loop() { work(1000) } })
	b.Run("two", func(b *testing.B) { for b.Loop() { work(2000) } })
}
`

// folder is where the binary is, once it has been built.
var folder string

var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "bench-test")
	if err != nil {
		return "", err
	}
	folder = dir
	path := filepath.Join(dir, "x.test")
	for name, text := range map[string]string{"go.mod": "module x\n\ngo 1.26\n", "x_test.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	cmd := exec.Command("go", "test", "-c", "-o", path)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if folder != "" {
		os.RemoveAll(folder)
	}
	os.Exit(code)
}

func realBinary(t *testing.T) *binary {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the go command is missing")
		}
		t.Skip("the go command is missing; install Go from https://go.dev/dl")
	}
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return &binary{path: path}
}

func measured(t *testing.T, b *binary, o Options) (*Results, *cell.Failure) {
	t.Helper()
	if o.Processors == nil {
		o.Processors = []int{0}
	}
	if o.Time == 0 {
		o.Time = time.Second
	}
	return Measure(t.Context(), b, o)
}

func TestMeasure(t *testing.T) {
	b := realBinary(t)
	var views []string
	r, failure := measured(t, b, Options{
		Functions: []string{"BenchmarkShort", "BenchmarkLong", "BenchmarkSize"}, Count: 8,
		Progress: func(p Progress) { views = append(views, p.View()["text/plain"].(string)) },
	})
	if failure != nil {
		t.Fatal(failure)
	}
	if names := strings.Join(r.names(), " "); names != "Short Long Size/of-1 Size/of-2" {
		t.Fatalf("measured %s", names)
	}
	for _, s := range r.Series {
		if len(s.Samples) != 8 || s.Procs < 1 {
			t.Errorf("%s: %d samples on %d processors", s.Full, len(s.Samples), s.Procs)
		}
	}
	// The least samples are of the work alone, also where others use the machine.
	least := func(i int) float64 { return slices.Min(r.Series[i].figures(unitTime)) }
	if ratio := least(1) / least(0); ratio < 4 || ratio > 30 {
		t.Errorf("ten times the work takes %.1f times as long", ratio)
	}
	if ratio := least(3) / least(2); ratio < 1.5 || ratio > 12 {
		t.Errorf("four times the work takes %.1f times as long", ratio)
	}
	if got := strings.Join(r.custom(), " "); got != "B/s hops/op" {
		t.Errorf("its own units: %s", got)
	}
	if m := r.Series[2].median("hops/op"); m.Median != 3.5 {
		t.Errorf("hops: %v", m)
	}
	if r.Machine.OS == "" || r.Stopped != Counted || r.Rounds != 8 || r.Elapsed <= 0 {
		t.Errorf("%+v, %v, %d rounds, %v", r.Machine, r.Stopped, r.Rounds, r.Elapsed)
	}
	if len(views) != 1+4*8 || !strings.Contains(views[0], "each benchmark runs once") || !strings.Contains(views[32], "round 8 of 8 · Short ") {
		t.Errorf("%d views: %q", len(views), views)
	}
}

// Each benchmark has one turn in a round, and the order changes.
func TestRotation(t *testing.T) {
	b := realBinary(t)
	_, failure := measured(t, b, Options{Blocks: "BenchmarkCell", Labels: []string{"one", "two"}, Functions: []string{"BenchmarkShort"}, Count: 6})
	if failure != nil {
		t.Fatal(failure)
	}
	if want := "(BenchmarkShort)|(BenchmarkCell)/(one|two)"; b.runs[0] != want {
		t.Errorf("first %s, want %s", b.runs[0], want)
	}
	orders := map[string]int{}
	for round := range slices.Chunk(b.runs[1:], 3) {
		orders[strings.Join(round, " ")]++
		if got := strings.Join(slices.Sorted(slices.Values(round)), " "); got != "BenchmarkCell/one BenchmarkCell/two BenchmarkShort" {
			t.Errorf("a round of %s", got)
		}
	}
	if len(orders) != 6 {
		t.Errorf("%d orders in six rounds: %v", len(orders), orders)
	}
}

func TestTimeLimit(t *testing.T) {
	b := realBinary(t)
	r, failure := measured(t, b, Options{Functions: []string{"BenchmarkShort", "BenchmarkLong"}, Time: time.Nanosecond})
	if failure != nil {
		t.Fatal(failure)
	}
	if least, most := r.samples(); least != 1 || most != 1 || r.Stopped != TimeOver {
		t.Errorf("from %d to %d samples, stopped %v", least, most, r.Stopped)
	}
	if text := r.View(Shown{})["text/plain"].(string); !strings.Contains(text, "too few samples to tell") || !strings.Contains(text, "Fewer than 6 samples") {
		t.Error(text)
	}
}

func TestPick(t *testing.T) {
	b := realBinary(t)
	o := Options{Functions: []string{"BenchmarkShort", "BenchmarkSize"}, Blocks: "BenchmarkCell", Labels: []string{"one", "two"}, Count: 1}
	for pick, want := range map[string]string{
		"^Sh": "Short", "BenchmarkS": "Short Size/of-1 Size/of-2", "Size/2": "Size/of-2", "^t|Sho": "Short two", "one": "one",
	} {
		o.Pick = nil
		for part := range strings.SplitSeq(pick, "/") {
			o.Pick = append(o.Pick, regexp.MustCompile(part))
		}
		r, failure := measured(t, b, o)
		if failure != nil {
			t.Errorf("%s: %v", pick, failure)
		} else if got := strings.Join(r.names(), " "); got != want {
			t.Errorf("%s picks %s, want %s", pick, got, want)
		}
	}
}

func TestFailures(t *testing.T) {
	b := realBinary(t)
	tests := []struct {
		functions, pick string
		want            []string
	}{
		{"BenchmarkFails BenchmarkBreaks", "", []string{"BenchmarkFails failed", "before", "wrong sum 3", "Others failed too: BenchmarkBreaks"}},
		{"BenchmarkFailsBelow", "", []string{"BenchmarkFailsBelow/x failed", "bad"}},
		{"BenchmarkBreaks", "", []string{"BenchmarkBreaks failed", "left by break"}},
		{"BenchmarkSkips", "", []string{"all benchmarks were skipped: Skips (x_test.go:", "not here)"}},
		{"BenchmarkPanics", "", []string{"exit status 2"}},
		{"BenchmarkGoes", "", []string{"BenchmarkGoes ended without a result"}},
		{"BenchmarkExits", "", []string{"exit status 3"}},
		{"", "", []string{"the cell has no benchmark", "mutex:  {", "for b.Loop() {"}},
		{"BenchmarkShort", "nothing", []string{"-run picks no benchmark of the cell; it has BenchmarkShort"}},
		{"BenchmarkSize", "Size/9", []string{"-run picks no benchmark of the cell; it has BenchmarkSize"}},
	}
	for _, tt := range tests {
		o := Options{Functions: strings.Fields(tt.functions), Count: 1}
		if tt.pick != "" {
			for part := range strings.SplitSeq(tt.pick, "/") {
				o.Pick = append(o.Pick, regexp.MustCompile(part))
			}
		}
		r, failure := measured(t, b, o)
		if r != nil || failure == nil {
			t.Errorf("%s: results %v, failure %v", tt.functions, r, failure)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(failure.Error(), want) {
				t.Errorf("%s: %s\nlacks %s", tt.functions, failure, want)
			}
		}
	}
}

// What was measured until a benchmark fails, or until an interrupt, is not lost.
func TestUntilThen(t *testing.T) {
	b := realBinary(t)
	r, failure := measured(t, b, Options{Functions: []string{"BenchmarkShort", "BenchmarkLater"}, Count: 1})
	if r == nil || failure == nil || r.Stopped != Broken || !strings.Contains(failure.Error(), "BenchmarkLater failed") {
		t.Errorf("results %+v, failure %v", r, failure)
	}
	ctx, cancel := context.WithCancel(t.Context())
	b.runs, b.stop = nil, func(run int) {
		if run == 4 {
			cancel()
		}
	}
	r, failure = Measure(ctx, b, Options{Functions: []string{"BenchmarkShort", "BenchmarkLong"}, Time: time.Hour, Processors: []int{0}})
	if r == nil || failure == nil || failure.Name != cell.Interrupt || r.Stopped != Interrupted {
		t.Fatalf("results %+v, failure %v", r, failure)
	}
	if text := r.View(Shown{})["text/plain"].(string); !strings.Contains(text, " was measured: these are the figures until then.") || len(b.runs) != 4 {
		t.Errorf("%d runs\n%s", len(b.runs), text)
	}
}

// What a benchmark writes is shown once, and does not hide its figures.
func TestWritten(t *testing.T) {
	b := realBinary(t)
	var written []string
	r, failure := measured(t, b, Options{Functions: []string{"BenchmarkPrints", "BenchmarkSpaces", "BenchmarkSkips"}, Count: 3,
		Written: func(s string) { written = append(written, s) }})
	if failure != nil {
		t.Fatal(failure)
	}
	if got := strings.Join(r.names(), " "); got != "Prints Spaces/a_b/c=日本" {
		t.Errorf("measured %s", got)
	}
	for _, s := range r.Series {
		if len(s.Samples) != 3 {
			t.Errorf("%s: %d samples", s.Name, len(s.Samples))
		}
	}
	want := regexp.MustCompile(`^    x_test.go:\d+: a log\na line\nno line end    x_test.go:\d+: not here\n$`)
	if len(written) != 1 || !want.MatchString(written[0]) {
		t.Errorf("written %q", written)
	}
	if len(r.Skipped) != 1 || !strings.HasPrefix(r.Skipped[0], "Skips (x_test.go:") {
		t.Errorf("skipped %q", r.Skipped)
	}
}

func TestProcessors(t *testing.T) {
	b := realBinary(t)
	r, failure := measured(t, b, Options{Functions: []string{"BenchmarkSize"}, Pick: []*regexp.Regexp{regexp.MustCompile("")}, Processors: []int{1, 3}, Count: 1})
	if failure != nil {
		t.Fatal(failure)
	}
	var got []string
	for _, s := range r.Series {
		got = append(got, r.label(s))
	}
	if want := "Size/of-1 (GOMAXPROCS 1), Size/of-1 (GOMAXPROCS 3), Size/of-2 (GOMAXPROCS 1), Size/of-2 (GOMAXPROCS 3)"; strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// held is a benchmark whose process is held up while some samples are taken.
type held struct {
	taken int
	slow  map[int]bool
}

func (h *held) Run(_ context.Context, args []string, _ int) (string, int, *cell.Failure) {
	line := "5000\t1000 ns/op"
	if !slices.Contains(args, "-test.benchtime=1x") {
		if h.slow[h.taken] {
			line = "1\t21000000 ns/op"
		}
		h.taken++
	}
	return "goos: linux\ngoarch: amd64\n=== RUN   BenchmarkOne\nBenchmarkOne\nBenchmarkOne   \t" + line + "\nPASS\n", 0, nil
}

func TestHeldUp(t *testing.T) {
	for name, test := range map[string]struct {
		slow  map[int]bool
		again int
		worst float64
	}{
		"none":             {nil, 0, 1e-6},
		"the first":        {map[int]bool{0: true}, 1, 1e-6},
		"some":             {map[int]bool{2: true, 7: true}, 2, 1e-6},
		"one twice":        {map[int]bool{5: true, 6: true}, 1, 21e-3},
		"most: that is it": {map[int]bool{0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true}, 0, 21e-3},
	} {
		t.Run(name, func(t *testing.T) {
			r, failure := Measure(t.Context(), &held{slow: test.slow}, Options{Functions: []string{"BenchmarkOne"}, Processors: []int{0}, Time: time.Second, Count: 8})
			if failure != nil {
				t.Fatal(failure)
			}
			s := r.Series[0]
			if got := slices.Max(s.figures(unitTime)); len(s.Samples) != 8 || r.Again != test.again || math.Abs(got-test.worst) > 1e-9 {
				t.Errorf("%d samples, %d taken again, the worst is %v", len(s.Samples), r.Again, got)
			}
			if said := strings.Contains(r.View(Shown{})["text/plain"].(string), "once more"); said != (test.again > 0) {
				t.Errorf("it is told: %t", said)
			}
		})
	}
}

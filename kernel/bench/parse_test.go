package bench

import (
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// written is what a binary writes with -test.v when benchmarks print, fail and skip.
const written = `goos: linux
goarch: amd64
pkg: x
cpu: Some CPU
BenchmarkOne
    cell.go:9: a log
printed
no line endBenchmarkOne-2   	16579340	         0.7043 ns/op	       0 B/op	       0 allocs/op
--- BENCH: BenchmarkOne-2
    cell.go:9: a log
goos: printed by the program
BenchmarkFail
    cell.go:10: wrong sum 3
--- FAIL: BenchmarkFail
BenchmarkSub
BenchmarkSub/size=1/日本
BenchmarkSub/size=1/日本-2  	     100	      1382 ns/op	  72.36 MB/s	         3.500 hops/op	       8 B/op	       1 allocs/op
textBenchmarkSkip
    cell.go:12: not here
text--- SKIP: BenchmarkSkip
FAIL
`

func TestParseOutput(t *testing.T) {
	o := parseOutput(written)
	if want := []string{"BenchmarkOne", "BenchmarkFail", "BenchmarkSub", "BenchmarkSub/size=1/日本", "BenchmarkSkip"}; !reflect.DeepEqual(o.started, want) {
		t.Errorf("started %q", o.started)
	}
	if want := map[string]string{"goos": "linux", "goarch": "amd64", "pkg": "x", "cpu": "Some CPU"}; !reflect.DeepEqual(o.config, want) {
		t.Errorf("config %q", o.config)
	}
	if want := []failed{{"BenchmarkFail", "    cell.go:10: wrong sum 3\n"}}; !reflect.DeepEqual(o.failed, want) {
		t.Errorf("failed %q", o.failed)
	}
	if want := []failed{{"BenchmarkSkip", "    cell.go:12: not here\ntext"}}; !reflect.DeepEqual(o.skipped, want) {
		t.Errorf("skipped %q", o.skipped)
	}
	if len(o.results) != 2 {
		t.Fatalf("results %+v", o.results)
	}
	if r := o.results[0]; r.name != "BenchmarkOne-2" || r.iterations != 16579340 || r.values[0].Unit != unitTime || r.values[0].Value != 0.7043e-9 {
		t.Errorf("%+v", r)
	}
	if r := o.results[1]; r.name != "BenchmarkSub/size=1/日本-2" || len(r.values) != 5 || r.values[1].Unit != "B/s" || r.values[1].Value != 72.36e6 || r.values[2].Unit != "hops/op" {
		t.Errorf("%+v", r)
	}
	want := "    cell.go:9: a log\nprinted\nno line end    cell.go:9: a log\ngoos: printed by the program\n    cell.go:10: wrong sum 3\ntext    cell.go:12: not here\ntext"
	if o.own != want {
		t.Errorf("its own text is\n%q, want\n%q", o.own, want)
	}
}

// Words of the program that only look like the testing package's are the program's.
func TestParseText(t *testing.T) {
	for _, text := range []string{
		"Benchmarks are fun\n", "a Benchmark\tof\t1\n", "Benchmark X\n", "Benchmarking\n", "    Benchmark\n", "PASSED\n", "goos:\n",
		"--- FAIL: TestX\n", "BenchmarkX-2 12\n", "\n\n", "BenchmarkX 5\tx ns/op\n", "no line end",
	} {
		if o := parseOutput(text); o.own != text || len(o.results)+len(o.failed)+len(o.skipped) > 0 {
			t.Errorf("%q: %+v", text, o)
		}
	}
}

// The line that the testing package writes while a benchmark panics is no result.
func TestParsePanic(t *testing.T) {
	o := parseOutput("BenchmarkX\nBenchmarkX-2         \t       0\t               NaN ns/op\t       0 B/op\n")
	if len(o.results) > 0 || o.own != "" || strings.Join(o.unfinished(), " ") != "BenchmarkX" {
		t.Errorf("%+v", o)
	}
}

func TestStrip(t *testing.T) {
	for _, tt := range []struct {
		written, name string
		procs         int
		ok            bool
	}{
		{"BenchmarkX", "BenchmarkX", 1, true},
		{"BenchmarkX-8", "BenchmarkX", 8, true},
		{"BenchmarkX/of-1-8", "BenchmarkX/of-1", 8, true},
		{"BenchmarkX/of-1-8", "BenchmarkX/of", 0, false},
		{"BenchmarkX-08", "BenchmarkX", 0, false},
		{"BenchmarkXY-8", "BenchmarkX", 0, false},
		{"BenchmarkY", "BenchmarkX", 0, false},
	} {
		if procs, ok := strip(tt.written, tt.name); ok != tt.ok || ok && procs != tt.procs {
			t.Errorf("%s without %s: %d, %v", tt.written, tt.name, procs, ok)
		}
	}
}

// Names that end in numbers are told from the number of processors.
func TestLeaves(t *testing.T) {
	m := &measuring{Options: Options{Blocks: "BenchmarkCell"}}
	for _, tt := range []struct{ text, want string }{
		{"BenchmarkX\nBenchmarkX/1\nBenchmarkX/1-2 \t1\t5 ns/op\nBenchmarkX/1-2\nBenchmarkX/1-2-2 \t1\t5 ns/op\n", "X/1 X/1-2"},
		{"BenchmarkX\nBenchmarkX/1\nBenchmarkX/1 \t1\t5 ns/op\nBenchmarkX/1-2\nBenchmarkX/1-2 \t1\t5 ns/op\n", "X/1 X/1-2"},
		{"BenchmarkCell\nBenchmarkCell/mutex\nBenchmarkCell/mutex-4 \t1\t5 ns/op\nBenchmark_low\nBenchmark_low-4 \t1\t5 ns/op\n", "mutex low"},
		{"Benchmark\nBenchmark-4 \t1\t5 ns/op\n", "Benchmark"},
	} {
		var got []string
		for _, f := range m.leaves(parseOutput(tt.text)) {
			got = append(got, f.Name)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q: %q, want %s", tt.text, got, tt.want)
		}
	}
}

// The parser finds in any output no more than stands there, and keeps what is not
// the testing package's.
func FuzzParseOutput(f *testing.F) {
	f.Add(written)
	for _, cut := range []int{40, 90, 140, 200, 260, 300} {
		f.Add(written[:cut])
		f.Add(written[cut:])
	}
	f.Add("{\"Action\":\"output\"}\n")
	f.Add("BenchmarkX-2\t1\tNaN ns/op\nBenchmarkY \t1\t-1e400 ns/op\n")
	f.Fuzz(func(t *testing.T, text string) {
		o := parseOutput(text)
		at := 0
		for i := range len(text) {
			if at < len(o.own) && text[i] == o.own[at] {
				at++
			}
		}
		if at < len(o.own) {
			t.Fatalf("the program did not write %q", o.own[at:])
		}
		m := &measuring{results: &Results{}}
		for _, l := range m.leaves(o) {
			m.results.Series = append(m.results.Series, &Series{Name: l.Name, Full: l.Full, Procs: 1})
		}
		for i, s := range m.results.Series {
			for _, r := range o.results {
				if !strings.Contains(text, r.name) {
					t.Fatalf("%q is not in the text", r.name)
				}
				sample := Sample{Round: i, Iterations: r.iterations}
				for _, v := range r.values {
					sample.Values = append(sample.Values, Value{v.Unit, v.Value})
				}
				s.Samples = append(s.Samples, sample)
			}
		}
		if !m.results.empty() {
			b := m.results.View(Shown{Before: m.results, Name: "x"})
			if html := b["text/html"].(string); !utf8.ValidString(html) {
				t.Fatal("not valid UTF-8")
			}
		}
	})
}

// Results that were written and read again are the same, and benchstat's reader takes
// what go test itself writes.
func TestFile(t *testing.T) {
	r := processorResults()
	r.Series[0].Name, r.Series[0].Full = "size-4/x", "Benchmarksize-4/x"
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := Read(strings.NewReader(b.String()), "old.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Series) != len(r.Series) || got.Machine.CPU != r.Machine.CPU || got.Machine.Go != r.Machine.Go || !got.At.Equal(r.At) || got.File != "old.txt" {
		t.Errorf("%+v", got)
	}
	for i, s := range got.Series {
		want := r.Series[i]
		if s.Name != want.Name || s.Full != want.Full || s.Procs != want.Procs || len(s.Samples) != len(want.Samples) {
			t.Fatalf("%s on %d: %d samples", s.Name, s.Procs, len(s.Samples))
		}
		for j, sample := range s.Samples {
			a, _ := sample.figure(unitTime)
			if b, _ := want.Samples[j].figure(unitTime); a/b < 0.999999 || a/b > 1.000001 || sample.Iterations != 1000 {
				t.Errorf("%v instead of %v", a, b)
			}
		}
	}
	if text := got.View(Shown{})["text/plain"].(string); !strings.HasPrefix(text, "Time of one operation: 12 samples of each benchmark, in rotation\n") {
		t.Error(text)
	}
	if _, err := Read(strings.NewReader("nothing\n"), "old.txt"); err == nil || err.Error() != "old.txt holds no results of benchmarks" {
		t.Error(err)
	}
	real := realBinary(t)
	out, err := exec.Command(real.path, "-test.run=^$", "-test.bench=Short|Size", "-test.benchtime=1x", "-test.count=3").Output()
	if err != nil {
		t.Fatal(err)
	}
	r, err = Read(strings.NewReader(string(out)), "real")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(r.names(), " "); got != "Short Size/of-1 Size/of-2" || len(r.Series[2].Samples) != 3 {
		t.Errorf("read %s of\n%s", got, out)
	}
}

func TestApart(t *testing.T) {
	ys := func(tags []tag) (all []float64) {
		for _, t := range tags {
			all = append(all, t.y)
		}
		return all
	}
	for _, tt := range []struct{ at, want []float64 }{
		{[]float64{50}, []float64{50}},
		{[]float64{80, 20}, []float64{20, 80}},
		{[]float64{50, 50}, []float64{45, 55}},
		{[]float64{50, 52, 54}, []float64{42, 52, 62}},
		{[]float64{5, 95}, []float64{10, 90}},
		{[]float64{91, 91, 91}, []float64{70, 80, 90}},
		{[]float64{9, 9, 9}, []float64{10, 20, 30}},
	} {
		var tags []tag
		for _, y := range tt.at {
			tags = append(tags, tag{y: y})
		}
		if got := ys(apart(tags, 10, 10, 90)); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%v: %v, want %v", tt.at, got, tt.want)
		}
	}
}

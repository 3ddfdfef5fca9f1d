package compiled

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chanbook/chanbook/kernel/bench"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// benchPage is a front end that keeps what it is shown.
type benchPage struct {
	mu       sync.Mutex
	stdout   string
	stderr   string
	displays []cell.Display
	on       func(cell.Display)
}

func (p *benchPage) Output(o cell.Output) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch o := o.(type) {
	case cell.Stream:
		if o.Name == cell.Stdout {
			p.stdout += o.Text
		} else {
			p.stderr += o.Text
		}
	case cell.Display:
		p.displays = append(p.displays, o)
		if p.on != nil {
			p.on(o)
		}
	}
}

func (p *benchPage) Input(context.Context, string, bool) (string, error) {
	return "", cell.ErrNoInput
}

// last is the text of the display that stands at the end.
func (p *benchPage) last() string {
	if len(p.displays) == 0 {
		return ""
	}
	text, _ := p.displays[len(p.displays)-1].Data["text/plain"].(string)
	return text
}

// benchSession is a session with a real toolchain.
func benchSession(t *testing.T) *Cells {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the go command is missing")
		}
		t.Skip("the go command is missing; install Go from https://go.dev/dl")
	}
	tools := toolchain.New(toolchain.Options{})
	t.Cleanup(func() {
		if err := tools.Close(); err != nil {
			t.Error(err)
		}
	})
	return New(tools, program.Standard())
}

// runBench runs a cell with %%bench.
func runBench(t *testing.T, s *Cells, ctx context.Context, text string, p *benchPage) *cell.Failure {
	t.Helper()
	line, rest, _ := strings.Cut(text, "\n")
	args := strings.TrimPrefix(line, "%%bench")
	return s.Run(&Call{
		Ctx: ctx, Name: "%%bench", Args: args, Out: p,
		Cell: cell.Source{Number: 3, Text: strings.Repeat(" ", len(line)) + "\n" + rest},
	}).Failure
}

// leastTime is that of the samples of a benchmark: on a machine that is busy it is
// the one of the work itself.
func leastTime(r *bench.Results, i int) float64 {
	least := r.Series[i].Samples[0].Values[0].Figure
	for _, s := range r.Series[i].Samples {
		least = min(least, s.Values[0].Figure)
	}
	return least
}

// Blocks are measured with what stands before them, which runs once in each process,
// and their places are those of the cell.
func TestBenchBlocks(t *testing.T) {
	s := benchSession(t)
	var p benchPage
	bad := runBench(t, s, t.Context(), `%%bench -count 6 -time 300ms -save old -o `+filepath.Join(t.TempDir(), "old.txt")+`
n := 1000
var sum atomic.Int64
type kind int
fmt.Println("set up", n)
defer fmt.Println("all over")
func add(k int) { for i := range k { sum.Add(int64(i)) } }
short: { add(n) }
long: {
	for range 10 {
		add(n)
	}
	if n < 0 { goto long }
}`, &p)
	if bad != nil {
		t.Fatal(bad)
	}
	if p.stdout != "set up 1000\nall over\n" || p.stderr != "" {
		t.Errorf("stdout %q, stderr %q", p.stdout, p.stderr)
	}
	old := s.benched.Get("old")
	if old == nil || len(old.Series) != 2 || len(old.Series[0].Samples) != 6 {
		t.Fatalf("kept %+v", old)
	}
	if ratio := leastTime(old, 1) / leastTime(old, 0); ratio < 3 {
		t.Errorf("ten times the work takes %.1f times as long", ratio)
	}
	text := p.last()
	for _, want := range []string{"6 samples of each benchmark, in rotation", "Compiled by go1.", "short ", "long ", "against short", "Kept as old:", "old.txt in the format of go test"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nlacks %q", text, want)
		}
	}
	for i, d := range p.displays {
		if d.ID == "" || d.ID != p.displays[0].ID || d.Update != (i > 0) {
			t.Errorf("display %d: %q, %v", i, d.ID, d.Update)
		}
	}
}

// A function that the compiler could leave out is run all the same.
func TestBenchKeepsTheWork(t *testing.T) {
	s := benchSession(t)
	var p benchPage
	bad := runBench(t, s, t.Context(), `%%bench -count 4 -time 100ms -save old
x, y := 3.0, 0.0
func root(x float64) float64 { return math.Sqrt(math.Sqrt(math.Sqrt(math.Sqrt(x)))) }
nothing: { }
assigned: { y = root(x) }
local: { z := root(x); _ = z }
call: { root(x) }
blank: { _ = root(x) }`, &p)
	if bad != nil {
		t.Fatal(bad)
	}
	r := s.benched.Get("old")
	for i, s := range r.Series[1:] {
		if took, nothing := leastTime(r, i+1), leastTime(r, 0); took < 5*nothing {
			t.Errorf("%s took %v, an empty block %v", s.Name, took, nothing)
		}
	}
}

func TestBenchFunctions(t *testing.T) {
	s := benchSession(t)
	file := filepath.Join(t.TempDir(), "old.txt")
	text := `import "testing"
var words []string
for i := range 100 { words = append(words, fmt.Sprint(i)) }
func BenchmarkJoin(b *testing.B) {
	for _, k := range []int{10, 100} {
		b.Run(fmt.Sprintf("words=%d", k), func(b *testing.B) {
			for b.Loop() { strings.Join(words[:k], " ") }
			b.ReportMetric(float64(len(words)), "words")
		})
	}
}
func BenchmarkSkipped(b *testing.B) { b.Skip("not today") }`
	var p benchPage
	if bad := runBench(t, s, t.Context(), "%%bench -count 4 -time 100ms -cpu 1,2 -o "+file+"\n"+text, &p); bad != nil {
		t.Fatal(bad)
	}
	for _, want := range []string{"Join/words=10 ", "Join/words=100 ", "GOMAXPROCS 1 and 2", "speed-up", " 100\n", "Skipped: Skipped (In[3]:13: not today)"} {
		if !strings.Contains(p.last(), want) {
			t.Errorf("%s\nlacks %q", p.last(), want)
		}
	}
	if html := p.displays[len(p.displays)-1].Data["text/html"].(string); !strings.Contains(html, "<img alt=\"Join/words=10 1 with 1, ") {
		t.Error("there is no picture")
	}
	p = benchPage{}
	if bad := runBench(t, s, t.Context(), "%%bench -count 4 -time 100ms -p 2 -run Join/100 -against "+file+"\n"+text, &p); bad != nil {
		t.Fatal(bad)
	}
	for _, want := range []string{"This cell against the file " + file, "change of time", "Not compared: only in " + file + " Join/words=10 (GOMAXPROCS 1)"} {
		if !strings.Contains(p.last(), want) {
			t.Errorf("%s\nlacks %q", p.last(), want)
		}
	}
}

func TestBenchParallel(t *testing.T) {
	s := benchSession(t)
	var p benchPage
	bad := runBench(t, s, t.Context(), "%%bench -count 2 -time 50ms -parallel -p 2\nvar n atomic.Int64\nseen := sync.Map{}\nadd: { seen.Store(n.Add(1) % 10, true); if n.Load() < 0 { goto add } }\n", &p)
	if bad != nil {
		t.Fatal(bad)
	}
	if !strings.Contains(p.last(), "on all processors at once (-parallel)") {
		t.Error(p.last())
	}
}

func TestBenchFailures(t *testing.T) {
	s := benchSession(t)
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "%%bench\nx := 1\n", []string{"the cell has no benchmark", "mutex:  {"}},
		{"fatal", "%%bench\nfunc BenchmarkSum(b *testing.B) {\n\tb.Fatalf(\"wrong sum %d\", 3)\n}", []string{"BenchmarkSum failed", "In[3]:3: wrong sum 3"}},
		{"panic", "%%bench\nvar m map[string]int\nset: {\n\tm[\"a\"]++\n}", []string{"nil map", "In[3]:4"}},
		{"panic before", "%%bench\nvar m map[string]int\nm[\"a\"]++\nset: { }", []string{"nil map", "In[3]:3"}},
		{"exit", "%%bench\nleave: { os.Exit(0) }", []string{"os.Exit(0)"}},
		{"return", "%%bench\nx := 1\nif x > 0 { return }\nb: { x++ }", []string{"the program ended before it ran a benchmark"}},
		{"compile", "%%bench\nadd: {\n\tvar s string = 1\n}", []string{"In[3]:3:17: cannot use 1"}},
		{"break", "%%bench\nx := 1\nadd: { x++; break }", []string{"CommandError: add failed", "left by break"}},
		{"after", "%%bench\nadd: { }\nfmt.Println()\n", []string{"In[3]:3:1: this stands after a labelled block", "before the first"}},
		{"twice", "%%bench\nadd: { }\nadd: { }\n", []string{"In[3]:3:1: label add already defined"}},
		{"blank", "%%bench\n_: { }\n", []string{"In[3]:2:1", "a name of its own"}},
		{"illegal label", "%%bench\nmy-block: { }\n", []string{"In[3]:2", "such as my_block: { … }"}},
		{"quoted label", "%%bench\n\"a b\": { }\n", []string{"In[3]:2", "such as my_block: { … }"}},
		{"two words", "%%bench\na b: { }\n", []string{"In[3]:2", "such as my_block: { … }"}},
		{"keyword", "%%bench\nfunc: { }\n", []string{"In[3]:2", "such as my_block: { … }"}},
		{"no colon", "%%bench\nmutex { x++ }\n", []string{"In[3]:2", "mutex: { … }"}},
		{"empty", "%%bench", []string{"no Go code", "mutex:  {"}},
		{"signature", "%%bench\nfunc BenchmarkX(t *testing.T) {}", []string{"In[3]:2:6: wrong signature for BenchmarkX, must be: func BenchmarkX(b *testing.B)"}},
		{"main", "%%bench\nfunc TestMain(m *testing.M) { m.Run() }\nadd: { }", []string{"In[3]:2:6: a cell with statements or labelled blocks cannot have a TestMain"}},
		{"flag", "%%bench -cpu 1,x\nadd: { }", []string{"%%bench: -cpu 1,x: \"x\" is no number of processors"}},
		{"both", "%%bench -cpu 1 -p 2\nadd: { }", []string{"-p and -cpu"}},
		{"count", "%%bench -count 5000\nadd: { }", []string{"from 1 to 1000"}},
		{"time", "%%bench -time -1s\nadd: { }", []string{"-time -1s: a time is positive"}},
		{"regexp", "%%bench -run (\nadd: { }", []string{"-run (", "missing closing"}},
		{"no pick", "%%bench -run nothing\nadd: { }", []string{"-run picks no benchmark of the cell; it has add"}},
		{"against", "%%bench -against nothing\nadd: { }", []string{"-against nothing", "none are kept", "-o writes them"}},
		{"base", "%%bench -base nothing -count 1\nadd: { }", []string{"-base nothing", "add"}},
		{"deadlock", "%%bench\nc := make(chan int)\nreceive: { <-c }", []string{"deadlock", "In[3]:3"}},
		{"timeout", "%%bench -timeout 200ms\nsleep: { time.Sleep(time.Hour) }", []string{"longer than the -timeout of 200ms", "while sleep ran for the first time"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p benchPage
			bad := runBench(t, s, t.Context(), tt.text, &p)
			if bad == nil {
				t.Fatalf("no failure\n%s", p.last())
			}
			for _, want := range tt.want {
				if !strings.Contains(bad.Error(), want) {
					t.Errorf("%s\nlacks %q", bad, want)
				}
			}
			if strings.Contains(p.last(), "Measuring") {
				t.Errorf("the progress remains: %s", p.last())
			}
		})
	}
}

// An interrupt shows what was measured until then.
func TestBenchInterrupt(t *testing.T) {
	s := benchSession(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	var p benchPage
	p.on = func(d cell.Display) {
		if text, _ := d.Data["text/plain"].(string); strings.Contains(text, "round 2 ") {
			cancel(cell.ErrInterrupted)
		}
	}
	bad := runBench(t, s, ctx, "%%bench -time 1h\nx := 1\nadd: { x++ }\nsub: { x-- }", &p)
	if bad == nil || bad.Name != cell.Interrupt {
		t.Fatalf("failure %v", bad)
	}
	if text := p.last(); !strings.Contains(text, " was measured: these are the figures until then.") || !strings.Contains(text, "add ") {
		t.Error(text)
	}
}

// A million lines of a benchmark that prints are not kept, and its figures are found.
func TestBenchFlood(t *testing.T) {
	s := benchSession(t)
	var p benchPage
	bad := runBench(t, s, t.Context(), "%%bench -count 1 -time 100ms\nprints: { fmt.Println(strings.Repeat(\"x\", 1000)); fmt.Print(\"no line end\") }", &p)
	if bad != nil {
		t.Fatal(bad)
	}
	if want := strings.Repeat("x", 1000) + "\nno line end"; p.stdout != want || !strings.Contains(p.last(), "prints ") {
		t.Errorf("%d bytes of output\n%s", len(p.stdout), p.last())
	}
}

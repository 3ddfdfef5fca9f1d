package trace

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// scenes is the program of testdata/scenes.
var scenes = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "trace-scenes-*")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "scenes")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", "build", "-trimpath", "-o", path, "./testdata/scenes").CombinedOutput()
	if err != nil {
		return dir, fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if path, _ := scenes(); path != "" {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

// record runs a scene and returns what the tracer wrote.
func record(t testing.TB, scene string, env ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the go command is missing")
		}
		t.Skip("install Go to run this test")
	}
	program, err := scenes()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "trace.out")
	c := exec.Command(program, scene, file)
	c.Env = append(append(os.Environ(), "GODEBUG=traceadvanceperiod=20000000"), env...)
	if scene == "asleep" {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool {
			data, _ := os.ReadFile(file)
			tr, err := Read(bytes.NewReader(data), Options{})
			if err != nil {
				return false
			}
			_, ok := tr.Asleep()
			return ok && len(tr.awake()) == 2
		})
		c.Process.Kill()
		c.Wait()
	} else if out, err := c.CombinedOutput(); err != nil && scene != "exit" && scene != "panic" {
		t.Fatalf("%s: %v\n%s", scene, err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// waitFor waits until something is so.
func waitFor(t testing.TB, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); {
		if time.Now().After(end) {
			t.Fatal("it does not become so")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// play runs a scene and reads its trace.
func play(t testing.TB, scene string, env ...string) *Trace {
	t.Helper()
	return read(t, record(t, scene, env...), Options{})
}

func read(t testing.TB, data []byte, o Options) *Trace {
	t.Helper()
	tr, err := Read(bytes.NewReader(data), o)
	if err != nil {
		t.Fatal(err)
	}
	checkLanes(t, tr)
	return tr
}

// checkLanes checks what is so of every trace.
func checkLanes(t testing.TB, tr *Trace) {
	t.Helper()
	for _, g := range tr.Goroutines {
		var sum [states]time.Duration
		for i, x := range g.Lane {
			if x.Start >= x.End || x.Start < tr.From || x.End > tr.To {
				t.Fatalf("G%d: interval from %v to %v in a window from %v to %v", g.ID, x.Start, x.End, tr.From, tr.To)
			}
			if i > 0 && x.Start != g.Lane[i-1].End {
				t.Fatalf("G%d: one interval ends at %v, the next begins at %v", g.ID, g.Lane[i-1].End, x.Start)
			}
			if x.State != Mixed {
				sum[x.State] += x.length()
				continue
			}
			for s := range sum {
				sum[s] += x.Parts.Time[s]
			}
		}
		if sum != g.Totals {
			t.Fatalf("G%d: the lane's times are %v, the totals %v", g.ID, sum, g.Totals)
		}
	}
	for _, p := range tr.Procs {
		for i, x := range p.Lane {
			if x.Start >= x.End || i > 0 && x.Start < p.Lane[i-1].End {
				t.Fatalf("P%d: interval %d is from %v to %v", p.ID, i, x.Start, x.End)
			}
		}
	}
}

// waits is how often it was waited at a place for a reason.
func (t *Trace) waitsAt(at, reason string) (w Wait) {
	for _, x := range t.Waits {
		if x.Place.At == at && x.Place.Reason == reason {
			return x
		}
	}
	return w
}

// users are the goroutines of the program.
func users(tr *Trace) (all []*Goroutine) {
	for _, g := range tr.Goroutines {
		if !g.System {
			all = append(all, g)
		}
	}
	return all
}

func named(t *testing.T, tr *Trace, name string) *Goroutine {
	t.Helper()
	var names []string
	for _, g := range users(tr) {
		if g.Name == name {
			return g
		}
		names = append(names, g.Name)
	}
	t.Fatalf("no goroutine is named %q: %q", name, names)
	return nil
}

func TestHandOff(t *testing.T) {
	unbuffered := play(t, "unbuffered", "GOMAXPROCS=1")
	buffered := play(t, "buffered", "GOMAXPROCS=1")
	alone, batch := unbuffered.waitsAt("In[3]:6", "chan send").Times, buffered.waitsAt("In[3]:6", "chan send").Times
	if alone < 60 || batch*3 > alone || batch < 10 {
		t.Errorf("200 sends blocked %d times without a buffer and %d times with one of 10", alone, batch)
	}
	g := named(t, unbuffered, "receiver")
	if at := unbuffered.Places[g.Created].At; at != "In[3]:4" || !g.HasStart || g.Parent != 1 {
		t.Errorf("receiver was started at %s by %d", at, g.Parent)
	}
	if !g.HasEnd {
		t.Error("the receiver has not returned")
	}
	wakes := 0
	for _, e := range unbuffered.Edges {
		if !e.Create && e.From == g.ID && e.To == 1 {
			wakes++
			if at := unbuffered.Places[e.Place].At; at != "In[3]:13" && at != "In[3]:15" {
				t.Errorf("main was woken by the receiver at %s", at)
			}
		}
	}
	if wakes < alone-1 {
		t.Errorf("the sender waited %d times and was woken by the receiver %d times", alone, wakes)
	}
}

// overlap is how long two goroutines of the program ran at the same time.
func overlap(tr *Trace) (sum time.Duration) {
	all := users(tr)
	for i, a := range all {
		for _, b := range all[i+1:] {
			for _, x := range a.Lane {
				for _, y := range b.Lane {
					if x.State == Running && y.State == Running {
						sum += max(0, min(x.End, y.End)-max(x.Start, y.Start))
					}
				}
			}
		}
	}
	return sum
}

func TestProcessors(t *testing.T) {
	one := play(t, "parallel", "GOMAXPROCS=1")
	if one.MostAtOnce != 1 || len(one.Procs) != 1 || overlap(one) != 0 {
		t.Errorf("with one processor: %d at once on %d processors, overlap %v", one.MostAtOnce, len(one.Procs), overlap(one))
	}
	two := play(t, "parallel", "GOMAXPROCS=2")
	if two.MostAtOnce != 2 || len(two.Procs) != 2 || overlap(two)*4 < two.Length {
		t.Errorf("with two processors: %d at once on %d processors, overlap %v of %v", two.MostAtOnce, len(two.Procs), overlap(two), two.Length)
	}
	if p1, p2 := one.parallelism(), two.parallelism(); p1 > 1 || p2 < p1 {
		t.Errorf("on average %v ran at once on one processor, %v on two", p1, p2)
	}
	var busy time.Duration
	for _, p := range two.Procs {
		busy += p.Totals[User]
	}
	if diff := busy - two.Running; max(diff, -diff)*100 > two.Running {
		t.Errorf("goroutines ran for %v, the processors ran goroutines for %v", two.Running, busy)
	}
	if one.Yielding.Count == 0 {
		t.Error("with one processor nobody was made to give way")
	}
}

func TestConvoy(t *testing.T) {
	tr := play(t, "convoy")
	w := tr.waitsAt("In[3]:43", "sync.Mutex.Lock")
	if w.Times < 4 || w.Total < time.Millisecond {
		t.Errorf("it was waited for the mutex %d times, %v in all", w.Times, w.Total)
	}
	found := false
	for _, e := range tr.Edges {
		found = found || !e.Create && tr.Places[e.Place].At == "In[3]:45" && tr.Places[e.WaitedAt].Reason == "sync.Mutex.Lock" && e.From > 1 && e.To > 1
	}
	if !found {
		t.Error("no arrow goes from Unlock to one that waits in Lock")
	}
	if n := len(users(tr)); n != 5 {
		t.Errorf("%d goroutines", n)
	}
	for _, g := range users(tr)[1:] {
		if g.Name != "convoy.func1" || tr.Places[g.Created].At != "In[3]:41" {
			t.Errorf("%s", tr.title(g))
		}
	}
}

func TestSleep(t *testing.T) {
	tr := play(t, "sleep")
	w := tr.waitsAt("In[3]:53", "sleep")
	if w.Times != 1 || w.Total < 20*time.Millisecond {
		t.Errorf("slept %d times, %v", w.Times, w.Total)
	}
	for _, e := range tr.Edges {
		if e.To == 1 && e.From != 0 {
			t.Errorf("main was woken by a goroutine: %+v", e)
		}
	}
	if g := named(t, tr, "main"); g.Totals[Waiting]*2 < tr.Length {
		t.Errorf("main waited for %v of %v", g.Totals[Waiting], tr.Length)
	}
}

func TestSystemCalls(t *testing.T) {
	tr := play(t, "files")
	g := named(t, tr, "main")
	if g.Times[Syscall] < 50 || g.Totals[Syscall] == 0 {
		t.Errorf("%d system calls, %v", g.Times[Syscall], g.Totals[Syscall])
	}
	found := false
	for _, p := range tr.Places {
		found = found || p.At == "In[3]:60" && p.Via == "os.File.WriteString"
	}
	if !found {
		t.Errorf("no place is that of the write: %v", tr.Places)
	}
}

func TestCollection(t *testing.T) {
	tr := play(t, "collect")
	phases, stops := 0, 0
	for _, r := range tr.Ranges {
		if r.Stop {
			stops++
		} else {
			phases++
		}
	}
	if phases == 0 || stops < 2 {
		t.Errorf("%d phases of the collector, %d stops of the world", phases, stops)
	}
	var collecting time.Duration
	for _, p := range tr.Procs {
		collecting += p.Totals[Collect]
	}
	if collecting == 0 {
		t.Error("no processor ran the collector")
	}
	if len(users(tr)) != 1 {
		t.Errorf("%d goroutines of the program", len(users(tr)))
	}
}

func TestTasks(t *testing.T) {
	tr := play(t, "tasks")
	if len(tr.Tasks) != 1 || tr.Tasks[0].Name != "order" || !tr.Tasks[0].HasEnd {
		t.Fatalf("tasks: %+v", tr.Tasks)
	}
	main := named(t, tr, "main")
	if len(main.Regions) != 2 || main.Regions[0].Name != "outer" || main.Regions[0].Depth != 0 || main.Regions[1].Name != "inner" || main.Regions[1].Depth != 1 || main.Regions[1].End > main.Regions[0].End {
		t.Errorf("regions of main: %+v", main.Regions)
	}
	other := named(t, tr, "tasks.func2")
	if len(other.Regions) != 1 || other.Regions[0].Task != tr.Tasks[0].ID {
		t.Errorf("regions of the other goroutine: %+v", other.Regions)
	}
	if len(tr.Logs) != 1 || tr.Logs[0].Message != "halfway" || tr.Logs[0].Goroutine != 1 {
		t.Errorf("messages: %+v", tr.Logs)
	}
}

func TestNames(t *testing.T) {
	tr := play(t, "names")
	for name, at := range map[string]string{"worker.run": "In[3]:111", "names.func1": "In[3]:113"} {
		found := false
		for _, g := range users(tr) {
			found = found || strings.HasPrefix(g.Name, name) && tr.Places[g.Created].At == at
		}
		if !found {
			t.Errorf("no goroutine %s (%s)", name, at)
		}
	}
	if w := tr.waitsAt("In[3]:117", "chan receive"); w.Times+tr.waitsAt("In[3]:117", "select").Times != 1 {
		t.Errorf("waits: %+v", tr.Waits)
	}
}

func TestMany(t *testing.T) {
	tr := play(t, "many")
	n := 0
	for _, g := range users(tr) {
		if tr.Places[g.Created].At == "In[3]:95" {
			n++
		}
	}
	if n != 2000 {
		t.Errorf("%d goroutines", n)
	}
	b, err := tr.Bundle(View{})
	if err != nil {
		t.Fatal(err)
	}
	html, text := b["text/html"].(string), b["text/plain"].(string)
	if !strings.Contains(html, "2,000× many.func1 (In[3]:95)") || !strings.Contains(text, "2,000× many.func1 (In[3]:95)") {
		t.Error("the 2,000 goroutines are not named")
	}
	if len(html) > 400_000 {
		t.Errorf("the HTML has %d bytes", len(html))
	}
}

func TestExit(t *testing.T) {
	tr := play(t, "exit")
	if tr.Marked {
		t.Error("main is said to have returned")
	}
	if len(users(tr)) != 2 {
		t.Errorf("%d goroutines", len(users(tr)))
	}
}

func TestPanic(t *testing.T) {
	tr := play(t, "panic")
	if g := named(t, tr, "panics.func1"); g.HasEnd || g.Last != Running {
		t.Errorf("the goroutine that panics: %+v", g)
	}
}

func TestAsleep(t *testing.T) {
	tr := play(t, "asleep")
	since, ok := tr.Asleep()
	if !ok || since == 0 || since > tr.Length {
		t.Errorf("asleep since %v: %v", since, ok)
	}
	if _, quiet := tr.Quiet(); quiet != (since*2 < tr.Length) {
		t.Errorf("quiet: %v, since %v of %v", quiet, since, tr.Length)
	}
	got := strings.Join(tr.Waiting(), "\n")
	for _, want := range []string{"waits: In[3]:142 sync.Mutex.Lock", "waits: In[3]:143 sync.Mutex.Lock"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if _, ok := play(t, "sleep").Asleep(); ok {
		t.Error("a program that has returned is asleep")
	}
}

func TestMerging(t *testing.T) {
	data := record(t, "pingpong")
	whole, few := read(t, data, Options{}), read(t, data, Options{Intervals: 500})
	if whole.Merged != 0 || few.Merged == 0 {
		t.Fatalf("merged below %v and %v", whole.Merged, few.Merged)
	}
	kept := 0
	for i, g := range few.Goroutines {
		kept += len(g.Lane)
		if w := whole.Goroutines[i]; w.Totals != g.Totals || w.Times != g.Times {
			t.Errorf("G%d: totals %v and %v", g.ID, w.Totals, g.Totals)
		}
	}
	if kept > 500 {
		t.Errorf("%d intervals are kept", kept)
	}
	if whole.Latency.Count != few.Latency.Count || whole.Waits[0] != few.Waits[0] {
		t.Error("merging changes sums")
	}
	for i, p := range few.Procs {
		if p.Totals != whole.Procs[i].Totals {
			t.Errorf("P%d: totals %v and %v", p.ID, p.Totals, whole.Procs[i].Totals)
		}
	}
	if len(whole.Edges)+whole.MoreEdges < 20_000 || len(whole.Edges) > maxEdges {
		t.Errorf("%d arrows and %d more", len(whole.Edges), whole.MoreEdges)
	}
}

func TestWindow(t *testing.T) {
	data := record(t, "convoy")
	whole := read(t, data, Options{})
	middle := whole.Length / 2
	first, second := read(t, data, Options{To: middle}), read(t, data, Options{From: middle})
	if whole.Running != first.Running+second.Running || len(whole.Edges) != len(first.Edges)+len(second.Edges) {
		t.Errorf("running %v is not %v + %v", whole.Running, first.Running, second.Running)
	}
	_, err := Read(bytes.NewReader(data), Options{From: whole.Length + 1})
	if err == nil || !strings.Contains(err.Error(), "there is nothing from") {
		t.Errorf("a window after the end: %v", err)
	}
	if _, err := Read(bytes.NewReader(data), Options{From: 2, To: 1}); err == nil {
		t.Error("a window that ends before it begins")
	}
}

func TestTruncated(t *testing.T) {
	data := record(t, "steady")
	step := max(1, len(data)/47)
	readable, whole := 0, 0
	for n := 0; n < len(data); n += step {
		tr, err := Read(bytes.NewReader(data[:n]), Options{})
		if err != nil {
			continue
		}
		readable++
		if tr.Truncated == "" && !tr.Marked {
			whole++ // it ends between two generations
		}
		checkLanes(t, tr)
	}
	if readable == 0 || whole*4 > readable {
		t.Errorf("%d parts of the trace can be read, %d as if they were the whole", readable, whole)
	}
	tr, err := Read(bytes.NewReader(data), Options{MaxBytes: int64(len(data) * 3 / 4)})
	if err != nil || !strings.Contains(tr.Truncated, "only the first") {
		t.Errorf("a limit: %v, %+v", err, tr)
	}
}

func TestForeign(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{"", "empty"},
		{"go 1.2", "empty"},
		{"go 1.26 trace\x00\x00\x00", "empty"},
		{"go 1.11 trace\x00\x00\x00", "the trace is of Go 1.11"},
		{"go 1.99 trace\x00\x00\x00rest", "unknown or unsupported"},
		{"\x7fELF and so on, this is a program", "not an execution trace"},
		{"go 1.26 trace\x00\x00\x00foreign", "cannot be read"},
	} {
		_, err := Read(strings.NewReader(tt.data), Options{})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.data, err, tt.want)
		}
		if tt.want == "empty" && !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: %v is not ErrEmpty", tt.data, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, scene := range []string{"tasks", "unbuffered", "collect"} {
		data := record(f, scene)
		f.Add(data)
		f.Add(data[:len(data)/2])
		for i := 40; i < len(data); i += len(data) / 8 {
			broken := bytes.Clone(data)
			broken[i] ^= 0x41
			f.Add(broken)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tr, err := Read(bytes.NewReader(data), Options{Intervals: 1000})
		if err != nil {
			return
		}
		if _, err := tr.Bundle(View{}); err != nil {
			t.Fatal(err)
		}
	})
}

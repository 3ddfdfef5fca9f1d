package trace

import (
	"strings"
	"testing"
	"time"
)

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

// TestEarly has goroutines of which one is never seen with a stack, and one is told
// of only at the end.
func TestEarly(t *testing.T) {
	tr := play(t, "early")
	if n := len(users(tr)); n != 3 {
		t.Errorf("%d goroutines", n)
	}
	g := named(t, tr, "init.0.func1")
	if g.Totals[Waiting] != tr.Length || !strings.HasSuffix(tr.Places[g.LastAt].String(), " chan receive") {
		t.Errorf("%v of %v at %v", g.Totals[Waiting], tr.Length, tr.Places[g.LastAt])
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
	got := ""
	for _, s := range tr.Sleepers() {
		got += s.Name + ": " + s.Place.String() + "\n"
	}
	for _, want := range []string{"G1 main: In[3]:143 sync.Mutex.Lock", "asleep.func1 (In[3]:142): In[3]:142 sync.Mutex.Lock"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if _, ok := play(t, "sleep").Asleep(); ok {
		t.Error("a program that has returned is asleep")
	}
}

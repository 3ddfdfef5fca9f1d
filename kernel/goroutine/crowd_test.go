package goroutine

import (
	"fmt"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/prose"
)

func TestIDs(t *testing.T) {
	tests := []struct {
		ids  []int64
		want string
	}{
		{[]int64{7}, "7"},
		{[]int64{7, 8}, "7, 8"},
		{[]int64{7, 8, 9}, "7–9"},
		{[]int64{7, 8, 9, 12}, "7–9, 12"},
		{[]int64{1, 3, 5, 7}, "1, 3, 5, 7"},
		{[]int64{1, 3, 5, 7, 9, 10, 11}, "1, 3, … 9–11"},
	}
	for _, tt := range tests {
		var c crowd
		for _, id := range tt.ids {
			c = append(c, &Info{ID: id})
		}
		if got := c.ids(); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.ids, got, tt.want)
		}
	}
}

func TestPeriod(t *testing.T) {
	c := crowd{{Since: ago(2 * time.Second)}, {}, {Since: ago(4 * time.Second)}}
	if got := c.period(now, startedAt); got != "2s–4s" {
		t.Errorf("two times: %q", got)
	}
	if got := c[1:2].period(now, startedAt); got != "" {
		t.Errorf("no time: %q", got)
	}
	if got := (crowd{c[0], c[0]}).period(now, startedAt); got != "2s" {
		t.Errorf("one time: %q", got)
	}
}

// Goroutines stand together if a reader sees no difference, and apart otherwise.
func TestCrowds(t *testing.T) {
	base := func(change func(*Info)) *Info {
		s := newScene("In[3]")
		g := s.add(7, "In[3]", "In[3]:5", "worker", line("worker", "In[3]:9", "mu.Lock()"), line("", "In[3]:5", "go worker()")).
			waits(ReasonLock, Never, Case{Object: s.mutex("mu")}).holding(s.mutex("a"), "In[3]:8")
		change(g)
		return g
	}
	same := map[string]func(*Info){
		"id":           func(g *Info) { g.ID, g.Holds[0].Object.Holders = 8, []int64{8} },
		"parent":       func(g *Info) { g.Parent = 4 },
		"time":         func(g *Info) { g.Since, g.Wait.Since = now, now },
		"address":      func(g *Info) { g.Wait.On[0].Object.ID = 1 },
		"fill":         func(g *Info) { g.Wait.On[0].Object.Len = 1 },
		"other holder": func(g *Info) { g.Wait.On[0].Object.Holders = []int64{99} },
	}
	differ := map[string]func(*Info){
		"cell":       func(g *Info) { g.Cell = "In[4]" },
		"function":   func(g *Info) { g.Func = "other" },
		"start":      func(g *Info) { g.Start = "In[3]:6" },
		"reason":     func(g *Info) { g.Reason = ReasonRLock },
		"state":      func(g *Info) { g.State = External },
		"verdict":    func(g *Info) { g.Verdict = Later },
		"place":      func(g *Info) { g.Stack[0].Place = "In[3]:10" },
		"caller":     func(g *Info) { g.Stack[1].Place = "In[3]:10" },
		"depth":      func(g *Info) { g.Stack = g.Stack[:1] },
		"native":     func(g *Info) { g.Native = "f" },
		"main":       func(g *Info) { g.Main = true },
		"object":     func(g *Info) { g.Wait.On[0].Object.Name = "nu" },
		"capacity":   func(g *Info) { g.Wait.On[0].Object.Cap = 2 },
		"direction":  func(g *Info) { g.Wait.On[0].Send = true },
		"cases":      func(g *Info) { g.Wait.On = append(g.Wait.On, Case{}) },
		"nil case":   func(g *Info) { g.Wait.On[0].Object = nil },
		"no wait":    func(g *Info) { g.Wait = nil },
		"own lock":   func(g *Info) { g.Wait.On[0].Object.Holders = []int64{g.ID} },
		"holds less": func(g *Info) { g.Holds = nil },
		"locked at":  func(g *Info) { g.Holds[0].Place = "In[3]:7" },
		"by":         func(g *Info) { g.By = "time.AfterFunc" },
	}
	for name, change := range same {
		if n := len(crowdsOf([]*Info{base(func(*Info) {}), base(change)})); n != 1 {
			t.Errorf("other %s: %d crowds, want 1", name, n)
		}
	}
	for name, change := range differ {
		if n := len(crowdsOf([]*Info{base(func(*Info) {}), base(change)})); n != 2 {
			t.Errorf("other %s: %d crowds, want 2", name, n)
		}
	}
	if n := len(gatherApart(base(func(*Info) {}), base(same["address"]))); n != 2 {
		t.Errorf("other object, apart: %d crowds, want 2", n)
	}
}

func gatherApart(goroutines ...*Info) []crowd {
	crowds, _ := gather(goroutines, true, len(goroutines))
	return crowds
}

func TestDuration(t *testing.T) {
	tests := map[time.Duration]string{
		-time.Second:                          "less than 1ms",
		0:                                     "less than 1ms",
		1999 * time.Microsecond:               "1ms",
		350 * time.Millisecond:                "350ms",
		2340 * time.Millisecond:               "2.3s",
		2 * time.Second:                       "2s",
		59999 * time.Millisecond:              "59s",
		65 * time.Second:                      "1m05s",
		3*time.Hour + 20*time.Minute:          "3h20m",
		47*time.Hour + 59*time.Minute:         "47h59m",
		100 * time.Hour:                       "4 days",
		48*time.Hour + 1*time.Nanosecond:      "2 days",
		10*time.Second + 900*time.Millisecond: "10s",
	}
	for d, want := range tests {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := prose.Number(n); got != want {
			t.Errorf("prose.Number(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct {
		s       string
		columns int
		want    string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"工人甲", 6, "工人甲"}, {"工人甲", 5, "工人…"}, {"工人甲", 4, "工…"},
	} {
		if got := prose.Shorten(tt.s, tt.columns); got != tt.want {
			t.Errorf("prose.Shorten(%q, %d) = %q, want %q", tt.s, tt.columns, got, tt.want)
		}
	}
}

// hundredThousand goroutines of a few kinds, as a cell that leaks leaves them.
func hundredThousand() *Snapshot {
	s := newScene("In[3]")
	results := s.channel("results", "chan int", 0, 0, "In[3]:1", Reference{Variable: "results", Send: true, Receive: true})
	mu := s.mutex("mu")
	for i := range 100_000 {
		g := s.add(int64(i+2), "In[3]", "In[3]:5", "worker", line("worker", "In[3]:9", "results <- i"), line("a function literal", "In[3]:5", "worker(i)"))
		switch {
		case i == 0:
			g.holding(mu, "In[3]:7")
		case i%10 == 0:
			g.waits(ReasonLock, Live, Case{Object: mu})
		case i%7 == 0:
			g.waits(ReasonReceive, Never, Case{Object: s.channel("", "chan int", 0, 0, "In[3]:8")})
		default:
			g.waits(ReasonSend, Later, Case{Send: true, Object: results})
		}
	}
	return s.Snapshot
}

// What a dump of many goroutines takes and shows does not grow with their number.
func TestDumpOfManyIsShort(t *testing.T) {
	s := hundredThousand()
	b := Dump(s, Filter{})
	if n := len(fmt.Sprint(b["text/html"])); n > 40_000 {
		t.Errorf("%d bytes of HTML for %d kinds of goroutines", n, len(crowdsOf(s.Goroutines)))
	}
	if n := testing.AllocsPerRun(1, func() { crowdsOf(s.Goroutines) }); n > 1000 {
		t.Errorf("%v allocations to group %d goroutines", n, len(s.Goroutines))
	}
}

func BenchmarkDump(b *testing.B) {
	s := hundredThousand()
	b.ReportAllocs()
	for b.Loop() {
		Dump(s, Filter{})
	}
}

func BenchmarkDumpByText(b *testing.B) {
	s := hundredThousand()
	b.ReportAllocs()
	for b.Loop() {
		Dump(s, Filter{Text: "no such text"})
	}
}

func BenchmarkCrowds(b *testing.B) {
	s := hundredThousand()
	b.ReportAllocs()
	for b.Loop() {
		crowdsOf(s.Goroutines)
	}
}

func BenchmarkLeaks(b *testing.B) {
	s := hundredThousand()
	b.ReportAllocs()
	for b.Loop() {
		Leaks(s)
	}
}

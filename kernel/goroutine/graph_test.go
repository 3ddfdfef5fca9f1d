package goroutine

import (
	"fmt"
	"strings"
	"testing"
)

func TestWithoutIndexes(t *testing.T) {
	for name, want := range map[string]string{
		"mu": "mu", "forks[i]": "forks[…]", "forks[(i+1)%5]": "forks[…]", "forks[0]": "forks[0]",
		`m["a"].mu`: `m["a"].mu`, "a[b[i]].c[j]": "a[…].c[…]", "open[": "open[", "]x[": "]x[", "": "",
	} {
		if got := withoutIndexes(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// Objects of one name are told apart by the variables that lead to them, or by
// numbers; too many are not.
func TestLabels(t *testing.T) {
	of := func(variables ...string) []string {
		s := newScene("In[1]")
		for _, v := range variables {
			name, v, _ := strings.Cut(v, " ")
			o := s.mutex(name)
			if v != "" {
				o.Reached = []Reference{{Goroutine: 7}, {Variable: v}}
			}
		}
		users := &Info{}
		for _, o := range s.Objects {
			users.holding(o, "")
		}
		describer := describe(s.Snapshot, []*Info{users})
		var labels []string
		for _, o := range s.Objects {
			labels = append(labels, describer.label(o))
		}
		return labels
	}
	tests := []struct {
		objects []string // name and variable
		want    string
	}{
		{[]string{"mu"}, "mu"},
		{[]string{"mu alice"}, "mu"},
		{[]string{" jobs"}, "jobs"},
		{[]string{"to alice", "to bob"}, "alice, bob"},
		{[]string{"to.mu alice", "to.mu bob", "nu"}, "to.mu of alice, to.mu of bob, nu"},
		{[]string{"to alice", "to"}, "to #1, to #2"},
		{[]string{"to bank", "to bank"}, "to #1, to #2"},
		{[]string{"f[i]", "f[(i+1)%2]"}, "f[…] #1, f[…] #2"},
		{strings.Fields(strings.Repeat("mu ", 9)), strings.TrimSuffix(strings.Repeat("mu, ", 9), ", ")},
	}
	for _, tt := range tests {
		if got := strings.Join(of(tt.objects...), ", "); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.objects, got, tt.want)
		}
	}
}

// ring is n goroutines of which each holds a lock and waits for that of the next.
func ring(n int) *Snapshot {
	s := newScene("In[1]")
	var locks []*Object
	for i := range n {
		locks = append(locks, s.mutex(fmt.Sprintf("lock%d", i)))
	}
	for i := range n {
		s.add(int64(i+1), "In[1]", "In[1]:2", "f", line("f", "In[1]:4", "next.Lock()")).
			waits(ReasonLock, Never, Case{Object: locks[(i+1)%n]}).holding(locks[i], "In[1]:3")
	}
	return s.Snapshot
}

func TestRingsOfAllSizes(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 12, 13, 5000} {
		s := ring(n)
		d := describe(s, s.Goroutines)
		circles := d.circles(s.Goroutines)
		if len(circles) != 1 || len(circles[0]) != n {
			t.Fatalf("%d: circles %v", n, len(circles))
		}
		g := d.graph(s.Goroutines)
		checkPicture(t, g)
		checkBoxes(t, g)
		whole := 0
		for _, e := range g.edges {
			whole += b2i(e.circle)
		}
		if want := min(2*n, 14); whole != want || g.note() != "" {
			t.Errorf("%d: %d arrows are drawn, want %d; %q", n, whole, want, g.note())
		}
		drawn := 0
		for _, n := range g.nodes {
			drawn += len(n.crowd)
		}
		if drawn != n {
			t.Errorf("%d: the picture holds %d goroutines", n, drawn)
		}
		if line := g.lines()[0]; !strings.HasSuffix(line, "goroutine 1 (f)") || len(line) > 2000 {
			t.Errorf("%d: %s", n, line)
		}
	}
}

// Two who wait for the same are not the ones to wake each other.
func TestFellowWaitersAreNoCircle(t *testing.T) {
	s := newScene("In[1]")
	jobs := s.channel("jobs", "chan int", 0, 0, "", Reference{Goroutine: 1, Send: true}, Reference{Goroutine: 2, Send: true})
	for id := int64(1); id < 3; id++ {
		s.add(id, "In[1]", "In[1]:2", "f").waits(ReasonSelect, Never, Case{Object: jobs}, Case{})
	}
	if c := describe(s.Snapshot, s.Goroutines).circles(s.Goroutines); len(c) != 0 {
		t.Errorf("circles %v", c)
	}
}

// A channel through which two wait for each other is a circle only when nobody
// else can come: not while the verdict is open.
func TestCirclesNeedVerdicts(t *testing.T) {
	for _, tt := range []struct {
		verdict  Verdict
		deadlock bool
		want     int
	}{{Never, false, 1}, {Live, false, 0}, {Unknown, false, 0}, {Later, false, 0}, {Later, true, 1}} {
		s := newScene("In[1]")
		a := s.channel("a", "chan int", 0, 0, "", Reference{Goroutine: 2, Send: true})
		b := s.channel("b", "chan int", 0, 0, "", Reference{Goroutine: 1, Send: true})
		s.add(1, "In[1]", "In[1]:2", "f").waits(ReasonReceive, tt.verdict, Case{Object: a})
		s.add(2, "In[1]", "In[1]:3", "g").waits(ReasonReceive, tt.verdict, Case{Object: b})
		d := describe(s.Snapshot, s.Goroutines)
		d.deadlock = tt.deadlock
		if c := d.circles(s.Goroutines); len(c) != tt.want {
			t.Errorf("%+v: %d circles", tt, len(c))
		}
	}
}

// Many arrows to a circle are one in the picture, and all are in the text.
func TestArrowsIntoACircleAreGathered(t *testing.T) {
	s := philosopherScene()
	g := describe(s, s.Goroutines).graph(s.Goroutines)
	svg, _ := g.svg()
	if n := strings.Count(svg, "could be ended by"); n != 1 || !strings.Contains(svg, "could be ended by 5 of these") {
		t.Errorf("%d arrows from the wait group", n)
	}
	if text := g.text(); !strings.Contains(text, "could be ended by→ goroutines 20–24 (philosopher)") {
		t.Errorf("text %s", text)
	}
}

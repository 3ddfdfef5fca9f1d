package trace

import (
	"github.com/chanbook/chanbook/kernel/prose"
)

import "time"

const us = time.Microsecond

// modelled is a small trace, made by hand: main sends to two workers over an
// unbuffered channel, one of them collects garbage and writes to a file.
func modelled() *Trace {
	t := &Trace{To: 100 * us, Length: 100 * us, LastChange: 96 * us, MostAtOnce: 2, Events: 40, Marked: true}
	t.Places = []Place{
		{},
		{At: "In[3]:4", Func: "main", Reason: "go statement"},
		{At: "In[3]:7", Func: "main", Reason: "chan send"},
		{At: "In[3]:12", Func: "worker", Reason: "chan receive"},
		{At: "In[3]:13", Func: "worker", Via: "fmt.Println", Reason: "system call"},
		{At: "In[3]:9", Func: "main", Reason: "sync.WaitGroup.Wait"},
		{At: "In[3]:14", Func: "worker", Reason: "sleep"},
	}
	main := &Goroutine{ID: 1, Name: "main", Ended: 100 * us, Last: Running}
	main.Lane = Lane{
		run(0, 10, 0), stay(10, 20, Waiting, 2), stay(20, 24, Runnable, 0), run(24, 30, 0),
		stay(30, 90, Waiting, 5), stay(90, 92, Runnable, 0), run(92, 100, 1),
	}
	first := &Goroutine{ID: 7, Name: "worker", Parent: 1, Created: 1, Started: 5 * us, Ended: 88 * us, HasStart: true, HasEnd: true}
	first.Lane = Lane{
		stay(5, 12, Runnable, 0), run(12, 15, 1), stay(15, 18, Waiting, 3), run(18, 40, 1), stay(40, 60, Syscall, 4), run(60, 88, 1),
	}
	first.Regions = []Region{{Name: "write <all>", Task: 1, Start: 38 * us, End: 62 * us}}
	second := &Goroutine{ID: 8, Name: "worker", Parent: 1, Created: 1, Started: 8 * us, Ended: 100 * us, HasStart: true, Last: Waiting, LastAt: 3}
	second.Lane = Lane{
		stay(8, 30, Runnable, 0), run(30, 44, 0), stay(44, 70, Waiting, 6),
		{Start: 70 * us, End: 80 * us, State: Mixed, Parts: &Parts{Time: [5]time.Duration{4 * us, 2 * us, 4 * us}, Count: 40}},
		stay(80, 100, Waiting, 3),
	}
	collector := &Goroutine{ID: 3, Name: "runtime.gcBgMarkWorker", System: true, Ended: 100 * us}
	collector.Lane = Lane{stay(0, 45, Waiting, 0), run(45, 65, 0), stay(65, 100, Waiting, 0)}
	t.Goroutines = []*Goroutine{collector, main, first, second}
	for _, g := range t.Goroutines {
		for _, i := range g.Lane {
			g.Times[min(i.State, Syscall)]++
			if i.State != Mixed {
				g.Totals[i.State] += i.length()
				continue
			}
			for s := range g.Totals {
				g.Totals[s] += i.Parts.Time[s]
			}
		}
		if !g.System {
			t.Running += g.Totals[Running]
		}
	}
	t.Procs = []*Proc{
		{ID: 0, Lane: Lane{uses(0, 10, User, 1), uses(10, 12, System, 0), uses(24, 30, User, 1), uses(30, 44, User, 8), uses(45, 65, Collect, 3),
			{Start: 70 * us, End: 80 * us, State: Mixed, Parts: &Parts{Time: [5]time.Duration{4 * us, 2 * us, 0, 0, 4 * us}, Count: 40}}}},
		{ID: 1, Lane: Lane{uses(12, 15, User, 7), uses(18, 40, User, 7), uses(40, 60, Called, 7), uses(60, 88, User, 7), uses(92, 100, User, 1)}},
	}
	for _, p := range t.Procs {
		for _, i := range p.Lane {
			if i.State != Mixed {
				p.Totals[i.State] += i.length()
			}
		}
	}
	t.Procs[0].Totals[User] += 4 * us
	t.Ranges = []Range{{Name: "stop-the-world (GC sweep termination)", Stop: true, Start: 44 * us, End: 45 * us}, {Name: collection, Start: 45 * us, End: 65 * us}}
	t.Edges = []Edge{
		{At: 5 * us, From: 1, To: 7, Place: 1, Create: true},
		{At: 8 * us, From: 1, To: 8, Place: 1, Create: true},
		{At: 20 * us, From: 7, To: 1, Place: 3, Waited: 10 * us, WaitedAt: 2},
		{At: 70 * us, To: 8, Waited: 26 * us, WaitedAt: 6},
		{At: 90 * us, From: 7, To: 1, Place: 3, Waited: 60 * us, WaitedAt: 5},
	}
	t.Tasks = []*Task{{ID: 1, Name: "order", Start: 2 * us, End: 95 * us, HasEnd: true}}
	t.Logs = []Log{{At: 50 * us, Goroutine: 7, Category: "step", Message: "a line\nand another"}}
	t.Waits = []Wait{
		{Place: t.Places[5], Times: 1, Total: 60 * us, Most: 60 * us},
		{Place: t.Places[6], Times: 1, Total: 26 * us, Most: 26 * us},
		{Place: t.Places[3], Times: 2, Total: 23 * us, Most: 20 * us, Still: 1},
		{Place: t.Places[2], Times: 1, Total: 10 * us, Most: 10 * us},
	}
	t.Starting.add(7 * us)
	t.Starting.add(22 * us)
	t.Waking.add(4 * us)
	t.Latency.merge(t.Starting)
	t.Latency.merge(t.Waking)
	return t
}

func run(from, to time.Duration, proc int64) Interval {
	return Interval{Start: from * us, End: to * us, State: Running, Who: proc}
}

func stay(from, to time.Duration, s State, place int32) Interval {
	return Interval{Start: from * us, End: to * us, State: s, Place: place}
}

func uses(from, to time.Duration, u Use, who int64) Interval {
	return Interval{Start: from * us, End: to * us, State: u, Who: who}
}

// crowded is a trace of n goroutines of each of several kinds.
func crowded(kinds ...int) *Trace {
	t := &Trace{To: 1000 * us, Length: 1000 * us, LastChange: 1000 * us, MostAtOnce: 2, Places: []Place{{}}}
	id := int64(1)
	t.Goroutines = []*Goroutine{{ID: 1, Name: "main", Ended: t.To, Lane: Lane{run(0, 1000, 0)}, Totals: [states]time.Duration{1000 * us}}}
	for kind, n := range kinds {
		t.Places = append(t.Places, Place{At: "In[3]:" + prose.Number(kind+1), Reason: "go statement"})
		for k := range n {
			id++
			at := time.Duration(k * 500 / n)
			g := &Goroutine{ID: id, Name: "kind" + prose.Number(kind), Parent: 1, Created: int32(kind + 1), Started: at * us, Ended: (at + 400) * us, HasStart: true, HasEnd: true}
			g.Lane = Lane{stay(at, at+300, Runnable, 0), run(at+300, at+310, 1), stay(at+310, at+400, Waiting, 0)}
			g.Totals = [states]time.Duration{10 * us, 300 * us, 90 * us}
			t.Goroutines = append(t.Goroutines, g)
			t.Edges = append(t.Edges, Edge{At: at * us, From: 1, To: id, Create: true, Place: g.Created})
		}
	}
	t.Procs = []*Proc{{ID: 0, Lane: Lane{uses(0, 1000, User, 1)}}, {ID: 1}}
	t.Running = 1000 * us
	return t
}

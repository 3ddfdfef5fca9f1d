package trace

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/chanbook/chanbook/kernel/prose"
)

// How many rows tables have.
const (
	mostRows  = 30
	mostWaits = 15
	mostLogs  = 20
)

// tables are the tables below a picture.
func (t *Trace) tables(shown []*Goroutine) []*table {
	all := []*table{t.goroutineTable(shown), t.waitTable(), t.latencyTable(), t.procTable(), t.workTable(), t.logTable()}
	return slices.DeleteFunc(all, func(x *table) bool { return len(x.rows) == 0 })
}

// part is a time and how much of a whole it is.
func part(d, whole time.Duration) string {
	if d == 0 {
		return "–"
	}
	return timeText(d) + " (" + percent(d, whole) + ")"
}

// goroutineTable is the time in each state, of goroutines that are alike together
// when there are many.
func (t *Trace) goroutineTable(shown []*Goroutine) *table {
	x := &table{
		caption: "Time of each goroutine",
		header:  []string{"goroutine", "running", "runnable", "waiting", "system calls", "waits", "in the end"},
		numbers: []bool{false, true, true, true, true, true, false},
	}
	groups := t.groups(shown)
	if len(shown) <= mostRows {
		groups = nil
		for _, g := range shown {
			groups = append(groups, &group{members: []*Goroutine{g}})
		}
	} else if len(groups) < len(shown) {
		x.caption = "Time of goroutines, those of the same function and go statement together"
	}
	for _, gr := range groups {
		var sum [states]time.Duration
		whole, waits := time.Duration(0), 0
		for _, g := range gr.members {
			for s, d := range g.Totals {
				sum[s] += d
				whole += d
			}
			waits += g.Times[Waiting]
		}
		x.rows = append(x.rows, []string{t.label(gr), part(sum[Running], whole), part(sum[Runnable], whole),
			part(sum[Waiting], whole), part(sum[Syscall], whole), prose.Number(waits), t.ending(gr)})
	}
	x.limit(mostRows)
	return x
}

// ending says how the goroutines of a group were when the window ended.
func (t *Trace) ending(gr *group) string {
	counts := map[string]int{}
	var order []string
	for _, g := range gr.members {
		s := "returned"
		switch {
		case g.HasEnd && g.Ended <= t.To, g.ID == 1 && g.Last == Running && t.Truncated == "" && t.To == t.Length:
		case g.Last == Waiting:
			s = "waits: " + t.Places[g.LastAt].String()
		default:
			s = g.Last.String()
		}
		if counts[s] == 0 {
			order = append(order, s)
		}
		counts[s]++
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	if len(order) == 1 {
		return order[0]
	}
	text := ""
	for i, s := range order {
		if i == 3 {
			return text + ", …"
		}
		if i > 0 {
			text += ", "
		}
		text += prose.Number(counts[s]) + " " + s
	}
	return text
}

// waitTable says what was waited for, where and how long.
func (t *Trace) waitTable() *table {
	x := &table{
		caption: "What goroutines waited for",
		header:  []string{"where", "for", "times", "in all", "longest", "still waiting"},
		numbers: []bool{false, false, true, true, true, true},
	}
	for _, w := range t.Waits {
		what := w.Place.Reason
		if w.Place.Via != "" {
			what += " in " + w.Place.Via
		}
		still := "–"
		if w.Still > 0 {
			still = prose.Number(w.Still)
		}
		x.rows = append(x.rows, []string{cmp.Or(w.Place.At, "–"), what, prose.Number(w.Times), timeText(w.Total), timeText(w.Most), still})
	}
	x.limit(mostWaits)
	return x
}

// latencyTable says how long goroutines that could run had to wait for a
// processor.
func (t *Trace) latencyTable() *table {
	x := &table{
		caption: "Scheduling latency: how long runnable goroutines waited for a processor",
		header:  []string{"after", "times", "median", "95 % at most", "longest"},
		numbers: []bool{false, true, true, true, true},
	}
	for _, r := range []struct {
		name string
		l    Latency
	}{{"the go statement", t.Starting}, {"the end of a wait", t.Waking}, {"giving way to others", t.Yielding}, {"all", t.Latency}} {
		if r.l.Count > 0 {
			x.rows = append(x.rows, []string{r.name, prose.Number(r.l.Count), timeText(r.l.Quantile(0.5)), timeText(r.l.Quantile(0.95)), timeText(r.l.Max)})
		}
	}
	return x
}

// procTable says what the processors did.
func (t *Trace) procTable() *table {
	x := &table{
		caption: "Processors",
		header:  []string{"processor", "goroutines", "garbage collector", "runtime", "in system calls", "idle"},
		numbers: []bool{false, true, true, true, true, true},
	}
	for _, p := range t.Procs {
		rest := t.window()
		for _, d := range p.Totals {
			rest -= d
		}
		x.rows = append(x.rows, []string{fmt.Sprintf("P%d", p.ID), percent(p.Totals[User], t.window()), percent(p.Totals[Collect], t.window()),
			percent(p.Totals[System], t.window()), percent(p.Totals[Called], t.window()), percent(rest, t.window())})
	}
	x.limit(mostRows)
	return x
}

// workTable is about the tasks and regions that the program named.
func (t *Trace) workTable() *table {
	x := &table{
		caption: "Tasks and regions that the program named",
		header:  []string{"name", "kind", "times", "in all", "median", "longest"},
		numbers: []bool{false, false, true, true, true, true},
	}
	type key struct{ name, kind string }
	found := map[key]*Latency{}
	var order []key
	add := func(name, kind string, d time.Duration) {
		k := key{name, kind}
		if found[k] == nil {
			found[k] = &Latency{}
			order = append(order, k)
		}
		found[k].add(d)
	}
	for _, task := range t.Tasks {
		add(task.Name, "task", task.End-task.Start)
	}
	for _, g := range t.Goroutines {
		for _, r := range g.Regions {
			add(r.Name, "region", r.End-r.Start)
		}
	}
	for _, k := range order {
		l := found[k]
		x.rows = append(x.rows, []string{k.name, k.kind, prose.Number(l.Count), timeText(l.Sum), timeText(l.Quantile(0.5)), timeText(l.Max)})
	}
	x.limit(mostRows)
	return x
}

func (t *Trace) logTable() *table {
	x := &table{
		caption: "Messages that the program wrote into the trace",
		header:  []string{"at", "goroutine", "category", "message"},
		numbers: []bool{true, false, false, false},
	}
	for _, l := range t.Logs {
		x.rows = append(x.rows, []string{timeText(l.At), fmt.Sprintf("G%d", l.Goroutine), l.Category, l.Message})
	}
	x.limit(mostLogs)
	x.missing += t.MoreLogs
	return x
}

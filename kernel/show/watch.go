package show

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Watcher is a display of what runs that changes while it runs. It has one
// goroutine, which ends with Stop or with the cell.
type Watcher struct {
	display  Display
	subjects []*subject
	probe    Probe // nil without a host
	started  time.Time
	quit     chan struct{} // closed when it has to stop
	ended    chan struct{} // closed when its goroutine has ended
	stop     sync.Once

	mu      sync.Mutex
	cell    string
	crowds  []*crowd // in the order in which they are shown
	total   crowd
	looks   int // at what only the host knows
	samples int // of everything else
	updates int
	drawn   []watchRow
	final   bool   // the last state has been drawn
	calling string // the subject whose function is being called
}

// crowd is what was seen of goroutines that run the same function and do the same.
type crowd struct {
	Crowd
	peak int
}

// watchRow is a line of the table.
type watchRow struct {
	name, state, now string
	fraction         float64 // less than 0 for no bar
	peak             string
}

// Times of a Watcher. A look holds all goroutines for a moment, so it takes no
// more than a twentieth of the time.
const (
	sampleEvery = 20 * time.Millisecond
	lookEvery   = 200 * time.Millisecond
	lookShare   = 20
)

// Watch shows what runs while it runs: how many goroutines of the cell do what,
// and the state of what it is given, by pairs of a name and a value:
//
//	w := show.Watch("jobs", jobs, "mu", &mu, "done", &counter)
//	defer w.Stop()
//
// The values are channels (how full they are, and who waits), pointers to a
// sync.Mutex or sync.RWMutex (who holds it and how many wait), to a
// sync.WaitGroup (its counter) or sync.Cond, pointers to numbers and to those of
// sync/atomic, and functions such as func() any, whose result is shown; a
// function is called on a goroutine that is none of the cell's.
//
// The display changes at most five times in a second, and not while nothing
// changes. Stop, or the end of the cell, leaves the last state with the peaks.
// They are of what was seen: numbers are read fifty times in a second,
// goroutines and locks five times at most. In a compiled cell the states of locks
// are not known, nor who waits for what; outside a notebook only numbers and
// channels are.
func Watch(args ...any) *Watcher {
	w := &Watcher{subjects: subjectsOf(args), started: time.Now(), quit: make(chan struct{}), ended: make(chan struct{})}
	run := func(f func()) { f() }
	if i := instruments.Load(); i != nil {
		w.probe = (*i).Watch(w.Stop)
		w.display.show, run = w.probe.Show, w.probe.Run
	}
	w.callAll()
	w.look()
	w.sample()
	w.draw(false)
	go run(w.run)
	return w
}

// Stop shows the last state and ends the watching. Another Stop does nothing.
func (w *Watcher) Stop() {
	w.stop.Do(func() {
		close(w.quit)
		select {
		case <-w.ended:
		case <-time.After(time.Second):
			// A function of the cell does not return, perhaps because it waits for what
			// the caller of Stop holds.
		}
		w.look() // by the goroutine that stops: it runs, and does not wait for a look
		w.sample()
		if w.probe != nil {
			w.probe.Close()
		}
		w.draw(true)
	})
}

// run watches until it has to stop.
func (w *Watcher) run() {
	defer close(w.ended)
	ticker := time.NewTicker(sampleEvery)
	defer ticker.Stop()
	next := time.Now().Add(lookEvery)
	for {
		select {
		case <-w.quit:
			w.callAll()
			return
		case now := <-ticker.C:
			w.sample()
			if now.Before(next) {
				continue
			}
			w.callAll()
			w.look()
			w.draw(false)
			next = time.Now().Add(max(updateEvery(), lookShare*time.Since(now)))
		}
	}
}

// updateEvery is the least time between two updates of a Watcher.
func updateEvery() time.Duration {
	if connected() {
		return lookEvery
	}
	return 2 * time.Second // each takes many lines of a terminal
}

// sample reads what is cheap to read.
func (w *Watcher) sample() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.samples++
	for _, s := range w.subjects {
		if s.read != nil && !s.call {
			s.take(s.read())
		}
	}
}

// callAll calls the functions of the cell.
func (w *Watcher) callAll() {
	for _, s := range w.subjects {
		if s.call {
			w.call(s)
		}
	}
}

// look asks the host.
func (w *Watcher) look() {
	var objects []any
	var of []*subject
	for _, s := range w.subjects {
		if s.object != nil {
			objects, of = append(objects, s.object), append(of, s)
		}
	}
	sight := Sight{Goroutines: []Crowd{{Func: "goroutines of the process", Count: runtime.NumGoroutine()}}}
	if w.probe != nil {
		sight = w.probe.Look(objects)
	} else if own, ok := ownSight(); ok {
		sight = own
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looks++
	w.cell = sight.Cell
	w.count(sight.Goroutines)
	for i, s := range of {
		if i < len(sight.Objects) {
			s.see(sight.Objects[i])
		}
	}
}

// call calls a function of the cell, without the lock because it may not return.
func (w *Watcher) call(s *subject) {
	w.mu.Lock()
	w.calling = s.name
	w.mu.Unlock()
	rd := s.read()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calling = ""
	s.take(rd)
}

// count keeps how many goroutines do what.
func (w *Watcher) count(now []Crowd) {
	w.total.Count = 0
	for _, c := range w.crowds {
		c.Count = 0
	}
	for _, c := range now {
		w.total.Count += c.Count
		at := slices.IndexFunc(w.crowds, func(k *crowd) bool { return k.Func == c.Func && k.State == c.State })
		if at < 0 {
			w.crowds = append(w.crowds, &crowd{Crowd: c, peak: c.Count})
			continue
		}
		w.crowds[at].Count = c.Count
		w.crowds[at].peak = max(w.crowds[at].peak, c.Count)
	}
	w.total.peak = max(w.total.peak, w.total.Count)
	slices.SortStableFunc(w.crowds, func(a, b *crowd) int {
		return cmp.Or(strings.Compare(a.Func, b.Func), strings.Compare(a.State, b.State))
	})
}

// maxCrowds bounds the lines about goroutines.
const maxCrowds = 12

// rows are the lines of the table.
func (w *Watcher) rows(final bool) []watchRow {
	rows := w.crowdRows()
	for _, s := range w.subjects {
		row := s.row(w.looks, w.probe != nil, final)
		if final && w.calling == s.name {
			row.state += ", the function did not return when the watching ended"
		}
		rows = append(rows, row)
	}
	return rows
}

func (w *Watcher) crowdRows() []watchRow {
	shown := w.crowds
	if len(shown) > maxCrowds { // those that were most
		bySize := slices.Clone(shown)
		slices.SortStableFunc(bySize, func(a, b *crowd) int { return b.peak - a.peak })
		least := bySize[:maxCrowds]
		shown = slices.DeleteFunc(slices.Clone(shown), func(c *crowd) bool { return !slices.Contains(least, c) })
	}
	var rows []watchRow
	for _, c := range shown {
		rows = append(rows, w.crowdRow(c.Func, c.State, *c))
	}
	if more := len(w.crowds) - len(shown); more > 0 {
		rows = append(rows, watchRow{name: "…", state: count(more, "more kind of goroutines", "more kinds of goroutines"), fraction: -1})
	}
	if len(w.crowds) > 1 {
		rows = append(rows, w.crowdRow("goroutines of the cell", "all", w.total))
	}
	return rows
}

func (w *Watcher) crowdRow(name, state string, c crowd) watchRow {
	return watchRow{name, state, fmt.Sprint(c.Count), float64(c.Count) / float64(max(1, w.total.peak)), fmt.Sprint(c.peak)}
}

// draw shows the present state, if it is another one than before.
func (w *Watcher) draw(final bool) {
	w.mu.Lock()
	rows := w.rows(final)
	changed := final || !w.final && (w.updates == 0 || !slices.Equal(rows, w.drawn))
	w.final = w.final || final
	var v view
	if changed {
		w.drawn = rows
		w.updates++
		v = watchView(rows, w.caption(final))
	}
	w.mu.Unlock()
	if changed {
		w.display.update(v)
	}
}

// caption says what is seen, and in the end by how many looks.
func (w *Watcher) caption(final bool) string {
	of, passed := cmp.Or(w.cell, "the program"), duration(time.Since(w.started))
	if !final {
		return fmt.Sprintf("Watching %s, after %s", of, passed)
	}
	return fmt.Sprintf("Watched %s for %s: %s at goroutines and locks, %s of numbers, %s; peaks are of what was seen",
		of, passed, count(w.looks, "look", "looks"), count(w.samples, "reading", "readings"), count(w.updates, "update", "updates"))
}

// watchView draws the table.
func watchView(rows []watchRow, caption string) view {
	t := table{caption: caption, header: []string{"what", "state", "now", "", "peak"}}
	for _, r := range rows {
		bar := tableCell{}
		if r.fraction >= 0 {
			bar = tableCell{text: textBar(r.fraction, 10), html: barImage(r.fraction, 80, percent(r.fraction))}
		}
		t.rows = append(t.rows, []tableCell{{text: r.name}, {text: r.state}, {text: r.now, number: true}, bar, {text: r.peak, number: true}})
	}
	return view{data: Bundle{mimeHTML: valid(t.html()), mimeText: valid(t.text())}}
}

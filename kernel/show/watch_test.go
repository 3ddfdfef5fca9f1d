package show

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
)

// host is a host of instruments that knows what it is told.
type host struct {
	Instruments
	sight  func(objects int) Sight
	stop   func()
	closed bool
	runs   int
	shown  int
}

func (h *host) Watch(stop func()) Probe { h.stop = stop; return h }

func (h *host) Look(objects []any) Sight { return h.sight(len(objects)) }

func (h *host) Run(f func()) { h.runs++; f() }

func (h *host) Show(m Message) { h.shown++; send(m) }

func (h *host) Close() { h.closed = true }

func connectHost(t *testing.T, sight func(objects int) Sight) *host {
	h := &host{sight: sight}
	t.Cleanup(ConnectInstruments(h))
	return h
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := collect(t)
		var waiting atomic.Int32
		waiting.Store(3)
		h := connectHost(t, func(objects int) Sight {
			if objects != 3 {
				t.Errorf("%d objects", objects)
			}
			n := int(waiting.Load())
			sight := Sight{Cell: "In[3]", Objects: []ObjectSight{{Receivers: 2}, {}, {Waiters: 1, Count: 2}}}
			sight.Goroutines = []Crowd{{"worker", "chan receive", n}, {"the cell", "running", 1}}
			if n > 1 {
				sight.Objects[1] = ObjectSight{Holder: "goroutine 7 (worker)", Waiters: n}
			}
			return sight
		})
		var mu sync.Mutex
		var wg sync.WaitGroup
		var done atomic.Int64
		jobs := make(chan int, 4)
		w := Watch("jobs", jobs, "mu", &mu, "wg", &wg, "done", &done, "twice", func() any { return 2 * done.Load() })
		time.Sleep(5 * time.Millisecond) // so that nothing comes at the same time as a reading
		for i := range 3 {
			time.Sleep(time.Second)
			jobs <- i
			done.Add(1)
			waiting.Add(-1)
		}
		<-jobs
		time.Sleep(time.Second)
		w.Stop()
		w.Stop()
		all := texts(got())
		if !h.closed || h.runs != 1 || h.shown != len(all) {
			t.Errorf("closed %v, %d runs, %d of %d shown", h.closed, h.runs, h.shown, len(all))
		}
		// The first, one for each of the changes, the last.
		if len(all) != 5 && len(all) != 6 {
			t.Errorf("%d updates: %s", len(all), strings.Join(all, "\n"))
		}
		golden.Compare(t, "testdata/watch-first.txt", all[0]+"\n")
		golden.Compare(t, "testdata/watch-last.txt", all[len(all)-1]+"\n")
		messages := got()
		html, _ := messages[len(messages)-1].Data[mimeHTML].(string)
		golden.Compare(t, "testdata/watch.html", html+"\n")
		checkColours(t, html)
	})
}

// Changes that come faster than the display may change are still in the peaks.
func TestWatchRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := collect(t)
		n := 0
		var count atomic.Int32
		connectHost(t, func(int) Sight { n++; return Sight{Goroutines: []Crowd{{"worker", "running", n}}} })
		w := Watch("count", &count)
		for i := range 1000 {
			count.Store(int32(i % 100))
			time.Sleep(5 * time.Millisecond)
		}
		w.Stop()
		all := texts(got())
		if len(all) < 20 || len(all) > 27 {
			t.Errorf("%d updates in 5 s", len(all))
		}
		if last := all[len(all)-1]; !strings.Contains(last, "  99") {
			t.Errorf("the peak is not 99:\n%s", last)
		}
	})
}

// A function that does not return keeps Stop for no longer than a second, and
// shows nothing after it.
func TestWatchOfAFunctionThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := collect(t)
		free := make(chan bool, 1)
		free <- true
		w := Watch("load", func() any { <-free; free <- true; return 1 })
		<-free
		time.Sleep(time.Second)
		w.Stop()
		before := len(got())
		free <- true
		synctest.Wait()
		all := texts(got())
		if len(all) != before || !strings.Contains(all[len(all)-1], "the function did not return when the watching ended") {
			t.Errorf("shown: %s", strings.Join(all, "\n"))
		}
	})
}

func TestWatchSubjects(t *testing.T) {
	number, half, flag, list := 7, 0.5, true, []int{1}
	var value atomic.Value
	value.Store("text")
	type named int8
	small := named(-3)
	var nilChan chan int
	var nilMutex *atomic.Int32
	full := make(chan string, 2)
	full <- "a"
	tests := []struct {
		args []any
		want watchRow
	}{
		{[]any{"n", &number}, watchRow{"n", "*int", "7", -1, "7"}},
		{[]any{&half}, watchRow{"*float64", "*float64", "0.5", -1, "0.5"}},
		{[]any{"flag", &flag}, watchRow{"flag", "*bool", "true", -1, ""}},
		{[]any{"small", &small}, watchRow{"small", "*show.named", "-3", -1, "-3"}},
		{[]any{"value", &value}, watchRow{"value", "*atomic.Value", "text", -1, ""}},
		{[]any{"full", full}, watchRow{"full", "chan string", "1 of 2", 0.5, "1 of 2"}},
		{[]any{"none", nilChan}, watchRow{"none", "chan int, nil: whoever uses it waits for ever", "", -1, ""}},
		{[]any{"un", make(chan int)}, watchRow{"un", "chan int", "unbuffered", -1, ""}},
		{[]any{"mu", &sync.Mutex{}}, watchRow{"mu", "*sync.Mutex, its state is not known of compiled code", "", -1, ""}},
		{[]any{"f", func() int { return 4 }}, watchRow{"f", "", "4", -1, "4"}},
		{[]any{"err", func() error { return errors.New("late") }}, watchRow{"err", "", "late", -1, ""}},
		{[]any{"f", func() int { panic("no") }}, watchRow{"f", "the function panics: no", "", -1, ""}},
		{[]any{"list", list}, watchRow{"list", "[]int, cannot be watched while it runs: give a channel, a lock, a pointer to a number, or func() any", "", -1, ""}},
		{[]any{"nil", nil}, watchRow{"nil", "<nil>, cannot be watched while it runs: give a channel, a lock, a pointer to a number, or func() any", "", -1, ""}},
		{[]any{"nil", nilMutex}, watchRow{"nil", "*atomic.Int32, cannot be watched while it runs: give a channel, a lock, a pointer to a number, or func() any", "", -1, ""}},
		{[]any{"alone"}, watchRow{"alone", "no value follows this name: give names and values in turn", "", -1, ""}},
	}
	for _, tt := range tests {
		s := subjectsOf(tt.args)[0]
		if s.read != nil {
			s.take(s.read())
		}
		if got := s.row(1, false, false); got != tt.want {
			t.Errorf("%v: got %+v, want %+v", tt.args, got, tt.want)
		}
	}
}

// Many kinds of goroutines do not make a table without end.
func TestWatchManyKinds(t *testing.T) {
	w := &Watcher{}
	var crowds []Crowd
	for i := range 40 {
		crowds = append(crowds, Crowd{Func: "f" + strings.Repeat("x", i), State: "running", Count: i})
	}
	w.count(crowds)
	w.count(nil)
	rows := w.rows(false)
	if len(rows) != maxCrowds+2 || rows[maxCrowds].state != "28 more kinds of goroutines" || rows[0].now != "0" || rows[maxCrowds+1].peak != "780" {
		t.Errorf("%d rows: %+v", len(rows), rows)
	}
}

func TestInstrumentsWithoutAHost(t *testing.T) {
	got := collect(t)
	Goroutines()
	Leaks()
	if err := Wait(); err == nil || !strings.Contains(err.Error(), "WaitGroup") {
		t.Errorf("Wait: %v", err)
	}
	all := texts(got())
	if !strings.Contains(all[0], "TestInstrumentsWithoutAHost") || !strings.HasPrefix(all[0], "goroutine ") {
		t.Errorf("Goroutines: %s", all[0])
	}
	if !strings.Contains(all[1], "only of interpreted cells it is known") {
		t.Errorf("Leaks: %s", all[1])
	}
}

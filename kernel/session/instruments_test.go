package session_test

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// alone runs a test in a process of its own, and reports whether this is that process:
// goroutines that the sessions of other tests have left look like those of
// packages, of which nothing is known.
func alone(t *testing.T) bool {
	t.Helper()
	const mark = "SESSION_TEST_ALONE"
	if os.Getenv(mark) != "" {
		return true
	}
	run := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	run.Env = append(os.Environ(), mark+"=1")
	if out, err := run.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return false
}

// in runs cells of one session, and returns what the last one shows.
func in(t *testing.T, cells ...string) string {
	t.Helper()
	s := session.New(session.Options{})
	defer s.Close()
	last := ""
	for i, text := range cells {
		last = execute(t, s, i+1, text)
	}
	return last
}

func TestWait(t *testing.T) {
	if !alone(t) {
		return
	}
	tests := []struct {
		name  string
		cells []string
		want  string
	}{
		{"what comes late belongs to the cell", []string{
			"go func() { time.Sleep(100 * time.Millisecond); fmt.Println(\"late\") }()\nshow.Wait()",
		}, `^late\n$`},
		{"a chain of goroutines", []string{
			"go func() { go func() { time.Sleep(50 * time.Millisecond); go fmt.Println(\"third\") }() }()\nshow.Wait()",
		}, `^third\n$`},
		{"many", []string{
			"var n atomic.Int64\nfor range 1000 { go func() { runtime.Gosched(); n.Add(1) }() }\nfmt.Println(show.Wait())\nn.Load()",
		}, `^<nil>\n=> 1000\n$`},
		{"what waits for a later cell is not waited for", []string{
			"jobs := make(chan int)\ngo func() { for j := range jobs { fmt.Println(j) } }()\nfmt.Println(show.Wait(time.Minute))",
		}, `^<nil>\n`},
		{"nor what waits for the rest of this cell", []string{
			"func() { jobs := make(chan int); go func() { <-jobs }(); fmt.Println(show.Wait(time.Minute)); close(jobs) }()",
		}, `^<nil>\n$`},
		{"nor what waits for ever", []string{
			"go func() { select {} }()\nfmt.Println(show.Wait(time.Minute))",
		}, `^<nil>\n`},
		{"nor those of other cells", []string{
			"go func() { for { time.Sleep(time.Millisecond) } }()",
			"show.Wait(time.Minute)",
		}, `^$`},
		{"time runs out", []string{
			"func service() {\n\tfor { time.Sleep(time.Millisecond) }\n}\nfor range 3 { go service() }\nfmt.Println(show.Wait(50 * time.Millisecond))",
		}, `^show.Wait: after 50ms 3 goroutines of the cell had neither ended nor come to rest: .*service at In\[1\]:2 \[`},
		{"called by a goroutine of the cell", []string{
			"done := make(chan error)\ngo func() { done <- show.Wait(time.Minute) }()\ngo func() { time.Sleep(20 * time.Millisecond) }()\nfmt.Println(<-done)",
		}, `^<nil>\n$`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := in(t, tt.cells...); !regexp.MustCompile(tt.want).MatchString(got) {
				t.Errorf("got\n%s\nwant a match of %s", got, tt.want)
			}
		})
	}
}

// last is the last state of the display that a cell shows with updates.
func last(text string) string {
	return text[strings.LastIndex(text, "[display update=true]"):]
}

func TestWatchOfACell(t *testing.T) {
	got := in(t, `var mu sync.Mutex
var wg sync.WaitGroup
jobs := make(chan int, 4)
var done atomic.Int64
show.Watch("jobs", jobs, "mu", &mu, "wg", &wg, "done", &done, "twice", func() any { return 2 * done.Load() })
for range 3 {
	wg.Go(func() {
		for range jobs {
			mu.Lock()
			time.Sleep(20 * time.Millisecond)
			done.Add(1)
			mu.Unlock()
		}
	})
}
for i := range 40 {
	jobs <- i
}
close(jobs)
wg.Wait()`)
	if strings.Count(got, "[display") < 3 {
		t.Fatalf("no updates:\n%s", got)
	}
	for _, want := range []string{
		`Watched In\[1\] for \d`,
		// A busy machine has time for few looks, which may miss that two wait.
		`func literal +sync\.Mutex\.Lock +0 .* [12]\n`,
		`goroutines of the cell +all +\d .* 4\n`,
		`jobs +chan int +0 of 4 .* 4 of 4\n`,
		`mu +\*sync\.Mutex, free, was held in [1-9]\d* of \d+ looks +0 waiting .* [12] waiting\n`,
		`wg +\*sync\.WaitGroup +0 .* 3\n`,
		`done +\*atomic\.Int64 +40 +40\n`,
		`twice +80 +80\n`,
	} {
		if !regexp.MustCompile(want).MatchString(last(got)) {
			t.Errorf("no match of %s in\n%s", want, last(got))
		}
	}
	if !strings.Contains(got, "held by goroutine ") || !strings.Contains(got, "since In[1]:9)") {
		t.Errorf("the holder of the lock is not named:\n%s", got)
	}
}

// A Watcher is not one of the cell's goroutines: it keeps no deadlock from being
// found, and is in no dump.
func TestWatchIsNoGoroutineOfTheCell(t *testing.T) {
	if !alone(t) {
		return
	}
	got := in(t, "c := make(chan int)\nshow.Watch(\"c\", c, func() any { return 1 })\nshow.Goroutines()\n<-c")
	if !strings.Contains(last(got), "1 goroutine waits to receive") {
		t.Errorf("the last state is not that of the deadlock:\n%s", got)
	}
	if !strings.Contains(got, "all goroutines are asleep - deadlock!") {
		t.Errorf("no deadlock:\n%s", got)
	}
	if !strings.Contains(got, "] 1 goroutine: 1 running") {
		t.Errorf("not one goroutine:\n%s", got)
	}
	if !strings.Contains(last(got), "Watched In[1] for ") {
		t.Errorf("the last state is missing:\n%s", got)
	}
}

func TestWatchOfAnInterruptedCell(t *testing.T) {
	s := session.New(session.Options{})
	defer s.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	rec := &recorder{}
	time.AfterFunc(300*time.Millisecond, func() { cancel(cell.ErrInterrupted) })
	out, _ := s.Execute(ctx, cell.Request{Source: cell.Source{Number: 1, Text: "var n atomic.Int64\nw := show.Watch(\"n\", &n)\ndefer w.Stop()\nfor { n.Add(1) }"}}, rec)
	if out.Failure == nil || out.Failure.Name != cell.Interrupt {
		t.Fatal("not interrupted:", out.Failure)
	}
	if got := rec.b.String(); !strings.Contains(last(got), "Watched In[1] for ") {
		t.Errorf("the last state is missing:\n%s", got)
	}
}

func TestWaitIsInterrupted(t *testing.T) {
	s := session.New(session.Options{})
	defer s.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(100*time.Millisecond, func() { cancel(cell.ErrInterrupted) })
	out, _ := s.Execute(ctx, cell.Request{Source: cell.Source{Number: 1, Text: "go func() { for { time.Sleep(time.Millisecond) } }()\nshow.Wait(time.Hour)"}}, &recorder{})
	if out.Failure == nil || out.Failure.Name != cell.Interrupt {
		t.Fatal("not interrupted:", out.Failure)
	}
}

// A native loop around interpreted calls ends with its cell, too.
func TestTimingIsInterrupted(t *testing.T) {
	s := session.New(session.Options{})
	defer s.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(100*time.Millisecond, func() { cancel(cell.ErrInterrupted) })
	out, _ := s.Execute(ctx, cell.Request{Source: cell.Source{Number: 1, Text: "show.Timing(\"a\", func() {}, show.For(time.Hour))"}}, &recorder{})
	if out.Failure == nil || out.Failure.Name != cell.Interrupt {
		t.Fatal("not interrupted:", out.Failure)
	}
	if got := execute(t, s, 2, "show.Timing(\"a\", func() {}, show.Times(3)).Interpreted"); !strings.Contains(got, "=> true") {
		t.Errorf("the next cell: %s", got)
	}
}

func TestGoroutineCommands(t *testing.T) {
	if !alone(t) {
		return
	}
	const leak = "var jobs chan int\nfunc worker() {\n\t<-jobs\n}\ngo worker()\ntime.Sleep(10 * time.Millisecond)"
	tests := []struct {
		name  string
		cells []string
		want  string
	}{
		{"a dump", []string{leak, "%goroutines"}, `worker\n +In\[1\]:3: <-jobs`},
		{"now is for the kernel", []string{leak, "%goroutines now In[1]"}, `In\[1\]:3: <-jobs`},
		{"filters", []string{leak, "%goroutines In[7]"}, `^\[display update=false\] The one goroutine that there is does not fit `},
		{"wrong filters", []string{leak, "%goroutines -x"}, `^! CommandError: %goroutines has no option -x`},
		{"a filter of several words", []string{leak, "show.Goroutines(\"chan receive\", \"In[1]\")"}, `In\[1\]:3: <-jobs`},
		{"wrong filters of show", []string{"show.Goroutines(\"-x\")"}, `show.Goroutines: %goroutines has no option -x`},
		{"a declared type", []string{"type job struct{ id int }\njobs := make(chan []*job)\ngo func() { jobs <- nil }()", "%goroutines"}, `to jobs \(chan \[\]\*job, unbuffered\)`},
		{"declared types in a select", []string{"type job struct{ id int }\nsend, receive := make(chan job), make(chan int)\ngo func() {\n\tselect {\n\tcase v := <-receive:\n\t\t_ = v\n\tcase send <- job{}:\n\t}\n}()", "%goroutines"},
			`receive from receive \(chan int, unbuffered\)(?s).*send to send \(chan job, unbuffered\)|send to send \(chan job, unbuffered\)(?s).*receive from receive \(chan int, unbuffered\)`},
		{"a declared type in a later cell", []string{"type job struct{ id int }\nfunc take(c <-chan job) { <-c }", "c := make(chan job)\ngo take(c)\ntime.Sleep(10 * time.Millisecond)", "%goroutines"}, `from c \(<-chan job, unbuffered\)`},
		{"a type parameter is none", []string{"func take[T any](c chan T) { <-c }\nc := make(chan int)\ngo take(c)\ntime.Sleep(10 * time.Millisecond)", "%goroutines"}, `from c \(chan int, unbuffered\)`},
		{"one that only closes does not receive", []string{"func start() {\n\tout := make(chan int)\n\tvar wg sync.WaitGroup\n\tfor i := range 2 {\n\t\twg.Go(func() { out <- i })\n\t}\n\tgo func() { wg.Wait(); close(out) }()\n}\nstart()\ntime.Sleep(10 * time.Millisecond)", "show.Leaks()"},
			`Nobody is left to receive from out: goroutine \d+ \(func literal\) knows\s+the\s+channel, but cannot`},
		{"one that may receive", []string{"func start() {\n\tout := make(chan int)\n\tvar wg sync.WaitGroup\n\tfor i := range 2 {\n\t\twg.Go(func() { out <- i })\n\t}\n\tgo func() { wg.Wait(); <-out }()\n}\nstart()\ntime.Sleep(10 * time.Millisecond)", "show.Leaks()"},
			`Only goroutine \d+ \(func literal\) could receive from out`},
		{"leaks", []string{leak, "%leaks"}, `(?s)worker.*nil`},
		{"leaks of show", []string{leak, "show.Leaks()"}, `(?s)worker.*nil`},
		{"a note", []string{leak}, `1 goroutine of this cell can never continue`},
		{"no note", []string{"%notes off", leak}, `^$`},
		{"notes", []string{"%notes"}, `^notes on goroutines that a cell leaves behind are on\n$`},
		{"notes of nonsense", []string{"%notes maybe"}, `^! CommandError: %notes maybe: it takes on or off\n$`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := in(t, tt.cells...); !regexp.MustCompile(tt.want).MatchString(got) {
				t.Errorf("got\n%s\nwant a match of %s", got, tt.want)
			}
		})
	}
}

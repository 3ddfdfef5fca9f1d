package compiled

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// runTrace runs a cell with %%trace as In[5].
func runTrace(t *testing.T, ctx context.Context, text string) (*benchPage, *cell.Failure) {
	t.Helper()
	p := &benchPage{}
	line, rest, _ := strings.Cut(text, "\n")
	c := &Call{Ctx: ctx, Name: "%%trace", Args: strings.TrimPrefix(line, "%%trace"), Out: p,
		Cell: cell.Source{Number: 5, Text: strings.Repeat(" ", len(line)) + "\n" + rest}}
	return p, benchSession(t).Run(c).Failure
}

func TestTrace(t *testing.T) {
	p, bad := runTrace(t, t.Context(), `%%trace -p 2
ch := make(chan int)
done := make(chan bool)
go func() {
	for v := range ch {
		fmt.Println("received", v)
	}
	done <- true
}()
for i := range 3 {
	ch <- i
}
close(ch)
<-done`)
	if bad != nil {
		t.Fatal(bad)
	}
	if p.stdout != "received 0\nreceived 1\nreceived 2\n" || p.stderr != "" || len(p.displays) != 1 {
		t.Fatalf("stdout %q, stderr %q, %d displays", p.stdout, p.stderr, len(p.displays))
	}
	text := p.last()
	for _, want := range []string{"In[5]: 2 goroutines on 2 processors", "G1 main ", " main.func1 (In[5]:4)", "In[5]:11  chan send"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, bad := range []string{"hanbook", "cell.go", "not whole"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is in\n%s", bad, text)
		}
	}
	if html := p.displays[0].Data["text/html"].(string); !strings.Contains(html, `src="data:image/svg+xml;base64,`) {
		t.Error("there is no picture")
	}
}

func TestTraceOfWholeProgram(t *testing.T) {
	p, bad := runTrace(t, t.Context(), `%%trace -goroutines work -to 1h
package main

import "os"

func work(done chan bool) { done <- os.Getenv("CHANBOOK_TRACE") == "" }

func main() {
	done := make(chan bool)
	go work(done)
	println(<-done)
}`)
	if bad != nil {
		t.Fatal(bad)
	}
	if p.stderr != "true\n" || !strings.Contains(p.last(), "work (In[5]:10)") || !strings.Contains(p.last(), `1 goroutine is not named by "work"`) {
		t.Errorf("stderr %q\n%s", p.stderr, p.last())
	}
}

func TestTraceOfPanic(t *testing.T) {
	p, bad := runTrace(t, t.Context(), `%%trace
ch := make(chan int)
go func() { close(ch); close(ch) }()
select {}`)
	if bad == nil || !strings.Contains(p.stderr+bad.Error(), "close of closed channel") {
		t.Errorf("stderr %q, failure %v", p.stderr, bad)
	}
	if text := p.last(); !strings.Contains(text, "main.func1 (In[5]:3)") || strings.Contains(text, "not whole") {
		t.Errorf("the trace:\n%s", text)
	}
}

func TestTraceOfExit(t *testing.T) {
	p, bad := runTrace(t, t.Context(), "%%trace\nos.Exit(4)")
	if bad == nil || bad.Name != cell.Exit || !strings.Contains(bad.Error(), "There is no trace") || len(p.displays) != 0 {
		t.Errorf("at once: %v, %d displays", bad, len(p.displays))
	}
	p, bad = runTrace(t, t.Context(), "%%trace\ntime.Sleep(400*time.Millisecond)\nos.Exit(4)")
	if bad == nil || bad.Name != cell.Exit || !strings.Contains(p.last(), "main did not return") {
		t.Errorf("later: %v\n%s", bad, p.last())
	}
}

func TestTraceOfDeadlock(t *testing.T) {
	p, bad := runTrace(t, t.Context(), `%%trace
ch := make(chan int)
go func() { ch <- 1; ch <- 2 }()
time.Sleep(time.Millisecond)
<-ch
<-ch
<-ch`)
	if bad == nil || bad.Name != cell.Deadlock || !strings.Contains(bad.Error(), "  G1 main [chan receive]\n    In[5]:7: <-ch") {
		t.Fatalf("failure %v", bad)
	}
	if !strings.Contains(p.last(), "nothing changes any more") {
		t.Errorf("the trace:\n%s", p.last())
	}
}

func TestTraceInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(1500*time.Millisecond, func() { cancel(cell.ErrInterrupted) })
	p, bad := runTrace(t, ctx, "%%trace\nfmt.Println(1)\nfor range time.Tick(time.Millisecond) {\n}")
	if bad == nil || bad.Name != cell.Interrupt {
		t.Fatalf("failure %v", bad)
	}
	if errors.Is(context.Cause(ctx), cell.ErrInterrupted) && p.stdout != "" && !strings.Contains(p.last(), "In[5]:3 chan receive") {
		t.Errorf("the trace:\n%s", p.last())
	}
}

func TestTraceIsBounded(t *testing.T) {
	p, bad := runTrace(t, t.Context(), `%%trace -max 1
a, b := make(chan int), make(chan int)
go func() { for v := range a { b <- v } }()
for i := range 300_000 { a <- i; <-b }`)
	if bad != nil {
		t.Fatal(bad)
	}
	if !strings.Contains(p.last(), "tracing was stopped after 1 MB") {
		t.Errorf("the trace:\n%.1000s", p.last())
	}
}

func TestTraceSettings(t *testing.T) {
	for args, want := range map[string]string{
		"-from 2ms -to 1ms": "ends after its beginning",
		"-max 0":            "-max 0",
		"-width -3":         "a width is positive",
		"-goroutines":       "flag needs an argument",
		"-goroutines 9-7":   "is no range of goroutines",
		"-help":             "-goroutines goroutines",
	} {
		_, bad := runTrace(t, t.Context(), "%%trace "+args+"\nprintln()")
		if bad == nil || !strings.Contains(bad.Error(), want) {
			t.Errorf("%s: %v", args, bad)
		}
	}
	_, bad := runTrace(t, t.Context(), "%%trace -goroutines nobody\nprintln()")
	if bad == nil || !strings.Contains(bad.Error(), `none of the 1 goroutine is named by "nobody"`) {
		t.Errorf("nobody: %v", bad)
	}
	_, bad = runTrace(t, t.Context(), "%%trace\nfunc f() {}")
	if bad == nil || !regexp.MustCompile("nothing to run").MatchString(bad.Error()) {
		t.Errorf("declarations alone: %v", bad)
	}
}

package supervisor

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"context"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// crashes are programs that end the process. They run in this test binary,
// started again by the test, so that the reports are those of the Go version
// in use.
var crashes = map[string]func(){
	"panic":      func() { panic("first line\nsecond line") },
	"error":      func() { panic(fmt.Errorf("an %s", "error")) },
	"repanic":    func() { defer func() { recover(); panic("two") }(); panic("one") },
	"nil map":    func() { var m map[string]int; m["a"] = 1 },
	"nil":        func() { var p *struct{ x int }; p.x = 1 },
	"unlock":     func() { var mu sync.Mutex; mu.Unlock() },
	"blocked":    func() { startBlocked(3); panic("after three") },
	"all labels": func() { label("go", "In[2]:3", "func", "f(\"\\\n\té日🙂\x01\")", "cell", "In[2]"); panic("x") },
	"exit":       func() { fmt.Fprintln(os.Stderr, "panic: not really"); os.Exit(2) },
}

func label(pairs ...string) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels(pairs...)))
}

func startBlocked(n int) {
	label("cell", "In[5]")
	for range n {
		go func() {
			label("cell", "In[5]", "go", "In[5]:6", "func", "work()")
			<-make(chan int)
		}()
	}
	var mu sync.Mutex
	mu.Lock()
	go mu.Lock()
	time.Sleep(50 * time.Millisecond) // until they block
}

func init() {
	if name := os.Getenv("SUPERVISOR_TEST_CRASH"); name != "" {
		crashes[name]()
		os.Exit(0)
	}
}

// crash runs one of the programs and returns what it wrote on standard error.
func crash(t *testing.T, name string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SUPERVISOR_TEST_CRASH="+name, "GODEBUG=tracebacklabels=1", "GOTRACEBACK=all")
	var exit *exec.ExitError
	out, err := cmd.CombinedOutput()
	if !errors.As(err, &exit) {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func scan(text string) *Report {
	h := &holder{ask: func() {}, show: func(string) {}}
	h.feed(text)
	return h.finish()
}

func TestRealReports(t *testing.T) {
	for name, want := range map[string]Report{
		"panic":   {Kind: "panic", Message: "first line\nsecond line"},
		"error":   {Kind: "panic", Message: "an error"},
		"repanic": {Kind: "panic", Message: "one [recovered]\npanic: two"},
		"nil map": {Kind: "panic", Message: "assignment to entry in nil map"},
		"nil":     {Kind: "panic", Message: "runtime error: invalid memory address or nil pointer dereference"},
		"unlock":  {Kind: "fatal error", Message: "sync: unlock of unlocked mutex"},
		"blocked": {Kind: "panic", Message: "after three", Goroutines: []Goroutine{
			{Count: 1, State: "running", Cell: "In[5]", Failed: true},
			{Count: 3, State: "chan receive", Cell: "In[5]", Started: "In[5]:6", Func: "work()"},
			{Count: 1, State: "sync.Mutex.Lock", Cell: "In[5]", In: "sync.(*Mutex).Lock"},
		}},
		"all labels": {Kind: "panic", Message: "x", Goroutines: []Goroutine{
			{Count: 1, State: "running", Cell: "In[2]", Started: "In[2]:3", Func: "f(\"\\\n\té日🙂\x01\")", Failed: true},
		}},
	} {
		text := crash(t, name)
		got := scan(text)
		if got == nil {
			t.Errorf("%s: no report in\n%s", name, text)
			continue
		}
		for i := range got.Goroutines {
			got.Goroutines[i].ID = 0
			if strings.Contains(got.Goroutines[i].In, "/supervisor.") {
				got.Goroutines[i].In = "" // the test itself
			}
		}
		if diff := cmp.Diff(want, *got, cmp.Transformer("sorted", byState), cmpopts.IgnoreUnexported(Report{})); diff != "" {
			t.Errorf("%s: %s\n%s", name, diff, text)
		}
	}
	if got := scan(crash(t, "exit")); got != nil {
		t.Errorf("a report of a process that only exited: %+v", got)
	}
}

// byState makes the order of goroutines not matter, except for the first.
func byState(all []Goroutine) map[string]Goroutine {
	m := map[string]Goroutine{}
	for _, g := range all {
		m[g.State] = g
	}
	return m
}

// TestPlaces reads stacks as interpreted programs have them.
func TestPlaces(t *testing.T) {
	const interp, eval = "github.com/traefik/yaegi/interp.runCfg(0xc0, 0x1)\n", "github.com/chanbook/chanbook/kernel/eval.(*Interp).Run(0xc0)\n"
	for stack, want := range map[string]string{
		"sync.(*Mutex).Lock(...)\nreflect.Value.call({0x1}, {0x2})\nreflect.Value.Call(...)\n" + interp: "sync.(*Mutex).Lock",
		"time.Sleep(0x1)\n" + "\t/go/time.go:1 +0x1\nreflect.Value.Call(...)\n" + interp:                "time.Sleep",
		"sync.(*RWMutex).Lock(0x1)\n" + interp + "reflect.Value.Call(...)\n":                            "",
		"runtime.gopark()\nreflect.Select()\n" + interp:                                                 "",
		interp:                                   "",
		"net.(*Resolver).Lookup(0x1)\nnet.f()\n": "net.(*Resolver).Lookup",
		"sync.(*Mutex).Lock(0x1)\nos.(*File).Write(0x1)\ngithub.com/chanbook/chanbook/kernel/session.(*Session).write(0x1)\n" + interp: "sync.(*Mutex).Lock",
		"runtime.gopark()\n" + eval: "none",
	} {
		r := scan("panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\ngoroutine 2 [select labels:{\"cell\": \"In[1]\"}]:\n" + stack + "\n")
		got := "none"
		if len(r.Goroutines) > 0 {
			got = r.Goroutines[0].In
		}
		if got != want {
			t.Errorf("%s: in %q, want %q", stack, got, want)
		}
	}
}

func TestHeader(t *testing.T) {
	for line, want := range map[string]Goroutine{
		"goroutine 18 [chan receive]:":                                       {ID: 18, State: "chan receive"},
		"goroutine 1 gp=0xc0000061c0 m=0 mp=0x5b2a20 [running]:":             {ID: 1, State: "running"},
		"goroutine 7 [select, 12 minutes, locked to thread]:":                {ID: 7, State: "select"},
		`goroutine 7 [IO wait, 2 minutes labels:{"go": "In[1]:2"}]:`:         {ID: 7, State: "IO wait", Started: "In[1]:2"},
		`goroutine 7 [sleep labels:{"x": "}]:", "cell": "In[1]", "y": ""}]:`: {ID: 7, State: "sleep", Cell: "In[1]"},
		`goroutine 7 [sleep labels:{"go": "unfinished}]:`:                    {ID: 7, State: "sleep"},
	} {
		if got, ok := parseHeader(line); !ok || got != want {
			t.Errorf("%s: %+v", line, got)
		}
	}
	for _, line := range []string{"", "goroutine", "goroutine x [running]:", "goroutine 1 [running]", "goroutine 5 is mine", "goroutine 1 ]:["} {
		if got, ok := parseHeader(line); ok {
			t.Errorf("%q is read as %+v", line, got)
		}
	}
}

// recorder is a holder whose questions and texts are recorded.
func recorder() (h *holder, shown *strings.Builder, asked *int) {
	shown, asked = &strings.Builder{}, new(int)
	h = &holder{ask: func() { *asked++ }, show: func(s string) { shown.WriteString(s) }}
	return h, shown, asked
}

func TestHolder(t *testing.T) {
	h, shown, asked := recorder()
	h.feed("plain\npan")
	if shown.String() != "plain\n" || *asked != 1 {
		t.Fatalf("shown %q, asked %d times", shown, *asked)
	}
	h.feed("cake\n") // not known to be harmless before the answer
	h.alive()
	if shown.String() != "plain\npancake\n" || *asked != 1 || h.released != h.accepted {
		t.Fatalf("shown %q, asked %d times", shown, *asked)
	}
	h.feed("panic: a\n")
	h.feed("panic: b\n")
	h.alive() // speaks for the first line only
	if !strings.HasSuffix(shown.String(), "panic: a\n") || *asked != 3 {
		t.Fatalf("shown %q, asked %d times", shown, *asked)
	}
	h.alive()
	h.feed("in the middle: ")
	h.feed("panic: c\n") // not at the beginning of a line
	if !strings.HasSuffix(shown.String(), "in the middle: panic: c\n") || *asked != 3 {
		t.Fatalf("shown %q, asked %d times", shown, *asked)
	}
}

// A report of any length takes bounded memory, and nothing of it is shown.
func TestHolderOfALongReport(t *testing.T) {
	h, shown, _ := recorder()
	h.feed("mine\npanic: mine too\nruntime: remark\nfatal error: big\n\n")
	stack := "goroutine %d [chan receive labels:{\"go\": \"In[1]:%d\"}]:\nmain.f()\n\t/x.go:1 +0x1\n\n"
	largest := 0
	for i := range 20_000 {
		h.feed(fmt.Sprintf(stack, i, i%300))
		if i == 5000 {
			if !h.full() {
				t.Error("not full")
			}
			h.expectReport()
		}
		if h.dying {
			largest = max(largest, len(h.held))
		}
	}
	r := h.finish()
	if r == nil || r.Kind != "fatal error" || r.Message != "big" || len(r.Goroutines) != maxGroups || r.Others == 0 {
		t.Fatalf("report %+v", r)
	}
	total := r.Others
	for _, g := range r.Goroutines {
		total += g.Count
	}
	if total != 20_000 || largest > 2*maxHeld || shown.String() != "mine\npanic: mine too\n" {
		t.Errorf("%d goroutines, %d bytes held, shown %.80q", total, largest, shown)
	}
}

// Two threads that fail at once write two beginnings.
func TestHolderOfTwoFailures(t *testing.T) {
	h, shown, _ := recorder()
	h.feed("mine\npanic: mine\nruntime: a\nfatal error: bruntime: a\n\nfatal error: b\n\ngoroutine 1 [running]:\nmain.f()\n")
	r := h.finish()
	if r == nil || r.Message != "b" || shown.String() != "mine\npanic: mine\n" {
		t.Errorf("report %+v, shown %q", r, shown)
	}
}

// A worker that answers after it was given up is believed.
func TestHolderRecants(t *testing.T) {
	h, shown, _ := recorder()
	h.feed("panic: x\n" + strings.Repeat("y\n", maxHeld))
	h.expectReport()
	h.alive()
	h.feed("after\n")
	if got := shown.String(); !strings.Contains(got, "left out") || !strings.HasSuffix(got, "after\n") {
		t.Errorf("shown %.200q", got)
	}
}

func FuzzHolder(f *testing.F) {
	f.Add("panic: a\n", "\ngoroutine 1 [running]:\n", uint8(3))
	f.Add("SIG", "QUIT: quit\n", uint8(5))
	f.Fuzz(func(t *testing.T, a, b string, script uint8) {
		h, shown, _ := recorder()
		for i := range 4 {
			h.feed(a)
			if script>>i&1 == 1 {
				h.alive()
			}
			h.feed(b)
			if script>>(i+4)&1 == 1 {
				h.alive()
			}
		}
		report := h.finish()
		whole := strings.Repeat(a+b, 4)
		if report == nil && shown.String() != whole {
			t.Errorf("%q shows as %q", whole, shown)
		}
		if report != nil && !strings.HasPrefix(whole, shown.String()) {
			t.Errorf("%q shows as %q", whole, shown)
		}
	})
}

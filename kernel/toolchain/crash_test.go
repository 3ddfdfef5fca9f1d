package toolchain

import (
	"strings"
	"testing"
	"time"
)

// reports are what the runtime of Go 1.26 writes.
var reports = []string{
	"panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\tcell.go:3 +0x1d\n",
	"panic: first [recovered]\n\tpanic: again: first\n\ngoroutine 1 [running]:\nmain.f.func1()\n\tIn[3]:146 +0x5b\npanic({0x4e4a40?, 0x513a40?})\n\truntime/panic.go:860 +0x13a\nmain.main()\n\tIn[3]:8 +0x232\n",
	"fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive, 2 minutes, locked to thread]:\nmain.main()\n\tIn[3]:8 +0x232\n\ngoroutine 19 [sync.Mutex.Lock]:\nsync.(*Mutex).Lock(...)\n\tsync/mutex.go:46\nmain.main.gowrap1()\n\tIn[3]:9 +0x2\ncreated by main.main in goroutine 1\n\tIn[3]:9 +0x85\n",
	"runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp=0xc020388 stack=[0xc020000, 0xc040000]\nfatal error: stack overflow\n\nruntime stack:\nruntime.throw({0x50931f?, 0x2dbafc8f6b01?})\n\truntime/panic.go:1229 +0x48 fp=0x1 sp=0x2 pc=0x47f828\n\n" +
		"goroutine 1 gp=0xc0000021e0 m=2 mp=0xc000030808 [running]:\nmain.f(0x2aaaa32?)\n\tIn[3]:192 +0x2b fp=0x2 sp=0x2 pc=0x4d7d6b\nmain.f(...)\n\tIn[3]:192\n...44739026 frames elided...\nmain.f(...)\n\tIn[3]:192\nmain.main()\n\tIn[3]:8 +0x232\n",
	"SIGQUIT: quit\nPC=0x40a64e m=0 sigcode=0\n\ngoroutine 0 gp=0x5f7ac0 m=0 mp=0x5f8ac0 [idle]:\nruntime.netpoll(0x1b3c4b105570?)\n\truntime/netpoll_epoll.go:119 +0xd4 fp=0x7f sp=0x7e pc=0x44\n\n" +
		"goroutine 1 gp=0x1b m=nil [sleep]:\ntime.Sleep(0x34630b8a000)\n\truntime/time.go:363 +0x165\nmain.main()\n\tcell.go:179 +0xd9\n\nrax    0x0\nrip    0x40a64e\n",
	"SIGQUIT: quit\nPC=0x480a57 m=1 sigcode=0\n\ngoroutine 0 gp=0x94 m=1 mp=0x94 [idle]:\nruntime.sysmon()\n\truntime/proc.go:6506 +0xb2 fp=0x9 sp=0x9 pc=0x4\n\n" +
		"goroutine 1 gp=0x94 m=0 mp=0x58 [running]:\n\tgoroutine running on other thread; stack unavailable\n\n" +
		"goroutine 7 gp=0x95 m=2 mp=0x59 [running]:\n\tgoroutine running on other thread; stack unavailable\ncreated by main.main in goroutine 1\n\tIn[3]:9 +0x85\n\n" +
		"goroutine 8 gp=0x96 m=3 mp=0x5a [running]:\n\tgoroutine running on other thread; stack unavailable\ncreated by runtime.gcBgMarkStartWorkers in goroutine 1\n\truntime/mgc.go:9 +0x85\n",
}

// FuzzHolder feeds texts in pieces. What is no report, or of a program that did not
// crash, is shown to the last byte.
func FuzzHolder(f *testing.F) {
	for _, r := range reports {
		f.Add("before\n"+r, uint8(7), false)
		f.Add(r+"foreign\n"+r, uint8(255), true)
		f.Add(r[:len(r)/2], uint8(1), true)
	}
	f.Add("pan", uint8(1), false)
	f.Add("goroutine 99999999999999999999 [x]:\nSIG: \nSIGX: a\n...x frames elided...\n", uint8(3), true)
	f.Fuzz(func(t *testing.T, text string, size uint8, crashed bool) {
		var shown strings.Builder
		h := holder{show: func(s string) { shown.WriteString(s) }}
		for rest := text; rest != ""; {
			n := min(len(rest), int(size)+1)
			h.feed(rest[:n], time.Time{})
			rest = rest[n:]
		}
		r := h.finish(crashed)
		switch {
		case r == nil:
			if shown.String() != text {
				t.Errorf("%q is shown as %q", text, shown.String())
			}
		case !crashed:
			t.Errorf("a report of a program that did not crash: %q", text)
		default:
			failure := tracer{}.failure(r)
			if len(failure.Traceback) == 0 || strings.Contains(strings.Join(failure.Traceback, ""), "\n") {
				t.Errorf("%q gives %q", text, failure.Traceback)
			}
		}
	})
}

// FuzzDump reads dumps, cut and foreign ones too.
func FuzzDump(f *testing.F) {
	for _, r := range reports {
		f.Add(r)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := tracer{}.snapshot(text, time.Time{})
		for _, g := range s.Goroutines {
			if g.Reason == "" && g.ID == 0 {
				t.Errorf("%+v", g)
			}
		}
		if _, err := (tracer{}).table(&dump{Text: text}); err != nil {
			t.Error(err)
		}
	})
}

func TestReports(t *testing.T) {
	for i, want := range []struct {
		kind, message string
		stacks        int
	}{
		{"panic", "boom", 1},
		{"panic", "again: first", 1},
		{"fatal error", "all goroutines are asleep - deadlock!", 2},
		{"fatal error", "stack overflow", 1},
		{"SIGQUIT", "quit", 1},
		{"SIGQUIT", "quit", 2},
	} {
		var shown strings.Builder
		h := holder{show: func(s string) { shown.WriteString(s) }}
		h.feed(reports[i], time.Now())
		r := h.finish(true)
		if r == nil {
			t.Errorf("%q is no report", reports[i])
			continue
		}
		if kind, message := r.what(); kind != want.kind || message != want.message || r.stacks != want.stacks || shown.Len() > 0 {
			t.Errorf("%s: %s, %d stacks, shown %q", kind, message, r.stacks, shown.String())
		}
	}
}

// A report that a busy machine has interrupted is one all the same.
func TestReportInTwoParts(t *testing.T) {
	var shown strings.Builder
	h := holder{show: func(s string) { shown.WriteString(s) }}
	at := strings.Index(reports[0], "\n\n") + 2
	began := time.Now()
	h.feed(reports[0][:at], began)
	h.expire(began.Add(2 * silence))
	if shown.String() != reports[0][:at] {
		t.Errorf("shown is %q", shown.String())
	}
	h.feed(reports[0][at:], began.Add(3*silence))
	r := h.finish(true)
	if r == nil {
		t.Fatal("no report")
	}
	if kind, message := r.what(); kind != "panic" || message != "boom" || r.first == nil {
		t.Errorf("%s, %s, %+v", kind, message, r)
	}
}

// The report of very many goroutines takes little memory.
func TestReportOfMany(t *testing.T) {
	var shown strings.Builder
	h := holder{show: func(s string) { shown.WriteString(s) }}
	h.feed(reports[0], time.Now())
	for range 50_000 {
		h.feed("\ngoroutine 7 [chan receive]:\nmain.main.func1()\n\tcell.go:12 +0x1f\ncreated by main.main in goroutine 1\n\tcell.go:11 +0x3d\n", time.Now())
		if len(h.text) > maxHeld+1000 {
			t.Fatalf("%d bytes are held", len(h.text))
		}
	}
	r := h.finish(true)
	if r == nil || r.stacks != 50_001 || len(r.groups) != 1 || r.groups[0].n != 50_000 || shown.Len() > 0 {
		t.Errorf("%+v, shown %d bytes", r, shown.Len())
	}
}

func TestNames(t *testing.T) {
	for function, want := range map[string]string{
		"main.main":              "main",
		"main.(*Pool).work":      "(*Pool).work",
		"main.main.func1":        "a function literal of main",
		"main.main.func2.1":      "a function literal of main",
		"main.init.0":            "init.0",
		"main.func7":             "func7",
		"main.Map[...]":          "Map[...]",
		"main.Map[...].func1":    "a function literal of Map[...]",
		"main.init.func3":        "a function literal",
		"main.glob..func1":       "a function literal",
		"net/http.(*conn).serve": "net/http.(*conn).serve",
		"main.main.func1-range1": "a function literal of main",
	} {
		if got := (call{function: function}).name(); got != want {
			t.Errorf("%s is %q, want %q", function, got, want)
		}
	}
}

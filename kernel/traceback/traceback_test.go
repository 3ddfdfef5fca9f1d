package traceback

import "testing"

func TestMayBegin(t *testing.T) {
	for text, want := range map[string]bool{
		"p": true, "panic: a": true, "panicky": false, "fatal error: ": true, "goroutine 1 [running]:": true, "S": true, "SIGQUIT: quit": true,
		"SIGNAL lost": false, "SIG\n": false, "SIGX\n: ": false, "[signal SIGSEGV": true, "[x": false, "": true, "a": false,
	} {
		if got := mayBegin(text); got != want {
			t.Errorf("%q may begin a report: %v", text, got)
		}
	}
}

func TestParseStart(t *testing.T) {
	for line, want := range map[string][2]string{
		"panic: boom":                                {"panic", "boom"},
		"fatal error: stack overflow":                {"fatal error", "stack overflow"},
		"SIGQUIT: quit":                              {"SIGQUIT", "quit"},
		"runtime/cgo: pthread_create failed: no":     {"fatal error", "pthread_create failed: no"},
		"\tpanic: inner":                             {},
		"SIGnal: x":                                  {},
		"runtime: goroutine stack exceeds 100-byte…": {},
	} {
		kind, message, ok := ParseStart(line)
		if [2]string{kind, message} != want || ok != (want[0] != "") {
			t.Errorf("%q: %q, %q, %v", line, kind, message, ok)
		}
	}
}

func TestParseHeader(t *testing.T) {
	for line, want := range map[string]Header{
		"goroutine 1 [running]:": {ID: 1, State: "running"},
		"goroutine 7 gp=0xc000 m=nil [select (no cases), 12 minutes]:":                      {ID: 7, State: "select (no cases)", Minutes: 12},
		`goroutine 8 [chan receive, 2 minutes, locked to thread labels:{"go": "In[3]:1"}]:`: {ID: 8, State: "chan receive", Minutes: 2, Labels: `"go": "In[3]:1"`},
	} {
		if got, ok := ParseHeader(line); !ok || got != want {
			t.Errorf("%q: %+v", line, got)
		}
	}
	for _, line := range []string{"", "goroutine", "goroutine x [running]:", "goroutine 1 [running]", "goroutine 1 running]:", "goroutine 99999999999999999999 [running]:"} {
		if got, ok := ParseHeader(line); ok {
			t.Errorf("%q: %+v", line, got)
		}
	}
}

func TestMayBeginAt(t *testing.T) {
	for _, tt := range []struct {
		text   string
		middle bool
		want   int
	}{
		{"", false, 0}, {"panic: x\n", false, 0}, {"panic: x\n", true, 9}, {"panic: x", true, 8}, {"a\npanic: x", false, 2},
		{"a\nb\n", false, 4}, {"a\ngo", false, 2}, {"a\nb", false, 3}, {"rest\nfatal error: y", true, 5},
	} {
		if got := MayBeginAt(tt.text, tt.middle); got != tt.want {
			t.Errorf("%q, in the middle of a line %t: %d, want %d", tt.text, tt.middle, got, tt.want)
		}
	}
}

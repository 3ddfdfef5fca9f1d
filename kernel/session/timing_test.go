package session

import (
	"strings"
	"testing"
	"time"
)

func TestMeterLine(t *testing.T) {
	m := &meter{usage: usage{
		wall: 1234567 * time.Nanosecond, user: 2 * time.Millisecond, system: 51 * time.Microsecond, known: true,
		allocs: 1, bytes: 20_500, started: 3,
	}}
	b := m.line()
	want := "wall time 1.23ms · CPU time 2ms user, 51µs system · 1 allocation of 20 kB · 3 goroutines started\n" +
		"Measured in the interpreter, for the whole process. Compiled Go computes some hundred times faster; waiting takes as long. show.Timing compares functions."
	if b["text/plain"] != want {
		t.Errorf("got %s", b["text/plain"])
	}
	markup := b["text/html"].(string)
	for _, part := range []string{"background-color:#ffffff;color:#1a1a1a", "<b>wall time 1.23ms · ", "3 goroutines started</b><br>Measured"} {
		if !strings.Contains(markup, part) {
			t.Errorf("%s is not in %s", part, markup)
		}
	}
	m = &meter{}
	if text := m.line()["text/plain"].(string); strings.Contains(text, "CPU") {
		t.Errorf("a CPU time that is not known: %s", text)
	}
}

// What cannot stand alone in Go is given to the blank identifier.
func TestIsValue(t *testing.T) {
	for statement, want := range map[string]bool{
		"f()":            false,
		"x.f(1)":         false,
		"(f())":          false,
		"<-c":            false,
		"x++":            false,
		"x := 1":         false,
		"a(); b()":       false,
		"for range 3 {}": false,
		"1 + 2":          true,
		"x":              true,
		"-x":             true,
		"s[1:]":          true,
		"len(s)":         true,
		"append(s, 1)":   true,
		"T{1}":           true,
		"*p":             true,
	} {
		if got := isValue(statement); got != want {
			t.Errorf("%s: %v, want %v", statement, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{
		"%gorutines": "%goroutines", "%halp": "%help", "%tim": "%time", "%%tiem": "%%time", "%Who": "%who", "%whoami": "",
		"%": "", "%%": "", "%x": "", "%matplotlib": "", "%leak": "%leaks", "%note": "%notes",
	} {
		if got := nearest(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

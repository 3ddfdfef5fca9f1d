// Package traceback reads single lines of what the Go runtime writes when a process
// dies, or is asked for its goroutines. The format is that of the runtime's own
// panic.go, traceback.go and proc.go (goroutineheader).
//
// It knows nothing of processes, nor of what is made of the lines. It starts no
// goroutine.
package traceback

import (
	"strconv"
	"strings"
)

// starts are the beginnings of lines with which reports begin, or which stand
// before their first line.
var starts = []string{
	"panic: ", "fatal error: ", "runtime: ", "runtime/cgo: ", "goroutine ", "[signal ", "unexpected fault address ", "SIG",
}

// mayBegin tells whether a text, at the start of a line, may begin a report. A text
// that is too short to tell may.
func mayBegin(text string) bool {
	for _, start := range starts {
		n := min(len(start), len(text))
		if text[:n] != start[:n] {
			continue
		}
		if start != "SIG" {
			return true
		}
		word, _, complete := strings.Cut(text, ":")
		return isUpper(word) && (complete || !strings.Contains(word, "\n"))
	}
	return false
}

// MayBeginAt returns how much of a text stands before the first line that may begin
// a report. The text may itself begin in the middle of a line.
func MayBeginAt(text string, middle bool) int {
	at := 0
	if middle {
		end := strings.IndexByte(text, '\n')
		if end < 0 {
			return len(text)
		}
		at = end + 1
	}
	for at < len(text) {
		if mayBegin(text[at:]) {
			return at
		}
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			return len(text)
		}
		at += end + 1
	}
	return at
}

// ParseStart recognizes the line that says what happened. kind is "panic", "fatal
// error", or the name of a signal: "SIGQUIT".
func ParseStart(line string) (kind, message string, ok bool) {
	for _, kind := range []string{"panic", "fatal error"} {
		if message, ok := strings.CutPrefix(line, kind+": "); ok {
			return kind, message, true
		}
	}
	// Threads that fail together write into each other's lines.
	if message := strings.ReplaceAll(line, "runtime/cgo: ", ""); strings.HasPrefix(message, NoThread) {
		return "fatal error", message, true
	}
	if strings.HasPrefix(line, "SIG") {
		if name, message, ok := strings.Cut(line, ": "); ok && isUpper(name) {
			return name, message, true
		}
	}
	return "", "", false
}

// NoThread begins what a program with cgo writes before it aborts because the
// system gave it no further thread (runtime/cgo, gcc_fatalf.c). A program without
// cgo has a fatal error of the runtime there.
const NoThread = "pthread_create failed: "

func isUpper(s string) bool {
	for i := range len(s) {
		if (s[i] < 'A' || s[i] > 'Z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}

// IsRemark recognizes lines that the runtime writes before the one that says what
// happened.
func IsRemark(line string) bool {
	for _, start := range []string{"runtime: ", "runtime/cgo: ", "unexpected fault address "} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return false
}

// Header is the line above the stack of a goroutine.
type Header struct {
	ID      int64
	State   string // "chan receive"
	Minutes int    // for how long, when that is long
	Labels  string // "key": "value", … when there are any
}

// ParseHeader reads
//
//	goroutine 18 gp=0xc000 m=0 mp=0x5 [chan receive, 2 minutes, locked to thread labels:{"go": "In[3]:12"}]:
//
// where everything after the state is optional.
func ParseHeader(line string) (Header, bool) {
	rest, ok := strings.CutPrefix(line, "goroutine ")
	if !ok {
		return Header{}, false
	}
	number, rest, _ := strings.Cut(rest, " ")
	id, err := strconv.ParseInt(number, 10, 64)
	open := strings.IndexByte(rest, '[')
	if err != nil || open < 0 || !strings.HasSuffix(rest, "]:") {
		return Header{}, false
	}
	h := Header{ID: id}
	state := rest[open+1 : len(rest)-len("]:")]
	if before, labels, ok := strings.Cut(state, " labels:{"); ok {
		state, h.Labels = before, strings.TrimSuffix(labels, "}")
	}
	state, more, _ := strings.Cut(state, ",")
	h.State = state
	for word := range strings.SplitSeq(more, ",") {
		if n, ok := strings.CutSuffix(strings.TrimSpace(word), " minutes"); ok {
			h.Minutes, _ = strconv.Atoi(n)
		}
	}
	return h, true
}

package testrun

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
)

const (
	marker = '\x16' // begins a line about tests

	maxLine  = 64 << 10 // of a line that is held back to see what it is
	maxTests = 20_000
	maxLog   = 200 // lines of one test
)

// A Reader reads the output of a test binary. Its methods are for one goroutine at
// a time. Printed and Progress may be nil.
type Reader struct {
	Printed  func(text string) // is given what the tests print
	Progress func(line string) // is given what fuzzing says of its progress
	KeepAll  bool              // keeps also what tests logged that passed

	tests   map[string]*Test
	order   []*Test
	fuzz    Fuzzing
	current *Test  // whose output comes, or nil
	held    string // the beginning of a line of which it is not clear what it is
	inside  bool   // of a line whose beginning has been printed
	logging bool   // the line before was of a log, which may go on
	report  bool   // text after a result that belongs to it
}

// Write takes the next part of the output.
func (r *Reader) Write(text string) {
	text = r.held + text
	r.held = ""
	for text != "" {
		r.inside = r.inside && text[0] != marker
		end := lineEnd(text)
		if end < 0 {
			if r.inside || !r.undecided(text) || len(text) > maxLine {
				r.print(text)
				r.inside = true
				return
			}
			r.held = text
			return
		}
		r.line(text[:end])
		text = text[end:]
	}
}

// lineEnd returns where the first line ends: after its line feed, or before a
// marker, which ends a line that the test did not end. It is negative when the
// line is not complete.
func lineEnd(text string) int {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\n':
			return i + 1
		case text[i] == marker && i > 0:
			return i
		}
	}
	return -1
}

// Report ends the reading.
func (r *Reader) Report() Report {
	if r.held != "" {
		r.line(r.held)
		r.held = ""
	}
	return Report{Tests: tree(r.order), Fuzz: r.fuzz}
}

// undecided reports whether the beginning of a line may be more than printed text.
func (r *Reader) undecided(part string) bool {
	return part[0] == marker || r.report || may(part, "    ") || may(part, "fuzz: ") || may(part, emptyCorpus) || may(part, seedFails)
}

// What fuzzing says besides its progress.
const (
	emptyCorpus = "warning: starting with empty corpus"
	seedFails   = "failure while testing seed corpus entry: "
)

// may reports whether one is the beginning of the other.
func may(part, with string) bool {
	return strings.HasPrefix(part, with) || strings.HasPrefix(with, part)
}

func (r *Reader) line(line string) {
	text := strings.TrimSuffix(line, "\n")
	switch {
	case line[0] == marker:
		r.inside = false
		r.event(strings.TrimSuffix(text[1:], "\r"))
	case r.inside:
		r.print(line)
		r.inside = text == line
	case r.report && r.current != nil:
		r.reported(text)
	case strings.HasPrefix(text, seedFails):
		r.fuzz.Seed = text[len(seedFails):]
	case strings.HasPrefix(text, "fuzz: "):
		r.progress(text)
	case text == emptyCorpus: // it is right to begin without examples
	case r.log(text):
	default:
		r.logging = false
		r.print(line)
		r.inside = text == line
	}
}

func (r *Reader) print(text string) {
	if r.Printed != nil && text != "" {
		r.Printed(text)
	}
}

func (r *Reader) progress(line string) {
	if !strings.HasPrefix(line, "fuzz: elapsed: ") {
		return
	}
	r.fuzz.Last = line
	if r.Progress != nil {
		r.Progress(line)
	}
}

// result matches "--- FAIL: TestSum/two (0.01s)".
var result = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^--- (PASS|FAIL|SKIP): (\S+)(?: \((\d+(?:\.\d+)?)s\))?$`)
})

// event reads a line about tests, without its marker.
func (r *Reader) event(line string) {
	r.logging, r.report = false, false
	if m := result().FindStringSubmatch(strings.TrimLeft(line, " ")); m != nil {
		r.ended(m[1], m[2], m[3])
		return
	}
	rest, ok := strings.CutPrefix(line, "=== ")
	if !ok {
		r.current = nil // PASS or FAIL of all
		return
	}
	action, rest, _ := strings.Cut(rest, " ")
	rest = strings.TrimLeft(rest, " ")
	name, more, _ := strings.Cut(rest, " ")
	switch action {
	case "RUN":
		if t := r.test(name); t != nil {
			t.Runs++
			t.dropped = 0
		}
		r.current = r.tests[name]
	case "CONT", "NAME", "PAUSE":
		r.current = r.tests[name]
	case "ATTR":
		key, value, _ := strings.Cut(more, " ")
		if t := r.tests[name]; t != nil {
			t.add(Line{Text: key + " = " + value})
		}
	}
}

// test finds a test, or makes it.
func (r *Reader) test(name string) *Test {
	if t := r.tests[name]; t != nil || name == "" || len(r.order) >= maxTests {
		return t
	}
	if r.tests == nil {
		r.tests = map[string]*Test{}
	}
	t := &Test{Name: name}
	r.tests[name] = t
	r.order = append(r.order, t)
	return t
}

// ended takes the result of a test. What fuzz tests and examples say of a failure
// comes after it.
func (r *Reader) ended(how, name, seconds string) {
	t := r.test(name)
	r.current = t
	if t == nil {
		return
	}
	t.Runs = max(t.Runs, 1)
	switch how {
	case "PASS":
		t.Passed++
		if !r.KeepAll {
			t.forget(t.Runs)
		}
	case "FAIL":
		t.Failed++
		r.report = strings.HasPrefix(name, "Fuzz") && !strings.Contains(name, "/") || strings.HasPrefix(name, "Example")
	case "SKIP":
		t.Skipped++
	}
	s, _ := strconv.ParseFloat(seconds, 64)
	t.Seconds += s
}

// logged matches what t.Log writes, after its four spaces.
var logged = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(In\[\d+\]|[^\s:]+\.go|\?\?\?):(\d+): ?(.*)$`)
})

const indent = "    "

// log takes a line if it is of a test's log: "    In[3]:5: text", or after such a
// line one that is indented by four spaces more.
func (r *Reader) log(text string) bool {
	if r.current == nil {
		return false
	}
	rest, ok := strings.CutPrefix(text, indent)
	if !ok {
		return false
	}
	if m := logged().FindStringSubmatch(rest); m != nil {
		r.logging = true
		r.current.add(Line{Pos: at(m[1], m[2]), Text: m[3]})
		return true
	}
	if more, ok := strings.CutPrefix(rest, indent); ok && r.logging {
		r.current.more(more)
		return true
	}
	return false
}

func at(file, line string) cell.Pos {
	n, _ := strconv.Atoi(line)
	return cell.Pos{Cell: file, Line: n}
}

// add adds a line to the log, if there is room.
func (t *Test) add(l Line) {
	l.Run = t.Runs
	if len(t.Log) >= maxLog {
		t.More++
		t.dropped++
		return
	}
	t.Log = append(t.Log, l)
}

// forget drops what the test logged in a run.
func (t *Test) forget(run int) {
	t.Log = slices.DeleteFunc(t.Log, func(l Line) bool { return l.Run == run })
	t.More -= t.dropped
	t.dropped = 0
}

// more adds to the last line of the log.
func (t *Test) more(text string) {
	if t.More > 0 || len(t.Log) == 0 {
		return
	}
	if last := &t.Log[len(t.Log)-1]; len(last.Text) < maxLine {
		last.Text += "\n" + text
	}
}

// reported takes a line of what is said of a failure after it: an example's output,
// or what a fuzz test logged for the failing input.
func (r *Reader) reported(text string) {
	if strings.HasPrefix(r.current.Name, "Example") {
		if len(r.current.Log) == 0 || r.current.Log[len(r.current.Log)-1].Run != r.current.Runs {
			r.current.add(Line{Text: text})
		} else {
			r.current.more(text)
		}
		return
	}
	rest := strings.TrimPrefix(text, indent)
	inner, isInner := strings.CutPrefix(rest, indent)
	path, isPath := strings.CutPrefix(rest, "Failing input written to ")
	switch {
	case isPath:
		r.fuzz.Crasher = path
	case strings.HasPrefix(rest, "--- FAIL: "), rest == "To re-run:", strings.HasPrefix(rest, "go test -run="), strings.TrimSpace(rest) == "":
	case !isInner:
		r.current.add(Line{Text: rest})
	default:
		if m := logged().FindStringSubmatch(inner); m != nil {
			r.current.add(Line{Pos: at(m[1], m[2]), Text: m[3]})
		} else {
			r.current.more(strings.TrimPrefix(inner, indent))
		}
	}
}

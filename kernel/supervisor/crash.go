package supervisor

import (
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/traceback"
)

// Report is what the Go runtime wrote about the end of a process.
type Report struct {
	Kind    string // "panic", "fatal error", or the name of a signal: "SIGQUIT"
	Message string // what follows the kind, may have several lines

	// Goroutines are those of user code, which carry labels; the one that failed
	// comes first. Alike ones are counted.
	Goroutines []Goroutine
	Others     int // labelled goroutines beyond the distinct ones that are listed

	interpreted bool // the goroutine that failed ran interpreted code
}

// Goroutine stands for one or several goroutines of user code that were alike
// when the process ended.
type Goroutine struct {
	ID      int64  // of the first one
	Count   int    // how many
	State   string // "chan receive", "running"
	Started string // "In[3]:12", or "" for one that ran the cell or that a library started
	Func    string // the text of the function that was started
	Cell    string // "In[3]"
	In      string // the library function in which it was, if it was in one
	Failed  bool   // the process ended because of it
}

// Keys of the labels by which the session marks goroutines.
const (
	labelStarted = "go"
	labelFunc    = "func"
	labelCell    = "cell"
)

// maxGroups bounds the distinct goroutines of a report, maxMessage its message.
const (
	maxGroups  = 200
	maxMessage = 64 << 10
)

// scanner reads a crash report line by line. Its memory does not grow with the
// number of goroutines.
type scanner struct {
	report Report
	found  bool // the beginning of a report was seen
	headed bool // its message is complete
	stacks int  // goroutine headers seen
	groups map[Goroutine]int

	current *Goroutine // its frames are being read
	stack   stack
}

// line takes the next line, without its end.
func (s *scanner) line(text string) {
	if g, ok := parseHeader(text); ok {
		s.end()
		s.stacks++
		g.Failed = s.stacks == 1 && !strings.HasPrefix(s.report.Kind, "SIG")
		s.current, s.stack = &g, stack{}
		return
	}
	switch {
	case s.current != nil && text == "":
		s.end()
	case s.current != nil:
		s.frame(text)
	case s.stacks == 0:
		s.head(text)
	}
}

// head reads what stands before the first goroutine.
func (s *scanner) head(text string) {
	if kind, message, ok := traceback.ParseStart(text); ok {
		if kind == "SIGABRT" && s.found {
			return // how a program with cgo ends after its own message
		}
		s.report.Kind, s.report.Message, s.found, s.headed = kind, message, true, false
		return
	}
	// Further lines of a value are indented; what is not ends the message.
	more, indented := strings.CutPrefix(text, "\t")
	switch {
	case !s.found || s.headed:
	case !indented:
		s.headed = true
	case len(s.report.Message) < maxMessage:
		s.report.Message += "\n" + more
	}
}

// frame reads a line of a stack. Frames run from the innermost outwards.
func (s *scanner) frame(text string) {
	if strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "created by ") {
		return
	}
	end := strings.LastIndexByte(text, '(')
	if end < 0 {
		return
	}
	switch name := text[:end]; {
	case strings.HasPrefix(name, interpretedCode):
		s.stack.interpreted = true
		s.outer(true)
	case hasPrefix(name, machinery):
		s.outer(true)
	case strings.HasPrefix(name, "reflect."):
		s.stack.reflected = true
	case hasPrefix(name, internals), s.stack.decided:
	case s.current.In == "":
		s.current.In, s.stack.reflected = name, false
	default:
		s.outer(false)
	}
}

// stack is what is known of the stack that is being read.
type stack struct {
	decided     bool // whether In holds is known
	ours        bool // the innermost frame is of the interpreter or of this program
	interpreted bool // interpreted code is on it
	reflected   bool // a call by reflection lies outside of the function in In
}

// outer decides about the library function in which the goroutine was, at the
// first frame outside of it. Interpreted code calls functions by reflection;
// what the interpreter calls directly is its own affair.
func (s *scanner) outer(ours bool) {
	if s.stack.decided {
		return
	}
	s.stack.decided = true
	if ours && !s.stack.reflected {
		s.stack.ours = s.current.In == ""
		s.current.In = ""
	}
}

// Packages whose functions are not where a person would say that the goroutine
// is, and those that run user code.
var (
	internals = []string{"runtime.", "runtime/", "internal/", "panic", "syscall."}
	machinery = []string{
		"github.com/traefik/yaegi/",
		"github.com/chanbook/chanbook/kernel/eval", "github.com/chanbook/chanbook/kernel/session",
		"github.com/chanbook/chanbook/kernel/show", "github.com/chanbook/chanbook/kernel/worker.",
	}
)

// interpretedCode is the function in which the interpreter runs user code.
const interpretedCode = "github.com/traefik/yaegi/interp.runCfg"

func hasPrefix(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// end counts the goroutine that has been read, if it is one of user code: it
// has labels, and is not the one in which this program waits for the cell.
func (s *scanner) end() {
	g, stack := s.current, s.stack
	s.current = nil
	if g == nil {
		return
	}
	if g.Failed && stack.interpreted {
		s.report.interpreted = true
	}
	if g.Started == "" && (g.Cell == "" || stack.ours && !stack.interpreted) {
		return
	}
	key := *g
	key.ID, key.Count = 0, 0
	if i, ok := s.groups[key]; ok {
		s.report.Goroutines[i].Count++
		return
	}
	if len(s.report.Goroutines) == maxGroups {
		s.report.Others++
		return
	}
	if s.groups == nil {
		s.groups = map[Goroutine]int{}
	}
	s.groups[key] = len(s.report.Goroutines)
	g.Count = 1
	s.report.Goroutines = append(s.report.Goroutines, *g)
}

// finish returns the report, or nil when the lines were not one.
func (s *scanner) finish() *Report {
	s.end()
	if !s.found || s.stacks == 0 {
		return nil
	}
	if s.report.interpreted {
		// The interpreter recovers each panic and panics again, at every call.
		s.report.Message = strings.TrimSuffix(s.report.Message, " [recovered, repanicked]")
	}
	return &s.report
}

// parseHeader reads the line above a stack, with the labels of its goroutine.
func parseHeader(line string) (Goroutine, bool) {
	h, ok := traceback.ParseHeader(line)
	if !ok {
		return Goroutine{}, false
	}
	g := Goroutine{ID: h.ID, State: h.State}
	parseLabels(h.Labels, &g)
	return g, true
}

// parseLabels reads "key": "value", ... as the runtime quotes them, which is
// close enough to Go's own quoting.
func parseLabels(text string, g *Goroutine) {
	next := func() string {
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			text = ""
			return ""
		}
		text = strings.TrimLeft(text[len(quoted):], ":, ")
		value, _ := strconv.Unquote(quoted)
		return value
	}
	for text != "" {
		switch key, value := next(), next(); key {
		case labelStarted:
			g.Started = value
		case labelFunc:
			g.Func = value
		case labelCell:
			g.Cell = value
		}
	}
}

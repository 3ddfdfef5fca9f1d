package toolchain

import (
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/toolchain/program"
	"github.com/chanbook/chanbook/kernel/traceback"
)

// A stack is one goroutine in what the Go runtime writes: in a report of a crash,
// or in a dump.
type stack struct {
	id      int64
	state   string // "chan receive"
	minutes int    // for how long, if that is long
	calls   []call // the innermost first
	hidden  bool   // it ran on another thread, from which its stack cannot be read
	creator call   // where it was started; its function is empty for main's
	parent  int64  // the goroutine that started it, 0 when it is not known
}

// call is a frame of a stack.
type call struct {
	function string // "main.(*pool).work"
	path     string // of the source, as the compiler was told: "In[3]", "sync/mutex.go"
	line     int
	omitted  int // that many calls are left out here, and nothing else is set
}

// unavailable stands in the place of a stack (runtime, tracebackothers).
const unavailable = "goroutine running on other thread; stack unavailable"

// stackReader reads stacks line by line.
type stackReader struct {
	current *stack
	at      *call // whose place comes next
	runtime bool  // a thread's own stack is being read, which is of no goroutine
	done    func(*stack)
}

// line takes the next line, without its end. It returns false for one that cannot
// be part of stacks.
func (r *stackReader) line(text string) bool {
	if h, ok := traceback.ParseHeader(text); ok {
		r.end()
		r.current = &stack{id: h.ID, state: h.State, minutes: h.Minutes}
		return true
	}
	switch {
	case text == "":
		r.end()
		return true
	case text == "runtime stack:":
		r.end()
		r.runtime = true
		return true
	case r.current == nil && !r.runtime:
		return isRegister(text)
	}
	place, indented := strings.CutPrefix(text, "\t")
	if indented {
		if s := r.current; s != nil && place == unavailable {
			s.hidden = true
		}
		if r.at != nil {
			r.at.path, r.at.line = parsePlace(place)
			r.at = nil
		}
		return true
	}
	return r.call(text)
}

// call reads the line that names a function.
func (r *stackReader) call(text string) bool {
	s := r.current
	if s == nil {
		s = &stack{} // of the runtime
	}
	if creator, ok := strings.CutPrefix(text, "created by "); ok {
		creator, parent, _ := strings.Cut(creator, " in goroutine ")
		s.parent, _ = strconv.ParseInt(parent, 10, 64)
		s.creator.function, r.at = creator, &s.creator
		return true
	}
	if n, ok := parseElided(text); ok {
		s.calls = append(s.calls, call{omitted: n})
		return true
	}
	end := strings.LastIndexByte(text, '(')
	if end <= 0 || !strings.HasSuffix(text, ")") || strings.Contains(text[:end], " ") {
		return false
	}
	s.calls = append(s.calls, call{function: text[:end]})
	r.at = &s.calls[len(s.calls)-1]
	return true
}

// end hands on the stack that has been read.
func (r *stackReader) end() {
	if r.current != nil {
		r.done(r.current)
	}
	r.current, r.at, r.runtime = nil, nil, false
}

// parsePlace reads "In[3]:12 +0x1d fp=0x…", or the same of a file.
func parsePlace(text string) (path string, line int) {
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 {
		return text, 0
	}
	number, _, _ := strings.Cut(text[colon+1:], " ")
	line, err := strconv.Atoi(number)
	if err != nil {
		return text, 0
	}
	return text[:colon], line
}

// parseElided reads "...44739026 frames elided...", where old versions have the
// word additional in the place of the number.
func parseElided(text string) (n int, ok bool) {
	word, ok := strings.CutSuffix(text, " frames elided...")
	if word, dots := strings.CutPrefix(word, "..."); ok && dots {
		n, err := strconv.Atoi(word)
		if err != nil {
			n = 1
		}
		return n, true
	}
	return 0, false
}

// isRegister recognizes a line of the registers that the runtime writes after a
// fault: "rax    0x7f".
func isRegister(text string) bool {
	words := strings.Fields(text)
	return len(words) == 2 && strings.HasPrefix(text, words[0]) && len(words[0]) <= 8 && strings.HasPrefix(words[1], "0x")
}

// inCell reports whether a call stands in a cell.
func (c call) inCell() bool {
	_, ok := program.Place(c.path, c.line)
	return ok
}

// name is what a person calls the function.
func (c call) name() string {
	name := strings.TrimPrefix(c.function, "main.")
	name = strings.ReplaceAll(name, "%2e", ".")
	around, literal := withoutLiterals(name)
	switch {
	case !literal:
		return name
	case around == "init", strings.HasPrefix(around, "glob."):
		return "a function literal"
	}
	return "a function literal of " + around
}

// withoutLiterals takes off a name what the compiler appends for the function
// literals in a function: .func1, .func1.2, .func1-range1.
func withoutLiterals(name string) (around string, literal bool) {
	for {
		dot := strings.LastIndexByte(name, '.')
		last, _, _ := strings.Cut(name[dot+1:], "-range")
		number, is := strings.CutPrefix(last, "func")
		if _, err := strconv.ParseUint(number, 10, 32); err != nil || dot < 0 {
			return name, literal
		}
		name, literal = name[:dot], literal || is
	}
}

// made reports whether nobody has written the function: the compiler has, for a go
// or defer statement, or package program.
func (c call) made() bool {
	if strings.HasSuffix(c.path, program.Generated) {
		return true
	}
	last := c.function[strings.LastIndexByte(c.function, '.')+1:]
	return strings.HasPrefix(last, "gowrap") || strings.HasPrefix(last, "deferwrap")
}

// pkg is the path of the package that a function belongs to.
func (c call) pkg() string {
	slash := strings.LastIndexByte(c.function, '/') + 1
	if dot := strings.IndexByte(c.function[slash:], '.'); dot >= 0 {
		return strings.ReplaceAll(c.function[:slash+dot], "%2e", ".")
	}
	return c.function
}

// inRuntime reports whether the call is one of the runtime's own, of which a person
// is told by the message or the state.
func (c call) inRuntime() bool {
	switch pkg := c.pkg(); {
	case pkg == "runtime", pkg == "panic", c.function == "panic", strings.HasPrefix(pkg, "internal/"), strings.HasPrefix(pkg, "runtime/"):
		return true
	}
	return false
}

// system reports whether a goroutine is one of the runtime's own.
func (s *stack) system() bool {
	if s.id == 0 {
		return true
	}
	for _, c := range s.calls {
		if c.omitted > 0 || !c.inRuntime() {
			return false
		}
	}
	if s.creator.function == "" {
		return !s.hidden
	}
	return s.creator.inRuntime()
}

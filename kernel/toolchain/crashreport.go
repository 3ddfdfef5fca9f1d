package toolchain

import (
	"strings"

	"github.com/chanbook/chanbook/kernel/traceback"
)

// report is what the Go runtime writes about the end of a program: a head, which
// says what happened, and the stacks of goroutines, of which the first is of the
// one that failed. It is read line by line, and its size does not grow with the
// number of goroutines.
type report struct {
	head    []string // without empty lines
	begun   bool     // the line that says what happened was there
	headed  bool     // the head is over
	stacks  int      // how many were read
	first   *stack
	groups  []*stacks // the others, alike ones together
	more    int       // stacks that have no group
	foreign []string  // lines that are no part of it, in their order

	reader *stackReader
	byKey  map[string]*stacks
}

// stacks are goroutines that are in the same place and state.
type stacks struct {
	stack
	ids []int64 // some, in the order of the report
	n   int
}

// Bounds of what is kept.
const (
	maxGroups  = 200
	maxIDs     = 64
	maxHead    = 64 << 10 // bytes
	maxForeign = 1 << 10  // lines
)

func newReport() *report {
	r := &report{byKey: map[string]*stacks{}}
	r.reader = &stackReader{done: r.add}
	return r
}

// begins tells whether a line is the one that says what happened.
func begins(line string) bool {
	_, _, ok := traceback.ParseStart(line)
	return ok
}

// verdict is what a line is in a report.
type verdict int

const (
	belongs verdict = iota
	foreign         // it is no part of a report
	another         // it begins another report, or the first real one
)

// line takes the next line, without its end; but for one that is another report's.
func (r *report) line(text string) verdict {
	if !r.headed {
		return r.headLine(text)
	}
	if r.reader.line(text) {
		return belongs
	}
	if begins(text) {
		return another
	}
	return r.alien(text)
}

func (r *report) headLine(text string) verdict {
	if _, header := traceback.ParseHeader(text); header || text == "runtime stack:" {
		r.headed = true
		r.reader.line(text)
		return belongs
	}
	switch {
	case text == "":
		return belongs
	case begins(text):
		if r.begun {
			return another
		}
		r.begun = true
	case r.begun && (text[0] == '\t' || strings.HasPrefix(text, "[signal ") || strings.HasPrefix(text, "PC=") || strings.HasPrefix(text, "m=")),
		r.begun && strings.HasPrefix(text, "[originating from goroutine "),
		traceback.IsRemark(text):
	default:
		return r.alien(text)
	}
	size := len(text)
	for _, h := range r.head {
		size += len(h)
	}
	if size < maxHead {
		r.head = append(r.head, text)
	}
	return belongs
}

func (r *report) alien(text string) verdict {
	if len(r.foreign) < maxForeign {
		r.foreign = append(r.foreign, text)
	}
	return foreign
}

// add counts a stack that has been read.
func (r *report) add(s *stack) {
	if s.system() {
		return
	}
	if r.stacks++; r.stacks == 1 {
		r.first = s
		return
	}
	key := s.key()
	g := r.byKey[key]
	switch {
	case g != nil:
	case len(r.groups) == maxGroups:
		r.more++
		return
	default:
		g = &stacks{stack: *s}
		r.byKey[key] = g
		r.groups = append(r.groups, g)
	}
	g.n++
	if len(g.ids) < maxIDs {
		g.ids = append(g.ids, s.id)
	}
}

// key is the same for stacks that a person cannot tell apart.
func (s *stack) key() string {
	var b strings.Builder
	b.WriteString(s.state)
	for _, c := range append(s.calls[:len(s.calls):len(s.calls)], s.creator) {
		b.WriteString("\n" + c.function + " " + c.path + ":")
		for n := c.line; n > 0; n /= 10 {
			b.WriteByte(byte('0' + n%10))
		}
	}
	return b.String()
}

// end tells that there are no more lines.
func (r *report) end() { r.reader.end() }

// kind and message are what happened: "panic" and the value of the last one, "fatal
// error", or the name of a signal.
func (r *report) what() (kind, message string) {
	for _, line := range r.head {
		line = strings.TrimPrefix(line, "\t")
		k, m, ok := traceback.ParseStart(line)
		if !ok {
			if kind == "panic" && !strings.HasPrefix(line, "[signal ") && !strings.HasPrefix(line, "PC=") {
				message += "\n" + line
			}
			continue
		}
		kind, message = k, m
	}
	for _, more := range []string{" [recovered]", " [recovered, repanicked]"} {
		message = strings.TrimSuffix(message, more)
	}
	return kind, message
}

package trace

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"golang.org/x/exp/trace"
)

// cellFile is the name that a compiled cell has in stacks.
var cellFile = regexp.MustCompile(`^In\[\d+\]$`)

// base is the last part of a path, of Windows too.
func base(file string) string { return path.Base(strings.ReplaceAll(file, `\`, "/")) }

// A stack is what is of interest in a stack trace.
type stack struct {
	at, fun string   // the innermost place in the program, "" when there is none
	via     string   // what is called there
	sync    string   // the operation of package sync that is called
	outer   string   // the outermost function of the program
	inner   []string // the functions inside of that
	first   string   // the innermost function of all
	last    string   // the outermost function of all
	starts  bool     // in runtime/trace.Start
	reason  string   // with which its place was last asked for
	number  int32    // of that place
}

// readStack looks through a stack, from the innermost frame outwards.
func readStack(s trace.Stack, o *Options) *stack {
	r := &stack{}
	inner := ""
	for f := range s.Frames() {
		if r.first == "" {
			r.first = f.Func
		}
		r.last = f.Func
		r.starts = r.starts || f.Func == "runtime/trace.Start"
		if at, ok := o.place(f); ok {
			if r.at == "" {
				r.at, r.fun, r.via = at, ownName(f.Func), libraryName(inner)
			}
			r.outer = f.Func
		}
		if r.at == "" && strings.HasPrefix(f.Func, "sync.") {
			r.sync = libraryName(f.Func)
		}
		if r.at == "" {
			r.inner = append(r.inner, f.Func)
		}
		inner = f.Func
	}
	return r
}

// place names the place of a frame; ok is false when its function is not the
// program's own but of a library.
func (o *Options) place(f trace.StackFrame) (at string, ok bool) {
	file := base(f.File)
	if file == o.Generated {
		return "", false
	}
	if o.Cell != nil {
		if at, ok := o.Cell(f.File, int(f.Line)); ok {
			return at, true
		}
	}
	return fmt.Sprintf("%s:%d", file, f.Line), cellFile.MatchString(file) || strings.HasPrefix(f.Func, "main.")
}

// ownName is the name of a function of the program as its reader knows it:
// "main.worker" is worker, a function literal in main is main.func1, and the method
// "main.(*pool).run" pool.run.
func ownName(fun string) string {
	fun = strings.TrimPrefix(fun, "main.")
	return strings.TrimSuffix(withoutBrackets.Replace(withoutTypes(fun)), "-fm")
}

// libraryName is the name of a function of a library, without the folders of its
// package and the brackets of its receiver: net/http.(*Client).Do is
// http.Client.Do.
func libraryName(fun string) string {
	fun = withoutTypes(fun)
	fun = fun[strings.LastIndexByte(fun, '/')+1:]
	return withoutBrackets.Replace(fun)
}

// withoutBrackets leaves out those of a receiver: (*pool).run is pool.run.
var withoutBrackets = strings.NewReplacer("(*", "", ")", "")

// withoutTypes leaves out type arguments, which stacks show as "[...]".
func withoutTypes(fun string) string { return strings.ReplaceAll(fun, "[...]", "") }

// reasons are the tracer's words that a learner would not know, in plain ones.
var reasons = map[string]string{
	"forever":                      "for ever",
	"network":                      "I/O",
	"GC mark assist wait for work": "GC assist",
	"GC background sweeper wait":   "GC sweep",
	"system goroutine wait":        "runtime",
	"wait until GC ends":           "GC",
	"GC weak to strong wait":       "GC",
	"wait for debug call":          "debugger",
	"sync.(*Cond).Wait":            "sync.Cond.Wait",
	"unspecified":                  "",
}

// place says where and why someone waits.
func (s *stack) place(reason string) Place {
	if known, ok := reasons[reason]; ok {
		reason = known
	}
	for _, fun := range s.inner {
		if strings.HasPrefix(fun, "runtime.gc") {
			reason = "GC" // it needs memory, and begins or ends a collection
		}
	}
	if (reason == "sync" || reason == "") && s.sync != "" {
		reason = s.sync
	}
	if reason == "" {
		reason = operation(s.inner)
	}
	p := Place{At: s.at, Func: s.fun, Reason: reason}
	if s.via != reason && !strings.HasPrefix(s.via, "runtime.") && !strings.HasPrefix(s.via, "sync.") && s.via != "time.Sleep" {
		p.Via = s.via
	}
	return p
}

// releases tells whether it is the program that lets another goroutine go on, and
// not the runtime when the program needs memory.
func (s *stack) releases() bool {
	for _, fun := range s.inner {
		if strings.HasPrefix(fun, "runtime.gc") || strings.HasPrefix(fun, "runtime.mallocgc") {
			return false
		}
	}
	return s.at != ""
}

// operation is what a goroutine waits for that has waited since before the trace,
// of which the tracer tells no more than where it is.
func operation(inner []string) string {
	for _, fun := range inner {
		switch {
		case strings.HasPrefix(fun, "runtime.chanrecv"):
			return "chan receive"
		case strings.HasPrefix(fun, "runtime.chansend"):
			return "chan send"
		case strings.HasPrefix(fun, "runtime.selectgo"):
			return "select"
		case fun == "time.Sleep":
			return "sleep"
		case strings.HasPrefix(fun, "internal/poll."):
			return "I/O"
		}
	}
	return "wait"
}

// String says it in words: "In[3]:12 chan receive".
func (p Place) String() string {
	s := strings.TrimSpace(p.At + " " + p.Reason)
	if p.Via != "" {
		s += " in " + p.Via
	}
	return s
}

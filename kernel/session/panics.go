package session

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/lower"
)

// A goroutinePanic is a panic that reached the top of a goroutine.
type goroutinePanic struct {
	*eval.Panic
	name  string // of what the goroutine runs
	place string // of its go statement

	// The texts are made while the program still runs: its own Error methods make
	// them.
	message, chain string
}

// newGoroutinePanic describes a panic that a goroutine has not recovered. One in
// WaitGroup.Go has been recovered there, and raised again.
func newGoroutinePanic(p *eval.Panic, who *goroutine.G) *goroutinePanic {
	g := &goroutinePanic{Panic: p, name: who.Func, place: who.Start, message: panicText(p.Value), chain: panicChain(p)}
	if who.By == waitGroupGo && !strings.HasSuffix(g.chain, "]") {
		g.chain += " [recovered, repanicked]"
	}
	return g
}

// waitGroupGo is what has started such a goroutine.
const waitGroupGo = "sync.WaitGroup.Go"

// panicFailure reports a panic as the runtime does, with the calls that it left:
// first the one that failed.
func (r *run) panicFailure(p *eval.Panic) *cell.Failure {
	f := &cell.Failure{Name: cell.Panic, Message: panicText(p.Value), Traceback: strings.Split(panicChain(p), "\n")}
	if frames := r.frames(p); len(frames) > 0 {
		f.Traceback = append(append(f.Traceback, ""), frames...)
	}
	return f
}

// failure reports the panic of a goroutine.
func (g *goroutinePanic) failure(r *run) *cell.Failure {
	f := &cell.Failure{Name: cell.Panic, Message: g.message, Traceback: strings.Split(g.chain, "\n")}
	who := fmt.Sprintf("goroutine %s, started at %s", g.name, g.place)
	frames := r.frames(g.Panic)
	if last := len(frames) - 1; last > 0 && strings.HasPrefix(frames[last], framePrefix+g.place+" ") {
		frames = frames[:last] // the go statement itself
	}
	if len(frames) > 0 {
		who += ":"
	}
	f.Traceback = append(append(f.Traceback, "", who), frames...)
	return f
}

// framePrefix indents the lines for calls.
const framePrefix = "    "

// panicChain is what the runtime prints of a panic: those that it was raised
// during, then itself.
func panicChain(p *eval.Panic) string {
	var chain []*eval.Panic
	for ; p != nil; p = p.Link {
		chain = append([]*eval.Panic{p}, chain...)
	}
	var b strings.Builder
	for i := 0; i < len(chain); i++ {
		if b.Len() > 0 {
			b.WriteString("\n\t")
		}
		b.WriteString("panic: " + panicText(chain[i].Value))
		recovered, again := chain[i].Recovered, false
		for i+1 < len(chain) && eval.Same(chain[i].Value, chain[i+1].Value) {
			i++
			again = true
		}
		switch {
		case recovered && again:
			b.WriteString(" [recovered, repanicked]")
		case recovered:
			b.WriteString(" [recovered]")
		}
	}
	return b.String()
}

// withDefersName calls the body of a function that defers, which is a literal in
// that function, and what the function has deferred.
const withDefersName = lower.Runtime + ".WithDefers"

// frames are the lines for the calls that a panic left.
func (r *run) frames(p *eval.Panic) []string {
	var out []string
	for _, f := range ownFrames(p.Frames(), r.whole) {
		if f.Elided > 0 {
			out = append(out, fmt.Sprintf(framePrefix+"... %d more calls", f.Elided))
		} else {
			out = append(out, r.session.frameLine(f))
		}
	}
	return out
}

// ownFrames are the calls of functions that a cell or a whole program has, without
// those that lowering has made.
func ownFrames(frames []eval.Frame, whole bool) []eval.Frame {
	var out []eval.Frame
	for i, f := range frames {
		if f.Native == withDefersName {
			continue // told by what it called
		}
		if whole && f.Func == "init" && i > 0 && frames[i-1].Func == "main" {
			continue // what calls the program's main
		}
		body := i+1 < len(frames) && frames[i+1].Native == withDefersName
		if f.Made && !body {
			continue // told by what is around it
		}
		if body && f.Func == frames[i+1].Func+".func" {
			f.Func = frames[i+1].Func // whose body it is
		}
		out = append(out, f)
	}
	return out
}

func (s *Session) frameLine(f eval.Frame) string {
	in := ""
	if name := userName(f.Func); name != "" {
		in = " in " + name
	}
	text := s.lineText(f)
	if text != "" {
		text = ": " + text
	}
	return fmt.Sprintf(framePrefix+"%s:%d%s%s", f.Pos.Filename, f.Pos.Line, in, text)
}

// lineText is the text of the line that a call stands in.
func (s *Session) lineText(f eval.Frame) string {
	if src, ok := s.texts.Load(f.Pos.Filename); ok {
		return strings.TrimSpace(src.(cell.Source).Line(f.Pos.Line))
	}
	return ""
}

// userName is the name of a function for people, empty for a cell's own
// statements.
func userName(name string) string {
	literal := strings.HasSuffix(name, ".func")
	for strings.HasSuffix(name, ".func") {
		name = strings.TrimSuffix(name, ".func")
	}
	if name == "init" {
		name = ""
	}
	switch {
	case literal && name != "":
		return "a function literal of " + name
	case literal:
		return "a function literal"
	}
	return name
}

// panicText formats the value of a panic as the runtime does.
func panicText(v any) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("(%T) whose text cannot be had: its own method panics", v)
		}
	}()
	switch v := v.(type) {
	case error:
		return indented(withoutStack(v))
	case fmt.Stringer:
		return indented(v.String())
	}
	rv := reflect.ValueOf(v)
	if !rv.IsValid() {
		return "nil"
	}
	text, basic := basicText(rv)
	switch {
	case !basic:
		return fmt.Sprintf("(%s) %#x", rv.Type(), (*[2]uintptr)(unsafe.Pointer(&v))[1])
	case rv.Type().PkgPath() == "":
		return text
	case rv.Kind() == reflect.String:
		text = `"` + text + `"`
	}
	if strings.HasPrefix(text, "(") { // a complex number
		return rv.Type().String() + text
	}
	return rv.Type().String() + "(" + text + ")"
}

// basicText formats a value of a basic type as the builtin print does.
func basicText(rv reflect.Value) (string, bool) {
	switch rv.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(rv.Bool()), true
	case reflect.String:
		return indented(rv.String()), true
	case reflect.Float32:
		return strconv.FormatFloat(rv.Float(), 'g', -1, 32), true
	case reflect.Float64:
		return strconv.FormatFloat(rv.Float(), 'g', -1, 64), true
	case reflect.Complex64:
		return strconv.FormatComplex(rv.Complex(), 'g', -1, 64), true
	case reflect.Complex128:
		return strconv.FormatComplex(rv.Complex(), 'g', -1, 128), true
	}
	switch {
	case rv.CanInt():
		return strconv.FormatInt(rv.Int(), 10), true
	case rv.CanUint():
		return strconv.FormatUint(rv.Uint(), 10), true
	}
	return "", false
}

// indented puts a tab before each further line of a text.
func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n\t") }

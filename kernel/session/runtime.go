package session

import (
	"fmt"
	"io"
	"log"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"weak"

	"github.com/petermattis/goid"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/lower"
	"github.com/chanbook/chanbook/kernel/native"
	"github.com/chanbook/chanbook/kernel/show"
)

// newInterp makes an interpreter whose programs print to their cells.
func (s *Session) newInterp() *eval.Interp {
	code := &code{session: s}
	in := eval.New(s.ledger, code)
	code.interp, in.Adopt = in, s.adopt
	in.Override(lower.Runtime, map[string]reflect.Value{
		"At":              reflect.ValueOf(s.rtAt),
		"Result":          reflect.ValueOf(s.rtResult),
		"Go":              reflect.ValueOf(s.rtGo),
		"Defers":          reflect.ValueOf((*defers)(nil)),
		"WithDefers":      s.directWithDefers(in),
		"Select":          reflect.ValueOf(s.rtSelect),
		"Recover":         reflect.ValueOf(recovered),
		"DeferredRecover": reflect.ValueOf(deferredRecover),
		"Entered":         directEntered(),
		"WaitGroupGo":     reflect.ValueOf(s.rtWaitGroupGo),
		"Print":           reflect.ValueOf(func(v ...any) { s.write(cell.Stderr, builtinPrint(v, "", "")) }),
		"Println":         reflect.ValueOf(func(v ...any) { s.write(cell.Stderr, builtinPrint(v, " ", "\n")) }),
		"Stdin":           reflect.ValueOf(func() io.Reader { return s.stdin }),
		"Stdout":          reflect.ValueOf(func() *writer { return &writer{s, cell.Stdout} }),
		"Stderr":          reflect.ValueOf(func() *writer { return &writer{s, cell.Stderr} }),
	})
	in.Override(lower.Runtime, helpers())
	in.Override(lower.Runtime, replacements())
	in.Override(lower.Runtime, s.syncFunctions())
	in.Override(lower.Runtime, s.interfaceFunctions())
	in.Override(lower.Runtime, s.exitFunctions())
	in.Override(lower.Runtime, s.packageFunctions())
	in.Override("fmt", s.printFunctions())
	s.overrideTimers(in)
	s.locate(in)
	return in
}

// replacements are what replaced functions of the standard library call.
func replacements() map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for name, f := range native.Functions {
		out[name] = reflect.ValueOf(f)
	}
	return out
}

// current is the run that the calling goroutine belongs to, or the latest one
// for a goroutine that nobody has labelled.
func (s *Session) current() *run {
	if r := s.labels.run(); r != nil {
		return r
	}
	return s.latest.Load()
}

func (s *Session) rtAt(n int) {
	r := s.current()
	s.meter.Load().begin()
	r.at.Store(int64(n + 1))
	if n == len(r.program.Statements) && r.whole {
		r.cancel(errFinished)
		<-r.gone
		runtime.Goexit()
	}
}

// rtGo starts a goroutine for a go statement. It has the labels of its place,
// and a panic in it is reported instead of ending the process.
func (s *Session) rtGo(place, name string, f func()) {
	r := s.current()
	labels := r.site(place, name)
	g := &goroutine.G{Parent: goid.Get(), Group: r.group, Code: r.code(), Start: place, Func: name}
	start := eval.Ready(f)
	r.group.Starting()
	go func() {
		wear(labels)
		r.begin(g, true)
		defer r.end(g)
		start.Run(g)
	}()
}

// user runs f on the calling goroutine, which is starting and has been counted, as
// user code. parent is the goroutine that has asked for it; by is the function of a
// package that has started it, if one has.
func (r *run) user(parent int64, place, name, by string, f func()) {
	r.runs(&goroutine.G{Parent: parent, Group: r.group, Code: r.code(), Start: place, Func: name, By: by}, true, f)
}

// runs runs f on the calling goroutine, which is g. started says that it has been
// counted among those that start.
func (r *run) runs(g *goroutine.G, started bool, f func()) {
	r.begin(g, started)
	defer r.end(g)
	f()
}

// begin makes the calling goroutine known.
//
//go:noinline
func (r *run) begin(g *goroutine.G, started bool) {
	g.ID = goid.Get()
	r.session.ledger.Begin(g)
	if started {
		r.group.Started()
	}
}

// end, deferred, reports a panic that has come to the top of a goroutine, and
// forgets the goroutine.
func (r *run) end(g *goroutine.G) {
	v := recover()
	g.Away(goroutine.Site{})
	defer r.session.ledger.End(g)
	if v != nil {
		r.guard(g, v)
	}
}

// aside runs f on the calling goroutine as user code that no instrument shows: an
// instrument calls it.
func (r *run) aside(f func()) {
	group := goroutine.NewGroup(r.group.Cell)
	group.Hidden = true
	g := r.session.ledger.Begin(&goroutine.G{ID: goid.Get(), Group: group, Code: r.code()})
	defer r.session.ledger.End(g)
	f()
}

// site is the labels of the goroutines that are started at a place.
func (r *run) site(place, name string) *labelSet {
	key := place + "\x00" + name
	if known, ok := r.sites.Load(key); ok {
		if set := known.(weak.Pointer[labelSet]).Value(); set != nil {
			return set
		}
	}
	set := r.session.labels.label(r, "cell", r.req.Name(), "go", place, "func", name)
	r.sites.Store(key, weak.Make(set))
	return set
}

// guard reports a panic, of the value v, that has come to the top of a goroutine of
// user code. While the cell runs, it ends the cell; later there is only its output to
// tell it in.
func (r *run) guard(who *goroutine.G, v any) {
	g := newGoroutinePanic(r.interp.Caught(v), who)
	if r.fail(g) {
		r.session.ledger.Stop(r.group) // before the package that has started the goroutine lets others go on
		return
	}
	r.fe.Output(cell.Stream{Name: cell.Stderr, Text: strings.Join(g.failure(r).Traceback, "\n") + "\n"})
}

// rtWaitGroupGo is WaitGroup.Go with the goroutine known by its place.
func (s *Session) rtWaitGroupGo(place, name string, wg *sync.WaitGroup, f func()) {
	r := s.current()
	labels, parent := r.site(place, name), goid.Get()
	r.group.Starting()
	wg.Go(func() {
		wear(labels)
		g := &goroutine.G{
			Parent: parent, Group: r.group, Code: r.code(), Start: place, Func: name, By: waitGroupGo, AtEnd: wg,
		}
		r.runs(g, true, f)
	})
}

// rtResult shows the value of the cell's last expression.
func (s *Session) rtResult(place string, values ...any) {
	r := s.current()
	if s.meter.Load().takes(values) || r.req.Silent {
		return
	}
	var texts []string
	bundle := cell.Bundle{}
	for _, v := range values {
		b, ok := show.Render(v)
		if !ok && len(values) == 1 {
			return
		}
		text, _ := b["text/plain"].(string)
		if !ok {
			text = fmt.Sprint(v)
		}
		texts = append(texts, text)
		if len(values) == 1 {
			for mime, data := range b {
				bundle[mime] = data
			}
		}
	}
	bundle["text/plain"] = strings.Join(texts, ", ")
	r.fe.Output(cell.Result{Data: bundle})
}

// shown receives the messages of package show.
func (s *Session) shown(m show.Message) {
	if r := s.current(); r != nil {
		r.show(m)
	}
}

// show displays a message of package show.
func (r *run) show(m show.Message) {
	switch {
	case m.Clear:
		r.fe.Output(cell.Clear{Wait: m.Wait})
	default:
		r.fe.Output(cell.Display{Data: m.Data, Metadata: m.Metadata, ID: m.ID, Update: m.Update})
	}
}

// write prints to the cell of the calling goroutine.
func (s *Session) write(stream, text string) (int, error) {
	if r := s.current(); r != nil {
		r.fe.Output(cell.Stream{Name: stream, Text: text})
		return len(text), nil
	}
	if stream == cell.Stdout {
		return os.Stdout.WriteString(text)
	}
	return os.Stderr.WriteString(text)
}

type writer struct {
	session *Session
	stream  string
}

func (w writer) Write(b []byte) (int, error) { return w.session.write(w.stream, string(b)) }

func (w writer) WriteString(s string) (int, error) { return w.session.write(w.stream, s) }

// connectLog makes the standard logger, which is user code's, write to cells.
func (s *Session) connectLog() { log.SetOutput(writer{s, cell.Stderr}) }

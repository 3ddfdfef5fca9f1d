package toolchain

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/show"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// showPackage begins the names of package show's functions in a program.
const showPackage = "chanbook/show."

// stacksOf reads a dump of all goroutines, without those of the runtime and of
// package show.
func stacksOf(dump string) []*stack {
	var all []*stack
	r := stackReader{done: func(s *stack) {
		if !s.system() && !strings.HasPrefix(s.creator.function, showPackage) {
			all = append(all, s)
		}
	}}
	for line := range strings.Lines(dump) {
		r.line(strings.TrimRight(line, "\r\n"))
	}
	r.end()
	slices.SortStableFunc(all, func(a, b *stack) int { return cmp.Compare(a.id, b.id) })
	return all
}

// snapshot is what a program's own dump says. What only an interpreter knows is not
// there: what channels and locks there are, and who could end a wait.
func (t tracer) snapshot(dump string, taken time.Time) *goroutine.Snapshot {
	s := &goroutine.Snapshot{Taken: taken, Cell: t.cellName()}
	k := sketcher{tracer: t, of: s, known: map[call]known{}}
	for _, from := range stacksOf(dump) {
		s.Goroutines = append(s.Goroutines, k.info(from))
	}
	return s
}

// sketcher makes what is known of goroutines. Among very many of them there are few
// different calls, so each is looked at once.
type sketcher struct {
	tracer
	of    *goroutine.Snapshot
	known map[call]known
}

// known is what is known of a call.
type known struct {
	frame goroutine.Frame // in a cell
	where where
}

// where is what a call is part of.
type where int

const (
	inCell    where = iota
	inPackage       // a person has to be told of it
	inNothing       // of interest to nobody
)

func (k sketcher) look(c call) known {
	if n, ok := k.known[c]; ok {
		return n
	}
	n := known{where: inPackage}
	switch {
	case c.omitted > 0 || c.made() || c.inRuntime() || toldByState(c):
		n.where = inNothing
	case c.inCell():
		n.where = inCell
		n.frame.Func = c.name()
		n.frame.Place, n.frame.Text = k.where(c)
	}
	k.known[c] = n
	return n
}

// cellName is the name of the cell that the program was made of.
func (t tracer) cellName() string {
	if t.source != nil {
		if src, ok := t.source(program.Self); ok {
			return src.Name()
		}
	}
	return "the program"
}

// mainGoroutine is the number of the goroutine that runs func main.
const mainGoroutine = 1

func (k sketcher) info(s *stack) *goroutine.Info {
	in := &goroutine.Info{
		ID: s.id, Parent: s.parent, Cell: k.of.Cell, Main: s.id == mainGoroutine,
		State: stateOf(s.state), Reason: s.state,
	}
	if c := k.look(s.creator); c.where == inCell {
		in.Start = c.frame.Place
	} else if !s.creator.inRuntime() {
		in.By = plainName(s.creator.function)
	}
	if s.minutes > 0 {
		in.Wait = &goroutine.Wait{Since: k.of.Taken.Add(-time.Duration(s.minutes) * time.Minute)}
	}
	for _, c := range s.calls {
		switch n := k.look(c); n.where {
		case inCell:
			in.Stack = append(in.Stack, n.frame)
			in.Func = n.frame.Func
		case inPackage:
			if len(in.Stack) == 0 {
				in.Native = plainName(c.function) // in the end, what the cell has called
			}
			in.Func = plainName(c.function)
		}
	}
	if in.Func == "" && len(s.calls) > 0 {
		in.Func = plainName(s.calls[len(s.calls)-1].function) // such as time.Sleep
	}
	return in
}

// plainName is a function's name as people write it: "sync.WaitGroup.Go".
func plainName(function string) string {
	return strings.NewReplacer("(*", "", ")", "", "%2e", ".").Replace(function)
}

// toldByState reports whether the state of a goroutine says that it is in a call, or
// nobody needs to know.
func toldByState(c call) bool {
	return c.pkg() == "sync" || c.pkg() == "time" || strings.HasPrefix(c.function, showPackage)
}

// stateOf is the state of a goroutine by the runtime's word for what it does.
func stateOf(reason string) goroutine.State {
	switch reason {
	case goroutine.ReasonRunning, "runnable", "preempted", "copystack":
		return goroutine.Running
	case goroutine.ReasonSleep:
		return goroutine.Sleeping
	case goroutine.ReasonIO, goroutine.ReasonSyscall:
		return goroutine.External
	}
	return goroutine.Waiting
}

// table is the table of a program's goroutines.
func (t tracer) table(d *dump) (cell.Bundle, error) {
	words := make([]string, len(d.Filters))
	for i, f := range d.Filters {
		words[i] = f
		if strings.ContainsAny(f, " \t\n") { // one text, not several words
			words[i] = `"` + strings.Trim(f, `"`) + `"`
		}
	}
	s := t.snapshot(d.Text, time.Now())
	f, err := goroutine.ParseFilter(strings.Join(words, " "), s.Cell)
	if err != nil {
		return nil, err
	}
	return cell.Bundle(goroutine.Dump(s, f)), nil
}

// sight counts what a program's goroutines do.
func (t tracer) sight(d *dump) show.Sight {
	sight := show.Sight{Cell: t.cellName()}
	at := map[show.Crowd]int{}
	for _, in := range t.snapshot(d.Text, time.Now()).Goroutines {
		kind := show.Crowd{Func: in.Func, State: in.Reason}
		if in.State == goroutine.Running {
			kind.State = goroutine.ReasonRunning // whether or not it has a processor at this moment
		}
		i, known := at[kind]
		if !known {
			i = len(sight.Goroutines)
			at[kind] = i
			sight.Goroutines = append(sight.Goroutines, kind)
		}
		sight.Goroutines[i].Count++
	}
	return sight
}

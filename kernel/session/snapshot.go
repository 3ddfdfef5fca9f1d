package session

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/lower"
)

// What the ledger is told of the code and the memory of a session.

// How long a snapshot may keep goroutines from running while it waits for others:
// for a look at them that nobody has asked for, and for one that somebody has.
const (
	briefly = 50 * time.Millisecond
	gladly  = time.Second
)

// snapshot describes the goroutines of user code. With search, it also finds out
// which of them can go on: it looks for who refers to what they wait for.
func (s *Session) snapshot(search bool, patience time.Duration) *goroutine.Snapshot {
	var m goroutine.Memory
	if search {
		m = memory{s}
	}
	deadline := time.Now().Add(patience)
	out := s.ledger.Take(m, patience)
	for search && !out.Searched && time.Now().Before(deadline) { // something was going on that will be over soon
		time.Sleep(patience / 20)
		out = s.ledger.Take(m, time.Until(deadline))
	}
	if r := s.labels.run(); r != nil {
		out.Cell = r.group.Cell
	} else if name := s.asking.Load(); name != nil {
		out.Cell = *name
	}
	s.name(out)
	s.closers(out)
	return out
}

// Snapshot describes the goroutines of user code; with search, also what can
// become of each. It may be called while a cell runs.
func (s *Session) Snapshot(search bool) *goroutine.Snapshot { return s.snapshot(search, gladly) }

// Goroutines is a dump of the goroutines that the words of %goroutines ask for. It
// may be called while a cell runs.
func (s *Session) Goroutines(_ context.Context, words string) (cell.Bundle, error) {
	snap := s.snapshot(true, gladly)
	filter, err := goroutine.ParseFilter(words, snap.Cell)
	if err != nil {
		return nil, err
	}
	return cell.Bundle(goroutine.Dump(snap, filter)), nil
}

// code finds the cells' places of code that an interpreter runs.
type code struct {
	session *Session
	interp  *eval.Interp
	whole   bool // it runs a whole program
}

// code is that of the run's interpreter.
func (r *run) code() goroutine.Code { return r.interp.Code() }

// Frames are the calls that are going on, in the cells' lines.
func (c *code) Frames(at []goroutine.Site, max int) []goroutine.Frame {
	calls := ownFrames(c.interp.Calls(at, max), c.whole)
	out := make([]goroutine.Frame, len(calls))
	for i, f := range calls {
		out[i] = goroutine.Frame{
			Func: userName(f.Func), Text: c.session.lineText(f),
			Place: fmt.Sprintf("%s:%d", f.Pos.Filename, f.Pos.Line), Column: f.Pos.Column,
		}
	}
	return out
}

// Native is the function of a package that is being called. What lowered programs
// call in its place is no function of a program.
func (c *code) Native(at goroutine.Site) string {
	name := c.interp.Native(at)
	if strings.HasPrefix(name, "chanbook/rt.") {
		return ""
	}
	return name
}

// References are the values that the code at a site can use.
func (c *code) References(at goroutine.Site, visit goroutine.Visit) { c.interp.References(at, visit) }

// memory is what a search for references can look into.
type memory struct{ session *Session }

// Variables are the variables of the session.
func (m memory) Variables(visit goroutine.Visit) {
	m.globals("variable ", visit, func(kind string) bool { return kind == "variable" })
}

// AllFunctions are the variables that functions and methods use which any cell has
// declared.
func (m memory) AllFunctions(visit goroutine.Visit) {
	m.session.interp.Functions(func(name string, v reflect.Value) { visit("function "+name, v) })
}

// Functions are the variables that functions and methods of the session use, also
// those of earlier definitions.
func (m memory) Functions(visit goroutine.Visit) {
	m.globals("function ", visit, func(kind string) bool { return kind != "variable" && kind != "package" })
}

func (m memory) globals(prefix string, visit goroutine.Visit, wanted func(kind string) bool) {
	s := m.session
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.checker.Objects() {
		if wanted(o.Kind()) {
			s.interp.Global(lower.Name(o), func(_ string, v reflect.Value) { visit(prefix+o.Key, v) })
		}
	}
}

// Word tells function values apart.
func (m memory) Word(f reflect.Value) unsafe.Pointer { return eval.FuncWord(f) }

// Function is what a function value refers to.
func (m memory) Function(f reflect.Value, visit goroutine.Visit) bool {
	return m.session.interp.FunctionReferences(f, visit)
}

// Closes is what a cancel function of a context does.
func (m memory) Closes(f reflect.Value) (channels []uintptr, calls []any, known bool) {
	channels, functions := m.session.ends.closes(eval.FuncWord(f))
	for _, f := range functions {
		calls = append(calls, f)
	}
	return channels, calls, len(channels)+len(calls) > 0
}

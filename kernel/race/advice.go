package race

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/prose"
)

// advice is what would order the two accesses. Each item is a way of its own,
// unless it says something else.
func (x *explainer) advice(f *finding) []prose.Text {
	creator, at, other, unwaited := x.unwaited(f)
	if special := x.special(f); special != nil {
		if unwaited && f.sides[0].Atomic != f.sides[1].Atomic {
			special = append(special, "Or "+lowerFirst(x.wait(at, other)))
		}
		return special
	}
	ways := x.ways(f)
	if !unwaited {
		return ways
	}
	all := []prose.Text{x.wait(at, other)}
	if sleep := x.sleepBetween(other.started, at); sleep.Cell != "" {
		all = append(all, prose.Say("`time.Sleep` at %s orders nothing: it only makes one order likely.", x.show(sleep)))
	}
	all = append(all, "If both have to go on at the same time: "+lowerFirst(ways[0]))
	if creator.Write != other.Write {
		all = append(all, prose.Say("That ends the race, but neither waits for the other then: the read may still come first."))
	}
	return all
}

// wait is the advice to wait before a line for what another goroutine does.
func (x *explainer) wait(at cell.Pos, other *side) prose.Text {
	has := "written"
	if !other.Write {
		has = "read"
	}
	return prose.Say("Wait before %s until the goroutine has %s: with `WaitGroup.Wait`, or by receiving from a channel on which it sends, or that it closes, after that.",
		x.show(at), has)
}

// special is the advice for what has one cause and one cure.
func (x *explainer) special(f *finding) []prose.Text {
	a, b := &f.sides[0], &f.sides[1]
	switch {
	case a.call != "":
		return []prose.Text{
			prose.Say("Call `Add` before the go statement, in the goroutine that calls `Wait`: an `Add` in the new goroutine may come after `Wait` has found nothing to wait for."),
			prose.Say("Or start the goroutine with the WaitGroup's method `Go`, which does that."),
		}
	case a.operation() == "closechan" && b.operation() == "closechan":
		return []prose.Text{prose.Say("Let one goroutine close the channel, once: the one that sends, after its last send.")}
	case a.operation() == "closechan" || b.operation() == "closechan":
		return []prose.Text{
			prose.Say("Let the goroutine that sends close the channel, after its last send: a send on a closed channel panics."),
			prose.Say("With several senders, wait for all of them with `WaitGroup.Wait`, and close the channel then."),
		}
	case x.sharedLoopVariable(f):
		return []prose.Text{
			prose.Say("%s is declared before the loop, so all iterations share it. Declare it in the for clause: since Go 1.22 each iteration has one of its own.", f.subject.name()),
			prose.Say("Or hand its value to the goroutine as an argument."),
		}
	case a.Atomic != b.Atomic:
		return x.plainAndAtomic(a, b)
	}
	return nil
}

func (x *explainer) plainAndAtomic(a, b *side) []prose.Text {
	if a.Atomic {
		a, b = b, a
	}
	where := prose.Say("The other access")
	if a.at.Cell != "" {
		where = prose.Say("The access at %s", x.show(a.at))
	}
	return []prose.Text{
		where + prose.Say(" is not atomic, and an atomic operation is ordered only with others of the same variable that are atomic. Make it atomic too, with the functions of `sync/atomic`."),
		prose.Say("Better give the variable a type of that package, such as `atomic.Int64`, whose methods are all atomic; do not copy it."),
	}
}

// ways are the ways to order accesses of the subject's kind, the first of which
// fits most often. There is at least one.
func (x *explainer) ways(f *finding) []prose.Text {
	s := &f.subject
	name := s.name()
	lock := prose.Say("Lock the same `sync.Mutex` around every access to %s: a lock that only one of them takes orders nothing.", name)
	if mutex := x.mutexBeside(s); mutex != "" {
		lock = prose.Say("Lock %s around every access to %s: a lock that only one of them takes orders nothing.", prose.Code(mutex), name)
	}
	own := prose.Say("Let one goroutine own %s, and the others send it over a channel what to do.", name)
	if library := library(f); library != "" {
		return []prose.Text{
			prose.Say("%s is not made for several goroutines at once. ", prose.Code(library)) + lock,
			prose.Say("Or give each goroutine one of its own."),
		}
	}
	a, b := &f.sides[0], &f.sides[1]
	switch {
	case strings.HasPrefix(a.operation(), "map") || strings.HasPrefix(b.operation(), "map") || s.any(entry):
		return []prose.Text{
			prose.Say("A map is one thing, also where goroutines use different keys of it. Lock the same `sync.Mutex` around every use of %s, reads and `len` too.", name),
			prose.Say("Or let each goroutine fill a map of its own, and put them together after a Wait."),
			prose.Say("Or use `sync.Map`, which is made for keys that are written once and read often."),
		}
	case s.any(appended) || a.operation() == "growslice":
		return []prose.Text{
			prose.Say("`append` reads and writes the slice and its array. Lock the same `sync.Mutex` around every use of %s.", name),
			prose.Say("Or make the slice long enough before, and let each goroutine write elements of its own: different elements are different variables."),
			prose.Say("Or send the values over a channel to the one goroutine that appends."),
		}
	case s.any(element):
		return []prose.Text{lock, prose.Say("Or let each goroutine write elements of its own: different elements are different variables.")}
	}
	first := x.byType(f)
	switch {
	case x.mutexBeside(s) != "":
		return append([]prose.Text{lock}, first...)
	case first != nil:
		return append(first, lock)
	}
	return []prose.Text{lock, own}
}

// mutexBeside is the lock in the struct of which the subject is a field: "s.mu".
func (x *explainer) mutexBeside(s *subject) string {
	for _, u := range s.uses {
		if u == nil {
			continue
		}
		field, ok := u.expr.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		t := x.typeOf(field.X)
		if t == nil {
			continue
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		fields, ok := t.Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for f := range fields.Fields() {
			switch f.Type().String() {
			case "sync.Mutex", "sync.RWMutex":
				return prose.Shorten(x.source(field.X)+"."+f.Name(), 40)
			}
		}
	}
	return ""
}

// library is the type of a library of which a method made an access, "" when none
// did. It is the one that the cell called, which its reader knows.
func library(f *finding) string {
	for i := range f.sides {
		frames := f.sides[i].library()
		for _, frame := range slices.Backward(frames) {
			if t := receiver(frame.Func); t != "" {
				return t
			}
		}
	}
	return ""
}

// byType is the advice that a type has of its own.
func (x *explainer) byType(f *finding) []prose.Text {
	s := &f.subject
	if s.typ == nil {
		return nil
	}
	switch t := s.typ.Underlying().(type) {
	case *types.Basic:
		return x.byBasic(s, t)
	case *types.Pointer:
		return []prose.Text{prose.Say("Make %s an `atomic.Pointer`, with `Store` and `Load`; what it points to must not change after `Store`.", s.name())}
	case *types.Interface, *types.Slice, *types.Struct:
		return []prose.Text{prose.Say("%s is a value of several machine words: a reader can see one of them old and another new. "+
			"Keep it behind an `atomic.Pointer` to a value that does not change any more, or hand it over on a channel.", s.name())}
	}
	return nil
}

func (x *explainer) byBasic(s *subject, t *types.Basic) []prose.Text {
	name := s.name()
	switch {
	case t.Info()&types.IsBoolean != 0:
		return []prose.Text{
			prose.Say("To say that something is done, close a channel, and receive from it in the place of reading %s.", name),
			prose.Say("Or make it an `atomic.Bool`, with `Store` and `Load`."),
		}
	case t.Info()&types.IsInteger != 0:
		if step := s.step(); step != "" {
			return []prose.Text{prose.Say("%s reads, adds and writes: three steps, between which others can come. Make it an `%s`, with `Add` and `Load`.", prose.Code(step), atomicOf(t))}
		}
		return []prose.Text{prose.Say("Make %s an `%s`, with `Store` and `Load`, if each access stands for itself.", name, atomicOf(t))}
	case t.Info()&types.IsString != 0:
		return []prose.Text{prose.Say("A string is two machine words: a reader can see the new length with the old bytes. Hand %s over on a channel.", name)}
	}
	return nil
}

// atomicOf is the type of sync/atomic that takes the place of an integer type.
func atomicOf(t *types.Basic) string {
	switch t.Kind() {
	case types.Int8, types.Int16, types.Int32:
		return "atomic.Int32"
	case types.Uint8, types.Uint16, types.Uint32:
		return "atomic.Uint32"
	case types.Uint, types.Uint64:
		return "atomic.Uint64"
	case types.Uintptr:
		return "atomic.Uintptr"
	}
	return "atomic.Int64"
}

// any reports whether one of the lines reaches the subject in a way.
func (s *subject) any(h shape) bool {
	for _, u := range s.uses {
		if u != nil && u.shape == h {
			return true
		}
	}
	return false
}

// name is the subject in a sentence.
func (s *subject) name() prose.Text {
	if s.text == "" {
		return "the variable"
	}
	return prose.Code(prose.Shorten(s.text, 40))
}

// step is the line's own expression that adds to the subject, "" when none does.
func (s *subject) step() string {
	for _, u := range s.uses {
		if u == nil {
			continue
		}
		switch n := u.node.(type) {
		case *ast.IncDecStmt:
			return u.text + n.Tok.String()
		case *ast.AssignStmt:
			if (n.Tok == token.ADD_ASSIGN || n.Tok == token.SUB_ASSIGN) && len(n.Rhs) == 1 {
				return prose.Shorten(u.text+" "+n.Tok.String()+" "+types.ExprString(n.Rhs[0]), 40)
			}
			if n.Tok == token.ASSIGN && len(n.Rhs) == 1 && len(n.Lhs) == 1 {
				if e, ok := ast.Unparen(n.Rhs[0]).(*ast.BinaryExpr); ok && e.Op == token.ADD && types.ExprString(e.X) == u.text {
					return prose.Shorten(u.text+" = "+types.ExprString(e), 40)
				}
			}
		}
	}
	return ""
}

// lowerFirst makes a sentence a part of another.
func lowerFirst(p prose.Text) prose.Text {
	r, n := utf8.DecodeRuneInString(string(p))
	return prose.Text(unicode.ToLower(r)) + p[n:]
}

package eval

import (
	"fmt"
	"go/token"
	"sync"
	"unsafe"
)

// A Panic is a panic with the calls that it has left so far.
type Panic struct {
	Value any

	// Link is the panic during whose deferred calls this one was raised, mostly
	// nil. Recovered says that it had been recovered by then.
	Link      *Panic
	Recovered bool

	inner []place // the first calls that it left
	outer []place // the latest, beyond those, as a ring
	left  int     // all of them
	next  *frame  // of the caller that it comes to now, when no native code is in between
}

func (p *Panic) Error() string { return fmt.Sprint(p.Value) }

// A Frame is a call that a panic has left, or says how many calls are left out.
type Frame struct {
	Func   string         // "f", "T.M", "f.func" for a literal in f
	Pos    token.Position // of what was being executed
	Native string         // "path.Name" when that was a call of a package's function
	Made   bool           // all of the function stands at one position, so lowering has made it
	Elided int            // when not 0, the number of calls that stood here
}

// A place is where a function was when a panic left it.
type place struct {
	fn   *function
	node *node
}

// Bounds of what is kept: the first and the last calls of a panic, panics.
const (
	maxInner  = 48
	maxOuter  = 16
	maxPanics = 1024
)

// Frames are the calls that the panic has left, innermost first.
func (p *Panic) Frames() []Frame {
	var out []Frame
	for _, at := range p.inner {
		out = append(out, at.frame())
	}
	if elided := p.left - len(p.inner) - len(p.outer); elided > 0 {
		out = append(out, Frame{Elided: elided})
	}
	for i := range p.outer {
		out = append(out, p.outer[(p.left-maxInner+i)%len(p.outer)].frame())
	}
	return out
}

func (at place) frame() Frame {
	f := Frame{Func: at.fn.name(), Made: at.isMade()}
	if at.node != nil {
		f.Pos = at.fn.in.FileSet().Position(at.node.position())
		f.Native = at.node.calledMember()
	}
	return f
}

// isMade reports whether the place is in a function literal that lowering has put
// around something.
func (at place) isMade() bool {
	return at.fn.def.kind == funcLit && at.node != nil && at.node.position() == at.fn.def.pos
}

// position is where the node stands. The name of a package stands nowhere.
func (n *node) position() token.Pos {
	if n.kind == callExpr && n.child[0].kind == selectorExpr && len(n.child[0].child) == 2 {
		return n.child[0].child[1].pos
	}
	return n.pos
}

// leave notes that the panic leaves a function.
func (p *Panic) leave(at place) {
	switch {
	case len(p.inner) < maxInner:
		p.inner = append(p.inner, at)
	case len(p.outer) < maxOuter:
		p.outer = append(p.outer, at)
	default:
		p.outer[(p.left-maxInner)%maxOuter] = at
	}
	p.left++
}

// panics keeps the latest panic of each goroutine.
type panics struct {
	mu          sync.Mutex
	byGoroutine map[int64]*Panic
	top         *Panic // that left a program last
}

func (ps *panics) get() *Panic {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.byGoroutine[goroutineID()]
}

// set notes a panic of the calling goroutine, nil for none.
func (ps *panics) set(p *Panic) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	switch {
	case p == nil:
		delete(ps.byGoroutine, goroutineID())
		return
	case ps.byGoroutine == nil, len(ps.byGoroutine) > maxPanics:
		ps.byGoroutine = map[int64]*Panic{} // the others were recovered by native code
	}
	ps.byGoroutine[goroutineID()] = p
}

func (ps *panics) setTop(p *Panic) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.top = p
}

func (ps *panics) takeTop() *Panic {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p := ps.top
	ps.top = nil
	return p
}

// raised is the panic of value v that comes out of node n of a function running
// in f: the one that is known, when it comes from a call, or a new one.
func (fn *function) raised(n *node, f *frame, v any) *Panic {
	ps := &fn.in.panics
	if p := ps.get(); p != nil && n != nil && n.kind == callExpr && !n.generatedBy(genPanic) && Same(p.Value, v) {
		return p
	}
	p := &Panic{Value: v}
	if n != nil {
		p.Value = fault(n, f, v)
	}
	ps.set(p)
	return p
}

// leave notes that a panic leaves the function for its caller, nil for native
// code.
func (fn *function) leave(p *Panic, n *node, caller *frame) {
	p.leave(place{fn, n})
	p.next = caller
	if fn.isTop() {
		fn.in.panics.setTop(p)
	}
}

// isTop reports whether the function is called by the interpreter itself.
func (fn *function) isTop() bool {
	if fn.def.kind == varDecl {
		return true
	}
	if fn.def.kind != funcDecl || len(fn.def.child[0].child) > 0 {
		return false
	}
	name := fn.def.child[1].ident
	return name == "init" || name == "main"
}

// Same reports whether two values of panics are one and the same, also when they
// cannot be compared.
func Same(a, b any) bool {
	return *(*[2]unsafe.Pointer)(unsafe.Pointer(&a)) == *(*[2]unsafe.Pointer)(unsafe.Pointer(&b))
}

// Caught is the panic whose value native code has just recovered on the calling
// goroutine. The interpreter forgets it.
func (in *Interp) Caught(value any) *Panic {
	p := in.panics.get()
	in.panics.set(nil)
	if p == nil || !Same(p.Value, value) {
		return &Panic{Value: value}
	}
	return p
}

// Raise goes on with a panic that was caught.
func (in *Interp) Raise(p *Panic) {
	p.next = nil
	in.panics.set(p)
	panic(p.Value)
}

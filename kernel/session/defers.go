package session

import (
	"reflect"
	"runtime"
	"sync"

	"github.com/petermattis/goid"

	"github.com/chanbook/chanbook/kernel/eval"
)

// defers are the deferred calls of one execution of one function.
type defers struct {
	session  *Session
	in       *eval.Interp
	calls    []func()
	returned bool        // the function's body has returned
	panic    *eval.Panic // that the calls run during; Recovered when one has just recovered it
	outer    *defers
	direct   bool // one of the calls is just beginning
}

// Defer registers a call.
func (d *defers) Defer(f func()) { d.calls = append(d.calls, f) }

// withDefers runs the body of a function and then what it has deferred, last
// first, also when the body panics or ends its goroutine.
func (s *Session) withDefers(in *eval.Interp, body reflect.Value) {
	d := &defers{session: s, in: in}
	defer d.end()
	eval.CallWith(body, reflect.ValueOf(d))
	d.returned = true
}

// directWithDefers is withDefers as a function that the interpreter calls without
// reflection.
func (s *Session) directWithDefers(in *eval.Interp) reflect.Value {
	return reflect.MakeFunc(reflect.TypeFor[func(func(*defers))](), func(args []reflect.Value) []reflect.Value {
		s.withDefers(in, args[0])
		return nil
	})
}

// end runs the deferred calls. What recovers in them finds d by the goroutine.
func (d *defers) end() {
	if v := recover(); v != nil {
		d.panic = d.in.Caught(v)
	}
	if len(d.calls) > 0 {
		id := goid.Get()
		if outer, ok := running.Load(id); ok {
			d.outer = outer.(*defers)
		}
		running.Store(id, d)
		defer d.forget(id)
		d.run()
	}
	if d.panic != nil {
		if d.stopped() {
			runtime.Goexit() // what has stopped the cell came before the end of the calls
		}
		d.in.Raise(d.panic)
	}
}

func (d *defers) forget(id int64) {
	if d.outer != nil {
		running.Store(id, d.outer)
	} else {
		running.Delete(id)
	}
}

// running is the innermost function of each goroutine that runs deferred calls.
var running sync.Map // goroutine id (int64) -> *defers

// run makes the calls that are left. A call that panics takes the place of an
// earlier panic; one that ends its goroutine does not keep the others from
// running, unless it ends the cell: then they are dropped, as at the end of a
// process.
func (d *defers) run() {
	for len(d.calls) > 0 && !d.stopped() {
		last := len(d.calls) - 1
		f := d.calls[last]
		d.calls = d.calls[:last]
		d.call(f)
	}
}

// stopped reports whether the cell of the calling goroutine has been stopped.
func (d *defers) stopped() bool {
	g := d.session.ledger.Current()
	return g != nil && g.Stopped()
}

func (d *defers) call(f func()) {
	done := false
	defer func() {
		if v := recover(); v != nil {
			d.replace(d.in.Caught(v))
			return
		}
		if d.panic != nil && d.panic.Recovered {
			d.panic = nil
		}
		if !done {
			d.panic = nil
			d.run() // runtime.Goexit is ending the goroutine
		}
	}()
	d.direct = true
	f()
	done = true
}

// entered reports whether a deferred call has just called the function that asks.
// Only that function may recover.
func entered() bool {
	v, ok := running.Load(goid.Get())
	if !ok {
		return false
	}
	d := v.(*defers)
	direct := d.direct
	d.direct = false
	return direct
}

// directEntered is entered as a function that the interpreter calls without
// reflection, which would double the stack of most goroutines.
func directEntered() reflect.Value {
	return reflect.MakeFunc(reflect.TypeFor[func() bool](), func([]reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(entered())}
	})
}

// replace makes a panic that a deferred call raised the one that goes on.
func (d *defers) replace(p *eval.Panic) {
	first := p
	for first.Link != nil {
		first = first.Link
	}
	first.Link, d.panic = d.panic, p
}

// recovered is the builtin recover: it ends the panic during which the calling
// goroutine runs deferred calls, and returns its value. direct says that a
// deferred call has called the function that recovers.
func recovered(direct bool) any {
	if !direct {
		return nil
	}
	v, ok := running.Load(goid.Get())
	if !ok {
		return nil
	}
	p := v.(*defers).panic
	if p == nil || p.Recovered {
		return nil
	}
	p.Recovered = true
	return p.Value
}

// deferredRecover is what defer recover() defers: unless its function panics, it
// ends the panic during which a deferred call has called that.
func deferredRecover(direct bool) {
	v, ok := running.Load(goid.Get())
	if !ok || !direct {
		return
	}
	d := v.(*defers)
	if d.panic == nil && d.outer != nil && d.outer.panic != nil {
		d.outer.panic.Recovered = true
	}
}

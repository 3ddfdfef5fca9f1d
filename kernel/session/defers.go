package session

import (
	"reflect"
	"sync"

	"github.com/petermattis/goid"

	"github.com/chanbook/chanbook/kernel/eval"
)

// defers are the deferred calls of one execution of one function.
type defers struct {
	calls     []func()
	returned  bool // the function's body has returned
	panicking bool
	value     any // of the panic, while panicking
	outer     *defers
}

// Defer registers a call.
func (d *defers) Defer(f func()) { d.calls = append(d.calls, f) }

// withDefers runs the body of a function and then what it has deferred, last
// first, also when the body panics or ends its goroutine.
func withDefers(body func(*defers)) {
	d := &defers{}
	defer d.end()
	body(d)
	d.returned = true
}

// end runs the deferred calls. What recovers in them finds d by the goroutine.
func (d *defers) end() {
	if v := recover(); v != nil {
		d.panicking, d.value = true, v
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
	if d.panicking {
		panic(d.value)
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
// running.
func (d *defers) run() {
	for len(d.calls) > 0 {
		last := len(d.calls) - 1
		f := d.calls[last]
		d.calls = d.calls[:last]
		d.call(f)
	}
}

func (d *defers) call(f func()) {
	done := false
	defer func() {
		if v := recover(); v != nil {
			d.panicking, d.value = true, v
		} else if !done {
			d.run() // runtime.Goexit is ending the goroutine
		}
	}()
	f()
	done = true
}

// recovered is the builtin recover: it ends the panic during which the calling
// goroutine runs deferred calls, and returns its value.
func recovered(in *eval.Interp) any {
	v, ok := running.Load(goid.Get())
	if !ok {
		return nil
	}
	d := v.(*defers)
	if !d.panicking {
		return nil
	}
	value := panicValue(d.value)
	d.panicking, d.value = false, nil
	in.Frames() // those of the panic that is over
	return value
}

// panicValue is the value of a panic: the interpreter panics with the
// reflect.Value of what a program panics with, and where compiled code has a
// run-time error, reflection has one of its own.
func panicValue(v any) any {
	if rv, ok := v.(reflect.Value); ok && rv.IsValid() && rv.CanInterface() {
		return rv.Interface()
	}
	if e, ok := v.(*reflect.ValueError); ok && e.Kind == reflect.Invalid {
		return nilDereference()
	}
	switch v {
	case "reflect: slice index out of range", "reflect: array index out of range", "reflect: string index out of range":
		return runtimeError("index out of range")
	case "reflect.Value.Call: call of nil function", "reflect: call of nil function":
		return nilDereference()
	}
	return v
}

package eval

import (
	"reflect"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// A closure is the value of a function literal. It sees the variables of the
// function around it that there were when it was made: a variable that is
// declared anew later, as in the next turn of a loop, is another one.
type closure struct {
	fn    *function
	outer *frame
	maker *goroutine.G
}

// getFunc generates the value of a function literal.
func getFunc(n *node) {
	fn := entered(n)
	if !n.isPlain() {
		genGetFunc(n)
		return
	}
	typ, next, i, level := typeOf(n.typ), execOf(n.tnext), n.findex, n.level
	n.exec = func(f *frame) exec {
		c := &closure{fn, fn.around(f), f.g()}
		f.at(level).data[i] = reflect.MakeFunc(typ, c.function())
		return next
	}
}

// isOwnInterface reports whether the type is an interface type of the program
// itself, whose values the interpreter wraps.
func isOwnInterface(t *itype) bool { return isInterfaceSrc(t) && !isEmptyInterface(t) }

// clone is a frame with the variables of this one.
func (f *frame) clone() *frame {
	return &frame{id: f.id, debug: f.debug, root: f.root, anc: f.anc, data: append([]reflect.Value(nil), f.data...), done: f.done}
}

// function is the Go function that the closure's function is made from.
//
//go:noinline
func (c *closure) function() maker {
	return func(in []reflect.Value) []reflect.Value { return c.call(in) }
}

// closureOf is the closure that a function was made from, nil for others.
func closureOf(m maker) *closure {
	words := *(**[2]unsafe.Pointer)(unsafe.Pointer(&m))
	if words == nil || makerCode == nil || words[0] != makerCode {
		return nil
	}
	return (*closure)(words[1])
}

// makerCode is the code of all makers of closures, which hold the closure behind
// it; nil when they do not, and then closures are called as any other function.
var makerCode unsafe.Pointer

func init() {
	probe := &closure{}
	m := probe.function()
	if words := *(**[2]unsafe.Pointer)(unsafe.Pointer(&m)); words[1] == unsafe.Pointer(probe) {
		makerCode = words[0]
	}
}

// call calls the closure from native code.
func (c *closure) call(in []reflect.Value) []reflect.Value {
	called := c.fn.frames().frame(c.outer)
	called.debug = unsafe.Pointer(c.maker)
	defer called.enter(c.fn).leave()
	results := len(c.fn.def.typ.ret)
	for i, arg := range in {
		if results+i < len(called.data) { // a parameter without a name may have no place
			called.data[results+i].Set(arg)
		}
	}
	c.fn.run(called, c.fn.first, nil)
	return called.data[:results]
}

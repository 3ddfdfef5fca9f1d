package eval

import (
	"reflect"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// A goroutine begins with two kilobytes of stack and gets twice as much whenever
// that is too little. What interpreted code waits with should fit, because it is
// most of the memory of a goroutine that waits. So functions are started here, and
// called by native code, without reflection where they are literals.

// A Start is a call of a function that is to run on a goroutine of its own. The
// frame of a literal is made beforehand.
type Start struct {
	fn    *function
	frame *frame
	other func() // instead, when the function is not a literal
}

// Ready prepares a call of f.
func Ready(f func()) Start {
	c := closureOf(makerOf(*(*unsafe.Pointer)(unsafe.Pointer(&f))))
	if c == nil {
		return Start{other: f}
	}
	return Start{fn: c.fn, frame: c.fn.frames().frame(c.outer)}
}

// Run makes the call. g is the calling goroutine, which has just begun.
func (s *Start) Run(g *goroutine.G) {
	if s.fn == nil {
		s.other()
		return
	}
	g.Back()
	s.frame.debug = unsafe.Pointer(g)
	s.fn.run(s.frame, s.fn.first, nil)
}

// CallWith calls a function of one parameter.
func CallWith(f, arg reflect.Value) {
	if word, ok := funcWord(f); ok {
		if m := makerOf(word); m != nil {
			m([]reflect.Value{arg})
			return
		}
	}
	f.Call([]reflect.Value{arg})
}

package eval

import (
	"context"
	"reflect"
	"sync/atomic"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// An activity is one run of a program with the goroutines that it starts. Each
// frame tells the activity that its call belongs to, so that one can be stopped
// without the others: the interpreter by itself can only be stopped as a whole.
type activity struct {
	stopped atomic.Bool
	done    reflect.SelectCase // of a channel that is closed when it is stopped
}

// activity of a frame stands where the interpreter's debugger, which is never
// used, would keep its data.
func (f *frame) activity() *activity { return (*activity)(f.debug) }

// belongTo makes a frame one of the caller's activity.
func (f *frame) belongTo(caller *frame) {
	f.debug, f.done = caller.debug, caller.done
}

// enter finds the activity of a frame that native code has made or calls: the one
// of the function around it or, when that was stopped earlier, the latest.
func (f *frame) enter(in *Interp) {
	a := f.activity()
	if a == nil && f.anc != nil && f.anc != f.root {
		a = f.anc.activity()
	}
	if a == nil || a.stopped.Load() {
		a = in.latest.Load()
	}
	f.debug, f.done = unsafe.Pointer(a), a.done
}

// execute runs a compiled program until it ends or the context does. Then its
// goroutines end as soon as they are not in native code.
func (in *Interp) execute(ctx context.Context, p *interp.Program) error {
	stop := make(chan struct{})
	a := &activity{done: reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(stop)}}
	in.latest.Store(a)
	yaegi := reflect.ValueOf(in.yaegi).Elem()
	field(yaegi, "done").Set(reflect.ValueOf(stop))
	field(yaegi, "cancelChan").SetBool(true)
	ended := make(chan struct{})
	var err error
	in.growGlobals()
	go func() {
		defer close(ended) // also after runtime.Goexit
		_, err = in.yaegi.Execute(p)
	}()
	select {
	case <-ctx.Done():
		a.stopped.Store(true)
		close(stop)
		return ctx.Err()
	case <-ended:
		return err
	}
}

// growGlobals makes room for the variables of a compiled program. The interpreter
// would move all variables to new memory each time, while goroutines of earlier
// programs use them; here that happens only when the room doubles.
func (in *Interp) growGlobals() {
	yaegi := reflect.ValueOf(in.yaegi).Elem()
	types := *(*[]reflect.Type)(field(field(yaegi, "universe").Elem(), "types").Addr().UnsafePointer())
	all := (*frame)(field(yaegi, "frame").UnsafePointer())
	if len(types) > len(all.data) {
		const first = 1024
		data := make([]reflect.Value, max(first, 2*len(types)))
		copy(data, all.data)
		all.data = data
	}
	for ; in.globals < len(types); in.globals++ {
		all.data[in.globals] = reflect.New(types[in.globals]).Elem()
	}
}

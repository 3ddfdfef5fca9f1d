package eval

import (
	"context"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/traefik/yaegi/interp"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// Each frame tells the goroutine that its call runs on, so that the ledger knows
// where that is, and that goroutines of one group can be stopped without the
// others: the interpreter by itself can only be stopped as a whole.

// g is the goroutine that runs the frame's call. It stands where the interpreter's
// debugger, which is never used, would keep its data.
func (f *frame) g() *goroutine.G { return (*goroutine.G)(f.debug) }

// belongTo makes a frame one of the caller's goroutine.
func (f *frame) belongTo(caller *frame) {
	f.debug, f.done = caller.debug, caller.done
}

func siteOf(n *node, f *frame) goroutine.Site {
	return goroutine.Site{Node: unsafe.Pointer(n), Frame: unsafe.Pointer(f)}
}

// A visit is a call of interpreted code by native code.
type visit struct {
	inside goroutine.Inside
	own    *goroutine.G // not known before, when native code has started the goroutine
	ledger *goroutine.Ledger
}

// enter makes a frame that native code has made or calls one of the calling
// goroutine. Before, the frame or the one around it tells who has made the
// function.
func (f *frame) enter(fn *function) visit {
	in := fn.in
	v := visit{ledger: in.ledger}
	id := goroutineID()
	g, maker := (*goroutine.G)(nil), f.g()
	if maker == nil && f.anc != nil && f.anc != f.root {
		maker = f.anc.g()
	}
	if maker != nil && maker.ID == id {
		g = maker
	} else {
		g = in.ledger.Of(id)
	}
	if g == nil {
		g = in.adopt(id, maker, fn)
		v.own = g
	}
	f.debug, f.done = unsafe.Pointer(g), doneCase(g)
	v.inside = g.Enter()
	return v
}

// leave ends the call, also when a panic does.
func (v visit) leave() {
	v.inside.Leave()
	if v.own != nil {
		v.ledger.End(v.own)
	}
}

// adopt makes a goroutine known that native code has started, and which runs fn.
// maker has made that function, if that is known.
func (in *Interp) adopt(id int64, maker *goroutine.G, fn *function) *goroutine.G {
	at := in.FileSet().Position(fn.def.pos)
	g := &goroutine.G{
		ID: id, Group: in.latest.Load(), Code: in.code,
		Func: fn.name(), Start: fmt.Sprintf("%s:%d", at.Filename, at.Line),
	}
	if maker != nil && !maker.Stopped() {
		g.Group = maker.Group
	}
	if in.Adopt != nil {
		in.Adopt(g)
	}
	return in.ledger.Begin(g)
}

func doneCase(g *goroutine.G) reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(g.Done())}
}

// execute runs a compiled program until it ends or the context does. Then its
// goroutines end as soon as they are not in native code.
func (in *Interp) execute(ctx context.Context, group *goroutine.Group, p *interp.Program) error {
	in.latest.Store(group)
	yaegi := reflect.ValueOf(in.yaegi).Elem()
	field(yaegi, "done").Set(reflect.ValueOf(make(chan struct{})))
	field(yaegi, "cancelChan").SetBool(true)
	ended := make(chan struct{})
	err := ErrGoexit // unless the program returns
	in.growGlobals()
	go func() {
		defer close(ended) // also after runtime.Goexit
		g := in.ledger.Begin(&goroutine.G{ID: goroutineID(), Group: group, Code: in.code, Main: true})
		defer in.ledger.End(g)
		_, err = in.yaegi.Execute(p)
	}()
	select {
	case <-ctx.Done():
		in.ledger.Stop(group)
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
	all := in.root()
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

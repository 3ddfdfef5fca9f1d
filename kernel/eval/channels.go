package eval

import (
	"reflect"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// Sends and receives. The interpreter's own cannot be told apart in a dump, and
// what is received takes the place of a variable instead of becoming its value.

// recv generates <-c.
func recv(n *node) {
	value, set := genValue(n.child[0]), receivedInto(n)
	next, otherwise, branches := execOf(n.tnext), execOf(n.fnext), n.fnext != nil
	n.exec = receive(n, value, func(f *frame, v reflect.Value, _ bool) exec {
		set(f, v)
		if branches && !v.Bool() {
			return otherwise
		}
		return next
	})
}

// receive makes the closure of a receive that ends when the goroutine is stopped.
func receive(n *node, channel func(*frame) reflect.Value, then received) exec {
	if elem := elementOf(n.child[0]); elem != nil {
		if s, ok := shapeOf(elem); ok {
			return s.receiving(n, channel, then)
		}
	}
	return func(f *frame) exec {
		v, ok, stopped := f.receive(n, channel(f))
		if stopped {
			return nil
		}
		return then(f, v, ok)
	}
}

// receive receives by reflection until the goroutine is stopped.
func (f *frame) receive(n *node, c reflect.Value) (v reflect.Value, ok, stopped bool) {
	if v, ok := c.TryRecv(); v.IsValid() {
		return v, ok, false
	}
	g := f.park(n, c, false)
	chosen, v, ok := reflect.Select([]reflect.SelectCase{doneCase(g), {Dir: reflect.SelectRecv, Chan: c}})
	g.Unpark()
	g.Back()
	return v, ok, chosen == 0
}

// send generates c <- v.
func send(n *node) {
	channel, value := genValue(n.child[0]), genDestValue(n.child[0].typ.val, n.child[1])
	next := execOf(n.tnext)
	if elem := elementOf(n.child[0]); elem != nil {
		if s, ok := shapeOf(elem); ok {
			n.exec = s.sending(n, channel, value, elem, next)
			return
		}
	}
	n.exec = func(f *frame) exec {
		c, v := channel(f), value(f)
		if c.TrySend(v) {
			return next
		}
		if !sendReflected(f.park(n, c, true), c, v) {
			return nil
		}
		return next
	}
}

// sendReflected sends by reflection. It returns false when the goroutine is stopped
// before.
func sendReflected(g *goroutine.G, c, v reflect.Value) bool {
	defer g.Back()
	defer g.Unpark()
	chosen, _, _ := reflect.Select([]reflect.SelectCase{doneCase(g), {Dir: reflect.SelectSend, Chan: c, Send: v}})
	return chosen != 0
}

// park says that the goroutine is about to wait for a channel at a node.
func (f *frame) park(n *node, c reflect.Value, send bool) *goroutine.G {
	g := f.g()
	g.Away(siteOf(n, f))
	reason := goroutine.ReasonReceive
	switch {
	case send && c.IsNil():
		reason = goroutine.ReasonSendNil
	case send:
		reason = goroutine.ReasonSend
	case c.IsNil():
		reason = goroutine.ReasonReceiveNil
	}
	g.Park(reason, goroutine.Target{Pointer: c.UnsafePointer(), Kind: goroutine.KindChannel, Chan: c.Interface(), Send: send})
	return g
}

// receivedInto puts what is received into the variable that it is assigned to at
// once, or into the node's own place.
func receivedInto(n *node) result {
	level, i := n.level, n.findex
	if a := n.anc; a.generatedBy(genNop) && len(a.child) > 0 && a.child[len(a.child)-1] == n && a.child[0].findex == i {
		switch a.kind {
		case assignStmt:
			return setPlace(genValue(a.child[0]))
		case defineStmt:
			return setPlace(define(a.child[0]))
		}
	}
	return func(f *frame, v reflect.Value) { f.at(level).data[i] = v }
}

// recv2 generates v, ok = <-c and v, ok := <-c.
func recv2(n *node) {
	value, next := genValue(n.child[0]), execOf(n.tnext)
	set, setOK := assignedTo(n, 0), assignedTo(n, 1)
	n.exec = receive(n, value, func(f *frame, v reflect.Value, ok bool) exec {
		set(f, v)
		setOK(f, reflect.ValueOf(ok))
		return next
	})
}

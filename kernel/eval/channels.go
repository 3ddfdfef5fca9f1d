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
	n.exec = func(f *frame) exec {
		v, _, stopped := f.receive(n, value(f))
		if stopped {
			return nil
		}
		set(f, v)
		if branches && !v.Bool() {
			return otherwise
		}
		return next
	}
}

// receive receives from a channel until the goroutine is stopped.
func (f *frame) receive(n *node, c reflect.Value) (v reflect.Value, ok, stopped bool) {
	if v, ok := c.TryRecv(); v.IsValid() {
		return v, ok, false
	}
	g := f.park(n, c, false)
	chosen, v, ok := reflect.Select([]reflect.SelectCase{f.done, {Dir: reflect.SelectRecv, Chan: c}})
	g.Unpark()
	g.Back()
	return v, ok, chosen == 0
}

// send generates c <- v.
func send(n *node) {
	channel, value := genValue(n.child[0]), genDestValue(n.child[0].typ.val, n.child[1])
	next := execOf(n.tnext)
	n.exec = func(f *frame) exec {
		c, v := channel(f), value(f)
		if c.TrySend(v) {
			return next
		}
		g := f.park(n, c, true)
		chosen := f.sendOrStop(g, c, v)
		if chosen == 0 {
			return nil
		}
		return next
	}
}

// sendOrStop sends to a channel, which may panic, or returns 0 when the goroutine
// is stopped before.
func (f *frame) sendOrStop(g *goroutine.G, c, v reflect.Value) int {
	defer g.Back()
	defer g.Unpark()
	chosen, _, _ := reflect.Select([]reflect.SelectCase{f.done, {Dir: reflect.SelectSend, Chan: c, Send: v}})
	return chosen
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
	n.exec = func(f *frame) exec {
		v, ok, stopped := f.receive(n, value(f))
		if stopped {
			return nil
		}
		set(f, v)
		setOK(f, reflect.ValueOf(ok))
		return next
	}
}

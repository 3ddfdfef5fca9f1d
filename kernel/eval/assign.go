package eval

import (
	"reflect"
	"slices"
)

// Assignments and definitions that the interpreter gets wrong: what is received
// takes the place of a variable instead of becoming its value, a variable that
// is defined with a second one is the one of the last turn of a loop, a missing
// map entry leaves what was there before, and what stands on the left fails
// before the right side has been evaluated.

// recv generates <-c.
func recv(n *node) {
	value, set := genValue(n.child[0]), receivedInto(n)
	next, otherwise, branches := execOf(n.tnext), execOf(n.fnext), n.fnext != nil
	n.exec = func(f *frame) exec {
		v, _, stopped := f.receive(value(f))
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

// receive receives from a channel until the activity of the frame is stopped.
func (f *frame) receive(c reflect.Value) (v reflect.Value, ok, stopped bool) {
	if v, ok := c.TryRecv(); ok {
		return v, true, false
	}
	chosen, v, ok := reflect.Select([]reflect.SelectCase{f.done, {Dir: reflect.SelectRecv, Chan: c}})
	return v, ok, chosen == 0
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
		v, ok, stopped := f.receive(value(f))
		if stopped {
			return nil
		}
		set(f, v)
		setOK(f, reflect.ValueOf(ok))
		return next
	}
}

// assignedTo puts a value into the i-th variable of an assignment or definition
// of several.
func assignedTo(n *node, i int) result {
	c := n.anc.child[i]
	switch {
	case c.ident == "_":
		return func(*frame, reflect.Value) {}
	case n.anc.kind == defineXStmt && !c.redeclared:
		return setPlace(define(c))
	}
	return setPlace(genValue(c))
}

// mapEntry generates v, ok = m[k] and v, ok := m[k].
func mapEntry(n *node) {
	m, key, next := genValue(n.child[0]), genValue(n.child[1]), execOf(n.tnext)
	set, setOK := assignedTo(n, 0), assignedTo(n, 1)
	zero := reflect.Zero(typeOf(n.child[0].typ).Elem())
	n.exec = func(f *frame) exec {
		v := m(f).MapIndex(key(f))
		found := v.IsValid()
		if !found {
			v = zero
		}
		set(f, v)
		setOK(f, reflect.ValueOf(found))
		return next
	}
}

// appendOne generates append(s, x). The interpreter takes an x of the type of s
// for x....
func appendOne(n *node) {
	slice, element, next := genValue(n.child[1]), genValue(n.child[2]), execOf(n.tnext)
	level, i := n.level, n.findex
	n.exec = func(f *frame) exec {
		f.at(level).data[i].Set(reflect.Append(slice(f), element(f)))
		return next
	}
}

// appendsSelf reports whether the node is append(s, x) with x of the type of s.
func appendsSelf(n *node) bool {
	return n.generatedBy(genAppend) && n.action == aCall && len(n.child) == 3 && n.child[2].typ != nil &&
		n.child[1].typ.rtype != nil && n.child[1].typ.rtype == n.child[2].typ.rtype
}

// failsLate reports whether the node is on the left of an assignment whose right
// side has to be evaluated before the left side can fail.
func failsLate(n *node) bool {
	a := n.anc
	return (n.kind == indexExpr || n.kind == selectorExpr) && n.findex >= 0 &&
		a.kind == assignStmt && a.action == aAssign && a.nleft == 1 && a.nright == 1 && a.child[0] == n && calls(a.child[1])
}

// calls reports whether a call or a receive is part of an expression.
func calls(n *node) bool {
	return n.kind == callExpr || n.kind == unaryExpr && n.action == aRecv || n.kind != funcLit && slices.ContainsFunc(n.child, calls)
}

// failLate generates such a node: when it fails, it leaves nothing in its place,
// and the assignment fails.
func failLate(gen func(*node)) func(*node) {
	return func(n *node) {
		gen(n)
		find, next, level, i := n.exec, execOf(n.tnext), n.level, n.findex
		n.exec = func(f *frame) (e exec) {
			found := false
			defer func() {
				if found {
					return
				}
				v := recover()
				if v == nil {
					return
				}
				if !isInternal(v) {
					panic(v)
				}
				f.at(level).data[i] = reflect.Value{}
				e = next
			}()
			e = find(f)
			found = true
			return e
		}
	}
}

// failedLate is the node on the left that has left nothing in its place for the
// assignment that n is or is part of, nil when there is none.
func failedLate(n *node, f *frame) *node {
	for _, a := range []*node{n, n.anc} {
		if a != nil && len(a.child) > 0 && failsLate(a.child[0]) && !genValue(a.child[0])(f).IsValid() {
			return a.child[0]
		}
	}
	return nil
}

package eval

import (
	"reflect"
	"slices"
)

// Assignments and definitions that the interpreter gets wrong: a variable that is
// defined with a second one is the one of the last turn of a loop, a missing map
// entry leaves what was there before, and what stands on the left fails before
// the right side has been evaluated.

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

package eval

import "reflect"

// Some of the interpreter's operations do not fail where compiled ones do. They
// are replaced, or checked before they run.

// replaceGenerators changes what makes the closures of some nodes of a function.
func (in *Interp) replaceGenerators(body *node) {
	body.walk(func(n *node) bool {
		switch {
		case n.generatedBy(genCall):
			n.gen = callFunction
		case n.generatedBy(genCallBin) && mayWait(n):
			n.gen = watchedCall
		case n.generatedBy(genCallBin):
			n.gen = callMember
		case n.generatedBy(genSend):
			n.gen = send
		case n.generatedBy(genRecv):
			n.gen = recv
		case n.generatedBy(genRecv2):
			n.gen = recv2
		case n.generatedBy(genGetIndexMap2):
			n.gen = mapEntry
		case appendsSelf(n):
			n.gen = appendOne
		case failsLate(n):
			n.gen = failLate(n.gen)
		case n.generatedBy(genGetFunc):
			n.gen = getFunc
		case n.generatedBy(genDeref) && !n.isAssigned():
			n.gen = deref
		case isShift(n):
			n.gen = checkedShift(n.gen)
		}
		return n.kind != funcLit
	})
}

// isAssigned reports whether the node is changed by an assignment, ++ or --. What a
// pointer there points to is not looked at before the right side has been
// evaluated.
func (n *node) isAssigned() bool {
	if n.anc.kind == incDecStmt {
		return true
	}
	for i, c := range n.anc.child {
		if c == n {
			return i < n.anc.nleft
		}
	}
	return false
}

// deref generates *p. The interpreter itself takes nil for a value of no type,
// which fails later or never.
func deref(n *node) {
	value := genValue(n.child[0])
	next, otherwise := execOf(n.tnext), execOf(n.fnext)
	i, level, branches := n.findex, n.level, n.fnext != nil
	n.exec = func(f *frame) exec {
		v := value(f).Elem()
		if !v.IsValid() {
			panic(nilDereference)
		}
		f.at(level).data[i] = v
		if branches && !v.Bool() {
			return otherwise
		}
		return next
	}
}

// execOf is the closure of a node, nil for no node.
func execOf(n *node) exec {
	if n == nil {
		return nil
	}
	return n.exec
}

// isShift reports whether the node shifts by a number that may be negative.
func isShift(n *node) bool {
	if len(n.child) != 2 || !shifts[n.action] || n.child[1].rval.IsValid() || n.child[1].typ == nil {
		return false
	}
	switch typeOf(n.child[1].typ).Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return true
	}
	return false
}

// checkedShift generates a shift that fails when its count is negative.
func checkedShift(gen func(*node)) func(*node) {
	return func(n *node) {
		gen(n)
		shift, count := n.exec, genValue(n.child[1])
		n.exec = func(f *frame) exec {
			if count(f).Int() < 0 {
				panic(negativeShift)
			}
			return shift(f)
		}
	}
}

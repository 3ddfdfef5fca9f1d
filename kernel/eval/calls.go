package eval

import "reflect"

// A call of a declared function by interpreted code runs the function's nodes
// directly. The interpreter's own way from one to the other locks the frame,
// recovers and raises anew each panic, and lets a named result begin with what
// the place of the result held before.

// callFunction generates a call of a function of the program.
func callFunction(n *node) {
	if !callDeclared(n) && !callValue(n) {
		genCall(n)
	}
}

func callDeclared(n *node) bool {
	fn := callee(n)
	if fn == nil {
		return false
	}
	args, ok := arguments(n, fn)
	if !ok {
		return false
	}
	next, otherwise := execOf(n.tnext), execOf(n.fnext)
	branches := n.fnext != nil
	results, ok := resultPlaces(n, fn.def.typ.ret)
	if !ok {
		return false
	}
	named, slots := fn.namesResults(), len(results)
	n.exec = func(f *frame) exec {
		called := fn.frames().frame(f.root)
		called.belongTo(f)
		called.calledAt(f, n)
		set := named
		if !named {
			for i, place := range results {
				if place == nil {
					continue
				}
				if v := place(f); v.IsValid() {
					called.data[i] = v // to be set by return, the last thing that it does
				} else {
					set = true // and fail, after the call
				}
			}
		}
		for i, arg := range args {
			arg(f, called.data[slots+i])
		}
		fn.run(called, fn.first, f)
		if set {
			for i, place := range results {
				if place != nil {
					place(f).Set(called.data[i])
				}
			}
		}
		if branches && !called.data[0].Bool() {
			return otherwise
		}
		return next
	}
	return true
}

// callee is the declared function that a node calls, if that is known and
// nothing else has to be done.
func callee(n *node) *function {
	if n.anc.kind == goStmt || n.anc.kind == deferStmt || n.action != aCall || variadicPos(n) >= 0 {
		return nil
	}
	c := n.child[0]
	def := c
	if c.kind != funcDecl {
		if c.rval.IsValid() || c.sym == nil || c.sym.index >= 0 || c.sym.node == nil || c.recv != nil {
			return nil
		}
		def = c.sym.node
	}
	if def.kind != funcDecl || def.rval.IsValid() || len(def.child[0].child) > 0 || len(n.child)-1 != len(def.typ.arg) {
		return nil
	}
	return entered(def)
}

// arguments are functions that put the arguments into their places.
func arguments(n *node, fn *function) ([]func(f *frame, to reflect.Value), bool) {
	types := fn.def.types[len(fn.def.typ.ret):]
	var out []func(f *frame, to reflect.Value)
	for i, c := range n.child[1:] {
		if i >= len(types) {
			break // a parameter without a name may have no place
		}
		value, ok := argument(c, fn.def.typ.arg[i])
		if !ok {
			return nil, false
		}
		switch types[i].Kind() {
		case reflect.Struct, reflect.Pointer:
			// The interpreter has several types for what is one recursive type; nil and
			// zero are all of these have in common.
			out = append(out, func(f *frame, to reflect.Value) {
				if v := value(f); !v.IsZero() {
					to.Set(v)
				}
			})
		default:
			out = append(out, func(f *frame, to reflect.Value) { to.Set(value(f)) })
		}
	}
	return out, true
}

// argument is the value of an argument for a parameter of some type.
func argument(c *node, param *itype) (func(*frame) reflect.Value, bool) {
	if c.kind == callExpr && (c.action == aCall || c.action == aCallSlice) && !isSingle(c) {
		return nil, false
	}
	if c.kind == basicLit || c.rval.IsValid() {
		convertLiteralValue(c, typeOf(param))
	}
	switch {
	case isInterfaceSrc(param):
		if !isEmptyInterface(param) || len(c.typ.method) > 0 {
			return nil, false
		}
	case isInterfaceBin(param):
		return genInterfaceWrapper(c, param.rtype), true
	case isFuncSrc(param):
		return genFuncValue(c), true
	}
	return genValue(c), true
}

// isSingle reports whether a call has one result.
func isSingle(c *node) bool {
	t := c.child[0].typ
	if t.rtype != nil && t.rtype.Kind() == reflect.Func {
		return t.rtype.NumOut() == 1
	}
	return len(t.ret) == 1
}

// resultPlaces are the places for the results; nil for those of no use.
func resultPlaces(n *node, types []*itype) ([]func(*frame) reflect.Value, bool) {
	out := make([]func(*frame) reflect.Value, len(types))
	for i := range out {
		level, index := n.level, n.findex+i
		switch n.anc.kind {
		case returnStmt:
			level = 0
		case defineXStmt, assignXStmt:
			c := n.anc.child[i]
			if c.ident == "_" {
				continue
			}
			if isOwnInterface(c.typ) && !isInterfaceSrc(types[i]) {
				return nil, false
			}
		}
		out[i] = func(f *frame) reflect.Value { return f.at(level).data[index] }
	}
	return out, true
}

// namesResults reports whether the function's results have names.
func (fn *function) namesResults() bool {
	signature := fn.def.child[2]
	if len(signature.child) < 3 {
		return false
	}
	for _, field := range signature.child[2].child {
		if len(field.child) > 1 {
			return true
		}
	}
	return false
}

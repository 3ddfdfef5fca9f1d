package eval

import (
	"reflect"
	"unsafe"
)

// A call of a function value goes straight to the nodes of a function literal, or
// to the Go function that reflection made the value from. Any other function is
// called through reflection.

// A valueCall is what a call of a function value needs.
type valueCall struct {
	node    *node
	typ     reflect.Type // of the function
	fun     func(*frame) reflect.Value
	args    []func(*frame) reflect.Value
	in      []reflect.Type
	results []result // in the places where the interpreter wants them
	spread  bool     // f(x...)
}

// A result puts a result of a call into its place.
type result func(f *frame, v reflect.Value)

// callValue generates a call of a value of an interpreted function type.
func callValue(n *node) bool {
	if n.anc.kind == goStmt || n.anc.kind == deferStmt {
		return false
	}
	c := &valueCall{node: n, typ: typeOf(n.child[0].typ), fun: genValue(n.child[0]), spread: n.action == aCallSlice}
	if c.typ == nil || c.typ.Kind() != reflect.Func || c.typ.NumIn() != len(n.child)-1 || c.typ.IsVariadic() != c.spread {
		return false
	}
	params := n.child[0].typ.arg
	if len(params) != len(n.child)-1 {
		return false
	}
	for i, arg := range n.child[1:] {
		value, ok := argument(arg, params[i])
		if !ok {
			return false
		}
		c.addArgument(value, i)
	}
	places, ok := resultPlaces(n, n.child[0].typ.ret)
	if !ok {
		return false
	}
	for _, place := range places {
		c.results = append(c.results, setPlace(place))
	}
	c.generate(n)
	return true
}

// callMember generates a call of a function of a package, or of a value of such
// a function type.
func callMember(n *node) {
	if !memberCall(n) {
		genCallBin(n)
	}
}

func memberCall(n *node) bool {
	c0 := n.child[0]
	if n.anc.kind == goStmt || n.anc.kind == deferStmt || c0.recv != nil || c0.typ.val != nil {
		return false
	}
	c := &valueCall{node: n, typ: c0.typ.rtype, fun: genValue(c0), spread: n.action == aCallSlice}
	if c.typ.NumIn() != len(n.child)-1 || c.typ.IsVariadic() != c.spread {
		return false
	}
	if c0.rval.IsValid() {
		word, ok := funcWord(c0.rval)
		if !ok || makerOf(word) == nil {
			return false // reflection has to call it
		}
	}
	for i, arg := range n.child[1:] {
		value, ok := memberArgument(arg, c.typ.In(i))
		if !ok {
			return false
		}
		c.addArgument(value, i)
	}
	places, ok := memberPlaces(n, c.typ)
	if !ok {
		return false
	}
	if made := intrinsicOf(n); made != nil {
		made.generate(n, c.args[0], places)
		return true
	}
	for _, place := range places {
		c.results = append(c.results, setPlace(place))
	}
	c.generate(n)
	return true
}

func (c *valueCall) addArgument(value func(*frame) reflect.Value, i int) {
	c.args = append(c.args, value)
	c.in = append(c.in, c.typ.In(i))
}

// generate makes the closure of the node.
func (c *valueCall) generate(n *node) {
	next, otherwise, branches := execOf(n.tnext), execOf(n.fnext), n.fnext != nil
	n.exec = func(f *frame) exec {
		out := c.call(f)
		for i, set := range c.results {
			if set != nil {
				set(f, out[i])
			}
		}
		if branches && !out[0].Bool() {
			return otherwise
		}
		return next
	}
}

// call calls the function and returns its results.
func (c *valueCall) call(f *frame) []reflect.Value {
	fun := c.fun(f)
	if !fun.IsValid() || fun.Kind() != reflect.Func {
		return c.reflected(f, interpreted(fun)(f))
	}
	word, ok := funcWord(fun)
	if !ok {
		return c.reflected(f, fun)
	}
	m := makerOf(word)
	if m == nil {
		return c.reflected(f, fun)
	}
	if literal := closureOf(m); literal != nil {
		return literal.callFrom(f, c.node, c.args)
	}
	in := make([]reflect.Value, len(c.args))
	for i, arg := range c.args {
		in[i] = as(arg(f), c.in[i])
	}
	return m(in)
}

// callFrom calls the closure from a node of interpreted code running in f.
func (c *closure) callFrom(f *frame, site *node, args []func(*frame) reflect.Value) []reflect.Value {
	called := c.fn.frames().frame(c.outer)
	called.belongTo(f)
	called.calledAt(f, site)
	results := len(c.fn.def.typ.ret)
	for i, arg := range args {
		v := arg(f)
		if results+i < len(called.data) {
			called.data[results+i].Set(v)
		}
	}
	c.fn.run(called, c.fn.first, f)
	return called.data[:results]
}

// reflected calls a function through reflection.
func (c *valueCall) reflected(f *frame, fun reflect.Value) []reflect.Value {
	in := make([]reflect.Value, len(c.args))
	for i, arg := range c.args {
		in[i] = arg(f)
	}
	g := f.g()
	g.Away(siteOf(c.node, f))
	var out []reflect.Value
	if c.spread {
		out = fun.CallSlice(in)
	} else {
		out = fun.Call(in)
	}
	g.Back()
	return out
}

// interpreted makes a function of a declared one that stands for itself.
func interpreted(v reflect.Value) func(*frame) reflect.Value {
	if !v.IsValid() || v.Kind() != reflect.Pointer {
		panic(nilDereference)
	}
	return genFunctionWrapper((*node)(v.UnsafePointer()))
}

// as is a value with exactly the type of a parameter.
func as(v reflect.Value, t reflect.Type) reflect.Value {
	if v.IsValid() && v.Type() == t {
		return v
	}
	converted := reflect.New(t).Elem()
	converted.Set(v)
	return converted
}

// memberArgument is the value of an argument for a function of a package.
func memberArgument(c *node, param reflect.Type) (func(*frame) reflect.Value, bool) {
	if c.kind == callExpr && (c.action == aCall || c.action == aCallSlice) {
		if !isSingle(c) {
			return nil, false
		}
		i := c.findex
		return func(f *frame) reflect.Value { return f.data[i] }, true
	}
	if c.kind == basicLit || c.rval.IsValid() {
		convertLiteralValue(c, param)
	}
	switch {
	case isEmptyInterface(c.typ):
		return genValue(c), true
	case isInterfaceSrc(c.typ):
		return nil, false
	case isFuncSrc(c.typ):
		return genFunctionWrapper(c), true
	case isArraySrc(c.typ) && isEmptyInterface(c.typ.val):
		return genValueArray(c), true
	}
	return genInterfaceWrapper(c, param), true
}

// isArraySrc reports whether the type is an array or slice type of the program.
func isArraySrc(t *itype) bool {
	name := categoryName(t.cat)
	return name == "arrayT" || name == "variadicT"
}

// memberPlaces are the places where the interpreter has results of functions of
// packages, nil for those of no use: a definition or an assignment of several
// values takes them at once.
func memberPlaces(n *node, typ reflect.Type) ([]func(*frame) reflect.Value, bool) {
	out := make([]func(*frame) reflect.Value, typ.NumOut())
	for i := range out {
		switch {
		case n.fnext == nil && n.anc.action == aAssignX:
			c := n.anc.child[i]
			switch {
			case c.ident == "_":
			case isInterfaceSrc(c.typ):
				return nil, false
			case n.anc.kind == defineXStmt && !c.redeclared:
				out[i] = define(c)
			default:
				out[i] = genValue(c)
			}
		case n.fnext == nil && n.anc.action == aReturn:
			if def := n.anc.returnsFrom(); isOwnInterface(def.typ.ret[i]) {
				return nil, false
			}
			at := n.childPosition() + i
			out[i] = func(f *frame) reflect.Value { return f.data[at] }
		default:
			level, at := n.level, n.findex+i
			out[i] = func(f *frame) reflect.Value { return f.at(level).data[at] }
		}
	}
	return out, true
}

// childPosition is the place of the node among its parent's.
func (n *node) childPosition() int {
	for i, c := range n.anc.child {
		if c == n {
			return i
		}
	}
	return -1
}

// returnsFrom is the function that a return statement returns from.
func (n *node) returnsFrom() *node {
	return (*node)((*[2]unsafe.Pointer)(unsafe.Pointer(&n.val))[1])
}

// setPlace puts a result into a variable.
func setPlace(place func(*frame) reflect.Value) result {
	if place == nil {
		return nil
	}
	return func(f *frame, v reflect.Value) { place(f).Set(v) }
}

// define is the place of a variable that is new each time.
func define(c *node) func(*frame) reflect.Value {
	level, i := c.level, c.findex
	return func(f *frame) reflect.Value {
		data := f.at(level).data
		data[i] = reflect.New(data[i].Type()).Elem()
		return data[i]
	}
}

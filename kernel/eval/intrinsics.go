package eval

import (
	"reflect"
	"unsafe"
)

// An intrinsic is a function of one parameter whose calls cost no more than an
// operation of the interpreter: it is given the variable for its result. To all
// others it is a function made by reflection.
type intrinsic struct {
	typ  reflect.Type
	code func(result, x reflect.Value)
	both func(result, second, x reflect.Value) // of one with two results
}

// Unary makes a function of type typ, which has one parameter and one result. A
// call of it by a program is a call of code, which has to set result, an
// addressable variable that may be the one that x is, too.
func Unary(typ reflect.Type, code func(result, x reflect.Value)) reflect.Value {
	c := &intrinsic{typ: typ, code: code}
	return reflect.MakeFunc(typ, c.maker())
}

// UnaryOK is Unary for a function with two results.
func UnaryOK(typ reflect.Type, code func(result, second, x reflect.Value)) reflect.Value {
	c := &intrinsic{typ: typ, both: code}
	return reflect.MakeFunc(typ, c.maker())
}

// maker is the Go function that the intrinsic's function is made from.
//
//go:noinline
func (c *intrinsic) maker() maker {
	return func(in []reflect.Value) []reflect.Value { return c.call(in) }
}

func (c *intrinsic) call(in []reflect.Value) []reflect.Value {
	out := make([]reflect.Value, c.typ.NumOut())
	for i := range out {
		out[i] = reflect.New(c.typ.Out(i)).Elem()
	}
	if c.both != nil {
		c.both(out[0], out[1], in[0])
	} else {
		c.code(out[0], in[0])
	}
	return out
}

// intrinsicCode is the code of all makers of intrinsics, nil when they do not hold
// the intrinsic behind it.
var intrinsicCode unsafe.Pointer

func init() {
	probe := &intrinsic{}
	m := probe.maker()
	if words := *(**[2]unsafe.Pointer)(unsafe.Pointer(&m)); words[1] == unsafe.Pointer(probe) {
		intrinsicCode = words[0]
	}
}

// intrinsicOf is the intrinsic that a node calls, nil when it does not.
func intrinsicOf(n *node) *intrinsic {
	if !n.child[0].rval.IsValid() {
		return nil
	}
	word, ok := funcWord(n.child[0].rval)
	if !ok {
		return nil
	}
	m := makerOf(word)
	if !isIntrinsic(m) {
		return nil
	}
	return (*intrinsic)((*(**[2]unsafe.Pointer)(unsafe.Pointer(&m)))[1])
}

// isIntrinsic reports whether a function was made from an intrinsic.
func isIntrinsic(m maker) bool {
	words := *(**[2]unsafe.Pointer)(unsafe.Pointer(&m))
	return words != nil && intrinsicCode != nil && words[0] == intrinsicCode
}

// generate makes the closure of a node that calls the intrinsic with x and wants
// the results in places.
func (c *intrinsic) generate(n *node, x func(*frame) reflect.Value, places []func(*frame) reflect.Value) {
	next, otherwise, branches := execOf(n.tnext), execOf(n.fnext), n.fnext != nil
	in, out := c.typ.In(0), c.typ.Out(0)
	first := places[0]
	if c.both != nil {
		second, out2 := places[1], c.typ.Out(1)
		n.exec = func(f *frame) exec {
			v := as(x(f), in)
			c.both(resultAt(first, f, out), resultAt(second, f, out2), v)
			return next
		}
		return
	}
	n.exec = func(f *frame) exec {
		v, result := as(x(f), in), resultAt(first, f, out)
		if result.Type() == out {
			c.code(result, v)
		} else {
			made := reflect.New(out).Elem()
			c.code(made, v)
			result.Set(made)
		}
		if branches && !result.Bool() {
			return otherwise
		}
		return next
	}
}

// resultAt is the place of a result, or a new variable when nothing wants it.
func resultAt(place func(*frame) reflect.Value, f *frame, t reflect.Type) reflect.Value {
	if place == nil {
		return reflect.New(t).Elem()
	}
	return place(f)
}

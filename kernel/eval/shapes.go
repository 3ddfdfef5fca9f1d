package eval

import (
	"reflect"
	"time"
	"unsafe"
)

// A channel's operations copy values as the channel's own type says. So a compiled
// statement may use a channel as one of another type whose values have the same
// size and the same pointers: it takes a third of the stack that reflection takes,
// and allocates nothing.

// A shape knows how to send to channels of some types, and to receive from them.
type shape struct {
	receiving func(n *node, channel func(*frame) reflect.Value, then received) exec
	sending   func(n *node, channel, value func(*frame) reflect.Value, elem reflect.Type, next exec) exec
}

// received is what follows a receive.
type received func(f *frame, v reflect.Value, ok bool) exec

func shapeAs[T any]() shape { return shape{receiving[T], sending[T]} }

// shapeOf is the shape of values of a type. It is not known for most structs and
// arrays.
func shapeOf(t reflect.Type) (shape, bool) {
	switch t.Kind() {
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		return shapeAs[uint8](), true
	case reflect.Int16, reflect.Uint16:
		return shapeAs[uint16](), true
	case reflect.Int32, reflect.Uint32, reflect.Float32:
		return shapeAs[uint32](), true
	case reflect.Int64, reflect.Uint64, reflect.Float64, reflect.Complex64:
		return shapeAs[uint64](), true
	case reflect.Int, reflect.Uint, reflect.Uintptr:
		return shapeAs[uintptr](), true
	case reflect.String:
		return shapeAs[string](), true
	case reflect.Slice:
		return shapeAs[[]byte](), true
	case reflect.Interface:
		return shapeAs[any](), true // two words of which the second is a pointer, with methods too
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		// Not of unsafe.Pointer: reflect.ChanOf copies the type of its channels, and
		// fails when the program has a type that points to those.
		return shapeAs[*byte](), true
	}
	switch {
	case t.Size() == 0:
		return shapeAs[struct{}](), true
	case t == reflect.TypeFor[time.Time]():
		return shapeAs[time.Time](), true
	}
	return shape{}, false
}

// elementOf is the type of a channel's elements, nil if the node is no channel.
func elementOf(channel *node) reflect.Type {
	if t := typeOf(channel.typ); t != nil && t.Kind() == reflect.Chan {
		return t.Elem()
	}
	return nil
}

// channelOf is a channel as one of another element type.
func channelOf[T any](c reflect.Value) chan T {
	p := c.UnsafePointer()
	return *(*chan T)(unsafe.Pointer(&p))
}

// receiving makes the closure of a receive from a channel.
func receiving[T any](n *node, channel func(*frame) reflect.Value, then received) exec {
	elem := elementOf(n.child[0])
	return func(f *frame) exec {
		c := channel(f)
		var x T
		var ok bool
		select {
		case x, ok = <-channelOf[T](c):
		default:
			g := f.park(n, c, false)
			stopped := false
			select {
			case x, ok = <-channelOf[T](c):
			case <-g.Done():
				stopped = true
			}
			g.Unpark()
			g.Back()
			if stopped {
				return nil
			}
		}
		return then(f, valueOf(elem, x), ok)
	}
}

// valueOf is a value with another type of the same shape.
//
//go:noinline
func valueOf[T any](t reflect.Type, x T) reflect.Value {
	to := reflect.New(t)
	*(*T)(to.UnsafePointer()) = x
	return to.Elem()
}

// sending makes the closure of a send to a channel. A panic ends the wait, too.
func sending[T any](n *node, channel, value func(*frame) reflect.Value, elem reflect.Type, next exec) exec {
	return func(f *frame) exec {
		c := channel(f)
		x := load[T](value(f), elem)
		select {
		case channelOf[T](c) <- x:
		default:
			g := f.park(n, c, true)
			stopped := false
			select {
			case channelOf[T](c) <- x:
			case <-g.Done():
				stopped = true
			}
			g.Unpark()
			g.Back()
			if stopped {
				return nil
			}
		}
		return next
	}
}

// load is a value, assigned to type t, with another type of the same shape.
//
//go:noinline
func load[T any](v reflect.Value, t reflect.Type) (x T) {
	if !v.IsValid() {
		return x
	}
	v = as(v, t)
	w := words(&v)
	if w.flag&flagIndir != 0 {
		return *(*T)(w.ptr)
	}
	return *(*T)(unsafe.Pointer(&w.ptr))
}

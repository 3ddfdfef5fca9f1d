package rtype

import (
	"errors"
	"fmt"
	"go/types"
	"reflect"
)

// SetMethod gives a method its code. The receiver is a named type or, for promoted
// methods of a struct type without name, the struct; never a pointer. The method
// is one of its method set or one that came later.
//
// onPointer is a function whose first parameter is *E(receiver), followed by the
// erased parameters of the method; its results are the erased ones. onValue takes
// E(receiver) first. Either may be the zero Value: it is then made from the other.
// A pointer method needs only onPointer. For a value method onPointer must not write
// to the receiver, which may be the inside of an interface, and is called with nil
// where the compiler's wrapper would be.
//
// A method that the true type knows gets new code at once, in all its versions. A
// new method, or one with another signature, makes a new version of the true type,
// and of those that mention it, when they are next asked for; values of the old
// version keep the methods that they had.
func (t *Types) SetMethod(recv types.Type, m *types.Func, onPointer, onValue reflect.Value) error {
	recv = types.Unalias(recv)
	t.mu.Lock()
	defer t.mu.Unlock()
	err := t.transaction(func() error { return t.setMethod(recv, m, onPointer, onValue) })
	if err != nil {
		return fmt.Errorf("method %s of %s: %w", m.Name(), recv, err)
	}
	return nil
}

func (t *Types) setMethod(recv types.Type, m *types.Func, onPointer, onValue reflect.Value) error {
	r, err := t.receiver(recv)
	if err != nil {
		return err
	}
	byValue := inValueSet(recv, m) || !onPointer.IsValid()
	onPointer, onValue, err = t.bothCodes(recv, m, onPointer, onValue, byValue)
	if err != nil {
		return err
	}
	tm := r.methods[m.Id()]
	if tm == nil || !types.Identical(tm.fn.Signature(), m.Signature()) || byValue && !tm.byValue {
		if tm, err = t.newMethod(recv, m, byValue); err != nil {
			return err
		}
		r.methods[m.Id()] = tm
		t.forget(recv)
	}
	tm.set(onPointer, onValue)
	return nil
}

// bothCodes checks the code of a method and makes what is missing of it.
func (t *Types) bothCodes(recv types.Type, m *types.Func, onPointer, onValue reflect.Value, byValue bool) (_, _ reflect.Value, err error) {
	none := reflect.Value{}
	if !onPointer.IsValid() && !onValue.IsValid() {
		return none, none, errors.New("no code given")
	}
	e, err := t.makeErased(recv)
	if err != nil {
		return none, none, err
	}
	pointerType, err := t.codeType(reflect.PointerTo(e), m)
	if err != nil {
		return none, none, err
	}
	valueType, err := t.codeType(e, m)
	if err != nil {
		return none, none, err
	}
	if onPointer.IsValid() {
		err = sameCode(onPointer, pointerType)
	}
	if err == nil && onValue.IsValid() {
		err = sameCode(onValue, valueType)
	}
	switch {
	case err != nil:
		return none, none, err
	case !onPointer.IsValid():
		onPointer = throughValue(pointerType, onValue, recv, m)
	case byValue && !onValue.IsValid():
		onValue = throughPointer(valueType, onPointer)
	}
	return onPointer, onValue, nil
}

// codeType is the type of a function that is the code of a method.
func (t *Types) codeType(receiver reflect.Type, m *types.Func) (reflect.Type, error) {
	in, err := tuple(m.Signature().Params(), t.makeErased)
	if err != nil {
		return nil, err
	}
	out, err := tuple(m.Signature().Results(), t.makeErased)
	if err != nil {
		return nil, err
	}
	return reflect.FuncOf(append([]reflect.Type{receiver}, in...), out, m.Signature().Variadic()), nil
}

// sameCode checks that a function can be called as one of type want. Only kinds
// and sizes matter to the stubs.
func sameCode(fn reflect.Value, want reflect.Type) error {
	have := fn.Type()
	same := have.Kind() == reflect.Func && have.NumIn() == want.NumIn() && have.NumOut() == want.NumOut() &&
		have.IsVariadic() == want.IsVariadic()
	part := func(a, b reflect.Type) bool { return a.Kind() == b.Kind() && a.Size() == b.Size() }
	for i := 0; same && i < want.NumIn(); i++ {
		same = part(have.In(i), want.In(i))
	}
	for i := 0; same && i < want.NumOut(); i++ {
		same = part(have.Out(i), want.Out(i))
	}
	if !same {
		return fmt.Errorf("its code has the type %v and not %v", have, want)
	}
	if fn.IsNil() {
		return errors.New("its code is nil")
	}
	return nil
}

// throughValue makes code for pointers of code for values.
func throughValue(typ reflect.Type, onValue reflect.Value, recv types.Type, m *types.Func) reflect.Value {
	return reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		if args[0].IsNil() {
			panic(NilReceiver(recv, m))
		}
		args[0] = args[0].Elem()
		return call(onValue, args)
	})
}

// nilPointer is the run-time error of a value method that is called through a nil
// pointer.
type nilPointer string

func (e nilPointer) Error() string { return string(e) }

// RuntimeError makes it a runtime.Error.
func (e nilPointer) RuntimeError() {}

// NilReceiver is the error that the compiler's code panics with when a method of
// values is called through a nil pointer. It is a runtime.Error.
func NilReceiver(recv types.Type, m *types.Func) error {
	short := types.TypeString(recv, func(*types.Package) string { return "" })
	return nilPointer(fmt.Sprintf("value method %s.%s called using nil *%s pointer", recv, m.Name(), short))
}

// throughPointer makes code for values of code for pointers.
func throughPointer(typ reflect.Type, onPointer reflect.Value) reflect.Value {
	return reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		p := reflect.New(args[0].Type())
		p.Elem().Set(args[0])
		args[0] = p
		return call(onPointer, args)
	})
}

func call(fn reflect.Value, args []reflect.Value) []reflect.Value {
	if fn.Type().IsVariadic() {
		return fn.CallSlice(args)
	}
	return fn.Call(args)
}

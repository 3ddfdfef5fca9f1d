package rtype

import (
	"go/types"
	"reflect"
	"unsafe"
)

// step leads from a struct to an embedded field.
type step struct {
	offset  uintptr
	through bool // the struct is reached through a pointer
}

// promote gives a promoted method code that calls the method of the embedded
// field, as long as SetMethod gives it no other. Methods of embedded interfaces
// that are not exported stay without.
func (t *Types) promote(recv types.Type, sel *types.Selection, tm *tableMethod) error {
	if tm.onPointer.Load() != nil {
		return nil
	}
	var steps []step
	typ := recv
	for _, i := range sel.Index()[:len(sel.Index())-1] {
		p, through := types.Unalias(typ.Underlying()).(*types.Pointer)
		if through {
			typ = p.Elem()
		}
		like, err := t.layout(typ)
		if err != nil {
			return err
		}
		steps = append(steps, step{like.Field(i).Offset, through})
		typ = typ.Underlying().(*types.Struct).Field(i).Type()
	}
	target, err := t.target(typ, tm.fn)
	if err != nil || target == nil {
		return err
	}
	e, err := t.makeErased(recv)
	if err != nil {
		return err
	}
	pointerType, err := t.codeType(reflect.PointerTo(e), tm.fn)
	if err != nil {
		return err
	}
	valueType, err := t.codeType(e, tm.fn)
	if err != nil {
		return err
	}
	onPointer := reflect.MakeFunc(pointerType, func(args []reflect.Value) []reflect.Value {
		p := args[0].UnsafePointer()
		for _, s := range steps {
			if s.through {
				p = *(*unsafe.Pointer)(p)
			}
			mustNotBeNil(p)
			p = unsafe.Add(p, s.offset)
		}
		return fit(target(p, args[1:]), pointerType.Out)
	})
	tm.set(onPointer, throughPointer(valueType, onPointer))
	return nil
}

// mustNotBeNil panics as an access through a nil pointer does.
func mustNotBeNil(p unsafe.Pointer) { _ = *(*byte)(p) }

// target gives a function that calls the method of an embedded field at an
// address, or nil when there is no way to.
func (t *Types) target(field types.Type, fn *types.Func) (func(unsafe.Pointer, []reflect.Value) []reflect.Value, error) {
	e, err := t.makeErased(field)
	if err != nil {
		return nil, err
	}
	owner := types.Unalias(field)
	p, through := owner.(*types.Pointer)
	if through {
		owner = types.Unalias(p.Elem())
	}
	_, isInterface := owner.Underlying().(*types.Interface)
	n, isNamed := owner.(*types.Named)
	native := isInterface
	if isNamed && !isInterface {
		_, native = t.nativeNamed(n)
	}
	if native {
		if !fn.Exported() {
			return nil, nil
		}
		return func(p unsafe.Pointer, args []reflect.Value) []reflect.Value {
			v := reflect.NewAt(e, p)
			if through || isInterface {
				v = v.Elem()
			}
			if isInterface && v.IsNil() {
				mustNotBeNil(nil)
			}
			m := v.MethodByName(fn.Name())
			return call(m, fit(args, m.Type().In))
		}, nil
	}
	r, err := t.receiver(owner)
	if err != nil {
		return nil, nil
	}
	return func(p unsafe.Pointer, args []reflect.Value) []reflect.Value {
		v := reflect.NewAt(e, p)
		if through {
			v = v.Elem()
		}
		t.mu.Lock()
		tm := r.methods[fn.Id()]
		t.mu.Unlock()
		if tm == nil || tm.onPointer.Load() == nil {
			panic("method " + fn.FullName() + " has no code yet")
		}
		return call(*tm.onPointer.Load(), append([]reflect.Value{v}, args...))
	}, nil
}

// fit gives values the types that a function has for them: compiled types that
// cannot be named differ from what their erased types are.
func fit(values []reflect.Value, typ func(int) reflect.Type) []reflect.Value {
	for i, v := range values {
		if v.Type() != typ(i) {
			values[i] = Retype(v, typ(i))
		}
	}
	return values
}

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
// field, as long as SetMethod gives it no other.
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
	if err != nil {
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
// address.
func (t *Types) target(field types.Type, fn *types.Func) (func(unsafe.Pointer, []reflect.Value) []reflect.Value, error) {
	owner := types.Unalias(field)
	p, through := owner.(*types.Pointer)
	if through {
		owner = types.Unalias(p.Elem())
	}
	r, err := t.makeTrue(owner)
	if err != nil {
		return nil, err
	}
	if types.IsInterface(owner) {
		return t.throughTable(r, fn, true)
	}
	if compiled := headOf(r).str >= 0; compiled {
		return t.throughTable(reflect.PointerTo(r), fn, through)
	}
	e, err := t.makeErased(owner)
	if err != nil {
		return nil, err
	}
	known, err := t.receiver(owner)
	if err != nil {
		return nil, err
	}
	return func(p unsafe.Pointer, args []reflect.Value) []reflect.Value {
		if through {
			p = *(*unsafe.Pointer)(p)
		}
		t.mu.Lock()
		tm := known.methods[fn.Id()]
		t.mu.Unlock()
		code := tm.onPointer.Load()
		if code == nil {
			panic(noCode(fn))
		}
		return call(*code, append([]reflect.Value{reflect.NewAt(e, p)}, args...))
	}, nil
}

// throughTable calls a method of an interface or of a compiled type. Package
// reflect calls exported methods only; the runtime's table of an interface that
// has just this method has the code of any. (internal/abi/iface.go: the code
// follows two pointers and a hash.)
func (t *Types) throughTable(r reflect.Type, fn *types.Func, held bool) (func(unsafe.Pointer, []reflect.Value) []reflect.Value, error) {
	sig, err := t.methodType(fn)
	if err != nil {
		return nil, err
	}
	in := []reflect.Type{unsafePointer}
	for typ := range sig.Ins() {
		in = append(in, typ)
	}
	var out []reflect.Type
	for typ := range sig.Outs() {
		out = append(out, typ)
	}
	code := reflect.FuncOf(in, out, sig.IsVariadic())
	one := newBlock(reflect.TypeFor[oneMethod](), "interface { "+fn.Name()+" }", "", shape{})
	(*interfaceType)(unsafe.Pointer(one.head)).methods = []imethod{{methodName(fn, nil), typeOff(sig)}}
	table := one.typ()

	return func(p unsafe.Pointer, args []reflect.Value) []reflect.Value {
		var v reflect.Value
		if held {
			v = reflect.NewAt(r, p).Elem()
		} else {
			v = reflect.NewAt(r.Elem(), p)
		}
		if r.Kind() == reflect.Interface && v.IsNil() {
			mustNotBeNil(nil)
		}
		holder := reflect.New(table)
		holder.Elem().Set(v)
		words := (*[2]unsafe.Pointer)(holder.UnsafePointer())
		closure := unsafe.Add(words[0], 2*unsafe.Sizeof(words[0])+8)
		f := reflect.NewAt(code, unsafe.Pointer(&closure)).Elem()
		receiver := reflect.ValueOf(words[1])
		return call(f, append([]reflect.Value{receiver}, fit(args, sig.In)...))
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

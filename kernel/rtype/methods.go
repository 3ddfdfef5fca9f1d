package rtype

import (
	"fmt"
	"go/types"
	"reflect"
	"sort"
	"sync/atomic"
	"unsafe"
)

// receiver is what is known of the methods of a type, by types.Id. It outlives the
// versions of the type.
type receiver struct {
	methods map[string]*tableMethod
}

// tableMethod is a method and the stubs that call it.
type tableMethod struct {
	fn      *types.Func
	byValue bool // in the method set of the type, not only of the pointer
	pointer int  // stub that gets a pointer to the receiver
	value   int  // stub that gets the receiver; -1: nobody calls that

	onPointer atomic.Pointer[reflect.Value] // nil as long as there is no code
}

// newMethod takes the stubs of a method. Code that gets the receiver itself is
// called by reflection, for exported methods, and through interfaces that hold the
// receiver as their data word.
func (t *Types) newMethod(recv types.Type, m *types.Func, byValue bool) (*tableMethod, error) {
	tm := &tableMethod{fn: m, byValue: byValue, pointer: -1, value: -1}
	if !haveStubs {
		return tm, nil
	}
	like, err := t.layout(recv)
	if err != nil {
		return nil, err
	}
	stubs := []*int{&tm.pointer}
	if byValue && (m.Exported() || headOf(like).flags&flagDirect != 0) {
		stubs = append(stubs, &tm.value)
	}
	none := func() { panic(noCode(m)) }
	for _, s := range stubs {
		i, ok := newStub()
		if !ok {
			return nil, fmt.Errorf("there are too many methods: the limit is %d; restart to begin anew", stubCount)
		}
		*s = i
		setStub(i, closure(reflect.ValueOf(none)))
	}
	return tm, nil
}

func noCode(m *types.Func) string { return "method " + m.FullName() + " has no code yet" }

// set makes the stubs call new code.
func (m *tableMethod) set(onPointer, onValue reflect.Value) {
	m.onPointer.Store(&onPointer)
	if m.pointer >= 0 {
		setStub(m.pointer, closure(onPointer))
	}
	if m.value >= 0 {
		setStub(m.value, closure(onValue))
	}
}

// closure gives the pointer that a variable with the function fn holds. Its first
// word is the address of the code.
func closure(fn reflect.Value) unsafe.Pointer {
	v := reflect.New(fn.Type())
	v.Elem().Set(fn)
	return *(*unsafe.Pointer)(v.UnsafePointer())
}

func (t *Types) receiver(recv types.Type) (*receiver, error) {
	switch recv.(type) {
	case *types.Named, *types.Struct:
	default:
		return nil, fmt.Errorf("%s cannot have methods of its own", recv)
	}
	if r, ok := t.receivers.At(recv).(*receiver); ok {
		return r, nil
	}
	r := &receiver{map[string]*tableMethod{}}
	t.receivers.Set(recv, r)
	return r, nil
}

// inValueSet reports whether values of the type, and not only pointers to them,
// have the method.
func inValueSet(recv types.Type, m *types.Func) bool {
	if types.NewMethodSet(recv).Lookup(m.Pkg(), m.Name()) != nil {
		return true
	}
	if types.NewMethodSet(types.NewPointer(recv)).Lookup(m.Pkg(), m.Name()) != nil {
		return false
	}
	v := m.Signature().Recv()
	if v == nil {
		return false
	}
	_, pointer := types.Unalias(v.Type()).(*types.Pointer)
	return !pointer
}

// methodsOf gives the methods of a type and of the pointer to it, in the order of
// method tables: those of the method sets, and those that SetMethod added.
func (t *Types) methodsOf(typ types.Type, pkg *types.Package) (onValue, onPointer []*tableMethod, err error) {
	if _, ok := typ.Underlying().(*types.Interface); ok || !haveStubs {
		return nil, nil, nil
	}
	r, err := t.receiver(typ)
	if err != nil {
		return nil, nil, err
	}
	byValue := types.NewMethodSet(typ)
	for sel := range types.NewMethodSet(types.NewPointer(typ)).Methods() {
		fn := sel.Obj().(*types.Func)
		tm := r.methods[fn.Id()]
		if tm == nil {
			tm, err = t.newMethod(typ, fn, byValue.Lookup(fn.Pkg(), fn.Name()) != nil)
			if err != nil {
				return nil, nil, err
			}
			r.methods[fn.Id()] = tm
			t.undo = append(t.undo, func() { delete(r.methods, fn.Id()) })
			if len(sel.Index()) > 1 {
				t.later = append(t.later, func() error { return t.promote(typ, sel, tm) })
			}
		}
	}
	for _, tm := range r.methods {
		onPointer = append(onPointer, tm)
	}
	sort.Slice(onPointer, func(i, j int) bool { return methodLess(onPointer[i].fn, onPointer[j].fn) })
	for _, tm := range onPointer {
		if tm.byValue {
			onValue = append(onValue, tm)
		}
	}
	return onValue, onPointer, nil
}

// fillMethods writes a method table without the signatures. stubs gives the code
// that is called with the receiver word of an interface, and with the receiver
// itself.
func fillMethods(b block, list []*tableMethod, pkg *types.Package, stubs func(*tableMethod) (ifn, tfn int)) {
	exported := 0
	for i, m := range list {
		if m.fn.Exported() {
			exported++
		}
		ifn, tfn := stubs(m)
		b.methods[i] = method{name: methodName(m.fn, pkg), ifn: stubOff(ifn), tfn: stubOff(tfn)}
	}
	if len(list) > 0 {
		b.uncommon.xcount = uint16(exported)
	}
}

// signMethods writes the signatures into a method table.
func (t *Types) signMethods(b block, list []*tableMethod) error {
	for i, m := range list {
		sig, err := t.methodType(m.fn)
		if err != nil {
			return err
		}
		b.methods[i].typ = typeOff(sig)
	}
	return nil
}

// methodType gives the true type of a method without its receiver. A method of a
// compiled type, promoted to a type of ours, keeps the type that it was compiled
// with: that may mention types that nobody else can name.
func (t *Types) methodType(fn *types.Func) (reflect.Type, error) {
	if recv := fn.Signature().Recv(); recv != nil {
		owner := types.Unalias(recv.Type())
		if p, ok := owner.(*types.Pointer); ok {
			owner = types.Unalias(p.Elem())
		}
		if n, ok := owner.(*types.Named); ok {
			if r, ok := t.nativeNamed(n); ok {
				if typ, ok := compiledMethod(r, fn.Name()); ok {
					return typ, nil
				}
			}
		}
	}
	return t.signature(fn.Signature())
}

// compiledMethod gives the type of a method of a compiled type, without receiver.
func compiledMethod(r reflect.Type, name string) (reflect.Type, bool) {
	if r.Kind() == reflect.Interface {
		m, ok := r.MethodByName(name)
		return m.Type, ok
	}
	m, ok := reflect.PointerTo(r).MethodByName(name)
	if !ok {
		return nil, false
	}
	var in, out []reflect.Type
	for i := 1; i < m.Type.NumIn(); i++ {
		in = append(in, m.Type.In(i))
	}
	for i := range m.Type.NumOut() {
		out = append(out, m.Type.Out(i))
	}
	return reflect.FuncOf(in, out, m.Type.IsVariadic()), true
}

// signature gives the true type of a method without its receiver. It is made once:
// interfaces and methods have to agree on it, in all versions of the types that it
// mentions.
func (t *Types) signature(sig *types.Signature) (reflect.Type, error) {
	plain := types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
	if r, ok := t.signed.get(plain); ok {
		return r, nil
	}
	r, err := composite(plain, t.makeTrue)
	if err == nil {
		t.keep(&t.signed, plain, r)
	}
	return r, err
}

// methodName gives the offset of a method's name. One that is not exported says
// its package when that is not the type's.
func methodName(m *types.Func, pkg *types.Package) int32 {
	path := ""
	if !m.Exported() && m.Pkg() != nil && (pkg == nil || pkg.Path() != m.Pkg().Path()) {
		path = m.Pkg().Path()
	}
	return nameOff(m.Name(), path, m.Exported())
}

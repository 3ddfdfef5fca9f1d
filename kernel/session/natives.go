package session

import (
	"fmt"
	"go/types"
	"math"
	"math/bits"
	"reflect"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/eval/symbols"
	"github.com/chanbook/chanbook/kernel/lower"
	"github.com/chanbook/chanbook/kernel/rtype"
)

// runtimeTypes are shared by all sessions of the process: a type is the same one
// wherever it comes from.
var runtimeTypes = rtype.New(linked{})

// linked knows the named types of the standard library, which are part of this
// binary.
type linked struct{}

// Type gives a type by its name, if the package exports it.
func (linked) Type(obj *types.TypeName) (reflect.Type, bool) {
	if obj.Pkg() == nil {
		return nil, false
	}
	_, syms, ok := symbols.Lookup(obj.Pkg().Path())
	if !ok {
		return nil, false
	}
	if v, ok := syms[obj.Name()]; ok && v.Kind() == reflect.Pointer && v.IsNil() {
		return v.Type().Elem(), true
	}
	return rtype.Compiled(obj.Pkg(), obj.Name()) // one that the package does not export
}

// bindNatives makes the members of package chanbook/types that a program uses.
func (s *Session) bindNatives(in binder, list []lower.Native) error {
	members := map[string]reflect.Value{}
	for _, n := range list {
		v, err := s.nativeMember(n)
		if err != nil {
			return err
		}
		members[n.Name] = v
	}
	return in.Extend(lower.Types, members)
}

type binder interface {
	Extend(importPath string, members map[string]reflect.Value) error
}

// conv is what is known of a native that goes from one type to another.
type conv struct {
	session    *Session
	from, to   types.Type
	efrom, eto reflect.Type // what stands for them in programs
	rfrom, rto reflect.Type
}

func newConv(from, to types.Type) (c conv, err error) {
	c.from, c.to = from, to
	for _, part := range []struct {
		t    types.Type
		e, r *reflect.Type
	}{{from, &c.efrom, &c.rfrom}, {to, &c.eto, &c.rto}} {
		if part.t == nil {
			continue
		}
		if *part.e, err = runtimeTypes.Erased(part.t); err != nil {
			return c, err
		}
		if *part.r, err = runtimeTypes.True(part.t); err != nil {
			return c, err
		}
	}
	return c, nil
}

var (
	anyType     = reflect.TypeFor[any]()
	boolType    = reflect.TypeFor[bool]()
	pointerType = reflect.TypeFor[unsafe.Pointer]()
)

// nativeMember makes a member of package chanbook/types.
func (s *Session) nativeMember(n lower.Native) (reflect.Value, error) {
	if n.Op == lower.OpVariable {
		return addressOf(n.Variable)
	}
	c, err := newConv(n.From, n.To)
	if err != nil {
		return reflect.Value{}, err
	}
	c.session = s
	switch n.Op {
	case lower.OpType:
		return reflect.Zero(reflect.PointerTo(c.efrom)), nil
	case lower.OpBox:
		return eval.Unary(signature(c.efrom, c.eto), c.box), nil
	case lower.OpUnbox:
		return eval.Unary(signature(c.efrom, c.eto), c.unbox), nil
	case lower.OpAssert:
		return eval.UnaryOK(signature(c.efrom, c.eto, boolType), c.assert), nil
	case lower.OpIs:
		return eval.Unary(signature(c.efrom, boolType), c.is), nil
	case lower.OpConvert:
		return eval.Unary(signature(c.efrom, c.eto), c.convert), nil
	case lower.OpMethod:
		return interfaceMethod(c, n.Method)
	case lower.OpRegister:
		return reflect.ValueOf(func(onPointer, onValue any) {
			if err := runtimeTypes.SetMethod(n.From, n.Method, reflect.ValueOf(onPointer), reflect.ValueOf(onValue)); err != nil {
				panic(err)
			}
		}), nil
	case lower.OpUnsafeSlice:
		return reflect.MakeFunc(reflect.FuncOf([]reflect.Type{c.efrom, reflect.TypeFor[int]()}, []reflect.Type{c.eto}, false), c.unsafeSlice), nil
	case lower.OpUnsafeSliceData:
		return eval.Unary(signature(c.efrom, c.eto), func(result, v reflect.Value) {
			result.Set(reflect.NewAt(c.eto.Elem(), v.UnsafePointer()))
		}), nil
	}
	return reflect.Value{}, fmt.Errorf("unknown native %s", n.Name)
}

// addressOf is the address of a variable of a package.
func addressOf(v *types.Var) (reflect.Value, error) {
	_, syms, _ := symbols.Lookup(v.Pkg().Path())
	if x, ok := syms[v.Name()]; ok && x.CanAddr() {
		return x.Addr(), nil
	}
	if !v.Exported() {
		return reflect.Value{}, fmt.Errorf("%s is a variable that only package %s itself can reach, and a generic function of the package uses it: call the function in a compiled cell (%%%%go)", v.Name(), v.Pkg().Path())
	}
	return reflect.Value{}, fmt.Errorf("%s.%s cannot be set", v.Pkg().Path(), v.Name())
}

// signature is the type of a function of one parameter.
func signature(in reflect.Type, out ...reflect.Type) reflect.Type {
	return reflect.FuncOf([]reflect.Type{in}, out, false)
}

// box puts a value into an interface, with its true type of today.
func (c conv) box(result, v reflect.Value) {
	if t := runtimeTypes.Current(c.rfrom); t != c.efrom {
		v = rtype.Retype(v, t)
	}
	result.Set(v)
}

// holds reports whether an interface holds a value that c.to can be asserted of.
func (c conv) holds(v reflect.Value) bool {
	if v.IsNil() {
		return false
	}
	t := v.Elem().Type()
	if c.rto.Kind() == reflect.Interface {
		return runtimeTypes.Current(t).Implements(c.rto)
	}
	if t == c.rto {
		return true
	}
	made, ok := runtimeTypes.Of(t)
	return ok && types.Identical(made, c.to)
}

// take sets result, a variable for one of c.to, to the value in an interface.
func (c conv) take(result, v reflect.Value) {
	e := v.Elem()
	t := c.eto
	if c.rto.Kind() == reflect.Interface {
		t = runtimeTypes.Current(e.Type()) // with the methods that it has today
	}
	if e.Type() != t {
		e = rtype.Retype(e, t)
	}
	result.Set(e)
}

func (c conv) unbox(result, v reflect.Value) {
	if !c.holds(v) {
		c.tellEarlier(v)
		panic(c.failure(v))
	}
	c.take(result, v)
}

func (c conv) assert(result, ok, v reflect.Value) {
	held := c.holds(v)
	if held {
		c.take(result, v)
	} else {
		result.SetZero()
	}
	ok.SetBool(held)
}

func (c conv) is(result, v reflect.Value) { result.SetBool(c.holds(v)) }

// tellEarlier says where a value's type is declared when it is an earlier
// definition of the type that is asked for: their names are the same.
func (c conv) tellEarlier(v reflect.Value) {
	if v.IsNil() {
		return
	}
	made, _ := runtimeTypes.Of(v.Elem().Type())
	old, ok1 := deref(made).(*types.Named)
	now, ok2 := deref(c.to).(*types.Named)
	if !ok1 || !ok2 || old.Obj() == now.Obj() || old.Obj().Name() != now.Obj().Name() {
		return
	}
	place := func(n *types.Named) string {
		return c.session.interp.FileSet().Position(n.Obj().Pos()).Filename
	}
	if place(old) != place(now) {
		c.session.write(cell.Stderr, fmt.Sprintf("note: the value is of the type %s of %s; %s has declared it again\n",
			old.Obj().Name(), place(old), place(now)))
	}
}

// deref is what a pointer type points to, or the type itself.
func deref(t types.Type) types.Type {
	if p, ok := t.(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// failure is the run-time error of a failed type assertion.
func (c conv) failure(v reflect.Value) error {
	from, value := c.rfrom, reflect.Type(nil)
	if c.rto.Kind() == reflect.Interface {
		from = nil // such an error does not tell
	}
	if !v.IsNil() {
		value = v.Elem().Type()
	}
	return eval.TypeAssertionError(from, value, c.rto)
}

// convert changes the type of a value. The runtime's own conversions come first;
// then it is the same memory with another type.
func (c conv) convert(result, v reflect.Value) {
	switch {
	case c.eto.Kind() == reflect.Interface:
		if v.IsNil() {
			result.SetZero()
			return
		}
		result.Set(v)
	case c.eto.Kind() == reflect.UnsafePointer && v.Kind() == reflect.Uintptr:
		p := uintptr(v.Uint())
		result.SetPointer(*(*unsafe.Pointer)(unsafe.Pointer(&p)))
	case c.eto.Kind() == reflect.Uintptr && v.Kind() == reflect.UnsafePointer:
		result.SetUint(uint64(v.Pointer()))
	case c.eto.Kind() == reflect.UnsafePointer:
		result.SetPointer(v.UnsafePointer())
	case v.Kind() == reflect.UnsafePointer:
		result.Set(reflect.NewAt(c.eto.Elem(), v.UnsafePointer()))
	case c.efrom.ConvertibleTo(c.eto):
		result.Set(v.Convert(c.eto))
	default:
		result.Set(rtype.Retype(v, c.eto))
	}
}

func (c conv) unsafeSlice(args []reflect.Value) []reflect.Value {
	p, n := args[0].UnsafePointer(), int(args[1].Int())
	checkSlice(p, n, c.eto.Elem().Size())
	out := reflect.New(c.eto)
	*(*sliceWords)(out.UnsafePointer()) = sliceWords{p, n, n}
	return []reflect.Value{out.Elem()}
}

// checkSlice panics as unsafe.Slice does when there cannot be n elements at p.
func checkSlice(p unsafe.Pointer, n int, size uintptr) {
	_ = unsafe.Slice((*struct{})(p), n)
	over, length := bits.Mul64(uint64(n), uint64(size))
	if over != 0 || length > math.MaxInt {
		length = math.MaxUint64 // a negative one
	}
	_ = unsafe.Slice((*byte)(p), int(length))
}

// sliceWords is the memory of a slice.
type sliceWords struct {
	data     unsafe.Pointer
	len, cap int
}

// interfaceMethod makes the function that finds a method of an interface's value.
// The words of such an interface are the table of its methods, in which the type
// is the second word and the code of the methods begins at the fourth
// (internal/abi/iface.go), and the receiver.
func interfaceMethod(c conv, m *types.Func) (reflect.Value, error) {
	sig, err := runtimeTypes.Erased(m.Signature())
	if err != nil {
		return reflect.Value{}, err
	}
	in := []reflect.Type{pointerType}
	for i := range sig.NumIn() {
		in = append(in, sig.In(i))
	}
	var out []reflect.Type
	for i := range sig.NumOut() {
		out = append(out, sig.Out(i))
	}
	code := reflect.FuncOf(in, out, sig.IsVariadic())
	index := methodIndex(c.rfrom, m)
	if index < 0 {
		return reflect.Value{}, fmt.Errorf("%s has no method %s", c.rfrom, m.Name())
	}
	return eval.UnaryOK(signature(c.efrom, code, pointerType), func(method, receiver, v reflect.Value) {
		if v.IsNil() {
			panic(nilDereference())
		}
		held := reflect.New(c.efrom)
		held.Elem().Set(v)
		words := (*[2]unsafe.Pointer)(held.UnsafePointer())
		fun := unsafe.Add(words[0], 3*unsafe.Sizeof(uintptr(0))+uintptr(index)*unsafe.Sizeof(uintptr(0)))
		method.Set(reflect.NewAt(code, unsafe.Pointer(&fun)).Elem())
		receiver.SetPointer(words[1])
	}), nil
}

// methodIndex is the place of a method among an interface's, which the runtime
// sorts by name.
func methodIndex(iface reflect.Type, m *types.Func) int {
	for i := range iface.NumMethod() {
		if iface.Method(i).Name == m.Name() {
			return i
		}
	}
	return -1
}

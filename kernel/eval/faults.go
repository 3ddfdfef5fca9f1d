package eval

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// Where compiled code has a run-time error, the interpreter panics with what
// reflection says, or not at all. Here such a panic becomes the error that the
// compiled operation raises, a runtime.Error made from the same numbers.

// fault is the value of a panic that began at node n of a function running in f.
func fault(n *node, f *frame, v any) any {
	if n.generatedBy(genPanic) {
		return panicArgument(v)
	}
	if !isInternal(v) {
		return hashError(n, v)
	}
	if late := failedLate(n, f); late != nil {
		n = late
	}
	switch {
	case n.generatedBy(callMember), n.generatedBy(watchedCall):
		if callsNil(n, f) {
			return nilDereference
		}
		return memberError(n, v)
	case n.generatedBy(callFunction):
		if callsNil(n, f) {
			return nilDereference
		}
	case n.kind == indexExpr:
		if err := indexError(n, f); err != nil {
			return err
		}
	case n.kind == sliceExpr:
		if err := sliceError(n, f); err != nil {
			return err
		}
	case n.generatedBy(genMake):
		return makeError(n, f)
	case n.action == aConvert:
		if err := convertError(n, f); err != nil {
			return err
		}
	case n.kind == typeAssertExpr:
		if err := assertError(n, f); err != nil {
			return err
		}
	}
	if isNilUse(v) {
		return nilDereference
	}
	return v
}

// panicArgument is what a program gave to panic.
func panicArgument(v any) any {
	rv, ok := v.(reflect.Value)
	switch {
	case !ok:
		return v
	case !rv.IsValid(), rv.Kind() == reflect.Interface && rv.IsNil():
		return new(runtime.PanicNilError)
	case rv.CanInterface():
		return rv.Interface()
	}
	return v
}

// isInternal reports whether the interpreter or reflection made the value.
func isInternal(v any) bool {
	switch v := v.(type) {
	case *reflect.ValueError:
		return true
	case string:
		return strings.HasPrefix(v, "reflect: ") || strings.HasPrefix(v, "reflect.")
	case runtime.Error:
		return strings.HasPrefix(v.Error(), "runtime error: reflect.") || strings.HasSuffix(v.Error(), "allocation size out of range")
	case error:
		t := reflect.TypeOf(v)
		return t.Kind() == reflect.Pointer && t.Elem().PkgPath() == yaegiPath
	}
	return false
}

var yaegiPath = reflect.TypeFor[interp.Program]().PkgPath()

// isNilUse reports whether reflection refused to go through a nil pointer.
func isNilUse(v any) bool {
	switch v := v.(type) {
	case *reflect.ValueError:
		return v.Kind == reflect.Invalid
	case string:
		return v == "reflect: indirection through nil pointer to embedded struct" ||
			v == "reflect: Method on nil interface value"
	}
	return false
}

func callsNil(n *node, f *frame) bool {
	fn := genValue(n.child[0])(f)
	if !fn.IsValid() {
		return true
	}
	return fn.Kind() == reflect.Func && fn.IsNil()
}

// A number is an operand that was used as an index, length or capacity.
type number struct {
	n        int64
	unsigned bool
}

func numberOf(n *node, f *frame) number {
	v := genValue(n)(f)
	switch {
	case v.CanInt():
		return number{n: v.Int()}
	case v.CanUint():
		return number{int64(v.Uint()), true}
	case v.CanFloat(): // an untyped constant
		return number{n: int64(v.Float())}
	}
	return number{}
}

// over reports whether the number is not in [0, limit].
func (x number) over(limit int) bool { return uint64(x.n) > uint64(limit) }

// The codes of the runtime's bounds errors.
const (
	boundsIndex = iota
	boundsSliceAlen
	boundsSliceAcap
	boundsSliceB
	boundsSlice3Alen
	boundsSlice3Acap
	boundsSlice3B
	boundsSlice3C
	boundsConvert
)

// boundsError is the runtime's error for x that does not go with y.
func boundsError(x number, y int, code uint8) error {
	err := reflect.New(reflect.TypeOf(indexFault)).Elem()
	setField(err, "x", x.n)
	setField(err, "y", y)
	setField(err, "signed", !x.unsigned)
	setField(err, "code", code)
	return err.Interface().(error)
}

// setField sets a field of one of the runtime's structs.
func setField(s reflect.Value, name string, v any) {
	f := s.FieldByName(name)
	f = reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
	f.Set(reflect.ValueOf(v).Convert(f.Type()))
}

func indexError(n *node, f *frame) error {
	a := genValueArray(n.child[0])(f)
	switch a.Kind() {
	case reflect.Slice, reflect.String, reflect.Array:
		if x := numberOf(n.child[1], f); x.n < 0 || x.n >= int64(a.Len()) {
			return boundsError(x, a.Len(), boundsIndex)
		}
	}
	return nil
}

func sliceError(n *node, f *frame) error {
	a := genValueArray(n.child[0])(f)
	limit, alen := 0, boundsSliceAlen-boundsSliceAlen
	switch a.Kind() {
	case reflect.Slice:
		limit, alen = a.Cap(), boundsSliceAcap-boundsSliceAlen
	case reflect.String, reflect.Array:
		limit = a.Len()
	default:
		return nil
	}
	bounds := n.child[1:]
	low := number{}
	if n.action != aSlice0 {
		low = numberOf(bounds[0], f)
		bounds = bounds[1:]
	}
	high, b := number{n: int64(a.Len())}, uint8(boundsSliceB)
	if len(bounds) > 0 {
		high = numberOf(bounds[0], f)
	}
	switch {
	case len(bounds) > 1:
		b = boundsSlice3C
		most := numberOf(bounds[1], f)
		if most.over(limit) {
			return boundsError(most, limit, uint8(boundsSlice3Alen+alen))
		}
		if high.over(int(most.n)) {
			return boundsError(high, int(most.n), boundsSlice3B)
		}
	case len(bounds) == 1 && high.over(limit):
		return boundsError(high, limit, uint8(boundsSliceAlen+alen))
	}
	if low.over(int(high.n)) {
		return boundsError(low, int(high.n), b)
	}
	return nil
}

// makeError repeats a make that failed, with as many bytes.
func makeError(n *node, f *frame) any {
	typ := typeOf(n.child[1].typ)
	if typ.Kind() == reflect.Chan {
		return makeChanFault
	}
	size := uint64(1)
	if typ.Kind() == reflect.Slice {
		size = max(1, uint64(typ.Elem().Size()))
	}
	tooLong := func(x number) bool { return x.n < 0 || uint64(x.n) > (1<<47)/size }
	if length := numberOf(n.child[2], f); tooLong(length) || len(n.child) < 4 {
		return makeLenFault
	}
	return makeCapFault
}

// hashError is the error for a map key that cannot be hashed. The interpreter reads
// the entry that it is about to assign, and of an empty map the runtime words
// the error otherwise when it is read.
func hashError(n *node, v any) any {
	rv := reflect.ValueOf(v)
	if n.kind != indexExpr || !n.isAssigned() || rv.Kind() != reflect.Struct || rv.Type().String() != "maps.unhashableTypeError" || rv.NumField() != 1 {
		return v
	}
	var words [8]uintptr
	var key any
	*(*[2]unsafe.Pointer)(unsafe.Pointer(&key)) = [2]unsafe.Pointer{rv.Field(0).UnsafePointer(), unsafe.Pointer(&words)}
	if err := raise(func() { map[any]bool{}[key] = true }); err != nil {
		return err
	}
	return v
}

// memberError is what a function of a package panics with: for package reflect
// that may well be its own complaint. The functions that the session has made
// convert by reflection.
func memberError(n *node, v any) any {
	text, ok := v.(string)
	word, known := funcWord(n.child[0].rval)
	if !ok || !known || makerOf(word) == nil {
		return v
	}
	var have, want int
	for _, format := range []string{
		"reflect: cannot convert slice with length %d to array with length %d",
		"reflect: cannot convert slice with length %d to pointer to array with length %d",
	} {
		if count, _ := fmt.Sscanf(text, format, &have, &want); count == 2 {
			return boundsError(number{n: int64(want)}, have, boundsConvert)
		}
	}
	return v
}

func convertError(n *node, f *frame) error {
	v, to := genValue(n.child[1])(f), typeOf(n.child[0].typ)
	if to.Kind() == reflect.Pointer {
		to = to.Elem()
	}
	if v.Kind() != reflect.Slice || to.Kind() != reflect.Array || v.Len() >= to.Len() {
		return nil
	}
	return boundsError(number{n: int64(to.Len())}, v.Len(), boundsConvert)
}

func assertError(n *node, f *frame) error {
	v, from, to := genValue(n.child[0])(f), typeOf(n.child[0].typ), typeOf(n.child[1].typ)
	if !v.IsValid() || v.Kind() != reflect.Interface {
		return nil
	}
	if v.IsNil() {
		return TypeAssertionError(from, nil, to)
	}
	return TypeAssertionError(from, v.Elem().Type(), to)
}

// TypeAssertionError is the run-time error of a type assertion, to type to, of a
// value in an interface of type from. The value's type is nil for a nil
// interface.
func TypeAssertionError(from, value, to reflect.Type) error {
	err := new(runtime.TypeAssertionError)
	s := reflect.ValueOf(err).Elem()
	set := func(field string, t reflect.Type) {
		f := s.FieldByName(field)
		*(*unsafe.Pointer)(unsafe.Pointer(f.UnsafeAddr())) = reflect.ValueOf(t).UnsafePointer()
	}
	if from != nil {
		set("_interface", from)
	}
	set("asserted", to)
	if value == nil {
		return err
	}
	set("concrete", value)
	if to.Kind() == reflect.Interface {
		setField(s, "missingMethod", missingMethod(value, to))
	}
	return err
}

// missingMethod is the first method that a type lacks for an interface.
func missingMethod(t, iface reflect.Type) string {
	for m := range iface.Methods() {
		if has, ok := t.MethodByName(m.Name); !ok || !sameSignature(has.Type, m.Type) {
			return m.Name
		}
	}
	return ""
}

// sameSignature compares a method of a type, whose first parameter is the
// receiver, with that of an interface.
func sameSignature(method, want reflect.Type) bool {
	if method.NumIn() != want.NumIn()+1 || method.NumOut() != want.NumOut() || method.IsVariadic() != want.IsVariadic() {
		return false
	}
	for i := range want.NumIn() {
		if method.In(i+1) != want.In(i) {
			return false
		}
	}
	for i := range want.NumOut() {
		if method.Out(i) != want.Out(i) {
			return false
		}
	}
	return true
}

// Errors of the runtime, each raised by the operation itself.
var (
	indexFault     = raise(func() { var s []int; s[variable] = 0 })
	nilDereference = raise(func() { var p *int; *p = 0 })
	negativeShift  = raise(func() { variable = variable << -variable })
	makeLenFault   = raise(func() { made = make([]byte, -variable) })
	makeCapFault   = raise(func() { made = make([]byte, 0, -variable) })
	makeChanFault  = raise(func() { channel = make(chan int, -variable) })
)

// What the operations above use must not be known to the compiler.
var (
	variable = 1
	made     []byte
	channel  chan int
)

// raise is the panic of a function.
func raise(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

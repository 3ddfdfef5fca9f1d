package session

import (
	"fmt"
	"reflect"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// What lowered programs call for operations that the interpreter does not have
// or does wrong, and that need to know nothing of the session.

// helpers are members of package chanbook/rt.
func helpers() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Clear":            reflect.ValueOf(func(v any) { reflect.ValueOf(v).Clear() }),
		"Equal":            reflect.ValueOf(func(a, b any) bool { return a == b }),
		"HashKey":          reflect.ValueOf(func(k any) { map[any]struct{}{}[k] = struct{}{} }),
		"MinFloat":         reflect.ValueOf(minFloat),
		"MaxFloat":         reflect.ValueOf(maxFloat),
		"Runes":            reflect.ValueOf(runes),
		"RangeOver":        reflect.ValueOf(rangeOver),
		"NegativeShift":    reflect.ValueOf(negativeShift),
		"NilDereference":   reflect.ValueOf(func() { panic(nilDereference()) }),
		"UnsafeAdd":        reflect.ValueOf(func(p unsafe.Pointer, n int) unsafe.Pointer { return unsafe.Add(p, n) }),
		"UnsafeString":     reflect.ValueOf(func(p unsafe.Pointer, n int) string { return unsafe.String((*byte)(p), n) }),
		"UnsafeStringData": reflect.ValueOf(func(s string) unsafe.Pointer { return unsafe.Pointer(unsafe.StringData(s)) }),
	}
}

func minFloat(x ...float64) float64 {
	best := x[0]
	for _, v := range x[1:] {
		best = min(best, v)
	}
	return best
}

func maxFloat(x ...float64) float64 {
	best := x[0]
	for _, v := range x[1:] {
		best = max(best, v)
	}
	return best
}

// runes are the characters of a string and their offsets.
func runes(s string) ([]rune, []int) {
	n := utf8.RuneCountInString(s)
	chars, offsets := make([]rune, 0, n), make([]int, 0, n)
	for i, r := range s {
		chars, offsets = append(chars, r), append(offsets, i)
	}
	return chars, offsets
}

// rangeOver panics as compiled code does when the body of a range over a function
// is called too late.
func rangeOver(state int) {
	if state == 1 {
		panic(runtimeError("range function continued iteration after function for loop body returned false"))
	}
	panic(runtimeError("range function continued iteration after whole loop exit"))
}

func negativeShift() {
	n := -1
	_ = 1 << n
}

// nilDereference is the runtime's own error for it.
func nilDereference() (err any) {
	defer func() { err = recover() }()
	var p *int
	*p = 0
	return nil
}

// runtimeError is a run-time error that native code cannot be made to have.
type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }

// RuntimeError marks the type as runtime.Error.
func (runtimeError) RuntimeError() {}

// builtinPrint formats as the builtins print and println do.
func builtinPrint(values []any, sep, end string) string {
	text := ""
	for i, v := range values {
		if i > 0 {
			text += sep
		}
		text += printed(v)
	}
	return text + end
}

func printed(v any) string {
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.String:
		return rv.String()
	case reflect.Bool:
		return fmt.Sprint(rv.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return fmt.Sprint(rv.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return fmt.Sprint(rv.Uint())
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(rv.Float(), 'g', -1, rv.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		return strconv.FormatComplex(rv.Complex(), 'g', -1, rv.Type().Bits())
	case reflect.Slice:
		return fmt.Sprintf("[%d/%d]%#x", rv.Len(), rv.Cap(), rv.Pointer())
	case reflect.Pointer:
		if rv.Type().Elem().Kind() == reflect.Interface {
			words := (*[2]uintptr)(rv.UnsafePointer())
			return fmt.Sprintf("(%#x,%#x)", words[0], words[1])
		}
		return fmt.Sprintf("%#x", rv.Pointer())
	case reflect.Chan, reflect.Func, reflect.Map, reflect.UnsafePointer:
		return fmt.Sprintf("%#x", rv.Pointer())
	}
	return "nil"
}

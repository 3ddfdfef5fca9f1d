package carry

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"go/types"
	"io"
	"math"
	"reflect"
	"time"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/cell"
)

// most is how much is carried, in bytes.
const most = 256 << 20

// Write writes variables, except those that it returns.
func Write(to io.Writer, variables []Variable, t Types) (left []cell.Left, err error) {
	why := map[int]string{}
	for {
		w := newWriter(variables, t, why)
		stay := w.all()
		if len(stay) == 0 {
			b := bufio.NewWriter(to)
			w.print(b)
			err = b.Flush()
			break
		}
		for i, reason := range stay { // others may refer to it: all are written anew
			why[i] = reason
		}
	}
	for i, v := range variables {
		if why[i] != "" {
			left = append(left, cell.Left{Name: v.Name, Reason: why[i]})
		}
	}
	return left, err
}

// stays says why a value cannot be carried.
type stays struct{ reason string }

func (s *stays) Error() string { return s.reason }

func staying(format string, args ...any) error { return &stays{fmt.Sprintf(format, args...)} }

// object is what a pointer, a map or a slice refers to. Two of them with one address
// differ when they are of different types.
type object struct {
	address uintptr
	typ     reflect.Type
	size    uintptr
}

// pending is an object that has been referred to and not written yet.
type pending struct {
	typ types.Type
	v   reflect.Value
	all int // how many elements a slice's array has; -1 for others
}

// region is memory that is carried for a variable.
type region struct {
	start, end uintptr
	variable   int
}

// body is the value of a variable with all that belongs to it and has not come with
// one before.
type body struct {
	variable int
	data     []byte
	objects  int // how many it adds
	types    int
}

type writer struct {
	variables []Variable
	why       map[int]string
	t         Types

	bodies  []body
	out     []byte // of the variable that is being written
	now     int    // that variable
	size    int    // of all that is written
	count   int    // of objects
	objects map[object]int
	types   []types.Type
	queue   []pending
	regions []region
}

func newWriter(variables []Variable, t Types, why map[int]string) *writer {
	return &writer{variables: variables, why: why, t: t, objects: map[object]int{}}
}

// all writes the variables that do not stay, and returns those that have to, with
// the reasons.
func (w *writer) all() map[int]string {
	stay := map[int]string{}
	for i, v := range w.variables {
		if w.why[i] == "" {
			if err := w.own(i, v); err != nil {
				stay[i] = err.Error()
			}
		}
	}
	for i, v := range w.variables {
		if w.why[i] != "" || stay[i] != "" {
			continue
		}
		objects, kinds := w.count, len(w.types)
		w.now, w.out = i, nil
		if err := w.variable(v); err != nil {
			stay[i] = err.Error()
			w.queue = nil
		}
		w.size += len(w.out)
		w.bodies = append(w.bodies, body{i, w.out, w.count - objects, len(w.types) - kinds})
	}
	w.overlaps(stay)
	return stay
}

// print writes the whole file.
func (w *writer) print(to *bufio.Writer) {
	w.out = append([]byte(magic), binary.AppendUvarint(nil, uint64(len(w.bodies)))...)
	for _, b := range w.bodies {
		v := w.variables[b.variable]
		w.text(v.Name)
		w.number(uint64(v.Cell))
		w.text(v.Declaration)
		w.text(fullName(v.Type))
		w.number(uint64(b.objects))
		w.number(uint64(b.types))
		w.number(uint64(len(b.data)))
	}
	to.Write(w.out)
	for _, b := range w.bodies {
		to.Write(b.data)
	}
}

// fullName tells types of two processes apart.
func fullName(t types.Type) string { return types.TypeString(t, (*types.Package).Path) }

func (w *writer) variable(v Variable) error {
	if err := w.value(v.Type, v.Value); err != nil {
		return err
	}
	for len(w.queue) > 0 {
		p := w.queue[0]
		w.queue = w.queue[1:]
		if err := w.object(p); err != nil {
			return err
		}
		if w.size+len(w.out) > most {
			return staying("there is more than %d MB", most>>20)
		}
	}
	return nil
}

func (w *writer) number(n uint64) { w.out = binary.AppendUvarint(w.out, n) }

func (w *writer) text(s string) {
	w.number(uint64(len(s)))
	w.out = append(w.out, s...)
}

// object writes what a reference stands for.
func (w *writer) object(p pending) error {
	switch u := p.typ.Underlying().(type) {
	case *types.Map:
		w.number(uint64(p.v.Len()))
		for it := p.v.MapRange(); it.Next(); {
			if err := errors.Join(w.value(u.Key(), addressable(it.Key())), w.value(u.Elem(), addressable(it.Value()))); err != nil {
				return err
			}
		}
		return nil
	case *types.Slice:
		if p.v.Type().Elem().Size() == 0 {
			return nil
		}
		all := p.v.Slice(0, p.all)
		for i := range p.all {
			if err := w.value(u.Elem(), all.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case *types.Pointer:
		return w.value(u.Elem(), p.v.Elem())
	}
	return fmt.Errorf("an object of type %s", p.typ)
}

// addressable is a copy of a value that has an address.
func addressable(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(open(v))
	return c
}

// open gives a value without the mark that it is of a field that others do not see.
func open(v reflect.Value) reflect.Value {
	if v.CanInterface() || !v.CanAddr() {
		return v
	}
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}

// value writes a value, which has an address.
func (w *writer) value(typ types.Type, v reflect.Value) error {
	v = open(v)
	if done, err := w.special(typ, v); done || err != nil {
		return err
	}
	switch u := typ.Underlying().(type) {
	case *types.Basic:
		return w.basic(u, v)
	case *types.Array:
		for i := range v.Len() {
			if err := w.value(u.Elem(), v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case *types.Struct:
		for i := range u.NumFields() {
			if err := w.value(u.Field(i).Type(), v.Field(i)); err != nil {
				return err
			}
		}
		return nil
	case *types.Slice, *types.Pointer, *types.Map:
		return w.reference(typ, v)
	case *types.Interface:
		return w.dynamic(v)
	case *types.Chan:
		return w.onlyNil(v, "a channel")
	case *types.Signature:
		return w.onlyNil(v, "a function")
	}
	return staying("of the type %s", typ)
}

func (w *writer) onlyNil(v reflect.Value, what string) error {
	if !v.IsNil() {
		return &stays{what}
	}
	return nil
}

func (w *writer) basic(b *types.Basic, v reflect.Value) error {
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		n := uint64(0)
		if v.Bool() {
			n = 1
		}
		w.number(n)
	case info&types.IsString != 0:
		w.text(v.String())
	case info&types.IsUnsigned != 0:
		w.number(v.Uint())
	case info&types.IsInteger != 0:
		w.out = binary.AppendVarint(w.out, v.Int())
	case info&types.IsFloat != 0:
		w.out = binary.LittleEndian.AppendUint64(w.out, math.Float64bits(v.Float()))
	case info&types.IsComplex != 0:
		c := v.Complex()
		w.out = binary.LittleEndian.AppendUint64(w.out, math.Float64bits(real(c)))
		w.out = binary.LittleEndian.AppendUint64(w.out, math.Float64bits(imag(c)))
	default:
		return staying("of the type %s", b)
	}
	return nil
}

// special writes what is not just its parts. done is false for all else.
func (w *writer) special(typ types.Type, v reflect.Value) (done bool, err error) {
	named, ok := types.Unalias(typ).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() == session {
		return false, nil
	}
	if isTime(named) {
		// The monotonic clock is this process's.
		t := (*time.Time)(v.Addr().UnsafePointer())
		copied := t.Round(0)
		plain := reflect.NewAt(v.Type(), unsafe.Pointer(&copied)).Elem()
		st := typ.Underlying().(*types.Struct)
		for i := range st.NumFields() {
			if err := w.value(st.Field(i).Type(), plain.Field(i)); err != nil {
				return true, err
			}
		}
		return true, nil
	}
	return false, policy(named, v)
}

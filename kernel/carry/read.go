package carry

import (
	"encoding/binary"
	"errors"
	"fmt"
	"go/types"
	"io"
	"math"
	"reflect"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Read gives values to variables. declare declares one, from its name, cell and
// declaration, and returns its type and memory. Variables that have got no value are
// returned; they are declared, or cannot be.
func Read(from io.Reader, t Types, declare func(Variable) (types.Type, reflect.Value, error)) (left []cell.Left, err error) {
	data, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	r := &reader{t: t, rest: data}
	list, err := r.header()
	if err != nil {
		return nil, fmt.Errorf("the file of values is damaged: %w", err)
	}
	for i := range list {
		v := &list[i]
		typ, value, err := declare(v.Variable)
		if err == nil && fullName(typ) != v.typeName {
			err = fmt.Errorf("its type means something else now")
		}
		if err != nil {
			v.fault = err
			value = reflect.Value{}
		}
		v.Type, v.Value = typ, value
		r.objects = append(r.objects, r.own(*v))
	}
	for i := range list {
		v := &list[i]
		if fault := r.body(v); fault != nil {
			left = append(left, cell.Left{Name: v.Name, Reason: fault.Error()})
			if v.fault == nil {
				v.Value.SetZero()
			}
		}
	}
	return left, nil
}

// own is a variable as an object that pointers may refer to.
func (r *reader) own(v arriving) present {
	if v.fault != nil {
		return present{}
	}
	erased, err := r.t.Erased(v.Type)
	if err != nil {
		return present{}
	}
	return present{v.Value.Addr(), erased}
}

// present is an object that is there; the zero value is one that is missing.
type present struct {
	to  reflect.Value // a pointer to it, a map, or a slice of the whole array
	typ reflect.Type  // what is compared: the erased type of a pointer's element, a map or a slice
}

// arriving is a variable whose value comes.
type arriving struct {
	Variable
	typeName       string
	objects, types int
	length         int
	fault          error
}

var (
	errShort   = errors.New("it ends too soon")
	errDamaged = errors.New("its value is damaged")
	errMissing = errors.New("it refers to what a variable holds that could not come along")
)

type reader struct {
	t       Types
	rest    []byte
	objects []present
	types   []types.Type // nil for those that are missing
	queue   []arrived
	depth   int // of types and values in each other
}

// deepest bounds what a damaged file can make of the stack.
const deepest = 10_000

// arrived is an object whose content follows.
type arrived struct {
	typ types.Type
	v   reflect.Value // a map, a slice with all its array, or what a pointer refers to
}

// body reads the value of a variable. The objects and types of one that cannot be
// read are missing.
func (r *reader) body(v *arriving) (err error) {
	after := r.rest[v.length:]
	objects, kinds := len(r.objects)+v.objects, len(r.types)+v.types
	r.rest = r.rest[:v.length]
	err = v.fault
	if err == nil {
		err = r.variable(v)
	}
	r.rest, r.queue = after, nil
	if err == nil && (len(r.objects) != objects || len(r.types) != kinds) {
		err = errDamaged
	}
	for len(r.objects) < objects {
		r.objects = append(r.objects, present{})
	}
	for len(r.types) < kinds {
		r.types = append(r.types, nil)
	}
	r.objects, r.types = r.objects[:objects], r.types[:kinds]
	return err
}

func (r *reader) variable(v *arriving) error {
	if err := r.value(v.Type, v.Value); err != nil {
		return err
	}
	for len(r.queue) > 0 {
		a := r.queue[0]
		r.queue = r.queue[1:]
		if err := r.content(a); err != nil {
			return err
		}
	}
	if len(r.rest) > 0 {
		return errDamaged
	}
	return nil
}

func (r *reader) number() (uint64, error) {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		return 0, errShort
	}
	r.rest = r.rest[size:]
	return n, nil
}

func (r *reader) bytes(n uint64) ([]byte, error) {
	if n > uint64(len(r.rest)) {
		return nil, errShort
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b, nil
}

func (r *reader) text() (string, error) {
	n, err := r.number()
	if err != nil {
		return "", err
	}
	b, err := r.bytes(n)
	return string(b), err
}

// content reads what an object holds.
func (r *reader) content(a arrived) error {
	switch u := a.typ.Underlying().(type) {
	case *types.Map:
		n, err := r.number()
		if n > uint64(len(r.rest))+1 {
			return errShort
		}
		for ; n > 0 && err == nil; n-- {
			k, v := reflect.New(a.v.Type().Key()).Elem(), reflect.New(a.v.Type().Elem()).Elem()
			if err = r.value(u.Key(), k); err == nil {
				err = r.value(u.Elem(), v)
			}
			if err == nil {
				err = setIndex(a.v, k, v)
			}
		}
		return err
	case *types.Slice:
		if a.v.Type().Elem().Size() == 0 {
			return nil
		}
		for i := range a.v.Len() {
			if err := r.value(u.Elem(), a.v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case *types.Pointer:
		return r.value(u.Elem(), a.v)
	}
	return errDamaged
}

// setIndex sets an element of a map; a key may hold what cannot be hashed.
func setIndex(m, k, v reflect.Value) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("a key of a map cannot be one: %v", fault)
		}
	}()
	m.SetMapIndex(k, v)
	return nil
}

// value reads a value into memory.
func (r *reader) value(typ types.Type, v reflect.Value) error {
	v = open(v)
	switch u := typ.Underlying().(type) {
	case *types.Basic:
		return r.basic(u, v)
	case *types.Array:
		for i := range v.Len() {
			if err := r.value(u.Elem(), v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case *types.Struct:
		for i := range u.NumFields() {
			if err := r.value(u.Field(i).Type(), v.Field(i)); err != nil {
				return err
			}
		}
		return nil
	case *types.Slice, *types.Pointer, *types.Map:
		return r.reference(typ, v)
	case *types.Interface:
		return r.dynamic(v)
	case *types.Chan, *types.Signature:
		return nil
	}
	return errDamaged
}

func (r *reader) basic(b *types.Basic, v reflect.Value) error {
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		n, err := r.number()
		v.SetBool(n != 0)
		return err
	case info&types.IsString != 0:
		s, err := r.text()
		v.SetString(s)
		return err
	case info&types.IsUnsigned != 0:
		n, err := r.number()
		v.SetUint(n)
		return err
	case info&types.IsInteger != 0:
		n, size := binary.Varint(r.rest)
		if size <= 0 {
			return errShort
		}
		r.rest = r.rest[size:]
		v.SetInt(n)
		return nil
	case info&types.IsFloat != 0:
		f, err := r.float()
		v.SetFloat(f)
		return err
	case info&types.IsComplex != 0:
		re, err := r.float()
		if err != nil {
			return err
		}
		im, err := r.float()
		v.SetComplex(complex(re, im))
		return err
	}
	return errDamaged
}

func (r *reader) float() (float64, error) {
	b, err := r.bytes(8)
	if err != nil {
		return 0, err
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b)), nil
}

package carry

import (
	"errors"
	"fmt"
	"go/types"
	"math"
	"reflect"
	"unsafe"
)

// reference reads what a pointer, map or slice refers to.
func (r *reader) reference(typ types.Type, v reflect.Value) error {
	n, err := r.number()
	switch {
	case err != nil || n == 0:
		return err
	case n == asGlobal:
		x, err := r.global()
		if err != nil {
			return err
		}
		return r.pointTo(typ, v, x)
	}
	var capacity, length uint64
	if v.Kind() == reflect.Slice {
		if capacity, err = r.number(); err == nil {
			length, err = r.number()
		}
		if err != nil || length > capacity || capacity > math.MaxInt32 {
			return errors.Join(err, errDamaged)
		}
	}
	of := typ
	if p, ok := typ.Underlying().(*types.Pointer); ok {
		of = p.Elem()
	}
	erased, err := r.t.Erased(of)
	if err != nil {
		return err
	}
	id := n - 2 // numbers begin with 1
	if id == uint64(len(r.objects)) {
		if capacity > uint64(len(r.rest)) && v.Type().Elem().Size() > 0 {
			return errShort
		}
		r.create(typ, erased, v, int(capacity))
	}
	if id >= uint64(len(r.objects)) {
		return errDamaged
	}
	return point(v, erased, r.objects[id], int(capacity), int(length))
}

// pointTo makes a pointer point to what a variable of a package does.
func (r *reader) pointTo(typ types.Type, v, x reflect.Value) error {
	if x.Kind() == reflect.Interface {
		x = x.Elem()
	}
	p, ok := typ.Underlying().(*types.Pointer)
	if !ok || x.Kind() != reflect.Pointer {
		return errDamaged
	}
	if made, err := r.t.True(p.Elem()); err != nil || made != x.Type().Elem() {
		return errors.New("it refers to a variable of a package that has another type now")
	}
	*(*unsafe.Pointer)(v.Addr().UnsafePointer()) = x.UnsafePointer()
	return nil
}

// create makes a new object of the kind that v refers to.
func (r *reader) create(typ types.Type, erased reflect.Type, v reflect.Value, capacity int) {
	var x, content reflect.Value
	switch v.Kind() {
	case reflect.Map:
		x = reflect.MakeMap(v.Type())
		content = x
	case reflect.Slice:
		x = reflect.MakeSlice(v.Type(), capacity, capacity)
		content = x
	default:
		x = reflect.New(v.Type().Elem())
		content = x.Elem()
	}
	r.objects = append(r.objects, present{x, erased})
	r.queue = append(r.queue, arrived{typ, content})
}

// point makes v refer to an object of the same erased type. The types themselves may
// differ: a value in an interface has its true one.
func point(v reflect.Value, erased reflect.Type, o present, capacity, length int) error {
	if !o.to.IsValid() {
		return errMissing
	}
	if o.typ != erased || o.to.Kind() != v.Kind() {
		return errDamaged
	}
	word := v.Addr().UnsafePointer()
	if v.Kind() != reflect.Slice {
		*(*unsafe.Pointer)(word) = o.to.UnsafePointer()
		return nil
	}
	if o.to.Cap() != capacity {
		return errDamaged
	}
	*(*sliceWords)(word) = sliceWords{o.to.UnsafePointer(), length, capacity}
	return nil
}

// sliceWords is the memory of a slice.
type sliceWords struct {
	data     unsafe.Pointer
	len, cap int
}

// global reads the name of a variable of a package and finds it.
func (r *reader) global() (reflect.Value, error) {
	pkg, err := r.text()
	if err != nil {
		return reflect.Value{}, err
	}
	name, err := r.text()
	if err != nil {
		return reflect.Value{}, err
	}
	x, ok := r.t.Variable(pkg, name)
	if !ok {
		return x, fmt.Errorf("it refers to %s.%s, which is not there", pkg, name)
	}
	return x, nil
}

package carry

import (
	"errors"
	"fmt"
	"go/types"
	"reflect"
)

// dynamic reads what an interface holds.
func (r *reader) dynamic(v reflect.Value) error {
	kind, err := r.number()
	if err != nil {
		return err
	}
	if r.depth++; r.depth > deepest {
		return errDamaged
	}
	defer func() { r.depth-- }()
	switch kind {
	case holdsNothing:
		return nil
	case holdsGlobal:
		x, err := r.global()
		if err != nil {
			return err
		}
		return assign(v, x)
	case holdsErrorString, holdsWrapError:
		return r.error(v, kind)
	case holdsValue:
		typ, err := r.typ()
		if err != nil {
			return err
		}
		x, err := r.make(typ)
		if err != nil {
			return err
		}
		if err := r.value(typ, x); err != nil {
			return err
		}
		return assign(v, x)
	}
	return errDamaged
}

// make makes a variable of a type that the file describes.
func (r *reader) make(typ types.Type) (x reflect.Value, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("it holds a value of a type that there cannot be: %v", fault)
		}
	}()
	made, err := r.t.True(typ)
	if err != nil {
		return x, err
	}
	if made.Size() > uintptr(len(r.rest))*32+1024 { // more than what follows could fill
		return x, errShort
	}
	return reflect.New(made).Elem(), nil
}

func assign(v, x reflect.Value) error {
	if x.Kind() == reflect.Interface {
		x = x.Elem()
	}
	if !x.IsValid() || !x.Type().AssignableTo(v.Type()) {
		return errors.New("what it holds has other methods now")
	}
	v.Set(x)
	return nil
}

// error reads an error of the standard library.
func (r *reader) error(v reflect.Value, kind uint64) error {
	n, err := r.number()
	if err != nil {
		return err
	}
	if id := n - 2; id < uint64(len(r.objects)) {
		if !r.objects[id].to.IsValid() {
			return errMissing
		}
		return assign(v, r.objects[id].to)
	} else if id != uint64(len(r.objects)) {
		return errDamaged
	}
	r.objects = append(r.objects, present{})
	at := len(r.objects) - 1
	text, err := r.text()
	if err != nil {
		return err
	}
	made := errors.New(text)
	if kind == holdsWrapError {
		var inner error
		if err := r.dynamic(reflect.ValueOf(&inner).Elem()); err != nil {
			return err
		}
		made = fmt.Errorf("%w", inner)
		open(reflect.ValueOf(made).Elem().Field(0)).SetString(text)
	}
	r.objects[at].to = reflect.ValueOf(made)
	return assign(v, r.objects[at].to)
}

// typ reads a type.
func (r *reader) typ() (types.Type, error) {
	n, err := r.number()
	if err != nil {
		return nil, err
	}
	if n > 0 {
		if n > uint64(len(r.types)) || r.types[n-1] == nil {
			return nil, errors.New("a type that it holds is missing")
		}
		return r.types[n-1], nil
	}
	t, err := r.newType()
	if err == nil {
		r.types = append(r.types, t)
	}
	return t, err
}

func (r *reader) newType() (types.Type, error) {
	how, err := r.number()
	if err != nil {
		return nil, err
	}
	if r.depth++; r.depth > deepest {
		return nil, errDamaged
	}
	defer func() { r.depth-- }()
	switch how {
	case makeName:
		return r.named()
	case makeArray:
		n, err := r.number()
		if err != nil || n > most {
			return nil, errors.Join(err, errShort)
		}
		elem, err := r.typ()
		if err != nil {
			return nil, err
		}
		return types.NewArray(elem, int64(n)), nil
	case makeMap:
		key, err := r.typ()
		if err != nil {
			return nil, err
		}
		elem, err := r.typ()
		if err != nil {
			return nil, err
		}
		if !types.Comparable(key) {
			return nil, errDamaged
		}
		return types.NewMap(key, elem), nil
	case makePointer, makeSlice:
		elem, err := r.typ()
		if err != nil {
			return nil, err
		}
		if how == makeSlice {
			return types.NewSlice(elem), nil
		}
		return types.NewPointer(elem), nil
	}
	return nil, errDamaged
}

// named reads the name of a type.
func (r *reader) named() (types.Type, error) {
	path, err := r.text()
	if err != nil {
		return nil, err
	}
	name, err := r.text()
	if err != nil {
		return nil, err
	}
	var obj *types.TypeName
	if path == "" {
		obj, _ = types.Universe.Lookup(name).(*types.TypeName)
	} else {
		obj = r.t.Name(path, name)
	}
	if obj == nil {
		return nil, fmt.Errorf("it holds a value of the type %s, which is not there", name)
	}
	return obj.Type(), nil
}

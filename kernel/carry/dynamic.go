package carry

import (
	"errors"
	"fmt"
	"go/types"
	"reflect"
)

// What an interface holds.
const (
	holdsNothing     = iota
	holdsValue       // a type, and a value of it
	holdsGlobal      // what a variable of a package holds
	holdsErrorString // what errors.New makes
	holdsWrapError   // what fmt.Errorf makes with one %w
)

var (
	errorString = reflect.TypeOf(errors.New(""))
	wrapError   = reflect.TypeOf(fmt.Errorf("%w", errors.New("")))
)

// dynamic writes what an interface holds.
func (w *writer) dynamic(v reflect.Value) error {
	if v.IsNil() {
		w.number(holdsNothing)
		return nil
	}
	e := v.Elem()
	if e.Kind() == reflect.Pointer && !e.IsNil() {
		if pkg, name, ok := w.t.Global(e.Pointer()); ok {
			w.number(holdsGlobal)
			w.text(pkg)
			w.text(name)
			return nil
		}
	}
	switch e.Type() {
	case errorString:
		w.number(holdsErrorString)
		return w.once(e, func() error {
			w.text(e.Elem().Field(0).String())
			return nil
		})
	case wrapError:
		w.number(holdsWrapError)
		return w.once(e, func() error {
			w.text(e.Elem().Field(0).String())
			return w.dynamic(open(e.Elem().Field(1)))
		})
	}
	typ, ok := w.typeOf(e.Type())
	if !ok {
		return staying("it holds a value of the type %s", e.Type())
	}
	w.number(holdsValue)
	if err := w.typ(typ); err != nil {
		return err
	}
	return w.value(typ, addressable(e))
}

// once writes an object of a package at its first reference.
func (w *writer) once(e reflect.Value, write func() error) error {
	key := object{e.Pointer(), e.Type().Elem(), e.Type().Elem().Size()}
	if id := w.objects[key]; id != 0 {
		w.number(uint64(id + 1))
		return nil
	}
	w.number(uint64(w.add(key) + 1))
	return write()
}

// typeOf finds the type of a value in an interface.
func (w *writer) typeOf(r reflect.Type) (types.Type, bool) {
	if t, ok := w.t.Of(r); ok {
		return t, true
	}
	if r.PkgPath() != "" {
		if obj := w.t.Name(r.PkgPath(), r.Name()); obj != nil {
			return obj.Type(), true
		}
		return nil, false
	}
	if r.Name() != "" {
		obj, ok := types.Universe.Lookup(r.Name()).(*types.TypeName)
		if !ok {
			return nil, false
		}
		return obj.Type(), true
	}
	return w.composite(r)
}

func (w *writer) composite(r reflect.Type) (types.Type, bool) {
	switch r.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
	case reflect.Interface:
		return types.Universe.Lookup("any").Type(), r.NumMethod() == 0
	default:
		return nil, false
	}
	elem, ok := w.typeOf(r.Elem())
	if !ok {
		return nil, false
	}
	switch r.Kind() {
	case reflect.Pointer:
		return types.NewPointer(elem), true
	case reflect.Slice:
		return types.NewSlice(elem), true
	case reflect.Array:
		return types.NewArray(elem, int64(r.Len())), true
	}
	key, ok := w.typeOf(r.Key())
	return types.NewMap(key, elem), ok
}

// How a type is made.
const (
	makeName = iota
	makePointer
	makeSlice
	makeArray
	makeMap
)

// typ writes a type.
func (w *writer) typ(t types.Type) error {
	t = types.Unalias(t)
	for i, known := range w.types {
		if types.Identical(known, t) {
			w.number(uint64(i + 1))
			return nil
		}
	}
	w.number(0)
	if err := w.newType(t); err != nil {
		return err
	}
	w.types = append(w.types, t)
	return nil
}

func (w *writer) newType(t types.Type) error {
	switch t := t.(type) {
	case *types.Basic:
		w.number(makeName)
		w.text("")
		w.text(t.Name())
		return nil
	case *types.Named:
		return w.named(t)
	case *types.Pointer:
		w.number(makePointer)
		return w.typ(t.Elem())
	case *types.Slice:
		w.number(makeSlice)
		return w.typ(t.Elem())
	case *types.Array:
		w.number(makeArray)
		w.number(uint64(t.Len()))
		return w.typ(t.Elem())
	case *types.Map:
		w.number(makeMap)
		if err := w.typ(t.Key()); err != nil {
			return err
		}
		return w.typ(t.Elem())
	case *types.Interface:
		if t.Empty() {
			w.number(makeName)
			w.text("")
			w.text("any")
			return nil
		}
	}
	return staying("it holds a value of the type %s", t)
}

// named writes a type that a cell or a package has declared, and that its name still
// means.
func (w *writer) named(n *types.Named) error {
	obj := n.Obj()
	path := ""
	if obj.Pkg() != nil {
		path = obj.Pkg().Path()
	}
	if path != "" && w.t.Name(path, obj.Name()) != obj || n.TypeArgs().Len() > 0 {
		return staying("it holds a value of the type %s, which cannot be named", types.TypeString(n, func(p *types.Package) string { return p.Name() }))
	}
	w.number(makeName)
	w.text(path)
	w.text(obj.Name())
	return nil
}

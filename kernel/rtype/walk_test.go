package rtype

import (
	"fmt"
	"io"
	"reflect"
)

// walker writes what reflection tells of a type and of all types that it leads to.
// TestAsCompiled also compiles this file into a program.
type walker struct {
	io.Writer
	seen map[reflect.Type]bool
}

func (w *walker) walk(t reflect.Type) {
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	fmt.Fprintf(w, "%v: name %q path %q kind %v size %d align %d/%d comparable %v\n",
		t, t.Name(), t.PkgPath(), t.Kind(), t.Size(), t.Align(), t.FieldAlign(), t.Comparable())
	if t.PkgPath() != "" && t.PkgPath() != "main" && t.PkgPath() != "sync/atomic" {
		return
	}
	var next []reflect.Type
	for i := range t.NumMethod() {
		m := t.Method(i)
		by, ok := t.MethodByName(m.Name)
		fmt.Fprintf(w, "  method %d %s %q %v %v\n", i, m.Name, m.PkgPath, m.Type, ok && by.Index == i)
		next = append(next, m.Type)
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			fmt.Fprintf(w, "  field %s %q %v %q %d %v %v\n", f.Name, f.PkgPath, f.Type, f.Tag, f.Offset, f.Index, f.Anonymous)
			next = append(next, f.Type)
		}
		for _, f := range reflect.VisibleFields(t) {
			fmt.Fprintf(w, "  visible %s %v\n", f.Name, f.Index)
		}
		next = append(next, reflect.PointerTo(t))
	case reflect.Pointer, reflect.Slice:
		next = append(next, t.Elem())
	case reflect.Array:
		fmt.Fprintf(w, "  len %d\n", t.Len())
		next = append(next, t.Elem(), reflect.SliceOf(t.Elem()))
	case reflect.Chan:
		fmt.Fprintf(w, "  dir %v\n", t.ChanDir())
		next = append(next, t.Elem())
	case reflect.Map:
		next = append(next, t.Key(), t.Elem())
	case reflect.Func:
		fmt.Fprintf(w, "  variadic %v\n", t.IsVariadic())
		for in := range t.Ins() {
			next = append(next, in)
		}
		for out := range t.Outs() {
			next = append(next, out)
		}
	}
	if t.Name() != "" && t.Kind() != reflect.Interface {
		next = append(next, reflect.PointerTo(t), reflect.New(t).Type())
	}
	fmt.Fprintf(w, "  zero %#v\n", reflect.Zero(t))
	for _, n := range next {
		w.walk(n)
	}
}

package rtype

import (
	"container/list"
	"fmt"
	"reflect"
	"runtime"
	"testing"
)

func TestVersions(t *testing.T) {
	w := newWorld(t, `
type T int
type Holder struct { T T; p *T }
type I interface { Take(T) }
type Late struct{}
func (Late) String() string { return "" }
`)
	before := w.box("T", 1)
	_, ok := before.(fmt.Stringer)
	w.want("before", ok, false)
	holder, iface := w.R("Holder"), w.R("I")
	late := w.method(w.typ("Late"), "String")
	if err := w.SetMethod(w.typ("T"), late, reflect.Value{}, reflect.ValueOf(func(i int) string { return "now" })); err != nil {
		t.Fatal(err)
	}
	w.want("after", fmt.Sprint(w.box("T", 1)), "now")
	w.want("the old value", fmt.Sprint(before), "1")
	w.want("the old value made current", fmt.Sprint(Retype(reflect.ValueOf(before), w.Current(reflect.TypeOf(before)))), "now")
	w.want("holder", fmt.Sprint(w.box("Holder", struct {
		F0 int
		F1 *int
	}{2, nil})), "{now <nil>}")
	w.want("interface", w.R("I"), iface)
	for _, r := range []reflect.Type{holder, w.R("Holder"), reflect.TypeOf(before), w.R("T"), reflect.SliceOf(holder)} {
		typ, ok := w.Of(r)
		w.want("known "+r.String(), ok, true)
		if r.Kind() == reflect.Slice {
			w.want("of", typ.String(), "[]main.Holder")
		}
	}
	// A method of the same signature gets new code in place.
	r := w.R("T")
	v := w.box("T", 1)
	if err := w.SetMethod(w.typ("T"), late, reflect.Value{}, reflect.ValueOf(func(i int) string { return "then" })); err != nil {
		t.Fatal(err)
	}
	w.want("same type", w.R("T"), r)
	w.want("new code", fmt.Sprint(v), "then")
}

func TestRefresh(t *testing.T) {
	w := newWorld(t, `
type T int
type P struct { n int }
type Node struct { next *Node; v any }
type Late struct{}
func (Late) String() string { return "" }
type I interface { M() }
func (P) M() {}
`)
	e := w.E("Node")
	node := func(next reflect.Value, v any) reflect.Value {
		n := reflect.New(e)
		if next.IsValid() {
			n.Elem().Field(0).Set(next)
		}
		if v != nil {
			n.Elem().Field(1).Set(reflect.ValueOf(v))
		}
		return n
	}
	one := func() any { return w.box("T", 1) }
	var (
		direct          = one()
		inner           = node(node(reflect.Value{}, w.box("P", struct{ F0 int }{2})), one())
		slice           = []any{1, one(), []any{one()}, map[string]any{"k": one()}}
		keys            = map[any]int{one(): 5, "other": 6}
		structs         = map[string]struct{ A, B any }{"x": {one(), 2}}
		l               = list.New()
		iface           = reflect.New(w.R("I")).Elem()
		boxedStruct any = struct{ x any }{one()}
		long        reflect.Value
	)
	l.PushBack(one())
	iface.Set(reflect.ValueOf(w.box("P", struct{ F0 int }{3})))
	for range 20000 {
		long = node(long, nil)
	}
	long = node(node(long, one()), nil)
	all := reflect.ValueOf(&struct {
		A any
		C []any
		D map[any]int
		E map[string]struct{ A, B any }
		F *list.List
		G any
		I any
	}{direct, slice, keys, structs, l, boxedStruct, inner.Interface()}).Elem()
	print := func() string {
		n, next := inner.Elem(), inner.Elem().Field(0).Elem()
		return fmt.Sprint(all.Field(0), n.Field(1), next.Field(1), slice, len(keys), keys[one()], structs,
			l.Front().Value, boxedStruct, long.Elem().Field(0).Elem().Field(1), iface)
	}
	w.Refresh(all) // nothing is older
	w.want("before", print(), "1 1 {2} [1 1 [1] map[k:1]] 2 5 map[x:{1 2}] 1 {1} 1 {3}")
	late := w.method(w.typ("Late"), "String")
	for typ, fn := range map[string]any{
		"T": func(i int) string { return "T!" },
		"P": func(struct{ F0 int }) string { return "P!" },
	} {
		if err := w.SetMethod(w.typ(typ), late, reflect.Value{}, reflect.ValueOf(fn)); err != nil {
			t.Fatal(err)
		}
	}
	w.Refresh(all)
	w.Refresh(iface)
	w.Refresh(long.Elem())
	runtime.GC()
	w.want("after", print(), "T! T! P! [1 T! [T!] map[k:T!]] 2 5 map[x:{T! 2}] T! {1} T! P!")
	w.want("inside of a box", boxedStruct == any(struct{ x any }{one()}), true)
	w.want("equal", all.Field(0).Interface() == one(), true)
}

package rtype

import (
	"bytes"
	"encoding/gob"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"sort"
	"strings"
	"sync"
	"testing"
	"text/template"
)

// Methods that come from embedded fields need no code of their own.
func TestPromoted(t *testing.T) {
	w := newWorld(t, `
import ("bytes"; "sync"; "sort"; "reflect"; "fmt")
type Log struct { *bytes.Buffer; n int }
type Safe struct { n int; sync.Mutex }
type Reversed struct { sort.Interface }
func (r Reversed) Less(i, j int) bool { return false }
type Fails struct { error }
type Kind struct { reflect.Type }
type Named struct { name string }
func (n *Named) Name() string { return "" }
func (n Named) Hidden() string { return "" }
type Middle struct { pad [3]int; *Named }
type Top struct { x string; Middle }
type Namer interface { Name() string }
type Holds struct { Namer }
type secret interface { keep(string, ...int) (int, error) }
type Keeper int
func (k *Keeper) keep(s string, more ...int) (int, error) { return 0, nil }
type Safe2 struct { pad [2]string; secret }
var literal struct { n int; Named }
var _ fmt.Stringer
`)
	w.set("Named", "Name", reflect.MakeFunc(reflect.FuncOf([]reflect.Type{reflect.PointerTo(w.E("Named"))}, []reflect.Type{reflect.TypeFor[string]()}, false),
		func(args []reflect.Value) []reflect.Value { return []reflect.Value{args[0].Elem().Field(0)} }).Interface())
	w.set("Named", "Hidden", func(n struct{ F0 string }) string { return "hidden " + n.F0 })

	log := reflect.New(w.R("Log"))
	Retype(log.Elem(), w.E("Log")).Field(0).Set(reflect.ValueOf(&bytes.Buffer{}))
	fmt.Fprintf(log.Elem().Interface().(io.Writer), "hello %d", 1)
	w.want("embedded *bytes.Buffer", fmt.Sprint(log.Interface()), "hello 1")

	safe := reflect.New(w.R("Safe"))
	l := safe.Interface().(sync.Locker)
	l.Lock()
	w.want("locked", safe.Interface().(interface{ TryLock() bool }).TryLock(), false)
	l.Unlock()
	_, ok := safe.Elem().Interface().(sync.Locker)
	w.want("a value has no Lock", ok, false)

	w.set("Reversed", "Less", func(r struct{ F0 sort.Interface }, i, j int) bool { return r.F0.Less(j, i) })
	list := []int{1, 3, 2}
	sort.Sort(w.box("Reversed", struct{ F0 sort.Interface }{sort.IntSlice(list)}).(sort.Interface))
	w.want("reversed", list, []int{3, 2, 1})

	w.want("embedded error", w.box("Fails", struct{ F0 error }{io.EOF}).(error).Error(), "EOF")
	func() {
		defer func() {
			_, isRuntime := recover().(runtime.Error)
			w.want("nil embedded error", isRuntime, true)
		}()
		_ = w.box("Fails", struct{ F0 error }{}).(error).Error()
	}()
	kind, ok := w.box("Kind", struct{ F0 reflect.Type }{reflect.TypeFor[int]()}).(reflect.Type)
	w.want("an interface with methods that are not exported", ok, true)
	w.want("its method", kind.Kind(), reflect.Int)
	w.want("its method that is not exported", reflect.TypeFor[int]().AssignableTo(kind), true)

	type named = struct{ F0 string }
	n := &named{"ann"}
	for expr, v := range map[string]any{
		"Middle": struct {
			F0 [3]int
			F1 *named
		}{F1: n},
		"Top": struct {
			F0 string
			F1 struct {
				F0 [3]int
				F1 *named
			}
		}{F1: struct {
			F0 [3]int
			F1 *named
		}{F1: n}},
		"*Named": n,
	} {
		boxed := w.box(expr, v)
		w.want(expr, boxed.(interface{ Name() string }).Name(), "ann")
		w.want(expr, boxed.(interface{ Hidden() string }).Hidden(), "hidden ann")
	}
	lit := reflect.New(w.R("literal"))
	Retype(lit.Elem(), w.E("literal")).Field(1).Field(0).SetString("lit")
	w.want("struct without name", lit.Interface().(interface{ Name() string }).Name(), "lit")
	w.want("its value", lit.Elem().Interface().(interface{ Hidden() string }).Hidden(), "hidden lit")

	w.set("Keeper", "keep", func(k *int, s string, more ...int) (int, error) { *k += len(s); return *k + len(more), io.EOF })
	k := 40
	safe2 := reflect.New(w.R("Safe2"))
	Retype(safe2.Elem(), w.E("Safe2")).Field(1).Set(reflect.ValueOf(w.box("*Keeper", &k)))
	is := reflect.New(w.R("secret")).Elem()
	is.Set(safe2.Elem())
	got, err := callHidden(is, "abc", 7, 8)
	w.want("method that is not exported of an embedded interface", []any{got, err}, []any{45, io.EOF})

	holds := reflect.New(w.R("Holds")).Elem()
	Retype(holds, w.E("Holds")).Field(0).Set(reflect.ValueOf(w.box("*Named", n)))
	w.want("embedded interface", holds.Interface().(interface{ Name() string }).Name(), "ann")
}

// callHidden calls the only method of an interface as compiled code does.
func callHidden(iface reflect.Value, s string, more ...int) (int, error) {
	holder := reflect.New(iface.Type())
	holder.Elem().Set(iface)
	return (*(*interface {
		keep(string, ...int) (int, error)
	})(holder.UnsafePointer())).keep(s, more...)
}

func TestInterfaces(t *testing.T) {
	w := newWorld(t, `
type T struct { n int }
func (t T) Double(x T) T { return x }
func (t T) hidden() int { return 0 }
func (t *T) set(n int) {}
type Doubler interface { Double(T) T; hidden() int }
type Setter interface { Doubler; set(n int) }
type Other interface { Double(int) int }
`)
	type e = struct{ F0 int }
	w.set("T", "Double", func(t, x e) e { return e{t.F0 + x.F0} })
	w.set("T", "hidden", func(t e) int { return t.F0 })
	w.set("T", "set", func(t *e, n int) { t.F0 = n })
	d, s := w.R("Doubler"), w.R("Setter")
	w.want("T is a Doubler", w.R("T").Implements(d), true)
	w.want("T is a Setter", w.R("T").Implements(s), false)
	w.want("*T is a Setter", w.R("*T").Implements(s), true)
	w.want("T is Other", w.R("T").Implements(w.R("Other")), false)
	w.want("a Setter is a Doubler", s.Implements(d), true)
	w.want("path", d.PkgPath()+" "+d.Method(1).PkgPath+" "+d.String(), "main main main.Doubler")

	v := reflect.New(s).Elem()
	p := &e{20}
	v.Set(reflect.ValueOf(w.box("*T", p)))
	got := v.MethodByName("Double").Call([]reflect.Value{reflect.ValueOf(w.box("T", e{3}))})[0]
	w.want("through an interface", fmt.Sprintf("%+v", got.Interface()), "{n:23}")
	as := reflect.New(d).Elem()
	as.Set(v)
	w.want("converted", as.Elem().Type(), w.R("*T"))
	defer func() {
		w.want("panic", fmt.Sprint(recover()), "interface conversion: main.T is not fmt.Stringer: missing method String")
	}()
	_ = w.box("T", e{}).(fmt.Stringer)
}

// Named types of every kind have methods, after which parameters and such still
// stand where reflection looks for them.
func TestKindsWithMethods(t *testing.T) {
	w := newWorld(t, `
import "unsafe"
type Bool bool
func (x Bool) String() string { return "" }
type Func func(int, string) (bool, error)
func (x Func) String() string { return "" }
type Chan <-chan int
func (x Chan) String() string { return "" }
type Arr [3]string
func (x Arr) String() string { return "" }
type One [1]*int
func (x One) String() string { return "" }
type Slice []any
func (x Slice) String() string { return "" }
type Map map[int8]Map
func (x Map) String() string { return "" }
type Cplx complex64
func (x Cplx) String() string { return "" }
type Huge [100000]*Huge
func (x *Huge) String() string { return "" }
type Gen[A, B any] struct { a A; b B }
func (x Gen[A, B]) String() string { return "" }
var gen Gen[int8, Gen[string, Bool]]
type Ptr unsafe.Pointer
`)
	one := 1
	ch := make(<-chan int)
	for expr, v := range map[string]any{
		"Bool": true, "Func": func(int, string) (bool, error) { return true, io.EOF }, "Chan": ch, "Arr": [3]string{"a", "b", "c"},
		"One": [1]*int{&one}, "Slice": []any{1, "x"}, "Cplx": complex64(1i), "Map": nil, "Huge": nil, "gen": nil,
	} {
		e, r := w.E(expr), w.R(expr)
		w.sameLayout(expr, e, r, map[[2]reflect.Type]bool{})
		value := reflect.New(e).Elem()
		if v != nil {
			value.Set(reflect.ValueOf(v))
		}
		recv := e
		if expr == "Huge" {
			recv = reflect.PointerTo(e)
			value = value.Addr()
			r = w.R("*Huge")
		}
		code := reflect.MakeFunc(reflect.FuncOf([]reflect.Type{recv}, []reflect.Type{reflect.TypeFor[string]()}, false),
			func(args []reflect.Value) []reflect.Value {
				if k := recv.Kind(); k != reflect.Func && k != reflect.Slice && k != reflect.Map && args[0].Interface() != value.Interface() {
					t.Errorf("%s got another receiver: %v", expr, args[0])
				}
				return []reflect.Value{reflect.ValueOf("I am " + expr)}
			})
		w.set(expr, "String", code.Interface())
		w.want(expr, Retype(value, r).Interface().(fmt.Stringer).String(), "I am "+expr)
		w.want("pointer to "+expr, reflect.PointerTo(w.R(expr)), reflect.New(w.R(expr)).Type())
	}
	f := w.R("Func")
	w.want("Func", fmt.Sprint(f.In(0), f.In(1), f.Out(0), f.Out(1)), "int string bool error")
	fn := reflect.ValueOf(w.box("Func", func(int, string) (bool, error) { return true, io.EOF }))
	w.want("called", fmt.Sprint(fn.Call([]reflect.Value{reflect.ValueOf(1), reflect.ValueOf("")})[1]), "EOF")
	w.want("Arr", w.R("Arr").Len(), 3)
	w.want("Chan", w.R("Chan").ChanDir(), reflect.RecvDir)
	w.want("Map", w.R("Map").Elem(), w.R("Map"))
	w.want("Ptr", w.R("Ptr").Kind(), reflect.UnsafePointer)
	w.want("gen", w.R("gen").String(), "main.Gen[int8,main.Gen[string,main.Bool]]")
	huge := reflect.New(w.R("Huge"))
	huge.Elem().Index(99999).Set(huge)
	runtime.GC()
	w.want("huge", huge.Elem().Index(99999).Interface(), huge.Interface())
}

func TestEncoders(t *testing.T) {
	w := newWorld(t, `
import "time"
type Color int
func (c Color) String() string { return "" }
type Item struct { Name string "xml:\"name,attr\""; Tags []string "xml:\"tag\""; D time.Duration; C Color }
type Cart struct { Items []Item; By map[string]*Item "xml:\"-\"" }
func (c *Cart) Total(f float64, more ...int) string { return "" }
`)
	w.set("Color", "String", func(c int) string { return [...]string{"red", "green"}[c] })
	cartPtr := reflect.PointerTo(w.E("Cart"))
	w.set("Cart", "Total", reflect.MakeFunc(reflect.FuncOf([]reflect.Type{cartPtr, reflect.TypeFor[float64](), reflect.TypeFor[[]int]()},
		[]reflect.Type{reflect.TypeFor[string]()}, true), func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(fmt.Sprint(args[0].Elem().Field(0).Len(), args[1].Float(), args[2].Len()))}
	}).Interface())
	v := reflect.New(w.R("Cart"))
	in := `<Cart><Items name="a"><tag>x</tag><tag>y</tag><D>5</D><C>1</C></Items></Cart>`
	if err := xml.Unmarshal([]byte(in), v.Interface()); err != nil {
		t.Fatal(err)
	}
	out, err := xml.Marshal(v.Interface())
	w.want("xml error", err, nil)
	w.want("xml", string(out), in)

	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(v.Interface()); err != nil {
		t.Fatal(err)
	}
	back := reflect.New(w.R("Cart"))
	if err := gob.NewDecoder(&buf).Decode(back.Interface()); err != nil {
		t.Fatal(err)
	}
	w.want("gob", reflect.DeepEqual(back.Elem().Field(0).Interface(), v.Elem().Field(0).Interface()), true)
	w.want("%+v", fmt.Sprintf("%+v", back.Elem().Field(0)), "[{Name:a Tags:[x y] D:5ns C:green}]")

	buf.Reset()
	err = template.Must(template.New("").Parse(`{{range .Items}}{{.Name}} {{.C}}{{end}} {{.Total 1.5 1 2}}`)).Execute(&buf, v.Interface())
	w.want("template error", err, nil)
	w.want("template", buf.String(), "a green 1 1.5 2")
}

func TestErrorsOfUse(t *testing.T) {
	w := newWorld(t, `
type T struct{}
func (T) M(int) string { return "" }
type B chan [1 << 20]int
func G[P any](p P) {}
`)
	none := reflect.Value{}
	m := w.method(w.typ("T"), "M")
	for want, err := range map[string]error{
		"no code given":       w.SetMethod(w.typ("T"), m, none, none),
		"cannot have methods": w.SetMethod(w.typ("*T"), m, none, reflect.ValueOf(func(struct{}, int) string { return "" })),
		"has the type func(int) string and not func(struct {}, int) string": w.SetMethod(w.typ("T"), m, none, reflect.ValueOf(func(int) string { return "" })),
		"its code is nil": w.SetMethod(w.typ("T"), m, none, reflect.ValueOf((func(struct{}, int) string)(nil))),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got the error %v, want one with %q", err, want)
		}
	}
	for _, make := range []func() (reflect.Type, error){
		func() (reflect.Type, error) { return w.True(w.typ("B")) },
		func() (reflect.Type, error) { return w.Erased(w.typ("[]map[string]B")) },
		func() (reflect.Type, error) { return w.True(w.typ("G").Underlying()) },
		func() (reflect.Type, error) { return w.True(nil) },
	} {
		if r, err := make(); err == nil {
			t.Errorf("made %v", r)
		}
	}
	defer func() {
		w.want("panic", fmt.Sprint(recover()), "method (main.T).M has no code yet")
	}()
	w.box("T", struct{}{}).(interface{ M(int) string }).M(1)
}

func TestNilReceiver(t *testing.T) {
	w := newWorld(t, `
type T struct{ n int }
func (T) String() string { return "" }
`)
	w.set("T", "String", func(struct{ F0 int }) string { return "t" })
	p := reflect.Zero(w.R("*T")).Interface()
	w.want("fmt", fmt.Sprint(p), "<nil>")
	defer func() {
		err, _ := recover().(runtime.Error)
		if err == nil || err.Error() != "value method main.T.String called using nil *T pointer" {
			t.Errorf("panic %v", err)
		}
	}()
	_ = p.(fmt.Stringer).String()
}

func TestConcurrentUse(t *testing.T) {
	w := newWorld(t, recursions+`
type Err struct { n *Node }
func (e Err) Error() string { return "" }
`)
	names := strings.Fields("Node A B C F S M Ch P Arr I Rec S2 N2 Key Err tree")
	typs := make([]reflect.Type, len(names))
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range names {
				k := (i*7 + g*3) % len(names)
				typ := w.typ(names[k])
				r, err := w.True(typ)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := w.Erased(typ); err != nil {
					t.Error(err)
				}
				if _, ok := w.Of(r); !ok {
					t.Errorf("%v is not known", r)
				}
				_ = fmt.Sprint(reflect.Zero(reflect.SliceOf(r)).Interface())
			}
			e := w.E("Err")
			code := reflect.MakeFunc(reflect.FuncOf([]reflect.Type{e}, []reflect.Type{reflect.TypeFor[string]()}, false),
				func([]reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf("failed")} })
			if err := w.SetMethod(w.typ("Err"), w.method(w.typ("Err"), "Error"), reflect.Value{}, code); err != nil {
				t.Error(err)
			}
			v := reflect.New(w.R("Err")).Elem().Interface().(error)
			if !errors.Is(fmt.Errorf("%w", v), v) || v.Error() != "failed" {
				t.Errorf("%v", v)
			}
		})
	}
	wg.Wait()
	for i, name := range names {
		typs[i] = w.R(name)
	}
}

// A long chain of types, and deep nesting, are made without trouble.
func TestDepth(t *testing.T) {
	var b strings.Builder
	const n = 1500
	for i := range n {
		fmt.Fprintf(&b, "type T%d struct { next *T%d; m map[string]T%d; s []struct { x T%d } }\n", i, i+1, i+1, i+1)
	}
	fmt.Fprintf(&b, "type T%d struct { first *T0 }\n", n)
	w := newWorld(t, b.String())
	w.sameLayout("T0", w.E("T0"), w.R("T0"), map[[2]reflect.Type]bool{})
	w.want("last", w.R(fmt.Sprintf("T%d", n)).Field(0).Type.Elem(), w.R("T0"))
}

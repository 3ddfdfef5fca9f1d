package rtype

import (
	"fmt"
	"go/types"
	"iter"
	"reflect"
	"strings"
	"testing"
	"time"
)

// What stands in want was printed by compiled Go.
func TestStrings(t *testing.T) {
	w := newWorld(t, `
import ("encoding/json"; "time"; "sync/atomic"; "iter"; "bytes")
type T struct{}
type List[X any] struct { next *List[X]; v X }
type Pair[A, B any] struct { a A; b B }
type I interface { m(); M(T) }
var (
	_ bytes.Buffer
	a Pair[string, T]
	b List[struct { a int; B string "x:\"y\""; T }]
	c List[any]
	d List[interface { M(T) int; m() }]
	e List[func(int, ...string) (T, error)]
	f List[map[string]json.Decoder]
	g Pair[<-chan time.Duration, chan<- int]
	h Pair[chan (<-chan int), chan int]
	i Pair[List[Pair[int8, [3]T]], byte]
	j atomic.Pointer[json.Decoder]
	k atomic.Pointer[T]
	l struct { a int; B string "x:\"y\""; T; *I2; _ int }
	m [0]interface { m(); M(T) int; String() string }
	n [0]interface { error }
	o [0]interface {}
	p [0]struct {}
	q [0]func()
	r iter.Seq[string]
	s map[T][]*I
	u func(T, ...I) (x, y chan T)
	v struct { a int; B []T }
)
type I2 int
`)
	for name, want := range map[string]string{
		"a": "main.Pair[string,main.T]",
		"b": `main.List[struct { main.a int; B string "x:\"y\""; main.T }]`,
		"c": "main.List[interface {}]",
		"d": "main.List[interface { M(main.T) int; main.m() }]",
		"e": "main.List[func(int, ...string) (main.T, error)]",
		"f": "main.List[map[string]encoding/json.Decoder]",
		"g": "main.Pair[<-chan time.Duration,chan<- int]",
		"h": "main.Pair[chan (<-chan int),chan int]",
		"i": "main.Pair[main.List[main.Pair[int8,[3]main.T]],uint8]",
		"j": "atomic.Pointer[encoding/json.Decoder]",
		"k": "atomic.Pointer[main.T]",
		"l": `struct { a int; B string "x:\"y\""; main.T; *main.I2; _ int }`,
		"m": "[0]interface { M(main.T) int; String() string; main.m() }",
		"n": "[0]interface { Error() string }",
		"o": "[0]interface {}",
		"p": "[0]struct {}",
		"q": "[0]func()",
		"r": "iter.Seq[string]",
		"s": "map[main.T][]*main.I",
		"u": "func(main.T, ...main.I) (chan main.T, chan main.T)",
		"v": "struct { a int; B []main.T }",
	} {
		w.want(name, w.R(name).String(), want)
		w.want("%T of "+name, fmt.Sprintf("%T", reflect.Zero(w.R(name)).Interface()), want)
	}
	w.want("name", w.R("a").Name(), "Pair[string,main.T]")
	w.want("path", w.R("k").PkgPath(), "sync/atomic")
	w.want("compiled instance", w.R("r"), reflect.TypeFor[iter.Seq[string]]())
}

func TestOrdinaryTypes(t *testing.T) {
	w := newWorld(t, `
import ("time"; "net/http"; "sync"; "image")
type M sync.Mutex
type P image.Point
var a []int; var b time.Duration; var c map[string][]time.Duration; var d func(int, ...any) error
var e struct { X int }; var f http.Handler; var g *http.Header; var h chan<- [3]error
`)
	for name, want := range map[string]reflect.Type{
		"a": reflect.TypeFor[[]int](),
		"b": reflect.TypeFor[time.Duration](),
		"c": reflect.TypeFor[map[string][]time.Duration](),
		"d": reflect.TypeFor[func(int, ...any) error](),
		"e": reflect.TypeFor[struct{ X int }](),
		"f": natives["net/http.Handler"],
		"g": reflect.PointerTo(natives["net/http.Header"]),
		"h": reflect.TypeFor[chan<- [3]error](),
	} {
		w.want("true "+name, w.R(name), want)
		if name != "e" {
			w.want("erased "+name, w.E(name), want)
		}
	}
	w.want("erased M", w.E("M"), natives["sync.Mutex"])
	w.want("erased P", w.E("P"), natives["image.Point"])
	w.want("M", w.R("M").String(), "main.M")
	w.want("M's size", w.R("M").Size(), natives["sync.Mutex"].Size())
	w.want("P", fmt.Sprintf("%+v", reflect.Zero(w.R("P")).Interface()), "{X:0 Y:0}")
}

const recursions = `
type Node struct { next *Node; kids map[string]Node; f func(Node) []Node; c chan Node }
type A struct { b *B; n int }
type B struct { as []A; m map[A]*B }
type C struct { x []struct { c C; s string } }
type F func(F) F
type S []S
type M map[string]M
type Ch chan Ch
type P *P
type Arr [2]*Arr
type Tree[K comparable, V any] struct { left, right *Tree[K, V]; key K; val V }
type I interface { Next() I; With(func(I) Rec) []Rec }
type Rec struct { i I; n *Rec }
type S2 S
type Link struct { next Next; n int }
type Next chan Link
type N2 Node
type Key struct { a [2]struct { s string; _ int32 }; i any; f float64 }
type Wide struct { a, b, c, d *D1 }
type D1 struct { a, b, c, d *D2 }
type D2 struct { a, b, c, d *D3 }
type D3 struct { a, b, c, d *D4 }
type D4 struct { a, b, c, d *D5 }
type D5 struct { a, b, c, d *D6 }
type D6 struct { a, b, c, d *D7 }
type D7 struct { a, b, c, d map[string][]int }
var tree Tree[string, []int]
`

func TestRecursion(t *testing.T) {
	names := strings.Fields("Node A B C F S M Ch P Arr I Rec S2 N2 Key Wide tree")
	// In whatever order they are asked for.
	for first := range names {
		w := newWorld(t, recursions)
		for i := range names {
			name := names[(first+i)%len(names)]
			e, r := w.E(name), w.R(name)
			w.sameLayout(name, e, r, map[[2]reflect.Type]bool{})
			if got, want := r.String(), "main."+name; got != want && name != "tree" {
				t.Errorf("%s is written %s", name, got)
			}
		}
		w.want("node.next", w.R("Node").Field(0).Type, reflect.PointerTo(w.R("Node")))
		w.want("node.kids", w.R("Node").Field(1).Type, reflect.MapOf(reflect.TypeFor[string](), w.R("Node")))
		w.want("node.f", w.R("Node").Field(2).Type.Out(0), reflect.SliceOf(w.R("Node")))
		w.want("S", w.R("S").Elem(), w.R("S"))
		w.want("erased S", w.E("S").Elem(), w.E("S"))
		w.want("erased []S", w.E("[]S"), w.E("S"))
		w.want("erased S2", w.E("S2"), w.E("S"))
		w.want("pointer to erased P", reflect.PointerTo(w.E("P")), w.E("P"))
		w.want("erased *P", w.E("*P"), w.E("P"))
		w.want("erased Next", w.E("Next"), reflect.ChanOf(reflect.BothDir, w.E("Link")))
		w.want("erased chan Link", w.E("chan Link"), w.E("Next"))
		w.want("erased N2", w.E("N2"), w.E("Node"))
		w.want("F", w.R("F").In(0), w.R("F"))
		w.want("C", w.R("C").Field(0).Type.Elem().Field(0).Type, w.R("C"))
		if n := len(w.E("Wide").String()); n > 5000 {
			t.Errorf("an erased type is written with %d bytes", n)
		}
	}
}

// sameLayout compares two types in all that memory and the collector know of.
func (w *world) sameLayout(path string, e, r reflect.Type, seen map[[2]reflect.Type]bool) {
	w.Helper()
	if seen[[2]reflect.Type{e, r}] {
		return
	}
	seen[[2]reflect.Type{e, r}] = true
	a, b := headOf(e), headOf(r)
	if e.Kind() != r.Kind() || a.size != b.size || a.ptrBytes != b.ptrBytes || a.align != b.align ||
		a.flags&^7 != b.flags&^7 || (a.equal == nil) != (b.equal == nil) {
		w.Errorf("%s: %v and %v have different layouts", path, e, r)
		return
	}
	switch e.Kind() {
	case reflect.Struct:
		for i := range e.NumField() {
			if e.Field(i).Offset != r.Field(i).Offset {
				w.Errorf("%s: field %d is elsewhere", path, i)
			}
			w.sameLayout(path+"."+r.Field(i).Name, e.Field(i).Type, r.Field(i).Type, seen)
		}
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		w.sameLayout(path+"[]", e.Elem(), r.Elem(), seen)
	case reflect.Map:
		w.sameLayout(path+"[key]", e.Key(), r.Key(), seen)
		w.sameLayout(path+"[]", e.Elem(), r.Elem(), seen)
	case reflect.Func:
		for i := range e.NumIn() {
			w.sameLayout(path+"(in)", e.In(i), r.In(i), seen)
		}
		for i := range e.NumOut() {
			w.sameLayout(path+"(out)", e.Out(i), r.Out(i), seen)
		}
	}
}

func TestErased(t *testing.T) {
	w := newWorld(t, `
import "time"
type Celsius float64
type X struct { A int "json:\"a\""; b []Celsius; _ int8 }
type Y struct { A int; b []Celsius; _ int8 }
type E1 struct { X; *Y }
type I interface { M() }
type Any interface {}
type D time.Duration
type Fn func(Celsius, I, Any) (X, error)
`)
	x := reflect.StructOf([]reflect.StructField{
		{Name: "F0", Type: reflect.TypeFor[int]()},
		{Name: "F1", Type: reflect.TypeFor[[]float64]()},
		{Name: "_", PkgPath: "main", Type: reflect.TypeFor[int8]()},
	})
	w.want("Celsius", w.E("Celsius"), reflect.TypeFor[float64]())
	w.want("X", w.E("X"), x)
	w.want("Y", w.E("Y"), x)
	w.want("E1", w.E("E1").Field(1).Type, reflect.PointerTo(x))
	w.want("E1 embeds", w.E("E1").Field(0).Anonymous, false)
	w.want("I", w.E("I"), w.R("I"))
	w.want("Any", w.E("Any"), reflect.TypeFor[any]())
	w.want("D", w.E("D"), reflect.TypeFor[int64]())
	w.want("Fn", w.E("Fn"), reflect.FuncOf([]reflect.Type{reflect.TypeFor[float64](), w.R("I"), reflect.TypeFor[any]()},
		[]reflect.Type{x, reflect.TypeFor[error]()}, false))
	w.want("time", w.E("struct{ d D }").Field(0).Type, reflect.TypeFor[int64]())
	w.want("zero", time.Duration(0), time.Duration(0))
}

// Local types of generic functions are named by whoever instantiates these.
func TestRename(t *testing.T) {
	w := newWorld(t, "type L struct{}; type P[T any] struct{ t T }; var p P[L]")
	w.Rename(w.typ("L").(*types.Named).Obj(), "L[int]")
	w.want("name", w.R("L").Name()+" "+w.R("L").String(), "L[int] main.L[int]")
	w.want("argument", w.R("p").String(), "main.P[main.L[int]]")
}

func TestLongNames(t *testing.T) {
	long := strings.Repeat("x", 300)
	w := newWorld(t, "type T struct { A"+long+" int `json:\"a"+long+"\"`; struct0 }; type struct0 struct { B int `"+long+"` }")
	f := w.R("T").Field(0)
	w.want("name", f.Name, "A"+long)
	w.want("tag", f.Tag.Get("json"), "a"+long)
	w.want("embedded", w.R("T").Field(1).Type.Field(0).Tag, reflect.StructTag(long))
}

func TestOf(t *testing.T) {
	w := newWorld(t, "type T struct{}; var a map[T]func(...T) error; var b struct { T; X int }")
	w.R("a")
	w.R("b")
	for r, want := range map[reflect.Type]string{
		w.R("T"):                    "main.T",
		reflect.PointerTo(w.R("a")): "*map[main.T]func(...main.T) error",
		w.R("b"):                    "struct{main.T; X int}",
		reflect.TypeFor[int]():      "int",
		reflect.TypeFor[error]():    "error",
		unsafePointer:               "unsafe.Pointer",
		reflect.TypeFor[[]byte]():   "[]uint8",
		reflect.ChanOf(reflect.SendDir, w.R("T")): "chan<- main.T",
	} {
		typ, ok := w.Of(r)
		if !ok || typ.String() != want {
			t.Errorf("%v was made from %v, want %s", r, typ, want)
		}
	}
}

func TestRetype(t *testing.T) {
	w := newWorld(t, "type T struct { n int }; type F func() int; type I interface { M() }")
	n := reflect.New(w.R("T")).Elem()
	e := Retype(n, w.E("T"))
	e.Field(0).SetInt(7)
	w.want("shared", fmt.Sprint(n), "{7}")
	hidden := Retype(n.Field(0), reflect.TypeFor[int]())
	w.want("a hidden field", hidden.Interface(), 7)
	copied := Retype(reflect.ValueOf(n.Interface()), w.E("T"))
	w.want("not addressable", copied.CanAddr(), false)
	w.want("its value", copied.Field(0).Int(), int64(7))
	f := Retype(reflect.ValueOf(time.Duration(3)).MethodByName("Nanoseconds"), reflect.TypeFor[func() int64]())
	w.want("a method value", f.Call(nil)[0].Int(), int64(3))
	for _, to := range []reflect.Type{reflect.TypeFor[int](), reflect.TypeFor[struct{ A, B int }]()} {
		func() {
			defer func() {
				if r := fmt.Sprint(recover()); !strings.Contains(r, "cannot become one of") {
					t.Errorf("panic %s", r)
				}
			}()
			Retype(n, to)
		}()
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("an interface without methods became one with")
			}
		}()
		Retype(reflect.New(reflect.TypeFor[any]()).Elem(), w.R("I"))
	}()
}

package rtype

import (
	"container/heap"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

func TestStringer(t *testing.T) {
	w := newWorld(t, `
type Celsius float64
func (c Celsius) String() string { return "" }
type Point struct { X, Y int }
func (p *Point) String() string { return "" }
type Set map[string]bool
func (s Set) String() string { return "" }
type Box struct { p *int }
func (b Box) String() string { return "" }
type Empty struct{}
func (Empty) String() string { return "" }
type Outer struct { Celsius; n int }
type Through struct { *Point }
`)
	w.set("Celsius", "String", func(c float64) string { return fmt.Sprintf("%g°C", c) })
	type point = struct{ F0, F1 int }
	w.set("Point", "String", func(p *point) string { return fmt.Sprintf("<%d,%d>", p.F0, p.F1) })
	w.set("Set", "String", func(s map[string]bool) string { return fmt.Sprintf("set of %d", len(s)) })
	w.set("Box", "String", func(s struct{ F0 *int }) string { return fmt.Sprintf("box of %d", *s.F0) })
	w.set("Empty", "String", func(struct{}) string { return "nothing" })

	five := 5
	for _, c := range []struct {
		typ   string
		value any
		want  string
	}{
		{"Celsius", 21.5, "21.5°C"},
		{"*Celsius", new(float64), "0°C"},
		{"Point", point{1, 2}, "{1 2}"},
		{"*Point", &point{1, 2}, "<1,2>"},
		{"Set", map[string]bool{"a": true}, "set of 1"},
		{"Box", struct{ F0 *int }{&five}, "box of 5"},
		{"*Box", &struct{ F0 *int }{&five}, "box of 5"},
		{"Empty", struct{}{}, "nothing"},
		{"[]Celsius", []float64{1, 2}, "[1°C 2°C]"},
		{"map[Celsius]*Point", map[float64]*point{3: {4, 5}}, "map[3°C:<4,5>]"},
		{"Outer", struct {
			F0 float64
			F1 int
		}{7, 8}, "7°C"},
		{"Through", struct{ F0 *point }{&point{3, 4}}, "<3,4>"},
		{"*Through", &struct{ F0 *point }{&point{3, 4}}, "<3,4>"},
		{"struct{ C Celsius; n int }", struct {
			F0 float64
			F1 int
		}{1, 2}, "{1°C 2}"},
	} {
		v := Retype(reflect.ValueOf(c.value), w.R(c.typ)).Interface()
		w.want(c.typ, fmt.Sprint(v), c.want)
		_, ok := v.(fmt.Stringer)
		w.want(c.typ+" is a Stringer", ok, !strings.HasPrefix(c.want, "{") && !strings.ContainsAny(c.want, "[]"))
	}
	w.want("%#v", fmt.Sprintf("%#v %T", w.box("Point", point{1, 2}), w.box("*Point", &point{})), "main.Point{X:1, Y:2} *main.Point")
	w.want("%+v", fmt.Sprintf("%+v", w.box("Outer", struct {
		F0 float64
		F1 int
	}{7, 8})), "7°C")
	w.want("new", reflect.New(w.R("Point")).Type(), w.R("*Point"))
	w.want("pointer", reflect.PointerTo(w.R("Point")), w.R("*Point"))
	w.want("methods", w.R("*Point").NumMethod(), 1)
	w.want("value methods", w.R("Point").NumMethod(), 0)
	m := w.R("Celsius").Method(0)
	w.want("method type", m.Type.String(), "func(main.Celsius) string")
	w.want("method call", m.Func.Call([]reflect.Value{reflect.ValueOf(w.box("Celsius", 3.0))})[0].String(), "3°C")
	w.want("bound method", reflect.ValueOf(w.box("Celsius", 4.0)).MethodByName("String").Call(nil)[0].String(), "4°C")
	w.want("method value", reflect.ValueOf(w.box("Box", struct{ F0 *int }{&five})).Method(0).Interface().(func() string)(), "box of 5")
}

// shapes is an interface of compiled code with calls of many forms.
type shapes interface {
	Floats(a float64, b float32, c complex128) (float32, float64)
	Many(a, b, c, d, e, f, g, h, i, j, k, l int, s string, x float64, y any) (int, string, error)
	Strukt(p pair, q [3]int, r [1]string) (pair, [3]int)
	Variadic(format string, rest ...any) string
	Void()
	Words(a int8, b uint16, c bool, d []byte, m map[string]int, f func(int) int) ([]byte, int)
}

type pair struct {
	A string
	B int
}

func TestCallShapes(t *testing.T) {
	natives["main/native.pair"] = reflect.TypeFor[pair]()
	w := newWorld(t, `
type pair = struct { A string; B int }
type T struct { n int; s string; f [3]float64 }
type P struct { p *int }
`)
	type e = struct {
		F0 int
		F1 string
		F2 [3]float64
	}
	calls := 0
	typ := reflect.TypeFor[shapes]()
	for _, recv := range []string{"T", "P"} {
		erased := w.E(recv)
		for i := range typ.NumMethod() {
			m := typ.Method(i)
			in := []reflect.Type{erased}
			params, results := []*goVar{}, []*goVar{}
			for j := range m.Type.NumIn() {
				in = append(in, m.Type.In(j))
				params = append(params, w.goVar(m.Type.In(j)))
			}
			var out []reflect.Type
			for j := range m.Type.NumOut() {
				out = append(out, m.Type.Out(j))
				results = append(results, w.goVar(m.Type.Out(j)))
			}
			code := reflect.MakeFunc(reflect.FuncOf(in, out, m.Type.IsVariadic()), func(args []reflect.Value) []reflect.Value {
				calls++
				runtime.GC()
				if recv == "T" {
					if v := args[0].Interface().(e); v.F0 != 42 || v.F1 != "recv" || v.F2[2] != 2.5 {
						t.Errorf("%s got the receiver %v", m.Name, v)
					}
				} else if *args[0].Field(0).Interface().(*int) != 42 {
					t.Errorf("%s got another receiver", m.Name)
				}
				return answer(m.Name, args[1:])
			})
			fn := newFunc(w.pkg, m.Name, params, results, m.Type.IsVariadic())
			if err := w.SetMethod(w.typ(recv), fn, reflect.Value{}, code); err != nil {
				t.Fatal(err)
			}
		}
	}
	n := 42
	values := []any{w.box("T", e{42, "recv", [3]float64{0, 0, 2.5}}), w.box("*T", &e{42, "recv", [3]float64{0, 0, 2.5}}),
		w.box("P", struct{ F0 *int }{&n}), w.box("*P", &struct{ F0 *int }{&n})}
	for _, v := range values {
		checkShapes(w, v.(shapes))
	}
	w.want("calls", calls, len(values)*typ.NumMethod())
}

func checkShapes(w *world, s shapes) {
	w.Helper()
	a, b := s.Floats(1.5, 2.5, complex(3, 4))
	w.want("Floats", []any{a, b}, []any{float32(2.5), 1.5 + 3 + 4})
	n, str, err := s.Many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "s", 0.5, "any")
	w.want("Many", []any{n, str, err}, []any{78, "s 0.5 any", io.EOF})
	p, q := s.Strukt(pair{"x", 7}, [3]int{1, 2, 3}, [1]string{"z"})
	w.want("Strukt", []any{p, q}, []any{pair{"xz", 14}, [3]int{3, 2, 1}})
	w.want("Variadic", s.Variadic("%d-%s", 1, "b"), "1-b")
	s.Void()
	d, k := s.Words(-1, 65535, true, []byte("ab"), map[string]int{"x": 1}, func(i int) int { return i * 2 })
	w.want("Words", []any{d, k}, []any{[]byte("abab"), -1 + 65535 + 1 + 20})
}

// answer is what the methods of shapes do.
func answer(name string, args []reflect.Value) []reflect.Value {
	var out []any
	switch name {
	case "Floats":
		c := args[2].Complex()
		out = []any{float32(args[1].Float()), args[0].Float() + real(c) + imag(c)}
	case "Many":
		sum := 0
		for _, a := range args[:12] {
			sum += int(a.Int())
		}
		return []reflect.Value{reflect.ValueOf(sum), reflect.ValueOf(fmt.Sprint(args[12], args[13], " ", args[14])),
			reflect.ValueOf(&io.EOF).Elem()}
	case "Strukt":
		q := args[1].Interface().([3]int)
		out = []any{pair{args[0].Field(0).String() + args[2].Index(0).String(), int(args[0].Field(1).Int() * 2)}, [3]int{q[2], q[1], q[0]}}
	case "Variadic":
		out = []any{fmt.Sprintf(args[0].String(), args[1].Interface().([]any)...)}
	case "Words":
		m := args[4].Interface().(map[string]int)
		f := args[5].Interface().(func(int) int)
		out = []any{append(args[3].Bytes(), args[3].Bytes()...), int(args[0].Int()) + int(args[1].Uint()) + m["x"] + f(10)}
	}
	var values []reflect.Value
	for _, o := range out {
		values = append(values, reflect.ValueOf(o))
	}
	return values
}

func TestErrors(t *testing.T) {
	w := newWorld(t, `
type NotFound struct { Name string }
func (e *NotFound) Error() string { return "" }
func (e *NotFound) Is(target error) bool { return false }
type Wrap struct { inner error }
func (w Wrap) Error() string { return "" }
func (w Wrap) Unwrap() error { return nil }
type Code int
func (c Code) Error() string { return "" }
`)
	type notFound = struct{ F0 string }
	type wrap = struct{ F0 error }
	w.set("NotFound", "Error", func(e *notFound) string { return e.F0 + " not found" })
	w.set("NotFound", "Is", func(e *notFound, target error) bool { return target == io.EOF })
	w.set("Wrap", "Error", func(e wrap) string { return "wrapped: " + e.F0.Error() })
	w.set("Wrap", "Unwrap", func(e wrap) error { return e.F0 })
	w.set("Code", "Error", func(c int) string { return fmt.Sprint("code ", c) })

	inner := w.box("*NotFound", &notFound{"x"}).(error)
	outer := w.box("Wrap", wrap{inner}).(error)
	w.want("text", outer.Error(), "wrapped: x not found")
	w.want("Is", errors.Is(fmt.Errorf("more: %w", outer), inner), true)
	w.want("own Is", errors.Is(outer, io.EOF), true)
	target := reflect.New(w.R("*NotFound"))
	w.want("As", errors.As(outer, target.Interface()), true)
	w.want("As's target", target.Elem().Interface(), inner)
	code := reflect.New(w.R("Code"))
	w.want("As to another", errors.As(outer, code.Interface()), false)
	w.want("equal", w.box("Code", 3) == w.box("Code", 3), true)
	w.want("unequal", w.box("Code", 3) == any(3), false)
}

func TestSortHeapJSON(t *testing.T) {
	w := newWorld(t, `
type Ints []int
func (x Ints) Len() int { return 0 }
func (x Ints) Less(i, j int) bool { return false }
func (x Ints) Swap(i, j int) {}
func (x *Ints) Push(v any) {}
func (x *Ints) Pop() any { return nil }
type Level int
func (l Level) MarshalText() ([]byte, error) { return nil, nil }
func (l *Level) UnmarshalText(b []byte) error { return nil }
type Base struct { ID int "json:\"id\"" }
type Doc struct {
	Base
	Name string "json:\"name,omitempty\""
	Level Level
	Kids []*Doc
	M map[Level]string
	hidden int
}
`)
	w.set("Ints", "Len", func(x []int) int { return len(x) })
	w.set("Ints", "Less", func(x []int, i, j int) bool { return x[i] < x[j] })
	w.set("Ints", "Swap", func(x []int, i, j int) { x[i], x[j] = x[j], x[i] })
	w.set("Ints", "Push", func(x *[]int, v any) { *x = append(*x, v.(int)) })
	w.set("Ints", "Pop", func(x *[]int) any {
		last := (*x)[len(*x)-1]
		*x = (*x)[:len(*x)-1]
		return last
	})
	list := []int{3, 1, 2}
	sort.Sort(w.box("Ints", list).(sort.Interface))
	w.want("sorted", list, []int{1, 2, 3})
	h := w.box("*Ints", &list).(heap.Interface)
	heap.Init(h)
	heap.Push(h, 0)
	w.want("popped", []any{heap.Pop(h), heap.Pop(h)}, []any{0, 1})
	w.want("heap", list, []int{2, 3})

	w.set("Level", "MarshalText", func(l int) ([]byte, error) { return []byte(strings.Repeat("*", l)), nil })
	w.set("Level", "UnmarshalText", func(l *int, b []byte) error { *l = len(b); return nil })
	text := `{"id":7,"name":"n","Level":"***","Kids":[{"id":8,"Level":"","Kids":null,"M":null}],"M":{"*":"one"}}`
	v := reflect.New(w.R("Doc"))
	if err := json.Unmarshal([]byte(text), v.Interface()); err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal(v.Interface())
	w.want("error", err, nil)
	w.want("json", string(back), text)
	w.want("printed", fmt.Sprintf("%+v", v.Elem().FieldByName("M")), "map[1:one]")
	e := Retype(v.Elem(), w.E("Doc"))
	w.want("erased", e.Field(0).Field(0).Int(), int64(7))
	e.Field(0).Field(0).SetInt(9)
	w.want("shared", v.Elem().Field(0).Field(0).Int(), int64(9))
}

func TestMaps(t *testing.T) {
	w := newWorld(t, `
type K struct { s string; _ int32; n int; a [2]any }
type N int
type P struct { p *int; c chan int }
type F struct { f float64; b bool }
type Pt struct { x, y int }
type I interface { M() }
var (
	a map[K]string; b map[N]K; c map[P]N; d map[F]bool; e map[any]N; f map[I]N; g map[[2]N]string
	h map[string]map[N]string; i map[struct { N; s string }]int
	j map[struct{ a, b int }]int; k map[Pt]int; l map[struct { p *P; c *P }]N; m map[[0]float64]int
)
`)
	n := 1
	fill := func(typ reflect.Type) reflect.Value {
		v := reflect.New(typ).Elem()
		var set func(v reflect.Value)
		set = func(v reflect.Value) {
			switch v.Kind() {
			case reflect.Struct:
				for i := range v.NumField() {
					if v.Type().Field(i).Name != "_" {
						set(v.Field(i))
					}
				}
			case reflect.Array:
				for i := range v.Len() {
					set(v.Index(i))
				}
			case reflect.String:
				v.SetString("key")
			case reflect.Int:
				v.SetInt(77)
			case reflect.Float64:
				v.SetFloat(2.5)
			case reflect.Interface:
				if v.NumMethod() == 0 {
					v.Set(reflect.ValueOf("dynamic"))
				}
			case reflect.Pointer:
				v.Set(reflect.NewAt(v.Type().Elem(), unsafe.Pointer(&n)))
			}
		}
		set(v)
		return v
	}
	for _, name := range strings.Fields("a b c d e f g h i j k l m") {
		e, r := w.E(name), w.R(name)
		m := reflect.MakeMap(e)
		for i := range 100 {
			if e.Key().Kind() == reflect.Int {
				m.SetMapIndex(reflect.ValueOf(i), reflect.Zero(e.Elem()))
			}
		}
		key := fill(e.Key())
		m.SetMapIndex(key, reflect.Zero(e.Elem()))
		asTrue := Retype(m, r)
		if !asTrue.MapIndex(Retype(key, r.Key())).IsValid() {
			t.Errorf("%s: a key of %v is not found through %v", name, e, r)
		}
		back := reflect.MakeMap(r)
		back.SetMapIndex(Retype(key, r.Key()), reflect.Zero(r.Elem()))
		if !Retype(back, e).MapIndex(key).IsValid() {
			t.Errorf("%s: a key of %v is not found through %v", name, r, e)
		}
	}
}

// The collector must find what is reachable only through values of made types.
func TestCollector(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	w := newWorld(t, `
type Node struct { val string; next *Node; kids map[string]Node; any any; f func() string; pad [9]int; list []Node }
func (n *Node) String() string { return "" }
type Big struct { a [300]struct { n int; s string }; last *Node }
`)
	e, r := w.E("Node"), w.R("Node")
	w.set("Node", "String", reflect.MakeFunc(reflect.FuncOf([]reflect.Type{reflect.PointerTo(e)}, []reflect.Type{reflect.TypeFor[string]()}, false),
		func(args []reflect.Value) []reflect.Value {
			runtime.GC()
			return []reflect.Value{args[0].Elem().Field(0)}
		}).Interface())
	var head any
	for i := range 60 {
		v := reflect.New(r).Elem()
		word := strings.Repeat("x", i%40+20)
		n := Retype(v, e)
		n.Field(0).SetString(word + "!")
		if head != nil {
			n.Field(1).Set(Retype(reflect.ValueOf(head), e.Field(1).Type))
			n.Field(3).Set(reflect.ValueOf(head))
		}
		m := reflect.MakeMap(e.Field(2).Type)
		kid := reflect.New(e).Elem()
		kid.Field(0).SetString(word + "?")
		m.SetMapIndex(reflect.ValueOf("k"), kid)
		n.Field(2).Set(m)
		n.Field(4).Set(reflect.ValueOf(func() string { return word }))
		n.Field(6).Set(reflect.Append(n.Field(6), kid))
		big := reflect.New(w.R("Big")).Elem()
		Retype(big, w.E("Big")).Field(1).Set(Retype(v.Addr(), reflect.PointerTo(e)))
		head = v.Addr().Interface()
		if i%30 == 0 {
			runtime.GC()
		}
		garbage = make([]byte, 1000)
		if got := Retype(big, w.E("Big")).Field(1).Elem().Field(0).String(); got != word+"!" {
			t.Fatalf("lost: %q", got)
		}
	}
	count := 0
	for v := reflect.ValueOf(head); !v.IsNil(); v = Retype(v.Elem(), e).Field(1) {
		n := Retype(v.Elem(), e)
		word := n.Field(4).Call(nil)[0].String()
		kid := n.Field(2).MapIndex(reflect.ValueOf("k"))
		if n.Field(0).String() != word+"!" || kid.Field(0).String() != word+"?" || n.Field(6).Index(0).Field(0).String() != word+"?" {
			t.Fatalf("node %d is broken", count)
		}
		if s := Retype(v, w.R("*Node")).Interface().(fmt.Stringer).String(); s != word+"!" {
			t.Fatalf("String gives %q", s)
		}
		count++
		if count > 40 {
			runtime.GC()
			break
		}
	}
}

var garbage []byte

// Calls go on while the collector runs, stacks grow and methods panic.
func TestCallsUnderStress(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	w := newWorld(t, `
type Cell struct { n int; next *Cell }
func (c *Cell) String() string { return "" }
type Bomb string
func (b Bomb) Error() string { return "" }
`)
	e, r := w.E("Cell"), w.R("*Cell")
	w.set("Cell", "String", reflect.MakeFunc(reflect.FuncOf([]reflect.Type{reflect.PointerTo(e)}, []reflect.Type{reflect.TypeFor[string]()}, false),
		func(args []reflect.Value) []reflect.Value {
			next := args[0].Elem().Field(1)
			if next.IsNil() {
				return []reflect.Value{reflect.ValueOf("end")}
			}
			runtime.KeepAlive(strings.Repeat("garbage", 30))
			s := Retype(next, r).Interface().(fmt.Stringer).String()
			return []reflect.Value{reflect.ValueOf(s)}
		}).Interface())
	w.set("Bomb", "Error", func(b string) string { panic("bomb " + b) })

	list := reflect.New(e)
	for range 3000 {
		head := reflect.New(e)
		head.Elem().Field(1).Set(list)
		list = head
	}
	var wg sync.WaitGroup
	for g := range 3 {
		wg.Go(func() {
			if s := Retype(list, r).Interface().(fmt.Stringer).String(); s != "end" {
				t.Errorf("the list ends with %q", s)
			}
			for i := range 200 {
				func() {
					defer func() {
						if got, want := recover(), fmt.Sprint("bomb ", g, i); got != want {
							t.Errorf("recovered %v, want %s", got, want)
						}
					}()
					_ = w.box("Bomb", fmt.Sprint(g, i)).(error).Error()
				}()
			}
		})
	}
	wg.Wait()
}

// Types that are compiled into this binary, so that what is compiled meets what is
// made: a key of one is found through the other.
var (
	_ any = map[struct{ a, b int }]int{}
	_ any = struct{ F0, F1 *byte }{}
	_ any = [0]float64{}
)

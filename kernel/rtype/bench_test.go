package rtype

import (
	"fmt"
	"reflect"
	"testing"
)

func benchWorld(b *testing.B) *world {
	return newWorld(b, `
type Celsius float64
func (c Celsius) String() string { return "" }
type Point struct { X, Y int; name string; next *Point }
func (p *Point) Move(dx, dy int) {}
func (p Point) String() string { return "" }
type Shape interface { Area() float64; Move(Point) Shape }
var all map[string][]struct { Point; s Shape }
`)
}

// BenchmarkTypes is the cost of the types of a cell.
func BenchmarkTypes(b *testing.B) {
	w := benchWorld(b)
	typ := w.typ("all")
	for i := 0; b.Loop(); i++ {
		if i%500 == 0 { // the stubs are not without end
			b.StopTimer()
			if stubsLeft() < 8000 {
				b.Fatal("the stubs are used up: run with -benchtime 500x")
			}
			b.StartTimer()
		}
		w.Types = New(natives)
		if _, err := w.True(typ); err != nil {
			b.Fatal(err)
		}
		if _, err := w.Erased(typ); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKnown(b *testing.B) {
	w := benchWorld(b)
	typ := w.typ("all")
	for b.Loop() {
		w.True(typ)
	}
}

func BenchmarkOf(b *testing.B) {
	w := benchWorld(b)
	r := w.R("all")
	for b.Loop() {
		w.Of(r)
	}
}

func BenchmarkRetype(b *testing.B) {
	w := benchWorld(b)
	v, r := reflect.ValueOf(1.5), w.R("Celsius")
	for b.Loop() {
		sink = Retype(v, r).Interface()
	}
}

var sink any

func BenchmarkCall(b *testing.B) {
	w := benchWorld(b)
	w.set("Celsius", "String", func(float64) string { return "" })
	s := w.box("Celsius", 1.5).(fmt.Stringer)
	for b.Loop() {
		_ = s.String()
	}
}

// BenchmarkSetMethod is the cost of a method that gets new code.
func BenchmarkSetMethod(b *testing.B) {
	w := benchWorld(b)
	typ := w.typ("Celsius")
	m := w.method(typ, "String")
	onValue := reflect.ValueOf(func(float64) string { return "" })
	onPointer := reflect.ValueOf(func(*float64) string { return "" })
	for b.Loop() {
		if err := w.SetMethod(typ, m, onPointer, onValue); err != nil {
			b.Fatal(err)
		}
	}
}

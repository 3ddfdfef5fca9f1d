package native

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"hash/maphash"
	"math"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// TestFunctionsAreThoseDeclared compares Functions with what replacements are
// checked against.
func TestFunctionsAreThoseDeclared(t *testing.T) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, filepath.FromSlash("../check/stdsource/_replace/chanbook/rt/rt.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: exportdata.NewImporter(), IgnoreFuncBodies: true}
	pkg, err := conf.Check("chanbook/rt", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pkg.Scope().Names() {
		f := Functions[name]
		if f == nil {
			t.Errorf("%s is declared and not there", name)
			continue
		}
		if got, want := reflect.TypeOf(f).String(), typeString(pkg.Scope().Lookup(name).Type()); got != want {
			t.Errorf("%s is a %s, declared as %s", name, got, want)
		}
	}
	for name := range Functions {
		if pkg.Scope().Lookup(name) == nil {
			t.Errorf("%s is not declared", name)
		}
	}
}

// typeString writes a type as package reflect does.
func typeString(t types.Type) string {
	sig, ok := t.(*types.Signature)
	if !ok {
		s := types.TypeString(t, func(p *types.Package) string { return p.Name() })
		if s == "any" {
			s = "interface {}"
		}
		return strings.ReplaceAll(s, "[]byte", "[]uint8")
	}
	list := func(tuple *types.Tuple) string {
		var out []string
		for v := range tuple.Variables() {
			out = append(out, typeString(v.Type()))
		}
		return strings.Join(out, ", ")
	}
	results := list(sig.Results())
	switch sig.Results().Len() {
	case 0:
	case 1:
		results = " " + results
	default:
		results = " (" + results + ")"
	}
	return "func(" + list(sig.Params()) + ")" + results
}

func TestSortOrderedSortsAsSlicesDoes(t *testing.T) {
	type name string
	type level float64
	names := []name{"b", "", "a", "c"}
	sortOrdered(names)
	if !slices.IsSorted(names) {
		t.Errorf("%q is not sorted", names)
	}
	got := []level{3, level(math.NaN()), -1, level(math.Inf(1)), 0}
	want := slices.Clone(got)
	sortOrdered(got)
	slices.Sort(want)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	sortOrdered([]uint8(nil))
	for kind, x := range map[reflect.Kind]any{reflect.Int8: []int8{1, -1}, reflect.Uintptr: []uintptr{2, 1}, reflect.Float32: []float32{2, 1}} {
		sortOrdered(x)
		if v := reflect.ValueOf(x); !v.Index(0).Comparable() || fmt.Sprint(v.Index(0)) > fmt.Sprint(v.Index(1)) {
			t.Errorf("%v: %v is not sorted", kind, x)
		}
	}
}

func TestOverlap(t *testing.T) {
	s := make([]int32, 10)
	for _, c := range []struct {
		a, b any
		want bool
	}{
		{s[:5], s[5:], false},
		{s[:6], s[5:], true},
		{s[5:], s[:6], true},
		{s[:0], s, false},
		{s, s, true},
		{[]int32(nil), s, false},
		{make([]struct{}, 3), make([]struct{}, 3), false},
	} {
		if got := overlap(c.a, c.b); got != c.want {
			t.Errorf("overlap(%v, %v) = %v", c.a, c.b, got)
		}
	}
}

func TestPull(t *testing.T) {
	for name, pull := range map[string]func(func(func() bool)) (func() bool, func()){"iter.Pull": pull, "iter.Pull2": pull2} {
		n, stopped := 0, false
		next, stop := pull(func(yield func() bool) {
			for n = 1; yield(); n++ {
			}
			stopped = true
		})
		if !next() || !next() || n != 2 {
			t.Errorf("%s: n is %d after two calls", name, n)
		}
		stop()
		if next() || !stopped {
			t.Errorf("%s goes on after stop", name)
		}
		next, _ = pull(func(func() bool) { panic("oh") })
		if got := panicOf(func() { next() }); got != "oh" {
			t.Errorf("%s: panic %v, want that of the sequence", name, got)
		}
		var inner func() bool
		inner, stop = pull(func(yield func() bool) { inner() })
		if got := fmt.Sprint(panicOf(func() { inner() })); !strings.HasPrefix(got, name+": ") {
			t.Errorf("%s: next inside the sequence panics with %q", name, got)
		}
		stop()
	}
}

func panicOf(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return nil
}

func TestAddCleanup(t *testing.T) {
	done := make(chan bool)
	p := new([4]*int)
	addCleanup(unsafe.Pointer(p), func() { close(done) }, "arg")
	if got := panicOf(func() { addCleanup(unsafe.Pointer(p), func() {}, p) }); got == nil {
		t.Error("a cleanup with its own object as argument is not refused")
	}
	addCleanup(unsafe.Pointer(p), func() {}, new(string))
	runtime.KeepAlive(p)
	p = nil
	runtime.GC()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("no cleanup after a collection")
	}
}

func TestWeak(t *testing.T) {
	p := new([8]*int)
	w := weakMake(unsafe.Pointer(p))
	if weakValue(w) != unsafe.Pointer(p) || weakMake(unsafe.Pointer(p)) != w {
		t.Error("another pointer")
	}
	runtime.KeepAlive(p)
	p = nil
	runtime.GC()
	if weakValue(w) != nil {
		t.Error("the object is still there")
	}
	if weakMake(nil) != nil || weakValue(nil) != nil {
		t.Error("nil is not nil")
	}
}

func TestUniqueMake(t *testing.T) {
	type point struct{ x, y int }
	a, b, c := point{1, 2}, point{1, 2}, point{2, 1}
	h := uniqueMake(&a)
	a.x = 7
	if *(*point)(h) != b || uniqueMake(&b) != h || uniqueMake(&c) == h {
		t.Error("handles differ from the values")
	}
	var none error
	var empty any
	if uniqueMake(&none) != uniqueMake(new(error)) || uniqueMake(&none) == uniqueMake(&empty) {
		t.Error("handles of nil differ from their types")
	}
}

func TestSQL(t *testing.T) {
	var n int
	if err := assignSQL(&n, "12"); err != nil || n != 12 {
		t.Errorf("assigned %d, %v", n, err)
	}
	if err := assignSQL(&n, "twelve"); err == nil {
		t.Error("no error for a word")
	}
	if v, err := valueSQL(int8(3)); v != int64(3) || err != nil {
		t.Errorf("value %v, %v", v, err)
	}
}

func TestHashComparable(t *testing.T) {
	type id string
	hash := Functions["HashComparable"].(func(maphash.Seed, any) uint64)
	seed := maphash.MakeSeed()
	if hash(seed, id("a")) != hash(seed, id("a")) || hash(seed, id("a")) == hash(seed, id("b")) {
		t.Error("hashes differ from the values")
	}
}

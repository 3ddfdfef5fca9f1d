package rtype

import (
	"bytes"
	"container/heap"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"image"
	"io"
	"iter"
	"net/http"
	"reflect"
	"sort"
	"sync"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// compiled is the Native of the tests.
type compiled map[string]reflect.Type

func (c compiled) Type(obj *types.TypeName) (reflect.Type, bool) {
	r, ok := c[obj.Pkg().Path()+"."+obj.Name()]
	return r, ok
}

var natives = compiled{
	"time.Duration":            reflect.TypeFor[time.Duration](),
	"time.Time":                reflect.TypeFor[time.Time](),
	"sync.Mutex":               reflect.TypeFor[sync.Mutex](),
	"fmt.Stringer":             reflect.TypeFor[fmt.Stringer](),
	"fmt.State":                reflect.TypeFor[fmt.State](),
	"io.Reader":                reflect.TypeFor[io.Reader](),
	"io.Writer":                reflect.TypeFor[io.Writer](),
	"sort.Interface":           reflect.TypeFor[sort.Interface](),
	"container/heap.Interface": reflect.TypeFor[heap.Interface](),
	"bytes.Buffer":             reflect.TypeFor[bytes.Buffer](),
	"image.Point":              reflect.TypeFor[image.Point](),
	"net/http.Handler":         reflect.TypeFor[http.Handler](),
	"net/http.Header":          reflect.TypeFor[http.Header](),
	"encoding/json.Decoder":    reflect.TypeFor[json.Decoder](),
	"reflect.Type":             reflect.TypeFor[reflect.Type](),
}

var _ iter.Seq[string]

// world is a checked program and the types made of it.
type world struct {
	testing.TB
	*Types
	pkg  *types.Package
	info *types.Info
	pair *types.Named
}

var importer = exportdata.NewImporter()

func newWorld(t testing.TB, source string) *world {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", "package main\n"+source, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	pkg, err := (&types.Config{Importer: importer}).Check("main", fset, []*ast.File{f}, info)
	if err != nil {
		t.Fatal(err)
	}
	return &world{TB: t, Types: New(natives), pkg: pkg, info: info}
}

// typ gives the type that an expression writes.
func (w *world) typ(expr string) types.Type {
	w.Helper()
	tv, err := types.Eval(token.NewFileSet(), w.pkg, token.NoPos, expr)
	if err != nil {
		// Imported packages are seen only inside the file.
		for id, obj := range w.info.Defs {
			if obj != nil && id.Name == expr {
				return obj.Type()
			}
		}
		w.Fatal(err)
	}
	return tv.Type
}

// R is the true type of the type of a variable or of a type expression.
func (w *world) R(expr string) reflect.Type {
	w.Helper()
	r, err := w.True(w.typ(expr))
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// E is the erased type.
func (w *world) E(expr string) reflect.Type {
	w.Helper()
	r, err := w.Erased(w.typ(expr))
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// method finds a method of a type of the program.
func (w *world) method(recv types.Type, name string) *types.Func {
	w.Helper()
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(recv), false, w.pkg, name)
	fn, ok := obj.(*types.Func)
	if !ok {
		w.Fatalf("%v has no method %s", recv, name)
	}
	return fn
}

// set gives a method code. fn stands for onPointer or onValue, as its first
// parameter says.
func (w *world) set(recv, name string, fn any) {
	w.Helper()
	typ := w.typ(recv)
	v := reflect.ValueOf(fn)
	var err error
	if v.Type().In(0).Kind() == reflect.Pointer && v.Type().In(0).Elem() == w.E(recv) {
		err = w.SetMethod(typ, w.method(typ, name), v, reflect.Value{})
	} else {
		err = w.SetMethod(typ, w.method(typ, name), reflect.Value{}, v)
	}
	if err != nil {
		w.Fatal(err)
	}
}

// box puts an erased value into an interface with its true type.
func (w *world) box(expr string, v any) any {
	w.Helper()
	return Retype(reflect.ValueOf(v), w.R(expr)).Interface()
}

func (w *world) want(what string, got, want any) {
	w.Helper()
	if !reflect.DeepEqual(got, want) {
		w.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

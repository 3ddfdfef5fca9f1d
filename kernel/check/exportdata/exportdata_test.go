package exportdata

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/gcexportdata"
)

// check type-checks a source file with the importer.
func check(t *testing.T, im types.Importer, source string) (*types.Package, *types.Info, error) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "cell.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	pkg, err := (&types.Config{Importer: im}).Check("cell", fset, []*ast.File{file}, info)
	return pkg, info, err
}

func TestNames(t *testing.T) {
	paths := Paths()
	if !slices.IsSorted(paths) || len(paths) < 170 {
		t.Errorf("%d paths, sorted: %v; want about 176, sorted", len(paths), slices.IsSorted(paths))
	}
	for name, want := range map[string][]string{
		"rand":     {"crypto/rand", "math/rand", "math/rand/v2"},
		"errgroup": {"golang.org/x/sync/errgroup"},
		"template": {"html/template", "text/template"},
		"fmt":      {"fmt"},
		"unsafe":   {"unsafe"},
		"nonsense": nil,
	} {
		if diff := cmp.Diff(want, ByName(name)); diff != "" {
			t.Errorf("ByName(%q): %s", name, diff)
		}
		for _, path := range want {
			if got, ok := Name(path); got != name || !ok {
				t.Errorf("Name(%q) = %q, %v", path, got, ok)
			}
		}
	}
	for _, path := range paths {
		if strings.Contains(path, "internal") || strings.HasPrefix(path, "vendor/") {
			t.Errorf("%s cannot be imported by a cell", path)
		}
	}
}

// Any order of imports must give whole packages whose types fit together.
func TestImportAll(t *testing.T) {
	forward := Paths()
	backward := slices.Clone(forward)
	slices.Reverse(backward)
	var listings []string
	for _, order := range [][]string{forward, backward} {
		im := NewImporter()
		for _, path := range order {
			pkg, err := im.Import(path)
			if err != nil {
				t.Fatal(err)
			}
			if pkg.Path() != path || !pkg.Complete() {
				t.Errorf("%s: got %v, complete: %v", path, pkg, pkg.Complete())
			}
		}
		var b strings.Builder
		for _, path := range forward {
			pkg, _ := im.Import(path)
			for _, name := range pkg.Scope().Names() {
				fmt.Fprintln(&b, pkg.Scope().Lookup(name))
			}
		}
		listings = append(listings, b.String())

		read := func(path, name string) types.Type {
			pkg, _ := im.Import(path)
			return pkg.Scope().Lookup(name).Type()
		}
		writer := read("io", "Writer").Underlying().(*types.Interface)
		if !types.Implements(read("net/http", "ResponseWriter"), writer) || !types.Implements(types.NewPointer(read("os", "File")), writer) {
			t.Error("http.ResponseWriter and *os.File are no io.Writer")
		}
	}
	if diff := cmp.Diff(listings[0], listings[1]); diff != "" {
		t.Errorf("the order of imports makes a difference: %s", diff)
	}
}

const program = `package main

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math"
	"net/http"
	"runtime"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"
)

type pair[K comparable, V any] struct { key K; value V }

func pairs[K comparable, V any](m map[K]V) iter.Seq[pair[K, V]] {
	return func(yield func(pair[K, V]) bool) {
		for k, v := range m { if !yield(pair[K, V]{k, v}) { return } }
	}
}

const big = math.MaxInt
const where = runtime.GOOS + "/" + runtime.GOARCH
const size = unsafe.Sizeof(time.Time{})

var counter atomic.Pointer[http.Request]

func main() {
	keys := slices.Sorted(maps.Keys(map[string]int{"a": 1}))
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	counter.Store(r)
	for p := range pairs(map[string]int{"a": 1}) { fmt.Println(keys, p.key, p.value) }
}
`

func TestCheckProgram(t *testing.T) {
	pkg, _, err := check(t, NewImporter(), program)
	if err != nil {
		t.Fatal(err)
	}
	where := pkg.Scope().Lookup("where").(*types.Const).Val().ExactString()
	if want := fmt.Sprintf("%q", runtime.GOOS+"/"+runtime.GOARCH); where != want {
		t.Errorf("runtime.GOOS/runtime.GOARCH is %s for the checker, want %s", where, want)
	}
	_, _, err = check(t, NewImporter(), "package main\nimport \"os\"\nvar _ = os.Exit(\"one\")")
	if err == nil || !strings.Contains(err.Error(), `"one"`) {
		t.Errorf("a wrong argument gives the error %v", err)
	}
}

// The project's own package, under the path that cells use.
func TestShow(t *testing.T) {
	if got := ByName("show"); !slices.Equal(got, []string{"chanbook/show"}) {
		t.Errorf("packages named show: %v", got)
	}
	const use = "package main\nimport \"chanbook/show\"\nfunc main() { show.HTML(\"<b>x</b>\").Update(\"y\") }"
	if _, _, err := check(t, NewImporter(), use); err != nil {
		t.Error(err)
	}
}

// A program with the packages of others that cells have.
const concurrent = `package main

import (
	"context"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"
)

func main() {
	g, ctx := errgroup.WithContext(context.Background())
	var once singleflight.Group
	g.Go(func() error { return semaphore.NewWeighted(2).Acquire(ctx, 1) })
	g.Go(func() error { return rate.NewLimiter(rate.Inf, 1).Wait(ctx) })
	g.Go(func() error { return (<-once.DoChan("key", func() (any, error) { return nil, nil })).Err })
	_ = g.Wait()
}`

func TestPackagesOfOthers(t *testing.T) {
	if _, _, err := check(t, NewImporter(), concurrent); err != nil {
		t.Error(err)
	}
}

// A bare name means the standard library's package.
func TestRank(t *testing.T) {
	if rank("math/rand/v2") >= rank("example.org/a") || rank("math/rand") >= rank("chanbook/show") {
		t.Error("packages of others come first")
	}
}

func TestUnknown(t *testing.T) {
	for _, path := range []string{"example.com/nothing", "", "C", "internal/abi", "fmt/"} {
		_, err := NewImporter().Import(path)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.Path != path {
			t.Errorf("Import(%q): %v, want an UnknownError", path, err)
		}
	}
}

func TestAdd(t *testing.T) {
	im := NewImporter()
	source, _, err := check(t, im, "package shape\nimport \"io\"\ntype Drawer interface{ Draw(io.Writer) }")
	if err != nil {
		t.Fatal(err)
	}
	var data bytes.Buffer
	if err := gcexportdata.Write(&data, token.NewFileSet(), source); err != nil {
		t.Fatal(err)
	}
	const use = `package main
import ("io"; "example.com/shape")
type dot struct{}
func (dot) Draw(io.Writer) {}
var _ shape.Drawer = dot{}`

	fromData := NewImporter()
	fromData.Add("example.com/shape", data.Bytes())
	if _, _, err := check(t, fromData, use); err != nil {
		t.Errorf("added as data: %v", err)
	}
	if len(fromData.added) != 0 {
		t.Error("the data is kept after it was read")
	}

	fromData = NewImporter()
	fromData.Add("example.com/shape", []byte("x"))
	if _, err := fromData.Import("example.com/shape"); err == nil {
		t.Error("broken data was read")
	}

	fromTypes := NewImporter()
	io, err := fromTypes.Import("io")
	if err != nil {
		t.Fatal(err)
	}
	shape := types.NewPackage("example.com/shape", "shape")
	draw := types.NewSignatureType(nil, nil, nil, types.NewTuple(types.NewParam(0, shape, "", io.Scope().Lookup("Writer").Type())), nil, false)
	drawer := types.NewTypeName(0, shape, "Drawer", nil)
	types.NewNamed(drawer, types.NewInterfaceType([]*types.Func{types.NewFunc(0, shape, "Draw", draw)}, nil).Complete(), nil)
	shape.Scope().Insert(drawer)
	shape.MarkComplete()
	fromTypes.AddPackage(shape)
	if _, _, err := check(t, fromTypes, use); err != nil {
		t.Errorf("added as types: %v", err)
	}
}

// Several checkers at work on one importer; the race detector is the judge.
func TestConcurrent(t *testing.T) {
	im := NewImporter()
	var group sync.WaitGroup
	for _, extra := range []string{"net/http/httptest", "go/types", "database/sql", "crypto/tls", "testing"} {
		group.Go(func() {
			if _, err := im.Import(extra); err != nil {
				t.Error(err)
			}
			if _, _, err := check(t, im, program); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// The cost of the first import in a session.
func BenchmarkImport(b *testing.B) {
	index()
	for _, path := range []string{"fmt", "sync", "time", "net/http"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := NewImporter().Import(path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkIndex is what is paid once, at the first use of the package.
func BenchmarkIndex(b *testing.B) {
	for b.Loop() {
		buildIndex()
	}
}

package check_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/check/stdsource"
)

type importer struct{ *exportdata.Importer }

func (importer) ByName(name string) []string { return exportdata.ByName(name) }

var shared = importer{exportdata.NewImporter()}

// checked checks one cell in a session of its own.
func checked(t testing.TB, text string) (*walker, *check.Checked) {
	t.Helper()
	fset := token.NewFileSet()
	s := check.NewSession(fset, shared)
	c, err := check.Parse(fset, cell.Source{Number: 1, Text: text})
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	k, err := s.Check(c)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return &walker{t: t, s: s, fset: fset, c: k, seen: map[string]bool{}}, k
}

// walker instantiates all that code needs, as package lower has to.
type walker struct {
	t    testing.TB
	s    *check.Session
	fset *token.FileSet
	c    *check.Checked
	seen map[string]bool // instances

	instances []string
	natives   []string
}

// walk looks through a tree and through the instances that it needs.
func (w *walker) walk(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if sel := w.c.Info.Selections[n]; sel != nil {
				w.selection(n, sel)
			}
		case *ast.Ident:
			if obj := w.c.Info.Uses[n]; obj != nil {
				w.use(n, obj)
			}
		}
		return true
	})
}

// use looks at what an identifier stands for.
func (w *walker) use(id *ast.Ident, obj types.Object) {
	if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
		return // selection has it
	}
	if o := w.s.Object(obj); o != nil && (o.Foreign() || w.c.Info.Instances[id].TypeArgs != nil) {
		var args []types.Type
		if in, ok := w.c.Info.Instances[id]; ok {
			for a := range in.TypeArgs.Types() {
				args = append(args, types.Unalias(a))
			}
		}
		w.instantiate(o, args)
		return
	}
	if obj.Pkg() == nil || obj.Pkg().Path() == "main" {
		return
	}
	if tn, ok := obj.(*types.TypeName); ok && (w.c.TypeArgs[tn] || isTypeParam(tn)) {
		return
	}
	if obj.Parent() != nil && obj.Parent() == obj.Pkg().Scope() {
		switch obj.(type) {
		case *types.Func, *types.Var:
			if !obj.Exported() {
				w.t.Errorf("%s uses %s, which is not exported", w.fset.Position(id.Pos()), obj)
			}
		}
		w.natives = append(w.natives, obj.Pkg().Path()+"."+obj.Name())
	}
}

// selection looks at a method, a promoted one too, or a field.
func (w *walker) selection(n *ast.SelectorExpr, sel *types.Selection) {
	if o := w.s.Object(sel.Obj()); o != nil && o.Foreign() {
		var args []types.Type
		recv := receiver(sel.Obj().(*types.Func).Signature())
		for a := range recv.TypeArgs().Types() {
			args = append(args, types.Unalias(a))
		}
		w.instantiate(o, args)
		return
	}
	recv := sel.Recv()
	if p, ok := recv.Underlying().(*types.Pointer); ok {
		recv = p.Elem()
	}
	named, ok := types.Unalias(recv).(*types.Named)
	if ok && !sel.Obj().Exported() && sel.Obj().Pkg().Path() != "main" && named.TypeArgs().Len() == 0 {
		w.t.Errorf("%s selects %s of %s, which compiled code declares", w.fset.Position(n.Pos()), sel.Obj().Name(), named)
	}
}

// receiver is the type of a method's receiver, or of what that points to.
func receiver(sig *types.Signature) *types.Named {
	t := sig.Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.(*types.Named)
}

// instantiate makes an instance once and walks through it.
func (w *walker) instantiate(o *check.Object, args []types.Type) {
	name := fmt.Sprint(o.Key, args)
	if w.seen[name] {
		return
	}
	w.seen[name] = true
	w.instances = append(w.instances, name)
	in, err := w.c.Instantiate(o, args)
	if err != nil {
		w.t.Errorf("%s: %v", name, err)
		return
	}
	if in.Type != nil {
		w.walk(in.Type)
		if named, ok := o.Type().(*types.Named); ok {
			for m := range named.Methods() {
				w.instantiate(w.s.Object(m), args)
			}
		}
		return
	}
	if in.Signature == nil {
		w.t.Errorf("%s has no signature", name)
		return
	}
	if at := w.fset.Position(in.Func.Pos()).Filename; strings.HasPrefix(at, "In[") == o.Foreign() {
		w.t.Errorf("%s is said to be in %s", name, at)
	}
	if want := signature(w.t, o, args); !types.Identical(in.Signature, want) {
		w.t.Errorf("%s has the type %v, want %v", name, in.Signature, want)
	}
	w.walk(in.Func)
}

// signature is the type of an instance by the declaration of its object, with
// the receiver as the first parameter.
func signature(t testing.TB, o *check.Object, args []types.Type) types.Type {
	fn := o.Object.(*types.Func)
	if fn.Signature().Recv() == nil {
		if len(args) == 0 {
			return fn.Type()
		}
		out, err := types.Instantiate(nil, fn.Type(), args, false)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	var named types.Type = receiver(fn.Signature()).Origin()
	if len(args) > 0 {
		var err error
		if named, err = types.Instantiate(nil, named, args, false); err != nil {
			t.Fatal(err)
		}
	}
	obj, _, _ := types.LookupFieldOrMethod(named, true, fn.Pkg(), fn.Name())
	sig := obj.(*types.Func).Signature()
	params := []*types.Var{sig.Recv()}
	for v := range sig.Params().Variables() {
		params = append(params, v)
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
}

func isTypeParam(tn *types.TypeName) bool {
	_, ok := tn.Type().(*types.TypeParam)
	return ok
}

// uses has, by package, an expression that uses each generic function and type
// of the standard library, for a type T that is ordered. A part before a
// semicolon is a statement.
var uses = map[string]map[string]string{
	"cmp": {
		"Compare": "cmp.Compare(v, v)",
		"Less":    "cmp.Less(v, v)",
		"Or":      "cmp.Or(v, v)",
	},
	"slices": {
		"All":              "slices.All(s)",
		"AppendSeq":        "slices.AppendSeq(s, seq)",
		"Backward":         "slices.Backward(s)",
		"BinarySearch":     "slices.BinarySearch(s, v)",
		"BinarySearchFunc": "slices.BinarySearchFunc(s, p, func(v T, p P) int { return 0 })",
		"Chunk":            "slices.Chunk(s, 2)",
		"Clip":             "slices.Clip(s)",
		"Clone":            "slices.Clone(s)",
		"Collect":          "slices.Collect(seq)",
		"Compact":          "slices.Compact(s)",
		"CompactFunc":      "slices.CompactFunc(s, eq)",
		"Compare":          "slices.Compare(s, s)",
		"CompareFunc":      "slices.CompareFunc(s, s, order)",
		"Concat":           "slices.Concat(s, s)",
		"Contains":         "slices.Contains(s, v)",
		"ContainsFunc":     "slices.ContainsFunc(s, is)",
		"Delete":           "slices.Delete(s, 0, 1)",
		"DeleteFunc":       "slices.DeleteFunc(s, is)",
		"Equal":            "slices.Equal(s, s)",
		"EqualFunc":        "slices.EqualFunc(s, s, eq)",
		"Grow":             "slices.Grow(s, 3)",
		"Index":            "slices.Index(s, v)",
		"IndexFunc":        "slices.IndexFunc(s, is)",
		"Insert":           "slices.Insert(s, 0, v)",
		"IsSorted":         "slices.IsSorted(s)",
		"IsSortedFunc":     "slices.IsSortedFunc(s, order)",
		"Max":              "slices.Max(s)",
		"MaxFunc":          "slices.MaxFunc(s, order)",
		"Min":              "slices.Min(s)",
		"MinFunc":          "slices.MinFunc(s, order)",
		"Repeat":           "slices.Repeat(s, 2)",
		"Replace":          "slices.Replace(s, 0, 1, v)",
		"Reverse":          "slices.Reverse[[]T]",
		"Sort":             "slices.Sort[[]T]",
		"SortFunc":         "slices.SortFunc[[]T]",
		"SortStableFunc":   "slices.SortStableFunc[[]T]",
		"Sorted":           "slices.Sorted(seq)",
		"SortedFunc":       "slices.SortedFunc(seq, order)",
		"SortedStableFunc": "slices.SortedStableFunc(seq, order)",
		"Values":           "slices.Values(s)",
	},
	"maps": {
		"All":        "maps.All(m)",
		"Clone":      "maps.Clone(m)",
		"Collect":    "maps.Collect(seq2)",
		"Copy":       "maps.Copy[map[T]P, map[T]P]",
		"DeleteFunc": "maps.DeleteFunc[map[T]P]",
		"Equal":      "maps.Equal(m, m)",
		"EqualFunc":  "maps.EqualFunc(m, m, func(a, b P) bool { return a == b })",
		"Insert":     "maps.Insert[map[T]P]",
		"Keys":       "maps.Keys(m)",
		"Values":     "maps.Values(m)",
	},
	"iter": {
		"Pull":  "next, stop := iter.Pull(seq); stop(); next",
		"Pull2": "next2, stop2 := iter.Pull2(seq2); stop2(); next2",
		"Seq":   "iter.Seq[T](seq)",
		"Seq2":  "iter.Seq2[T, P](seq2)",
	},
	"sync": {
		"OnceValue":  "sync.OnceValue(func() T { return v })",
		"OnceValues": "sync.OnceValues(func() (T, P) { return v, p })",
	},
	"sync/atomic": {
		"Pointer": "var ap atomic.Pointer[T]; ap.Store(&v); ap.Swap(&v); ap.CompareAndSwap(&v, &v); ap.Load()",
	},
	"errors":       {"AsType": "errors.AsType[E](error(nil))"},
	"math/rand/v2": {"N": "randv2.N(i)"},
	"reflect": {
		"TypeAssert": "reflect.TypeAssert[T](reflect.ValueOf(v))",
		"TypeFor":    "reflect.TypeFor[T]()",
	},
	"runtime": {"AddCleanup": "runtime.AddCleanup(&v, func(P) {}, p)"},
	"unique": {
		"Make":   "unique.Make(v).Value()",
		"Handle": "unique.Handle[T]{}",
	},
	"weak": {
		"Make":    "weak.Make(&v).Value()",
		"Pointer": "weak.Pointer[T]{}",
	},
	"hash/maphash": {
		"Comparable":      "maphash.Comparable(maphash.MakeSeed(), v)",
		"WriteComparable": "maphash.WriteComparable[T]",
	},
	"database/sql": {"Null": "var null sql.Null[T]; null.Scan(1); null.Value()"},
	"crypto/hkdf": {
		"Expand":  `hkdf.Expand(sha256.New, nil, "", 1)`,
		"Extract": "hkdf.Extract(sha256.New, nil, nil)",
		"Key":     `hkdf.Key(sha256.New, nil, nil, "", 1)`,
	},
	"crypto/pbkdf2": {"Key": `pbkdf2.Key(sha256.New, "", nil, 1, 1)`},
}

// program is a cell that uses one of uses, with T standing for a type.
func program(t, use string) string {
	statements, expression := "", use
	if i := strings.LastIndex(use, "; "); i >= 0 {
		statements, expression = use[:i]+"\n", use[i+2:]
	}
	return `import (
	"cmp"
	"crypto/sha256"
	randv2 "math/rand/v2"
	"iter"
)
type Mine string
type T = ` + t + `
type P struct { X, Y int }
type E struct { Code int }
func (e E) Error() string { return "e" }
type I uint8
func order(a, b T) int { return cmp.Compare(a, b) }
func eq(a, b T) bool { return a == b }
func is(a T) bool { return false }
var v T
p, s, m, i := P{}, []T{v}, map[T]P{}, I(3)
var seq iter.Seq[T]
var seq2 iter.Seq2[T, P]
` + statements + expression + "\n"
}

// TestForeign instantiates every generic function and type of the standard
// library that cells may import, with all that their bodies use.
func TestForeign(t *testing.T) {
	for _, importPath := range exportdata.Paths() {
		pkg, err := shared.Import(importPath)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range pkg.Scope().Names() {
			if obj := pkg.Scope().Lookup(name); obj.Exported() && isGeneric(obj) && uses[importPath][name] == "" {
				t.Errorf("%s.%s is generic and not in the table of this test", importPath, name)
			}
		}
		for name, use := range uses[importPath] {
			if obj := pkg.Scope().Lookup(name); obj == nil || !isGeneric(obj) {
				t.Errorf("%s.%s is in the table of this test and not generic", importPath, name)
			}
			for _, arg := range []string{"Mine", "int", "string"} {
				w, c := checked(t, program(arg, use))
				w.walk(c.Cell.Body)
				key := importPath + "·" + name
				if !slices.ContainsFunc(w.instances, func(in string) bool { return strings.HasPrefix(in, key) }) {
					t.Errorf("%s for %s is not instantiated, only %q", key, arg, w.instances)
				}
			}
		}
	}
}

func isGeneric(obj types.Object) bool {
	switch o := obj.(type) {
	case *types.Func:
		return o.Signature().TypeParams().Len() > 0
	case *types.TypeName:
		named, ok := o.Type().(*types.Named)
		return ok && named.TypeParams().Len() > 0
	}
	return false
}

// TestForeignInstances looks at what Instantiate returns.
func TestForeignInstances(t *testing.T) {
	w, c := checked(t, `type P struct { X int }
func insertionSortCmpFunc() {}
type xorshift string
func byX[T interface{ ~struct{ X int } }](s []T) { slices.SortFunc(s, func(a, b T) int { return 0 }) }
slices.SortFunc([]P{}, func(a, b P) int { return cmp.Compare(a.X, b.X) })
byX([]P{})`)
	sortFunc := w.object("SortFunc")
	if sortFunc == nil || !sortFunc.Foreign() || sortFunc.LoweredName() != "slices·SortFunc" {
		t.Fatalf("slices.SortFunc is %+v", sortFunc)
	}
	if again := w.object("SortFunc"); again != sortFunc {
		t.Error("slices.SortFunc is two objects")
	}
	if w.object("insertionSortCmpFunc").Foreign() {
		t.Error("a function of the cell is foreign")
	}
	w.walk(c.Cell.Body)
	if !slices.Contains(w.instances, "slices·insertionSortCmpFunc[main.P]") || !slices.Contains(w.instances, "slices·xorshift.Next[]") {
		t.Errorf("instances are %q", w.instances)
	}
	p := c.Objects[0].Type()
	in, err := c.Instantiate(sortFunc, []types.Type{types.NewSlice(p), p})
	if err != nil {
		t.Fatal(err)
	}
	at := w.fset.Position(in.Func.Pos())
	if at.Filename != filepath.FromSlash("slices/sort.go") || at.Line < 2 {
		t.Errorf("slices.SortFunc is at %v", at)
	}
	if _, err := c.Instantiate(sortFunc, []types.Type{p}); err == nil {
		t.Error("slices.SortFunc takes one type argument")
	}
}

// TestInstancesInPrograms instantiates a function of a program that imports with
// a dot.
func TestInstancesInPrograms(t *testing.T) {
	fset := token.NewFileSet()
	s, c, err := check.Program(fset, shared, cell.Source{Number: 1, Text: `package main

import (
	f "fmt"
	. "slices"
)

func show[T ~[]int](x T) { f.Println(Index(x, 1), Clone[T](nil) == nil) }

func main() { show([]int{2, 1}) }
`})
	if err != nil {
		t.Fatal(err)
	}
	w := &walker{t: t, s: s, fset: fset, c: c, seen: map[string]bool{}}
	for _, o := range c.Objects {
		if o.Key == "main" {
			w.walk(o.Decl)
		}
	}
	for _, want := range []string{"slices·Index[[]int int]", "slices·Clone[[]int int]"} {
		if !slices.Contains(w.instances, want) {
			t.Errorf("%s is not among the instances %q", want, w.instances)
		}
	}
}

// object is the session's object of the first identifier of a name.
func (w *walker) object(name string) *check.Object {
	for id, obj := range w.c.Info.Uses {
		if id.Name == name {
			return w.s.Object(obj)
		}
	}
	for id, obj := range w.c.Info.Defs {
		if id.Name == name {
			return w.s.Object(obj)
		}
	}
	return nil
}

// TestForeignWithoutSources checks cells where no Go of the right version is
// installed.
func TestForeignWithoutSources(t *testing.T) {
	defer check.SetSources(stdsource.New("go1.999.0"))()
	for _, c := range []struct{ text, want string }{
		{"s := []int{}\nslices.SortFunc(s, nil)", "In[1]:2:8: slices.SortFunc needs Go's own sources"},
		{"type T struct{ p atomic.Pointer[int] }", "In[1]:1:25: atomic.Pointer needs Go's own sources"},
		{"package main\nimport \"maps\"\nfunc main() { maps.Keys(map[int]int{}) }", "In[1]:3:20: maps.Keys needs Go's own sources"},
		{"slices.Sort([]int{})\nunique.Make(1)\nvar seq iter.Seq[int]\niter.Pull(seq)\nreflect.TypeFor[int]()", ""},
	} {
		fset := token.NewFileSet()
		src := cell.Source{Number: 1, Text: c.text}
		var err error
		if check.IsProgram(c.text) {
			_, _, err = check.Program(fset, shared, src)
		} else if parsed, perr := check.Parse(fset, src); perr != nil {
			err = perr
		} else {
			_, err = check.NewSession(fset, shared).Check(parsed)
		}
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.text, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "install Go 1.999") {
			t.Errorf("%s: error %v, want %s", c.text, err, c.want)
		}
	}
}

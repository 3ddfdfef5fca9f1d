package symbols

import (
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/eval/symbols/internal/std"
)

// importAll gives the checker's view of a package.
func importAll(t *testing.T) map[string]*types.Package {
	t.Helper()
	im := exportdata.NewImporter()
	packages := map[string]*types.Package{}
	for _, path := range Paths() {
		pkg, err := im.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		packages[path] = pkg
	}
	return packages
}

// What the checker lets a cell say, the interpreter must have: each exported name
// of each package, except what reflection cannot hold.
func TestNamesMatchTheChecker(t *testing.T) {
	for path, pkg := range importAll(t) {
		var want []string
		for _, name := range pkg.Scope().Names() {
			if obj := pkg.Scope().Lookup(name); obj.Exported() && bindable(obj) {
				want = append(want, name)
			}
		}
		name, syms, ok := Lookup(path)
		if !ok || name != pkg.Name() {
			t.Errorf("Lookup(%q) gives the name %q, %v; want %q", path, name, ok, pkg.Name())
		}
		var got []string
		for name := range syms {
			if !strings.HasPrefix(name, "_") {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	for _, path := range exportdata.Paths() {
		if _, _, ok := Lookup(path); !ok && !slices.Contains([]string{"unsafe", "plugin", "runtime/cgo", "syscall"}, path) {
			t.Errorf("%s is known to the checker and not to the interpreter", path)
		}
	}
}

// bindable tells whether reflection can hold an object.
func bindable(obj types.Object) bool {
	if f, ok := obj.(*types.Func); ok {
		return f.Signature().TypeParams().Len() == 0
	}
	if _, ok := obj.(*types.TypeName); !ok {
		return true
	}
	if t, ok := obj.Type().(interface{ TypeParams() *types.TypeParamList }); ok && t.TypeParams().Len() > 0 {
		return false
	}
	iface, ok := obj.Type().Underlying().(*types.Interface)
	return !ok || iface.IsMethodSet()
}

func TestUntypedConstants(t *testing.T) {
	for path, pkg := range importAll(t) {
		_, syms, _ := Lookup(path)
		for _, name := range pkg.Scope().Names() {
			obj, ok := pkg.Scope().Lookup(name).(*types.Const)
			if !ok || !obj.Exported() || obj.Type().Underlying().(*types.Basic).Info()&types.IsUntyped == 0 || obj.Val().Kind() == constant.Bool {
				continue
			}
			got, ok := syms[name].Interface().(constant.Value)
			if !ok {
				t.Errorf("%s.%s is held as %v, want a constant.Value", path, name, syms[name].Type())
			} else if !sameConstant(got, obj.Val()) {
				t.Errorf("%s.%s is %v, want %v", path, name, got.ExactString(), obj.Val().ExactString())
			}
		}
	}
}

// sameConstant compares; floating point constants may differ past 150 digits.
func sameConstant(a, b constant.Value) bool {
	if a.Kind() == constant.Float {
		difference := constant.BinaryOp(a, token.SUB, b)
		limit := constant.BinaryOp(b, token.MUL, constant.MakeFromLiteral("1e-150", token.FLOAT, 0))
		return constant.Compare(difference, token.LEQ, limit) && constant.Compare(constant.UnaryOp(token.SUB, difference, 0), token.LEQ, limit)
	}
	return constant.Compare(a, token.EQL, b)
}

func TestForms(t *testing.T) {
	_, syms, _ := Lookup("os")
	if args := syms["Args"]; !args.CanSet() || args.Type() != reflect.TypeFor[[]string]() {
		t.Errorf("os.Args is %v, settable: %v; want a []string that can be set", args.Type(), args.CanSet())
	}
	if file := syms["File"]; file.Kind() != reflect.Pointer || !file.IsNil() || file.Type().Elem().String() != "os.File" {
		t.Errorf("os.File is %v, want a nil *os.File", file)
	}
	if mode := syms["ModePerm"]; mode.Type().String() != "fs.FileMode" {
		t.Errorf("os.ModePerm is a %v, want the type of the constant", mode.Type())
	}
	if _, _, ok := Lookup("example.com/nothing"); ok {
		t.Error("Lookup finds a package that does not exist")
	}
	if exports, ok := Exports("example.com/nothing"); ok || exports != nil {
		t.Error("Exports finds a package that does not exist")
	}
}

// Each wrapper has the form that yaegi fills, and implements its interface where
// code outside of the package can.
func TestWrappers(t *testing.T) {
	for _, path := range Paths() {
		_, syms, _ := Lookup(path)
		pkg, _ := std.Find(path)
		for name, value := range syms {
			if value.Kind() != reflect.Pointer || value.Type().Elem().Kind() != reflect.Interface || !value.IsNil() {
				continue
			}
			iface := value.Type().Elem()
			if iface.PkgPath() != pkg.TypePath || iface.Name() != name {
				if _, ok := Wrappers(iface.PkgPath())["_"+iface.Name()]; !ok && iface != reflect.TypeFor[any]() && iface != reflect.TypeFor[error]() {
					t.Errorf("%s.%s is %s.%s, which has no wrapper", path, name, iface.PkgPath(), iface.Name())
				}
				continue
			}
			wrapper, ok := syms["_"+name]
			if !ok {
				t.Errorf("%s.%s has no wrapper", path, name)
				continue
			}
			checkWrapper(t, iface, wrapper.Type().Elem())
		}
	}
}

// checkWrapper looks at one wrapper.
func checkWrapper(t *testing.T, iface, wrapper reflect.Type) {
	t.Helper()
	if wrapper.Field(0).Name != "IValue" || wrapper.NumField() != wrapper.NumMethod()+1 {
		t.Errorf("%v has the fields %v and %d methods", wrapper, reflect.VisibleFields(wrapper), wrapper.NumMethod())
	}
	implementable := true
	for i := range iface.NumMethod() {
		implementable = implementable && iface.Method(i).IsExported()
	}
	if implementable && !wrapper.Implements(iface) {
		t.Errorf("%v does not implement %v", wrapper, iface)
	}
	for i := range wrapper.NumMethod() {
		if field, ok := wrapper.FieldByName("W" + wrapper.Method(i).Name); !ok || field.Type.Kind() != reflect.Func {
			t.Errorf("%v has no function for the method %s", wrapper, wrapper.Method(i).Name)
		}
	}
}

func TestNeeds(t *testing.T) {
	if got := Needs("bufio"); !slices.Contains(got, "io") {
		t.Errorf("bufio needs %v, want io among them", got)
	}
	if got := Needs("encoding/json"); !slices.Contains(got, "encoding") {
		t.Errorf("encoding/json needs %v, want encoding among them, whose TextMarshaler Marshal looks for", got)
	}
	if got := Needs("math"); got != nil {
		t.Errorf("math needs %v, want nothing", got)
	}
}

// Functions are keys of map types: two lookups must give equal values.
func TestMapTypesFitLookup(t *testing.T) {
	for path, names := range map[string][]string{
		"fmt":           {"Println", "Errorf", "Sscan"},
		"log":           {"Print", "Fatalf"},
		"log/slog":      {"Info"},
		"encoding/json": {"Marshal", "Unmarshal"},
		"encoding/xml":  {"Marshal"},
		"io":            {"_Reader", "_Writer"},
		"net/http":      {"_ResponseWriter"},
	} {
		_, syms, _ := Lookup(path)
		mapTypes := MapTypes(path)
		for _, name := range names {
			if len(mapTypes[syms[name]]) == 0 {
				t.Errorf("%s.%s has no map types", path, name)
			}
		}
		if got := MapTypesOf(path, syms); len(got) != len(lookFor(path)) {
			t.Errorf("%s: map types for %d functions, want %d: a name is wrong", path, len(got), len(lookFor(path)))
		}
	}
}

func BenchmarkExports(b *testing.B) {
	for _, path := range []string{"fmt", "sync", "net/http", "syscall"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Exports(path)
			}
		})
	}
}

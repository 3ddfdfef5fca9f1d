package stdsource_test

import (
	"errors"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/check/stdsource"
)

// goroot makes an installed Go of a version whose package slices has a file.
func goroot(t *testing.T, version, file string) string {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "src", "slices")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		filepath.Join(root, "VERSION"):        version + "\ntime 2026-01-01T00:00:00Z\n",
		filepath.Join(dir, "slices.go"):       file,
		filepath.Join(dir, "slices_test.go"):  "package slices\nfunc Tested() {}\n",
		filepath.Join(dir, "other.go"):        "//go:build !" + runtime.GOOS + "\npackage slices\nfunc Elsewhere() {}\n",
		filepath.Join(dir, "slices_plan9.go"): "package slices\nfunc Plan9() {}\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOROOT", root)
	return root
}

const example = `// Package slices is an example.
package slices

import (
	"math/bits"
	other "cmp"
)

const (
	first hint = iota
	second
)

type hint int

func (h *hint) Next() hint { return second }

type Set[T any] struct{ of map[int]T }

func (s Set[T]) Len() int {
	return bits.Len(uint(size))
}

func Search[S ~[]E, E other.Ordered](s S) hint { return helper(s, bits.UintSize) }
`

func TestLookup(t *testing.T) {
	goroot(t, "go1.99.2", example)
	p, err := stdsource.New("go1.99.0").Package("slices")
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{
		"first": true, "second": true, "hint": true, "hint.Next": true, "Set": true, "Set.Len": true, "Search": true,
		"Len": false, "Tested": false, "Elsewhere": false, "Plan9": false, "bits": false,
	} {
		d, err := p.Lookup(key)
		if err != nil || (d != nil) != want {
			t.Errorf("Lookup(%q) = %v, %v", key, d, err)
		}
	}
	if methods, err := p.Methods("hint"); err != nil || len(methods) != 1 || methods[0].Key != "hint.Next" {
		t.Errorf("methods of hint: %v, %v", methods, err)
	}
}

func lookup(t *testing.T, p *stdsource.Package, key string) *stdsource.Decl {
	t.Helper()
	d, err := p.Lookup(key)
	if err != nil || d == nil {
		t.Fatalf("Lookup(%q) = %v, %v", key, d, err)
	}
	return d
}

func TestDeclarations(t *testing.T) {
	goroot(t, "go1.99", example)
	p, err := stdsource.New("go1.99.7").Package("slices")
	if err != nil {
		t.Fatal(err)
	}
	search := lookup(t, p, "Search")
	whole, header := search.References(false), search.References(true)
	if want := map[string][]string{"cmp": {"Ordered"}, "math/bits": {"UintSize"}}; !reflect.DeepEqual(whole.Members, want) {
		t.Errorf("members are %v, want %v", whole.Members, want)
	}
	if want := map[string][]string{"cmp": {"Ordered"}}; !reflect.DeepEqual(header.Members, want) {
		t.Errorf("members in the header are %v, want %v", header.Members, want)
	}
	if !slices.Contains(whole.Names, "helper") || slices.Contains(header.Names, "helper") || slices.Contains(whole.Names, "UintSize") {
		t.Errorf("names are %v, in the header %v", whole.Names, header.Names)
	}
	if first, second := lookup(t, p, "first"), lookup(t, p, "second"); !first.Same(second) || first.Same(search) {
		t.Error("a group of constants is not one declaration")
	}

	fset := token.NewFileSet()
	for key, line := range map[string]int{"Search": 24, "Set.Len": 20, "hint": 14, "second": 9} {
		f, err := lookup(t, p, key).Parse(fset, false)
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		got := fset.Position(f.Decls[len(f.Decls)-1].Pos())
		if got.Filename != filepath.FromSlash("slices/slices.go") || got.Line != line || got.Column != 1 {
			t.Errorf("%s is at %v, want line %d", key, got, line)
		}
	}
	f, err := lookup(t, p, "Set.Len").Parse(fset, true)
	if err != nil {
		t.Fatal(err)
	}
	if fn := f.Decls[len(f.Decls)-1].(*ast.FuncDecl); fn.Body != nil || len(f.Imports) != 0 {
		t.Errorf("a header has a body or %d imports", len(f.Imports))
	}
}

func TestOtherVersionsAreRefused(t *testing.T) {
	root := goroot(t, "go1.98.3", example)
	p, err := stdsource.New("go1.99.0").Package("slices")
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Lookup("SortFunc")
	var missing *stdsource.MissingError
	if !errors.As(err, &missing) {
		t.Fatalf("error %v, want a MissingError", err)
	}
	for _, part := range []string{"Go 1.98.3 in " + root, "install Go 1.99", "PATH"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	if p.Available("SortFunc") == nil {
		t.Error("what is missing is available")
	}
	goroot(t, "go1.99.4", example)
	if _, err := p.Lookup("SortFunc"); err != nil {
		t.Errorf("after the installation of Go: %v", err)
	}
}

func TestReplacementsNeedNoSources(t *testing.T) {
	goroot(t, "go1.1", example)
	p, err := stdsource.New("go1.99.0").Package("runtime")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Available("AddCleanup"); err != nil {
		t.Error(err)
	}
	d := lookup(t, p, "AddCleanup")
	if helper, err := p.Refers(d, "bound"); helper == nil || err != nil {
		t.Errorf("the helper of a replacement: %v, %v", helper, err)
	}
	if none, err := p.Refers(d, "ptr"); none != nil || err != nil {
		t.Errorf("a name that the replacements do not have: %v, %v", none, err)
	}
	fset := token.NewFileSet()
	f, err := d.Parse(fset, false)
	if err != nil {
		t.Fatal(err)
	}
	if name := fset.Position(f.Decls[len(f.Decls)-1].Pos()).Filename; name != filepath.FromSlash("chanbook/runtime/runtime.go") {
		t.Errorf("a replacement is in %s", name)
	}
}

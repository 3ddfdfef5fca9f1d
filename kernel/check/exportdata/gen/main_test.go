package main

import (
	"fmt"
	"go/token"
	"go/types"
	"go/version"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/gcexportdata"

	"github.com/chanbook/chanbook/kernel/check/exportdata/archive"
	"github.com/chanbook/chanbook/kernel/check/exportdata/stdsource"
)

const remedy = "run: go generate ./kernel/check/exportdata"

// TestArchivesAreCurrent makes the archives anew from the installed Go and
// compares: std.bin always, those of the other platforms where CI is set.
func TestArchivesAreCurrent(t *testing.T) {
	want, err := build(base)
	if err != nil {
		t.Fatal(err)
	}
	std := stored(t, "std.bin")
	requireSameGo(t, std)
	compare(t, std, want)
	if os.Getenv("CI") == "" {
		return
	}
	for _, platform := range others {
		all, err := build(platform)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, stored(t, fileName(platform)), difference(want, all))
	}
}

// stored reads one of the embedded files.
func stored(t *testing.T, name string) *archive.Archive {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "data", name))
	if err != nil {
		t.Fatal(err)
	}
	a, err := archive.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// requireSameGo ends the test where another Go is installed than the one the
// archives were made with; patch releases are alike.
func requireSameGo(t *testing.T, a *archive.Archive) {
	t.Helper()
	if version.Lang(a.GoVersion) == version.Lang(runtime.Version()) {
		return
	}
	message := fmt.Sprintf("the export data is of %s, the installed Go is %s; %s", a.GoVersion, runtime.Version(), remedy)
	if os.Getenv("CI") != "" {
		t.Fatal(message)
	}
	t.Skip(message)
}

// compare reports packages that one archive lacks and packages that declare
// something else. Bytes may differ between patch releases, declarations not.
func compare(t *testing.T, got, want *archive.Archive) {
	t.Helper()
	if got.GoVersion == want.GoVersion && cmp.Equal(got, want) {
		return
	}
	if diff := cmp.Diff(listing(t, got), listing(t, want)); diff != "" {
		t.Errorf("the archive for %s is stale; %s\n%s", got.Platform, remedy, diff)
	} else if got.GoVersion == want.GoVersion {
		t.Errorf("the archive for %s is encoded otherwise; %s", got.Platform, remedy)
	}
}

// listing gives for each package its exported declarations, with the exported
// fields and methods of its types.
func listing(t *testing.T, a *archive.Archive) map[string][]string {
	t.Helper()
	packages := map[string][]string{}
	known := map[string]*types.Package{}
	for _, p := range a.Packages {
		pkg, err := gcexportdata.Read(&io.LimitedReader{R: strings.NewReader(p.Data), N: int64(len(p.Data))}, token.NewFileSet(), known, p.Path)
		if err != nil {
			t.Fatal(err)
		}
		lines := []string{"package " + pkg.Name()}
		for _, name := range pkg.Scope().Names() {
			if obj := pkg.Scope().Lookup(name); obj.Exported() {
				lines = append(lines, describe(obj)...)
			}
		}
		packages[p.Path] = lines
	}
	return packages
}

// describe gives one line for an object and one for each exported field and
// method of a type.
func describe(obj types.Object) []string {
	name, isType := obj.(*types.TypeName)
	if !isType {
		return []string{obj.String()}
	}
	lines := []string{"type " + name.Name()}
	if fields, ok := name.Type().Underlying().(*types.Struct); ok {
		for field := range fields.Fields() {
			if field.Exported() {
				lines = append(lines, name.Name()+" "+field.String())
			}
		}
	} else {
		lines[0] += " " + name.Type().Underlying().String()
	}
	methods := types.NewMethodSet(types.NewPointer(name.Type()))
	for method := range methods.Methods() {
		if method.Obj().Exported() {
			lines = append(lines, method.String())
		}
	}
	return lines
}

// A change must be noticed, or the comparison above shows nothing.
func TestDescribeShowsChanges(t *testing.T) {
	pkg := types.NewPackage("p", "p")
	typeWith := func(field string) types.Object {
		name := types.NewTypeName(0, pkg, "T", nil)
		types.NewNamed(name, types.NewStruct([]*types.Var{types.NewField(0, pkg, field, types.Typ[types.Int], false)}, nil), nil)
		return name
	}
	if cmp.Equal(describe(typeWith("A")), describe(typeWith("B"))) {
		t.Error("a renamed field makes no difference")
	}
	if !cmp.Equal(describe(typeWith("a")), describe(typeWith("b"))) {
		t.Error("an unexported field makes a difference")
	}
}

func TestDifference(t *testing.T) {
	std := &archive.Archive{Packages: []archive.Package{{Path: "a", Data: "1"}, {Path: "b", Data: "2"}}}
	all := &archive.Archive{Platform: "plan9/amd64", Packages: []archive.Package{{Path: "a", Data: "1"}, {Path: "b", Data: "3"}, {Path: "c", Data: "4"}}}
	want := &archive.Archive{Platform: "plan9/amd64", Packages: []archive.Package{{Path: "b", Data: "3"}, {Path: "c", Data: "4"}}}
	if diff := cmp.Diff(want, difference(std, all)); diff != "" {
		t.Error(diff)
	}
}

func TestFileName(t *testing.T) {
	for _, p := range others {
		if _, err := os.Stat(filepath.Join("..", "platform_"+p.OS+"_"+p.Arch+".go")); err != nil {
			t.Errorf("%s has an archive that nothing embeds: %v", stdsource.Platform(p), err)
		}
	}
}

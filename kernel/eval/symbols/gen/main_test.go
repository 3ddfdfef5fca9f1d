package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/version"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/check/exportdata/stdsource"
	"github.com/chanbook/chanbook/kernel/eval/symbols/internal/std"
	"github.com/chanbook/chanbook/kernel/eval/symbols/tablegen"
)

const (
	folder = "../internal/std"
	remedy = "run: go generate ./kernel/eval/symbols"
)

// TestTablesAreCurrent makes the tables anew from the installed Go and compares:
// those of one platform always, all of them where CI is set.
func TestTablesAreCurrent(t *testing.T) {
	if version.Lang(std.GoVersion) != version.Lang(runtime.Version()) {
		message := fmt.Sprintf("the tables are of %s, the installed Go is %s; %s", std.GoVersion, runtime.Version(), remedy)
		if os.Getenv("CI") != "" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	if os.Getenv("CI") != "" {
		compareAll(t)
		return
	}
	packages, err := load(platforms[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		if slices.Contains(leftOut, p.Path) {
			continue
		}
		body, err := file.Write(packages, p)
		if err != nil {
			t.Fatal(err)
		}
		if !onDisk(t, p.Path, body) {
			t.Errorf("the table of %s is stale; %s", p.Path, remedy)
		}
	}
}

// compareAll compares all files of all platforms. The index names the patch
// release, which may differ.
func compareAll(t *testing.T) {
	files, err := generate(platforms)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Errorf("%v; %s", err, remedy)
			continue
		}
		want = bytes.ReplaceAll(want, []byte(runtime.Version()), []byte(std.GoVersion))
		if !bytes.Equal(got, want) {
			t.Errorf("%s is stale; %s", name, remedy)
		}
	}
}

// onDisk tells whether one of the files of a package for linux/amd64 has this
// body.
func onDisk(t *testing.T, path, body string) bool {
	t.Helper()
	for _, end := range []string{"any", "on", "linux", "linux_amd64"} {
		content, err := os.ReadFile(filepath.Join(folder, tablegen.Identifier(path)+end+".go"))
		if err != nil {
			continue
		}
		files := map[string][]byte{}
		constraint := map[string]string{"on": "cgo"}[end]
		if err := addFile(files, end, constraint, body); err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(content, files[end]) {
			return true
		}
	}
	return false
}

// The tables must not cost anything at the start of the program: no variables of
// the package, no init.
func TestNothingRunsAtStart(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(names) < 170 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
				t.Errorf("%s has a variable of the package", name)
			}
			if d, ok := decl.(*ast.FuncDecl); ok && d.Name.Name == "init" {
				t.Errorf("%s has an init function", name)
			}
		}
	}
}

func TestAddFiles(t *testing.T) {
	linux, arm, mac := stdsource.Platform{OS: "linux", Arch: "amd64"}, stdsource.Platform{OS: "linux", Arch: "arm64"}, stdsource.Platform{OS: "darwin", Arch: "arm64"}
	all := []stdsource.Platform{linux, arm, mac}
	const a, b = "package std\n\nfunc p_() {}\n", "package std\n\nfunc p_() { return }\n"
	for name, c := range map[string]struct {
		bodies map[stdsource.Platform]string
		want   []string
		none   string // constraint of the file for the others
	}{
		"alike":         {map[stdsource.Platform]string{linux: a, arm: a, mac: a}, []string{"p_any.go"}, ""},
		"by system":     {map[stdsource.Platform]string{linux: a, arm: a, mac: b}, []string{"p_darwin.go", "p_linux.go", "p_none.go"}, "!linux && !darwin"},
		"not on one":    {map[stdsource.Platform]string{linux: a, arm: a}, []string{"p_linux.go", "p_none.go"}, "!linux"},
		"by processor":  {map[stdsource.Platform]string{linux: a, arm: b}, []string{"p_linux_amd64.go", "p_linux_arm64.go", "p_none.go"}, "!(linux && amd64) && !(linux && arm64)"},
		"only on a mac": {map[stdsource.Platform]string{mac: a}, []string{"p_darwin.go", "p_none.go"}, "!darwin"},
	} {
		files := map[string][]byte{}
		if err := addFiles(files, "p", c.bodies, all); err != nil {
			t.Fatal(err)
		}
		var got []string
		for file := range files {
			got = append(got, file)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if c.none != "" && !strings.Contains(string(files["p_none.go"]), "//go:build "+c.none+"\n") {
			t.Errorf("%s: %s", name, files["p_none.go"])
		}
	}
}

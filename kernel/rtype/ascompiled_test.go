package rtype

import (
	"bytes"
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// anyCompiled is a Native that has all named types of the binary.
type anyCompiled struct{}

func (anyCompiled) Type(obj *types.TypeName) (reflect.Type, bool) {
	if obj.Pkg().Path() == "main" {
		return nil, false
	}
	if r, ok := natives.Type(obj); ok {
		return r, true
	}
	return Compiled(obj.Pkg(), obj.Name())
}

// What reflection tells of our types is what it tells of the same types in a
// compiled program.
func TestAsCompiled(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("go is not installed")
		}
		t.Skip("install go to compare with compiled types")
	}
	text, err := os.ReadFile("testdata/types.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	walk, err := os.ReadFile("walk_test.go")
	if err != nil {
		t.Fatal(err)
	}
	source := string(text)
	var lines []string
	names := regexp.MustCompile(`(?m)^\s+(?:var )?(v\d\d)\b`).FindAllStringSubmatch(source, -1)
	order := []string{"v57", "v58", "v55", "v56"}
	for _, m := range names {
		if n := m[1]; n < "v55" {
			lines = append(lines, fmt.Sprintf("w.walk(reflect.TypeOf(%s))", n))
			order = append(order, n)
		}
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module p\ngo 1.26\n",
		"main.go": strings.Replace(source, "//WALK", strings.Join(lines, "\n"), 1),
		"walk.go": strings.Replace(string(walk), "package rtype", "package main", 1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(goTool, "run", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	want, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}

	stand := "type walker struct { io.Writer; seen map[reflect.Type]bool }\nfunc (w *walker) walk(t reflect.Type) {}\n"
	w := newWorld(t, strings.Replace(source, "package main", "", 1)+stand)
	w.Types = New(anyCompiled{})
	var got bytes.Buffer
	ours := &walker{Writer: &got, seen: map[reflect.Type]bool{}}
	for _, name := range order {
		ours.walk(w.R(name))
	}
	compareLines(t, got.String(), string(want))
}

func compareLines(t *testing.T, got, want string) {
	t.Helper()
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			from := max(0, i-3)
			t.Fatalf("line %d differs\ngot\n%s\nwant\n%s", i+1, strings.Join(a[from:min(len(a), i+3)], "\n"), strings.Join(b[from:min(len(b), i+3)], "\n"))
		}
	}
	if len(a) < 500 {
		t.Errorf("only %d lines compared", len(a))
	}
}

package toolchain

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// roots is the Roots option with one root.
func roots(dirs ...string) func(func(string) bool) {
	return slices.Values(dirs)
}

// fakeGo makes a root whose go command is a shell script.
func fakeGo(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the go command of the test is a shell script")
	}
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "bin", "go"), "#!/bin/sh\n"+script)
	if err := os.Chmod(filepath.Join(root, "bin", "go"), 0o700); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestMissingGo(t *testing.T) {
	old := fakeGo(t, `echo '{"GOVERSION": "go1.25.4"}'`)
	broken := fakeGo(t, "echo it is broken >&2; exit 1")
	odd := fakeGo(t, "echo hello")
	for name, test := range map[string]struct {
		roots []string
		want  []string
	}{
		"none":   {nil, []string{"no installed Go was found", "need Go 1.26 or later", "https://go.dev/dl/", "PATH", "GOROOT"}},
		"empty":  {[]string{t.TempDir()}, []string{"no installed Go was found"}},
		"old":    {[]string{old}, []string{"found only Go 1.25.4 in " + old, "need Go 1.26 or later"}},
		"broken": {[]string{broken}, []string{"in " + broken + " that does not run (it is broken)"}},
		"odd":    {[]string{odd, old}, []string{"in " + odd + " that does not understand go env -json, Go 1.25.4 in " + old}},
	} {
		t.Run(name, func(t *testing.T) {
			tc := New(Options{Roots: roots(test.roots...)})
			defer tc.Close()
			_, err := tc.Build(t.Context(), Build{Program: hello("x")})
			if _, ok := errors.AsType[*MissingError](err); !ok {
				t.Fatalf("%v", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\nwithout %q", err, want)
				}
			}
		})
	}
}

// TestLaterGo: an old Go does not hide a later one, and a Go that is installed
// while the session goes on is found.
func TestLaterGo(t *testing.T) {
	old := fakeGo(t, `echo '{"GOVERSION": "go1.25.4"}'`)
	found := []string{old}
	tc := New(Options{Roots: func(yield func(string) bool) { slices.Values(found)(yield) }})
	defer tc.Close()
	if _, err := tc.Build(t.Context(), Build{Program: hello("x")}); err == nil {
		t.Fatal("an old Go was taken")
	}
	found = append(found, goroot(t))
	if _, err := tc.Build(t.Context(), Build{Program: hello("x")}); err != nil {
		t.Error(err)
	}
}

// TestWithoutPath: JupyterLab may start the kernel without the person's PATH.
func TestWithoutPath(t *testing.T) {
	root := goroot(t)
	t.Setenv("PATH", "")
	t.Setenv("GOROOT", root)
	tc := New(Options{})
	defer tc.Close()
	if _, err := tc.Build(t.Context(), Build{Program: hello("x")}); err != nil {
		t.Error(err)
	}
}

// TestLeast compares what is needed with our go.mod.
func TestLeast(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "\ngo " + strings.TrimPrefix(least, "go"); !strings.Contains(string(text), want) {
		t.Errorf("go.mod does not say %q", want)
	}
}

// TestNoFolders: a kernel in a container may have no place to write to.
func TestNoFolders(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the variables have other names")
	}
	t.Setenv("GOROOT", goroot(t))
	nowhere := filepath.Join(t.TempDir(), "file")
	write(t, nowhere, "")
	for name, want := range map[string]string{"HOME": "set GOCACHE, or HOME,", "GOCACHE": "set GOCACHE, or HOME,", "TMPDIR": "set TMPDIR"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("XDG_CACHE_HOME", "")
			t.Setenv("GOCACHE", "")
			t.Setenv(name, filepath.Join(nowhere, "x"))
			tc, _ := session(t)
			if _, err := tc.Build(t.Context(), Build{Program: hello("x")}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v\nwithout %q", err, want)
			}
		})
	}
}

func TestRaceNeedsACompiler(t *testing.T) {
	if runtime.GOOS == "darwin" {
		t.Skip("the race detector needs no C compiler on macOS")
	}
	t.Setenv("GOROOT", goroot(t))
	for name, test := range map[string]struct {
		env  [2]string
		want []string
	}{
		"no compiler": {[2]string{"PATH", ""}, []string{"there is no gcc", "apt-get install gcc", "xcode-select"}},
		"its name":    {[2]string{"CC", "mycc -m64"}, []string{"there is no mycc -m64", "CC"}},
		"cgo off":     {[2]string{"CGO_ENABLED", "0"}, []string{"CGO_ENABLED=1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(test.env[0], test.env[1])
			tc := New(Options{})
			defer tc.Close()
			_, err := tc.Build(t.Context(), Build{Program: hello("x"), Race: true})
			for _, want := range test.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%v\nwithout %q", err, want)
				}
			}
		})
	}
}

func TestMissingPackage(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod") // which would look for modules in the network
	t.Setenv("GOPROXY", "http://127.0.0.1:1")
	tc := New(Options{})
	defer tc.Close()
	source := func(name string) (cell.Source, bool) {
		return cell.Source{Number: 7, Text: "package main\n\nimport …"}, name == "cell.go"
	}
	p := plain("package main\n\nimport _ \"example.com/nowhere/at/all\"\nimport \"nosuch/thing\"\n\nfunc main() { thing.Do() }\n", "example.com/nowhere/at/all", "nosuch/thing")
	p.Files[0].Text = strings.Replace(p.Files[0].Text, "In[1]", "cell.go", 1)
	for _, test := range []bool{false, true} {
		_, err := tc.Build(t.Context(), Build{Program: p, Test: test, Source: source})
		found, ok := errors.AsType[check.Diagnostics](err)
		if !ok || len(found) != 2 {
			t.Fatalf("test=%v: %v", test, err)
		}
		if at := found[0].Pos.String(); at != "In[7]:3:10" || found[0].Line != "import …" || !strings.Contains(found[0].Hint, "%get example.com/nowhere/at/all") {
			t.Errorf("%s %+v", at, found[0])
		}
		if at := found[1].Pos.String(); at != "In[7]:4:8" || !strings.Contains(found[1].Message, "nosuch/thing") {
			t.Errorf("%s %+v", at, found[1])
		}
	}
}

// TestInternalPackage: what the go command does not allow, we do not.
func TestInternalPackage(t *testing.T) {
	tc := New(Options{})
	defer tc.Close()
	for _, path := range []string{"internal/cpu", "./here", "cmd/go", "vendor/golang.org/x/net/idna"} {
		p := plain("package main\n\nimport _ \""+path+"\"\n\nfunc main() {}\n", path)
		if _, err := tc.Build(t.Context(), Build{Program: p}); err == nil {
			t.Errorf("%s can be imported", path)
		} else if !strings.Contains(err.Error(), "In[1]:3:8") {
			t.Errorf("%s: no place in %v", path, err)
		}
	}
}

// goroot is that of the go command that runs the test.
func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

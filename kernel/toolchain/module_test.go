package toolchain

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// everything imports all packages that are always there.
const everything = `package main

import (
	"chanbook/show"
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"
)

func main() {
	var g errgroup.Group
	var one singleflight.Group
	s := semaphore.NewWeighted(1)
	g.Go(func() error { return s.Acquire(context.Background(), 1) })
	v, _, _ := one.Do("key", func() (any, error) { return 42, nil })
	fmt.Println(g.Wait(), v, rate.NewLimiter(1, 1).Allow())
	show.Text("shown")
}
`

// TestAlwaysThere builds with packages that are not of the standard library,
// where nothing can be downloaded.
func TestAlwaysThere(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOFLAGS", "-mod=vendor")
	tc := New(Options{})
	defer tc.Close()
	p := plain(everything, "chanbook/show", "context", "fmt", "golang.org/x/sync/errgroup", "golang.org/x/sync/semaphore",
		"golang.org/x/sync/singleflight", "golang.org/x/time/rate")
	b, err := tc.Build(t.Context(), Build{Program: p})
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(b.Path).CombinedOutput()
	if want := "<nil> 42 true\nshown\n"; err != nil || string(out) != want {
		t.Errorf("%v, %q, want %q", err, out, want)
	}
}

// publish puts a module of one file into a folder that serves as module proxy.
func publish(t *testing.T, proxy, path, text string) {
	t.Helper()
	dir := filepath.Join(proxy, filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	goMod := "module " + path + "\n\ngo 1.26\n"
	write(t, filepath.Join(dir, "list"), "v1.0.0\n")
	write(t, filepath.Join(dir, "v1.0.0.info"), `{"Version": "v1.0.0"}`)
	write(t, filepath.Join(dir, "v1.0.0.mod"), goMod)
	file, err := os.Create(filepath.Join(dir, "v1.0.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	for name, text := range map[string]string{"go.mod": goMod, "file.go": text} {
		w, err := archive.Create(path + "@v1.0.0/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
}

// get does what %get does with a module.
func get(t *testing.T, tc *Toolchain, query string) (goMod, goSum []byte) {
	t.Helper()
	m, err := tc.Module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(m.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(text))
	}
	cmd := exec.Command(m.Go, "get", query)
	cmd.Dir, cmd.Env = dir, m.Env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	goMod, _ = os.ReadFile(filepath.Join(dir, "go.mod"))
	goSum, _ = os.ReadFile(filepath.Join(dir, "go.sum"))
	return goMod, goSum
}

func TestModules(t *testing.T) {
	proxy := t.TempDir()
	publish(t, proxy, "example.com/good", "package good\n\nfunc Word() string { return \"good\" }\n")
	publish(t, proxy, "example.com/broken", "package broken\n\nfunc Word() string { return 1 }\n")
	t.Setenv("GOPROXY", "file://"+filepath.ToSlash(proxy))
	t.Setenv("GONOSUMDB", "example.com")
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOFLAGS", "-modcacherw")
	tc, _ := session(t)
	good := plain("package main\n\nimport \"example.com/good\"\n\nfunc main() { println(good.Word()) }\n", "example.com/good")
	broken := plain("package main\n\nimport \"example.com/broken\"\n\nfunc main() { println(broken.Word()) }\n", "example.com/broken")
	if _, err := tc.Build(t.Context(), Build{Program: good}); err == nil || !strings.Contains(err.Error(), "%get example.com/good") {
		t.Errorf("before: %v", err)
	}

	goMod, goSum := get(t, tc, "example.com/good")
	if err := tc.SetModule(goMod, nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range []bool{false, true} {
		_, err := tc.Build(t.Context(), Build{Program: good, Test: test})
		if err == nil || !strings.Contains(err.Error(), "checksum") || !strings.Contains(err.Error(), "%get example.com/good looks it up") {
			t.Errorf("without sums, test=%v: %v", test, err)
		}
	}
	if err := tc.SetModule(goMod, goSum); err != nil {
		t.Fatal(err)
	}
	if _, out := build(t, tc, Build{Program: good}); out != "good\n" {
		t.Errorf("%q", out)
	}

	goMod, goSum = get(t, tc, "example.com/broken")
	if err := tc.SetModule(goMod, goSum); err != nil {
		t.Fatal(err)
	}
	for _, test := range []bool{false, true} {
		_, err := tc.Build(t.Context(), Build{Program: broken, Test: test})
		for _, want := range []string{"example.com/broken does not compile", "file.go:3:29: cannot use 1"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("test=%v: %v\nwithout %q", test, err, want)
			}
		}
	}
	if b, out := build(t, tc, Build{Program: good}); out != "good\n" || b.Cached {
		t.Errorf("%q, %+v", out, b)
	}

	// The folder is cleared from outside: the session keeps its modules.
	os.RemoveAll(tc.scratch.dir)
	if _, out := build(t, tc, Build{Program: good}); out != "good\n" {
		t.Errorf("%q", out)
	}
}

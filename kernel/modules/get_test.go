package modules

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chanbook/chanbook/kernel/modules/modulestest"
)

// get gets modules for an empty session.
func get(t *testing.T, base Base, have []Module, words ...string) (*Set, error) {
	t.Helper()
	var wants []Want
	for _, word := range words {
		w, err := ParseWant(word)
		if err != nil {
			return nil, err
		}
		wants = append(wants, w)
	}
	return Get(t.Context(), base, have, wants, Options{Dir: t.TempDir(), Cache: t.TempDir()})
}

// keep writes what a Set has into the base, as the toolchain does.
func keep(t *testing.T, base Base, s *Set) {
	t.Helper()
	modulestest.Write(t, base.Dir, files{"go.mod": string(s.Mod), "go.sum": string(s.Sum)})
}

func describe(modules []Module) (out []string) {
	for _, m := range modules {
		out = append(out, m.Path+" "+m.Version+" "+m.Licence)
		for _, p := range m.Packages {
			out = append(out, "  "+p.Name+" "+p.Path+" "+p.Fault)
		}
	}
	return out
}

func TestGet(t *testing.T) {
	base := newBase(t, modulestest.Proxy(t, published))
	before, err := base.read()
	if err != nil {
		t.Fatal(err)
	}
	set, err := get(t, base, nil, "example.com/greet@v1.0.0")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"example.com/greet v1.0.0 LICENSE", "  greet example.com/greet ", "  loud example.com/greet/loud "}
	if diff := cmp.Diff(want, describe(set.Modules)); diff != "" {
		t.Error(diff)
	}
	if after, _ := base.read(); string(after.mod) != string(before.mod) {
		t.Errorf("Get itself changed the base:\n%s", after.mod)
	}
	for _, line := range []string{"example.com/greet v1.0.0", "example.com/words v1.1.0"} {
		if !strings.Contains(string(set.Mod), line) || !strings.Contains(string(set.Sum), line) {
			t.Errorf("%s is not in\n%s\n%s", line, set.Mod, set.Sum)
		}
	}
	if p := set.Modules[0].Packages[0]; !p.Exports["Hello"] || len(p.Exports) != 1 {
		t.Errorf("%s exports %v", p.Path, p.Exports)
	}
	keep(t, base, set)
	program := "package main\n\nimport (\n\t\"example.com/greet\"\n\t\"example.com/greet/loud\"\n)\n\nfunc main() { println(loud.Shout(greet.Hello(\"you\"))) }\n"
	modulestest.Write(t, base.Dir, files{"main.go": program})
	if _, err := base.command(t.Context(), nil, "build", "-mod=readonly", "-o", filepath.Join(t.TempDir(), "x"), "."); err != nil {
		t.Errorf("a program that uses it is not built: %v", err)
	}

	// The next one keeps the first; asking for another version changes it.
	set, err = get(t, base, set.Modules, "example.com/half", "example.com/greet@latest")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"example.com/greet": "v1.1.0", "example.com/half": "v1.0.0"}, set.Versions()); diff != "" {
		t.Error(diff)
	}
	if got := fmt.Sprint(describe(set.Modules)); !strings.Contains(got, "bad example.com/half/bad example.com/half@v1.0.0/bad/bad.go:3:13:") {
		t.Errorf("what does not compile is not told: %s", got)
	}
}

func TestGetOnePackage(t *testing.T) {
	set, err := get(t, newBase(t, modulestest.Proxy(t, published)), nil, "example.com/greet/loud@v1.0.0")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"example.com/greet v1.0.0 LICENSE", "  loud example.com/greet/loud "}, describe(set.Modules)); diff != "" {
		t.Error(diff)
	}
	if set.Modules[0].Left != 1 {
		t.Errorf("%d packages are left", set.Modules[0].Left)
	}
}

func TestGetCollection(t *testing.T) {
	content := files{"go.mod": "module example.com/many\n\ngo 1.21\n", "many.go": "package many\n"}
	for i := range mostPackages {
		content[fmt.Sprintf("p%d/p.go", i)] = fmt.Sprintf("package p%d\n", i)
	}
	set, err := get(t, newBase(t, modulestest.Proxy(t, map[string]files{"example.com/many@v1.0.0": content})), nil, "example.com/many")
	if err != nil {
		t.Fatal(err)
	}
	if m := set.Modules[0]; len(m.Packages) != 1 || m.Left != mostPackages {
		t.Errorf("%d packages, and %d left", len(m.Packages), m.Left)
	}
}

func TestFaults(t *testing.T) {
	there := modulestest.Proxy(t, published)
	for _, c := range []struct{ word, proxy, kind, text string }{
		{"example.com/greet@v9.0.0", there, UnknownVersion, "module example.com/greet has no version v9.0.0; it has v1.0.0, v1.1.0"},
		{"example.com/nothing", there, UnknownModule, "there is no module example.com/nothing"},
		{"example.com/nothing@v1.0.0", there, UnknownModule, "there is no module example.com/nothing"},
		{"example.com/needs", there, UnknownModule, "there is no module example.com/absent, which is needed for example.com/needs"},
		{"example.com/new", there, NewerGo, "example.com/new@v1.0.0 needs Go 1.99, and this is Go 1.26"},
		{"example.com/broken", there, NotCompiled, "example.com/broken@v1.0.0 does not compile"},
		{"example.com/tool", there, NoPackage, "example.com/tool@v1.0.0 has no package"},
		{"example.com/greet/quiet@v1.0.0", there, NoPackage, "has no package example.com/greet/quiet"},
		{"example.com/greet@v1.0.0", "off", Unreachable, "GOPROXY=off"},
		{"example.com/greet@v1.0.0", "http://127.0.0.1:1", Unreachable, "GOPROXY=http://127.0.0.1:1"},
		{"example.com/greet", "http://127.0.0.1:1", Unreachable, "GOFLAGS=-mod=vendor"},
		{"greet", there, "", "begins with a host"},
		{"./greet", there, "", "a folder is no module path"},
		{"-u", there, "", "there are no flags"},
		{"example.com/greet@none", there, "", "restart the kernel"},
		{"example.com/greet@bad version", there, "", "is not a version"},
		{"example.com/gr eet", there, "", "is not a module path"},
	} {
		_, err := get(t, newBase(t, c.proxy), nil, c.word)
		if err == nil {
			t.Errorf("%s from %s: no error", c.word, c.proxy)
			continue
		}
		fault, _ := errors.AsType[*Fault](err)
		if (fault == nil) != (c.kind == "") || fault != nil && fault.Kind != c.kind || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s from %s: %q is no %s with %q", c.word, c.proxy, err, c.kind, c.text)
			if fault != nil {
				t.Logf("%s: %s", fault.Kind, fault.Detail)
			}
		}
	}
}

// TestFaultsOfServers asks proxies that answer by HTTP, and a checksum database that
// cannot be reached.
func TestFaultsOfServers(t *testing.T) {
	serve := func(status int, text string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, text, status) }))
		t.Cleanup(s.Close)
		return s.URL
	}
	there := modulestest.Proxy(t, published)
	const sums = "GOSUMDB=sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8 http://127.0.0.1:1"
	for _, c := range []struct{ word, proxy, kind, text, env string }{
		{"example.com/greet@v1.0.0", serve(404, "not found: module example.com/greet: git ls-remote: could not read Username"), UnknownModule, "there is no module example.com/greet", "GOSUMDB=off"},
		{"example.com/greet", serve(410, "gone"), UnknownModule, "there is no module example.com/greet", "GOSUMDB=off"},
		{"example.com/greet@v1.0.0", serve(503, "busy"), Unreachable, "GOPROXY=http://127.0.0.1", "GOSUMDB=off"},
		{"example.com/greet@v1.0.0", there, Unreachable, "the checksum database cannot be reached", sums},
	} {
		_, err := get(t, newBase(t, c.proxy, c.env), nil, c.word)
		if fault, _ := errors.AsType[*Fault](err); fault == nil || fault.Kind != c.kind || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s from %s: %q is no %s with %q", c.word, c.proxy, err, c.kind, c.text)
			if fault != nil {
				t.Logf("%s: %s", fault.Kind, fault.Detail)
			}
		}
	}
}

// TestChecksum changes a version after its checksum was written down.
func TestChecksum(t *testing.T) {
	base := newBase(t, modulestest.Proxy(t, published))
	set, err := get(t, base, nil, "example.com/half@v1.0.0")
	if err != nil {
		t.Fatal(err)
	}
	keep(t, base, set)
	other := newBase(t, modulestest.Proxy(t, map[string]files{"example.com/half@v1.0.0": {"go.mod": published["example.com/half@v1.0.0"]["go.mod"], "half.go": "package half\n\nconst Good = false\n"}}))
	other.Dir = base.Dir
	_, err = get(t, other, nil, "example.com/half@v1.0.0")
	fault, _ := errors.AsType[*Fault](err)
	if fault == nil || fault.Kind != Checksum || !strings.Contains(fault.Text, "example.com/half@v1.0.0") {
		t.Errorf("%v", err)
	}
}

// TestModuleCacheAsProxy gets a module where there is nothing but a module cache.
func TestModuleCacheAsProxy(t *testing.T) {
	base := newBase(t, modulestest.Proxy(t, published))
	if _, err := get(t, base, nil, "example.com/greet@v1.0.0"); err != nil {
		t.Fatal(err)
	}
	var cache string
	for _, e := range base.Env {
		if value, ok := strings.CutPrefix(e, "GOMODCACHE="); ok {
			cache = value
		}
	}
	set, err := get(t, newBase(t, modulestest.URL(filepath.Join(cache, "cache", "download"))), nil, "example.com/greet@v1.0.0")
	if err != nil || len(set.Modules) != 1 {
		t.Errorf("%v, %v", set, err)
	}
}

func TestVendor(t *testing.T) {
	class := t.TempDir()
	modulestest.Write(t, class, files{
		"go.mod":  "module example.com/class\n\ngo 1.26\n\nrequire example.com/greet v1.0.0\n",
		"main.go": "package class\n\nimport _ \"example.com/greet\"\n",
	})
	there := newBase(t, modulestest.Proxy(t, published))
	there.Dir = class
	for _, args := range [][]string{{"mod", "tidy"}, {"mod", "vendor"}} {
		if _, err := there.command(t.Context(), nil, args...); err != nil {
			t.Fatal(err)
		}
	}
	notes := filepath.Join(class, "notes", "first")
	if err := os.MkdirAll(notes, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOFLAGS", "-mod=vendor -modcacherw")
	base := newBase(t, "off", "GOFLAGS=-mod=vendor -modcacherw")
	cache := t.TempDir()
	vendored := func(word, dir string) (*Set, error) {
		w, err := ParseWant(word)
		if err != nil {
			t.Fatal(err)
		}
		return Get(t.Context(), base, nil, []Want{w}, Options{Dir: dir, Cache: cache})
	}
	set, err := vendored("example.com/greet@v1.0.0", notes)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"example.com/greet v1.0.0 LICENSE", "  greet example.com/greet "}, describe(set.Modules)); diff != "" {
		t.Error(diff)
	}
	keep(t, base, set)
	modulestest.Write(t, base.Dir, files{"main.go": "package main\n\nimport \"example.com/greet\"\n\nfunc main() { println(greet.Hello(\"you\")) }\n"})
	if _, err := base.command(t.Context(), nil, "build", "-mod=readonly", "-o", filepath.Join(t.TempDir(), "x"), "."); err != nil {
		t.Errorf("a program that uses it is not built: %v", err)
	}
	for _, c := range []struct{ word, dir, text string }{
		{"example.com/greet@v1.1.0", notes, "has version v1.0.0 of example.com/greet, not v1.1.0"},
		{"example.com/half", notes, "is not in " + filepath.Join(class, "vendor")},
		{"example.com/greet", t.TempDir(), "there is no go.mod at or above"},
	} {
		_, err := vendored(c.word, c.dir)
		if fault, _ := errors.AsType[*Fault](err); fault == nil || fault.Kind != NotVendored || !strings.Contains(fault.Text, c.text) {
			t.Errorf("%s: %v", c.word, err)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("stopped"))
	w, _ := ParseWant("example.com/greet")
	if _, err := Get(ctx, newBase(t, modulestest.Proxy(t, published)), nil, []Want{w}, Options{Dir: t.TempDir()}); err == nil || err.Error() != "stopped" {
		t.Errorf("%v", err)
	}
}

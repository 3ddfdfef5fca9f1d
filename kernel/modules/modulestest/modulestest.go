// Package modulestest makes module proxies in folders for tests, which need no
// network then.
package modulestest

import (
	"errors"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// Files are texts by the names of files.
type Files map[string]string

// Proxy makes a proxy of modules, which are named as in "example.com/m@v1.0.0", and
// returns its address.
func Proxy(t testing.TB, all map[string]Files) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		path, version, _ := strings.Cut(name, "@")
		publish(t, root, module.Version{Path: path, Version: version}, all[name])
	}
	return URL(root)
}

// URL is the address of a folder.
func URL(dir string) string {
	path := filepath.ToSlash(dir)
	if runtime.GOOS == "windows" {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// publish adds a version of a module to a proxy.
func publish(t testing.TB, root string, m module.Version, content Files) {
	t.Helper()
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, filepath.FromSlash(escaped), "@v")
	source := t.TempDir()
	Write(t, source, content)
	Write(t, dir, Files{m.Version + ".mod": content["go.mod"], m.Version + ".info": `{"Version":"` + m.Version + `"}`})
	packed, err := os.Create(filepath.Join(dir, m.Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(zip.CreateFromDir(packed, m, source), packed.Close()); err != nil {
		t.Fatal(err)
	}
	list, err := os.OpenFile(filepath.Join(dir, "list"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err == nil {
		_, err = list.WriteString(m.Version + "\n")
	}
	if err := errors.Join(err, list.Close()); err != nil {
		t.Fatal(err)
	}
}

// Write writes files into a folder, which need not exist.
func Write(t testing.TB, dir string, content Files) {
	t.Helper()
	for name, text := range content {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
}

// Go finds the go command.
func Go(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the go command is not on the PATH: install Go")
		}
		t.Skip("the go command is not on the PATH: install Go")
	}
	return path
}

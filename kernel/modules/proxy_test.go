package modules

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

// files are the texts of a module's files, by name.
type files map[string]string

// published are the modules of the proxies that the tests make.
var published = map[string]files{
	"example.com/greet@v1.0.0": {
		"go.mod":            "module example.com/greet\n\ngo 1.21\n\nrequire example.com/words v1.1.0\n",
		"LICENSE":           "All may use it.\n",
		"greet.go":          "package greet\n\nimport \"example.com/words\"\n\n// Hello greets.\nfunc Hello(name string) string { return words.Hello + \", \" + name }\n",
		"loud/loud.go":      "package loud\n\nimport \"strings\"\n\nfunc Shout(s string) string { return strings.ToUpper(s) + \"!\" }\n",
		"cmd/greet/main.go": "package main\n\nfunc main() {}\n",
		"internal/x/x.go":   "package x\n",
		"greet_test.go":     "package greet\n",
	},
	"example.com/greet@v1.1.0": {
		"go.mod":   "module example.com/greet\n\ngo 1.21\n",
		"greet.go": "package greet\n\nfunc Hello(name string) string { return \"good day, \" + name }\n",
	},
	"example.com/words@v1.1.0": {
		"go.mod":   "module example.com/words\n\ngo 1.21\n",
		"words.go": "package words\n\nconst Hello = \"hello\"\n",
	},
	"example.com/broken@v1.0.0": {
		"go.mod":    "module example.com/broken\n\ngo 1.21\n",
		"broken.go": "package broken\n\nfunc Count() int { return \"one\" }\n",
	},
	"example.com/half@v1.0.0": {
		"go.mod":     "module example.com/half\n\ngo 1.21\n",
		"half.go":    "package half\n\nconst Good = true\n",
		"bad/bad.go": "package bad\n\nvar X int = \"no\"\n",
	},
	"example.com/new@v1.0.0": {
		"go.mod": "module example.com/new\n\ngo 1.99\n",
		"new.go": "package new\n",
	},
	"example.com/needs@v1.0.0": {
		"go.mod":   "module example.com/needs\n\ngo 1.21\n\nrequire example.com/absent v1.0.0\n",
		"needs.go": "package needs\n\nimport _ \"example.com/absent\"\n",
	},
	"example.com/tool@v1.0.0": {
		"go.mod":  "module example.com/tool\n\ngo 1.21\n",
		"main.go": "package main\n\nfunc main() {}\n",
	},
}

// proxy makes a module proxy of files and returns its address.
func proxy(t *testing.T, all map[string]files) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		path, version, _ := strings.Cut(name, "@")
		publish(t, root, module.Version{Path: path, Version: version}, all[name])
	}
	return fileURL(root)
}

func fileURL(dir string) string {
	path := filepath.ToSlash(dir)
	if runtime.GOOS == "windows" {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// publish adds a version of a module to a proxy.
func publish(t *testing.T, root string, m module.Version, content files) {
	t.Helper()
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, filepath.FromSlash(escaped), "@v")
	source := t.TempDir()
	writeFiles(t, source, content)
	writeFiles(t, dir, files{m.Version + ".mod": content["go.mod"], m.Version + ".info": `{"Version":"` + m.Version + `"}`})
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

func writeFiles(t *testing.T, dir string, content files) {
	t.Helper()
	for name, text := range content {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
}

// goCommand finds the go command.
func goCommand(t *testing.T) string {
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

// newBase makes a base whose modules come from a proxy, and no other place.
func newBase(t *testing.T, proxy string, more ...string) Base {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, files{"go.mod": "module cell\n\ngo 1.26\n"})
	cache := t.TempDir()
	env := append(os.Environ(), "GOPROXY="+proxy, "GOSUMDB=off", "GOMODCACHE="+cache, "GOFLAGS=-modcacherw -buildvcs=false", "GONOSUMDB=", "GOPRIVATE=")
	return Base{Dir: dir, Go: goCommand(t), Version: runtime.Version(), Env: append(env, more...)}
}

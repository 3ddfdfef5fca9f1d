package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// classroom is a folder with notebooks and, in a vendor folder, modules that depend
// on each other. It needs no network.
var classroom = map[string]string{
	"go.mod": "module example.com/class\n\ngo 1.26\n",
	"vendor/modules.txt": "# example.com/greet v1.0.0\n## explicit; go 1.24\nexample.com/greet\n" +
		"# example.com/words v1.1.0\n## explicit; go 1.24\nexample.com/words\n",
	"vendor/example.com/words/words.go": "package words\n\nimport \"fmt\"\n\nconst Hello = \"hello\"\n\nfunc init() { fmt.Println(\"words are ready\") }\n",
	"vendor/example.com/greet/greet.go": `package greet

import "example.com/words"

// Greeting is what is said to whom.
type Greeting[T any] struct {
	Word string
	Whom T
}

func To[T any](whom T) Greeting[T] { return Greeting[T]{words.Hello, whom} }

func Hello(name string) string { return words.Hello + ", " + name }
`,
}

// runNotebook runs cells from start to end in a classroom without a network, and
// returns what each shows as text; errors end with the name of their kind.
func runNotebook(t *testing.T, cells ...string) []string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the go command is not on the PATH: install Go")
		}
		t.Skip("the go command is not on the PATH: install Go")
	}
	if runtime.GOOS == "windows" {
		t.Skip("the cells kill their process as Unix does")
	}
	dir := t.TempDir()
	files := map[string]string{}
	for name, text := range classroom {
		files[name] = text
	}
	var list []map[string]any
	for _, text := range cells {
		list = append(list, map[string]any{"cell_type": "code", "metadata": map[string]any{}, "outputs": []any{}, "execution_count": nil, "source": text})
	}
	notebook, err := json.Marshal(map[string]any{"cells": list, "nbformat": 4, "nbformat_minor": 4,
		"metadata": map[string]any{"kernelspec": map[string]string{"display_name": "Go", "language": "go", "name": "chanbook"}}})
	if err != nil {
		t.Fatal(err)
	}
	files["notes/a.ipynb"] = string(notebook)
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("chanbook", "run", "--allow-errors", "-o", "out", "a.ipynb")
	cmd.Dir = filepath.Join(dir, "notes")
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=vendor -buildvcs=false", "GOPROXY=off", "XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "GOCACHE="+goCache(t), "PWD="+cmd.Dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return readOutputs(t, filepath.Join(cmd.Dir, "out", "a.ipynb"))
}

// goCache is where the go command keeps what it has built: it must not follow the
// folder for caches of the test.
func goCache(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// readOutputs gives the outputs of each cell of a notebook as text.
func readOutputs(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var notebook struct {
		Cells []struct {
			Outputs []struct {
				Text      []string
				Data      map[string][]string
				Metadata  map[string]any
				Ename     string
				Traceback []string
			}
		}
	}
	if err := json.Unmarshal(data, &notebook); err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, c := range notebook.Cells {
		text := ""
		for _, o := range c.Outputs {
			text += strings.Join(o.Text, "") + strings.Join(o.Data["text/plain"], "") + strings.Join(o.Traceback, "\n")
			if meta, _ := json.Marshal(o.Metadata["chanbook"]); string(meta) != "null" {
				text += "\n" + string(meta)
			}
			text += "\n"
		}
		shown = append(shown, text)
	}
	return shown
}

// TestGet gets modules for both kinds of cell, without a network.
func TestGet(t *testing.T) {
	cells := []struct{ code, want string }{
		{"type point struct{ x, y int }\np := &point{1, 2}\nc := make(chan int)\ngo func() { <-c }()", ""},
		{"greet.Hello(\"you\")", "undefined: greet"},
		{"%get example.com/greet@v1.0.0", `(?s)example\.com/greet  v1\.0\.0   greet.*and the goroutine that a cell has left running ends with this one\..*"modules":\{"example\.com/greet":"v1\.0\.0"\}.*words are ready\n.*Variables that came along: p\. Variables that could not: c \(a channel\)\.`},
		{"greet.Hello(\"you\")", "hello, you"},
		{"fmt.Println(greet.To(*p), point{}, greet.To(3).Whom)", `\{hello \{1 2\}\} \{0 0\} 3`},
		{"%%go\nfmt.Println(greet.Hello(\"compiled\"), greet.To(4))", "words are ready\nhello, compiled \\{hello 4\\}"},
		{"%get", `example\.com/greet  v1\.0\.0`},
		{"syscall.Kill(os.Getpid(), syscall.SIGKILL)", "Lost variables: p"},
		{"greet.Hello(\"again\") + fmt.Sprint(point{3, 4})", `hello, again\{3 4\}`},
		{"%%go\nfmt.Println(greet.Hello(\"again\"))", "hello, again"},
		{"%get example.com/greet@v2.0.0", "CommandError: %get: .* has version v1.0.0 of example.com/greet, not v2.0.0"},
		{"%get example.com/absent", "CommandError: %get: example.com/absent is not in "},
		{"import \"example.com/absent\"", "%get example.com/absent"},
	}
	var texts []string
	for _, c := range cells {
		texts = append(texts, c.code)
	}
	for i, got := range runNotebook(t, texts...) {
		if !regexp.MustCompile(cells[i].want).MatchString(got) {
			t.Errorf("%s\nshows %s\nwant %s", cells[i].code, got, cells[i].want)
		}
	}
}

// TestAlwaysThere uses the packages that need no %get where there is no network and
// no module cache.
func TestAlwaysThere(t *testing.T) {
	t.Setenv("GOMODCACHE", t.TempDir())
	const code = `g, ctx := errgroup.WithContext(context.Background())
s := semaphore.NewWeighted(2)
for i := range 3 {
	g.Go(func() error {
		if err := s.Acquire(ctx, 1); err != nil {
			return err
		}
		defer s.Release(1)
		return rate.NewLimiter(rate.Inf, i).Wait(ctx)
	})
}
v, err, _ := new(singleflight.Group).Do("k", func() (any, error) { return "done", g.Wait() })
fmt.Println(v, err)`
	for i, got := range runNotebook(t, code, "%%go\n"+code) {
		if got != "done <nil>\n\n" {
			t.Errorf("cell %d shows %s", i+1, got)
		}
	}
}

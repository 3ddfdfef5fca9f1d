package toolchain

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// hello is a program that prints a text.
func hello(text string) *program.Program {
	return plain("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\""+text+"\") }\n", "fmt")
}

// plain is a program of one file, the text of which stands in the cell In[1].
func plain(text string, imports ...string) *program.Program {
	return &program.Program{
		Files:   []program.File{{Name: "cell.go", Text: "//line In[1]:1:1\n" + text}},
		Imports: imports,
		HasMain: true,
	}
}

// session is a Toolchain that is closed at the end of the test, and counts the
// processes that it starts.
func session(t *testing.T) (tc *Toolchain, started *atomic.Int64) {
	t.Helper()
	started = new(atomic.Int64)
	tc = New(Options{Start: func(cmd *exec.Cmd) error {
		started.Add(1)
		return cmd.Start()
	}})
	t.Cleanup(func() {
		if err := tc.Close(); err != nil {
			t.Error(err)
		}
	})
	return tc, started
}

// build builds a program and returns what it prints.
func build(t *testing.T, tc *Toolchain, b Build, args ...string) (*Binary, string) {
	t.Helper()
	binary, err := tc.Build(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(binary.Release)
	out, _ := exec.Command(binary.Path, args...).CombinedOutput()
	return binary, string(out)
}

func TestUnchanged(t *testing.T) {
	tc, started := session(t)
	for _, b := range []Build{
		{Program: hello("one")},
		{Program: hello("two")},
		{Program: hello("one"), Debug: true},
		{Program: hello("one"), GCFlags: []string{"-m"}},
	} {
		first, out := build(t, tc, b)
		if first.Cached || !strings.HasPrefix(b.Program.Files[0].Text, "//line") || !strings.Contains(b.Program.Files[0].Text, strings.TrimSpace(out)) {
			t.Errorf("%+v prints %q", first, out)
		}
		before := started.Load()
		again, out2 := build(t, tc, b)
		if again.Path != first.Path || !again.Cached || again.Output != first.Output || out2 != out {
			t.Errorf("%+v, then %+v", first, again)
		}
		if n := started.Load() - before; n != 0 {
			t.Errorf("%d processes for a program that has not changed", n)
		}
	}
}

// TestChanged: two processes, compile and link, are all that a changed program
// needs.
func TestChanged(t *testing.T) {
	tc, started := session(t)
	build(t, tc, Build{Program: hello("one")})
	before := started.Load()
	build(t, tc, Build{Program: hello("two")})
	if n := started.Load() - before; n != 2 {
		t.Errorf("%d processes, want 2", n)
	}
}

// TestImports: the go command is asked for packages that are new to the session,
// and only for those.
func TestImports(t *testing.T) {
	tc, started := session(t)
	build(t, tc, Build{Program: plain("package main\n\nimport (\n\t\"fmt\"\n\t\"time\"\n)\n\nfunc main() { fmt.Println(time.Now()) }\n", "fmt", "time")})
	for i, test := range []struct {
		path, call string
		processes  int64
	}{
		{"sync", "sync.Mutex{}", 2}, // fmt needs it
		{"container/ring", "ring.New(1)", 3},
		{"container/ring", "ring.New(2)", 2},
		{"unsafe", "unsafe.Sizeof(1)", 2},
	} {
		before := started.Load()
		build(t, tc, Build{Program: plain("package main\n\nimport \""+test.path+"\"\n\nfunc main() { _ = "+test.call+" }\n", test.path)})
		if n := started.Load() - before; n != test.processes {
			t.Errorf("%d: %s: %d processes, want %d", i, test.path, n, test.processes)
		}
	}
}

func TestSettings(t *testing.T) {
	tc, _ := session(t)
	const text = `package main

import (
	"fmt"
	"runtime"
)

type T struct{ a, b int }

func made() *T { return &T{1, 2} }

func main() {
	defer func() {
		_, file, line, ok := runtime.Caller(0)
		fmt.Println(file, line, ok, recover())
	}()
	fmt.Println(made())
	var none *T
	none.a = 1
}
`
	want := "&{1 2}\nIn[1] 14 true runtime error: invalid memory address or nil pointer dereference\n"
	for name, b := range map[string]Build{
		"plain":     {},
		"debug":     {Debug: true},
		"flags":     {GCFlags: []string{"-N", "-l"}},
		"all":       {GCFlags: []string{"all=-N", "-l"}},
		"tags":      {Tags: "osusergo,netgo"},
		"race":      {Race: true},
		"godebug":   {},
		"debugrace": {Debug: true, Race: true},
	} {
		t.Run(name, func(t *testing.T) {
			b.Program = plain(text, "fmt", "runtime")
			if name == "godebug" {
				b.Program = plain("//go:debug panicnil=1\n//line In[1]:1:1\n"+text, "fmt", "runtime")
			}
			_, out := build(t, tc, b)
			if out != want {
				t.Errorf("%q, want %q", out, want)
			}
		})
	}
}

// TestDirective: what a //go:debug directive asks for is done, as by go run.
func TestDirective(t *testing.T) {
	tc, _ := session(t)
	const text = "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tdefer func() { fmt.Println(recover()) }()\n\tpanic(nil)\n}\n"
	_, without := build(t, tc, Build{Program: plain(text, "fmt")})
	_, with := build(t, tc, Build{Program: plain("//go:debug panicnil=1\n"+text, "fmt")})
	if !strings.HasPrefix(without, "panic called with nil argument") || with != "<nil>\n" {
		t.Errorf("%q without, %q with", without, with)
	}
}

// TestPersonalFlags: the flags that the person has set for the go command hold.
func TestPersonalFlags(t *testing.T) {
	t.Setenv("GOFLAGS", "'-ldflags=-X=main.word=linked -s' -gcflags=-l -mod=vendor")
	tc, _ := session(t)
	_, out := build(t, tc, Build{Program: plain("package main\n\nvar word = \"source\"\n\nfunc main() { print(word) }\n")})
	if out != "linked" {
		t.Errorf("%q", out)
	}
}

func TestCompilerOutput(t *testing.T) {
	tc, started := session(t)
	p := plain("package main\n\nfunc main() { x := new(int); sink = x }\n\nvar sink *int\n")
	b, _ := build(t, tc, Build{Program: p, GCFlags: []string{"-m"}})
	if !strings.Contains(b.Output, "In[1]:3:23: new(int) escapes to heap") {
		t.Errorf("%q", b.Output)
	}
	before := started.Load()
	out, err := tc.Compile(t.Context(), Build{Program: p, GCFlags: []string{"-S"}})
	if err != nil || !strings.Contains(out, "main.main STEXT") || !strings.Contains(out, "(In[1]:3") {
		t.Errorf("%v\n%s", err, out)
	}
	if n := started.Load() - before; n != 1 {
		t.Errorf("%d processes, want the compiler alone", n)
	}
}

func TestTests(t *testing.T) {
	tc, started := session(t)
	p := &program.Program{
		Files: []program.File{{Name: "cell_test.go", Text: "//line In[2]:1:1\npackage main\n\nimport \"testing\"\n\n" +
			"func TestIt(t *testing.T) { t.Error(\"wrong\") }\n\nfunc FuzzIt(f *testing.F) { f.Fuzz(func(t *testing.T, b []byte) {}) }\n" +
			"func BenchmarkIt(b *testing.B) { for b.Loop() {} }\n"}},
		Imports: []string{"testing"},
	}
	for _, b := range []Build{{Program: p, Test: true}, {Program: p, Test: true, Race: true}, {Program: p, Test: true, Fuzz: true}} {
		binary, out := build(t, tc, b, "-test.run=TestIt", "-test.v")
		if !strings.Contains(out, "In[2]:5: wrong") || !strings.Contains(out, "--- FAIL: TestIt") {
			t.Errorf("%s", out)
		}
		if filepath.Base(binary.Path) != "cell.test" && filepath.Base(binary.Path) != "cell.test.exe" {
			t.Errorf("%s", binary.Path)
		}
	}
	before := started.Load()
	if b, _ := build(t, tc, Build{Program: p, Test: true}); !b.Cached || started.Load() != before {
		t.Errorf("a test that has not changed is built again: %+v", b)
	}
	out, err := tc.Compile(t.Context(), Build{Program: p, Test: true, GCFlags: []string{"-m"}})
	if err != nil || !strings.Contains(out, "In[2]:5:") {
		t.Errorf("%v %s", err, out)
	}
}

func TestSeveralAtOnce(t *testing.T) {
	tc, _ := session(t)
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			text := strings.Repeat("x", 1+i/2) // two of each
			b, err := tc.Build(t.Context(), Build{Program: hello(text)})
			if err != nil {
				t.Error(err)
				return
			}
			defer b.Release()
			if out, err := exec.Command(b.Path).Output(); err != nil || string(out) != text+"\n" {
				t.Errorf("%v, %q, want %q", err, out, text)
			}
		})
	}
	all.Wait()
	if left, _ := os.ReadDir(tc.scratch.work); len(left) > 0 {
		t.Errorf("%d folders are left of builds that have ended", len(left))
	}
}

// TestTrimmedCache: the go command removes compiled packages that it has not used
// for some days.
func TestTrimmedCache(t *testing.T) {
	tc, started := session(t)
	build(t, tc, Build{Program: hello("one")})
	for _, l := range tc.listings {
		l.files["fmt"] += ".gone"
	}
	before := started.Load()
	build(t, tc, Build{Program: hello("two")})
	if n := started.Load() - before; n != 3 {
		t.Errorf("%d processes, want 3: list, compile and link", n)
	}
}

package testrun_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
	"github.com/chanbook/chanbook/kernel/kerneltest/legible"
	"github.com/chanbook/chanbook/kernel/testrun"
)

func readCell(t *testing.T, name string) cell.Source {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return cell.Source{Number: 3, Text: string(text)}
}

const imports = `package cell; import ("errors"; "fmt"; "testing"; "testing/synctest"; "time")
var _ = errors.New; var _ = fmt.Sprint; var _ testing.TB; var _ = synctest.Wait; var _ time.Duration
//line In[3]:1:1
`

// build builds the tests of a cell with the go command.
func build(t *testing.T, src cell.Source, flags ...string) (binary string) {
	t.Helper()
	goTool, err := exec.LookPath("go")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("needs the go command: install Go")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module cell\ngo 1.26\n", "cell_test.go": imports + src.Text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	binary = filepath.Join(dir, "cell.test")
	cmd := exec.Command(goTool, append(append([]string{"test", "-c", "-vet=off", "-trimpath", "-o", binary}, flags...), ".")...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// run runs a test binary. Its exit status may say that tests failed.
func run(t *testing.T, binary string, args ...string) string {
	t.Helper()
	cmd := exec.Command(binary, append([]string{"-test.v=test2json", "-test.paniconexit0"}, args...)...)
	cmd.Dir = filepath.Dir(binary)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out)
}

// read reads output in parts of a size.
func read(output string, size int) (r testrun.Report, printed string) {
	var b strings.Builder
	reader := testrun.Reader{KeepAll: true, Printed: func(s string) { b.WriteString(s) }}
	for part := range slices.Chunk([]byte(output), size) {
		reader.Write(string(part))
	}
	r = reader.Report()
	return r, b.String()
}

// steady puts the same time everywhere.
func steady(b cell.Bundle) cell.Bundle {
	seconds := regexp.MustCompile(`\b\d+\.\d\d s`)
	for mime, v := range b {
		if s, ok := v.(string); ok {
			b[mime] = seconds.ReplaceAllString(s, "0.00 s")
		}
	}
	return b
}

// compare compares a rendering with its files.
func compare(t *testing.T, name string, b cell.Bundle) {
	t.Helper()
	for ext, mime := range map[string]string{".html": "text/html", ".txt": "text/plain"} {
		got, _ := steady(b)[mime].(string)
		if ext == ".html" {
			legible.Check(t, got, legible.AllButRows)
		}
		golden.Compare(t, "testdata/"+name+ext, got+"\n")
	}
}

func source(src cell.Source) func(string) (cell.Source, bool) {
	return func(name string) (cell.Source, bool) { return src, name == src.Name() }
}

// find returns a test of a report.
func find(t *testing.T, r testrun.Report, name string) *testrun.Test {
	t.Helper()
	for _, x := range r.Tests {
		if x.Name == name {
			return x
		}
	}
	t.Fatalf("no test %s", name)
	return nil
}

func TestResults(t *testing.T) {
	src := readCell(t, "tests.cell")
	binary := build(t, src)
	output := run(t, binary)
	r, printed := read(output, len(output))
	if ran, failed := r.Count(); ran != 8 || failed != 3 {
		t.Errorf("%d ran, %d failed", ran, failed)
	}
	want := "printed\n    indented\nprinted without a line endprinted without a line endprinted without a line end"
	if got := strings.ReplaceAll(printed, "    by t.Output\n", ""); got != want {
		t.Errorf("printed %q", got)
	}
	two := find(t, r, "TestSum/two_words")
	if two.Failed != 1 || len(two.Log) != 2 || two.Log[0].Text != "want 2\nand <no> more" || two.Log[1].Pos.Line != 15 {
		t.Errorf("%+v", two)
	}
	if ab := find(t, r, "TestSum/a/b"); ab.Depth != 1 || ab.Label != "a/b" || ab.Passed != 1 {
		t.Errorf("%+v", ab)
	}
	if x := find(t, r, "TestTime"); x.Passed != 1 || x.Log[0].Text != "1h0m0s" {
		t.Errorf("%+v", x)
	}
	if x := find(t, r, "Example"); x.Failed != 1 || !strings.Contains(x.Log[0].Text, "want:\n4") {
		t.Errorf("%+v", x)
	}
	// The subtests run side by side, so their order is that in which they began.
	compare(t, "tests", testrun.View{Source: source(src)}.Bundle(r))
	compare(t, "verbose", testrun.View{Source: source(src), Verbose: true}.Bundle(r))

	// The output is the same in whatever parts it comes.
	for _, size := range []int{1, 3, 7} {
		r2, printed2 := read(output, size)
		if printed2 != printed {
			t.Errorf("in parts of %d it printed %q", size, printed2)
		}
		if a, b := (testrun.View{}).Bundle(r)["text/plain"], (testrun.View{}).Bundle(r2)["text/plain"]; a != b {
			t.Errorf("in parts of %d:\n%s", size, b)
		}
	}

	reader := testrun.Reader{}
	reader.Write(run(t, binary, "-test.count=3", "-test.run=TestSometimes|TestTime"))
	r = reader.Report()
	if x := find(t, r, "TestTime"); x.Runs != 3 || len(x.Log) != 0 {
		t.Errorf("%+v", x)
	}
	if x := find(t, r, "TestSometimes"); x.Runs != 3 || x.Failed != 1 || x.Log[0].Run != 2 {
		t.Errorf("%+v", x)
	}
	compare(t, "count", testrun.View{Source: source(src)}.Bundle(r))
}

// A test that is stuck in a bubble ends the binary with a panic.
func TestStuck(t *testing.T) {
	src := readCell(t, "stuck.cell")
	r, _ := read(run(t, build(t, src)), 64)
	compare(t, "stuck", testrun.View{Source: source(src), NotRun: []string{"TestNever"}}.Bundle(r))
}

func TestFuzzing(t *testing.T) {
	src := readCell(t, "fuzz.cell")
	binary := build(t, src, "-fuzz=.")
	for name, want := range map[string]struct{ said, at string }{"FuzzLength": {"too long", "In[3]:6"}, "FuzzPanic": {"panic: runtime error: slice bounds", "In[3]:13"}} {
		output := run(t, binary, "-test.run=^"+name+"$", "-test.fuzz=^"+name+"$", "-test.fuzztime=20s", "-test.fuzzcachedir="+t.TempDir())
		r, printed := read(output, 50)
		if printed != "" {
			t.Errorf("%s printed %q", name, printed)
		}
		if r.Fuzz.Crasher == "" {
			t.Fatalf("%s found nothing:\n%s", name, output)
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(binary), r.Fuzz.Crasher))
		if err != nil {
			t.Fatal(err)
		}
		values, err := testrun.Input(string(text))
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		b := testrun.View{Source: source(src), Found: testrun.Add("f", values), Fuzz: name}.Bundle(r)
		plain := b["text/plain"].(string)
		for _, s := range []string{name, "FAILED", want.said, want.at, "f.Add("} {
			if !strings.Contains(plain, s) {
				t.Errorf("%s: no %q in\n%s", name, s, plain)
			}
		}
		for _, s := range []string{"testdata", "go test", "goroutine"} {
			if strings.Contains(plain, s) {
				t.Errorf("%s: %q in\n%s", name, s, plain)
			}
		}
	}
	r, _ := read(run(t, binary, "-test.run=^FuzzGood$", "-test.fuzz=^FuzzGood$", "-test.fuzztime=10x", "-test.fuzzcachedir="+t.TempDir()), 50)
	b := testrun.View{Fuzz: "FuzzGood"}.Bundle(r)
	if text := b["text/plain"].(string); !strings.Contains(text, "found no input with which FuzzGood fails: 1") {
		t.Error(text)
	}
}

func TestInput(t *testing.T) {
	got, err := testrun.Input("go test fuzz v1\nstring(\"a)\\n\")\nint(-3)\nbool(true)\n[]byte(\"x\")\nfloat64(NaN)\nfloat32(+Inf)\nfloat64(2)\nrune('a')\n")
	if err != nil {
		t.Fatal(err)
	}
	want := `f.Add("a)\n", -3, true, []byte("x"), math.NaN(), float32(math.Inf(1)), float64(2), rune('a'))`
	if add := testrun.Add("f", got); add != want {
		t.Errorf("got  %s\nwant %s", add, want)
	}
	if _, err := testrun.Input("something else"); err == nil {
		t.Error("a foreign file is taken for an input")
	}
}

// Whatever comes, in whatever parts, nothing panics, and nothing that is printed
// depends on the parts.
func FuzzReader(f *testing.F) {
	f.Add("\x16=== RUN   TestA\n    In[3]:5: x\n        y\nabc\x16--- FAIL: TestA (0.01s)\n\x16=== NAME  \n\x16FAIL\n", 3)
	f.Add("\x16--- FAIL: FuzzA (0.1s)\n    --- FAIL: FuzzA (0.00s)\n        In[3]:5: x\n    \n    Failing input written to a/b\nfuzz: elapsed: 3s, execs: 1 (2/sec)\n", 1)
	f.Add("\x16=== ATTR  A\n\x16=== RUN   A/b/\n\x16--- PASS: A (99999999999999999999s)\n\x16\x16", 2)
	f.Fuzz(func(t *testing.T, output string, size int) {
		size = max(1, min(size, 100))
		r, printed := read(output, max(1, len(output)))
		r2, printed2 := read(output, size)
		if printed != printed2 {
			t.Errorf("printed %q, and in parts %q", printed, printed2)
		}
		a := testrun.View{Verbose: true}.Bundle(r)["text/plain"]
		if b := (testrun.View{Verbose: true}).Bundle(r2)["text/plain"]; a != b {
			t.Errorf("%s\nand in parts\n%s", a, b)
		}
	})
}

package listing_test

import (
	"fmt"
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
	"github.com/chanbook/chanbook/kernel/listing"
)

// compile gives the cell to the compiler, and returns what it writes.
func compile(t *testing.T, src cell.Source, env string, flags ...string) string {
	t.Helper()
	goTool, err := exec.LookPath("go")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("needs the go command: install Go")
	}
	dir := t.TempDir()
	text := "package main\n"
	for _, path := range []string{"fmt", "sync", "sync/atomic", "time"} {
		if strings.Contains(src.Text, path[strings.LastIndexByte(path, '/')+1:]+".") {
			text += fmt.Sprintf("import %q\n", path)
		}
	}
	text += "//line " + src.Name() + ":1:1\n" + src.Text
	file := filepath.Join(dir, "cell.go")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(goTool, "build", "-o", os.DevNull, "-gcflags=-trimpath="+dir+"=> "+strings.Join(flags, " "), file)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GO111MODULE=off", "CGO_ENABLED=0")
	if env != "" {
		cmd.Env = append(cmd.Env, env)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

func readCell(t *testing.T, name string) cell.Source {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return cell.Source{Number: 3, Text: string(text)}
}

// names knows the one cell of these tests.
func names(file string) (string, bool) { return "In[3]", filepath.Base(file) == "In[3]" }

// compare compares a rendering with its files.
func compare(t *testing.T, name string, b cell.Bundle) {
	t.Helper()
	for ext, mime := range map[string]string{".html": "text/html", ".txt": "text/plain"} {
		got, _ := b[mime].(string)
		if ext == ".html" {
			legible.Check(t, got, legible.AllButRows)
		}
		golden.Compare(t, "testdata/"+name+ext, got+"\n")
	}
}

// written is what the compiler once wrote: renderings are compared of that, since
// another version of Go may write something else.
func written(t *testing.T, name string, now func() string) string {
	t.Helper()
	file := filepath.Join("testdata", name+".out")
	if *golden.Update {
		var b strings.Builder
		out, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatal(err)
		}
		root := strings.TrimSpace(string(out))
		for line := range strings.Lines(now()) {
			if !strings.HasPrefix(line, "\t0x") || strings.Contains(line, " (") {
				b.WriteString(strings.ReplaceAll(line, root, "$GOROOT"))
			}
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// said finds what was decided of a line, as "KIND what".
func said(all []listing.Decision, line int) []string {
	var out []string
	for _, d := range all {
		if d.Pos.Cell == "In[3]" && d.Pos.Line == line {
			out = append(out, listing.Word(d.Kind)+" "+d.What)
		}
	}
	return out
}

// line finds the line of a cell that holds a text.
func line(t *testing.T, src cell.Source, text string) int {
	t.Helper()
	before, _, ok := strings.Cut(src.Text, text)
	if !ok {
		t.Fatalf("the cell has no %q", text)
	}
	return strings.Count(before, "\n") + 1
}

func TestDecisions(t *testing.T) {
	src := readCell(t, "escape.cell")
	all := listing.Decide(compile(t, src, "", listing.Flags(true)...), names)
	for _, c := range []struct{ at, want string }{
		{"p := point{x, y}", "HEAP p"},
		{"func newPoint", "INLINABLE newPoint"},
		{"func keep", "PARAMETER p"},
		{"func store", "PARAMETER p"},
		{"func at(", "NOT INLINABLE at"},
		{"func at(", "STACK xs"},
		{"return xs[i]", "CHECKED the index"},
		{"func worker", "NOT INLINABLE worker"},
		{"go worker(", "HEAP the call after go or defer, with its arguments"},
		{"go func() { n", "HEAP func literal"},
		{"go func() { println", "NO ALLOCATION func literal"},
		{"n := 0 // shared", "CAPTURED n"},
		{"n := 0 // shared", "HEAP n"},
		{`fmt.Println("constant"`, `NO ALLOCATION "constant"`},
		{`fmt.Println("constant"`, "NO ALLOCATION flag"},
		{`fmt.Println("constant"`, "HEAP large"},
		{`fmt.Println("constant"`, "INLINED fmt.Println"},
		{"var s shape = ", "STACK point{...}"},
		{"s.area()", "DIRECT CALL s.area"},
		{"[1 << 24]byte", "HEAP huge"},
	} {
		n := line(t, src, c.at)
		if got := said(all, n); !slices.Contains(got, c.want) {
			t.Errorf("line %d, %s: want %q among %q", n, c.at, c.want, got)
		}
	}
	for _, d := range all {
		if strings.Contains(d.What, "gowrap") || strings.Contains(d.What, "deferwrap") || strings.HasPrefix(d.What, ".") && !strings.HasPrefix(d.What, "...") {
			t.Errorf("%v: %q is of the compiler's making", d.Pos, d.What)
		}
		if d.Kind == listing.Heap && len(d.Why) == 0 {
			t.Errorf("%v: %s is on the heap without an explanation", d.Pos, d.What)
		}
	}
}

// The same name for a byte, which an interface holds without an allocation, and for
// a number, which it does not: nothing tells which is meant, so both are said to be
// on the heap.
func TestSpareInDoubt(t *testing.T) {
	src := cell.Source{Number: 3, Text: "func f(b byte) { fmt.Println(b) }\nfunc g(b int) { fmt.Println(b) }\nfunc h[T any](c T) { fmt.Println(c) }\nfunc main() { f(1); g(2); h(byte(1)); h(2) }\n"}
	all := listing.Decide(compile(t, src, "", listing.Flags(false)...), names)
	for n := 1; n <= 3; n++ {
		if got := said(all, n); slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "NO ALLOCATION") }) {
			t.Errorf("line %d: %q", n, got)
		}
	}
}

// A generic function is there for shapes of types; what the compiler makes for
// certain types only calls that.
func TestGeneric(t *testing.T) {
	src := cell.Source{Number: 3, Text: "func one[K comparable, V any](k K, v V) map[K]V { return map[K]V{k: v} }\nfunc main() { fmt.Println(one(1, \"x\")) }\n"}
	got := said(listing.Decide(compile(t, src, "", listing.Flags(false)...), names), 1)
	want := []string{"INLINABLE one[go.shape.int,go.shape.string]", "HEAP map[go.shape.int]go.shape.string{...}"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// What is said to be on the heap is what the machine code allocates, line by line.
// Without inlining, so that both name the same lines.
func TestHeapIsAllocated(t *testing.T) {
	src := readCell(t, "heap.cell")
	output := compile(t, src, "GOARCH=amd64", append(listing.Flags(false), "-l", "-S")...)
	said := map[int][]string{}
	for _, d := range append(listing.Decide(output, names), listing.Channels(src)...) {
		if d.Kind == listing.Heap || d.Kind == listing.Stack && d.Text != "" {
			said[d.Pos.Line] = append(said[d.Pos.Line], d.What)
		}
	}
	done := map[int][]string{}
	allocates := regexp.MustCompile(`^runtime\.(newobject|convT\w*|makeslice|makechan|mallocgc\w*|growslice\w*|makemap\w*|concatstrings?\d*|slicebytetostring|stringtoslicebyte)\(SB\)`)
	for _, f := range listing.Assembly(output, names) {
		for _, i := range f.Code {
			if m := allocates.FindStringSubmatch(i.Args); m != nil {
				done[i.Pos.Line] = append(done[i.Pos.Line], m[1])
			}
		}
	}
	for n := 1; n <= strings.Count(src.Text, "\n"); n++ {
		if (len(said[n]) > 0) != (len(done[n]) > 0) {
			t.Errorf("line %d, %s: said to be on the heap: %q; allocated by %q", n, src.Line(n), said[n], done[n])
		}
	}
	if len(done) < 10 {
		t.Errorf("only %d lines allocate", len(done))
	}
}

// The statements of a cell are its main.
func TestStatements(t *testing.T) {
	src := cell.Source{Number: 3, Text: "\nx := 1\nfunc f() {\n}\nf()"}
	b, err := listing.Decisions(nil, []cell.Source{src}, "main")
	text, _ := b["text/plain"].(string)
	if err != nil || !strings.HasSuffix(text, "\n   2  x := 1\n   5  f()") {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestEscapeView(t *testing.T) {
	src := readCell(t, "escape.cell")
	all := listing.Decide(written(t, "escape", func() string { return compile(t, src, "GOARCH=amd64", listing.Flags(true)...) }), names)
	b, err := listing.Decisions(all, []cell.Source{src}, "")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "escape", b)
	b, err = listing.Decisions(all, []cell.Source{src}, "newPoint")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "newpoint", b)
	_, err = listing.Decisions(all, []cell.Source{src}, "nobody")
	if err == nil || !strings.Contains(err.Error(), "newPoint, ") {
		t.Errorf("a function that is not there: %v", err)
	}
}

func TestAssembly(t *testing.T) {
	src := readCell(t, "asm.cell")
	for _, arch := range []string{"amd64", "arm64"} {
		t.Run(arch, func(t *testing.T) {
			all := listing.Assembly(compile(t, src, "GOARCH="+arch, "-S"), names)
			comments := map[string][]string{}
			for _, f := range all {
				if len(f.Code) == 0 || f.Bytes == 0 {
					t.Errorf("%s has no code", f.Name)
				}
				for _, i := range f.Code {
					if c := listing.Comment(i); c != "" {
						comments[f.Name] = append(comments[f.Name], c)
					}
				}
			}
			for name, want := range map[string]string{
				"newPoint": "allocates on the heap",
				"count":    "tomic",
				"begin":    "starts a goroutine",
				"send":     "sends on a channel",
				"at":       "panics: index",
				"call":     "calls a function value",
			} {
				if got := strings.Join(comments[name], "\n"); !strings.Contains(got, want) {
					t.Errorf("%s: want %q in\n%s", name, want, got)
				}
			}
			all = listing.Assembly(written(t, "asm-"+arch, func() string { return compile(t, src, "GOARCH="+arch, "-S") }), names)
			b, err := listing.Code(all, listing.AssemblyOptions{Cells: []cell.Source{src}})
			if err != nil {
				t.Fatal(err)
			}
			compare(t, "asm-"+arch, b)
		})
	}
}

// What is of no line belongs to the line before it.
func TestNoLine(t *testing.T) {
	src := cell.Source{Number: 3, Text: strings.Repeat("\n", 11) + "func inc() { for { total++ } }\nvar total int\nfunc main() { inc() }\n"}
	for _, f := range listing.Assembly(compile(t, src, "GOARCH=amd64", "-S"), names) {
		for _, i := range f.Code {
			if f.Name == "inc" && i.Pos != (cell.Pos{Cell: "In[3]", Line: 12}) {
				t.Errorf("%s is of %v", i.Op, i.Pos)
			}
		}
	}
}

func TestAssemblyOfOne(t *testing.T) {
	src := readCell(t, "asm.cell")
	all := listing.Assembly(compile(t, src, "GOARCH=amd64", "-S"), names)
	show := func(o listing.AssemblyOptions) (string, error) {
		o.Cells = []cell.Source{src}
		b, err := listing.Code(all, o)
		text, _ := b["text/plain"].(string)
		return text, err
	}
	text, err := show(listing.AssemblyOptions{Func: "begin"})
	if err != nil || !strings.HasPrefix(text, "begin: ") || strings.Contains(text, "newPoint: ") {
		t.Errorf("begin: %v\n%s", err, text)
	}
	if strings.Contains(text, "PCDATA") {
		t.Error("notes for the garbage collector are shown")
	}
	if text, err = show(listing.AssemblyOptions{Func: "begin", Full: true}); err != nil || !strings.Contains(text, "PCDATA") {
		t.Errorf("with -full: %v", err)
	}
	if _, err = show(listing.AssemblyOptions{Func: "generic"}); err == nil || !strings.Contains(err.Error(), "nobody uses it") {
		t.Errorf("a generic function: %v", err)
	}
	if _, err = show(listing.AssemblyOptions{Func: "nobody"}); err == nil || !strings.Contains(err.Error(), "newPoint") {
		t.Errorf("no function: %v", err)
	}
}

func TestSpans(t *testing.T) {
	src := cell.Source{Number: 1, Text: `x := func() { println() }
func f(a struct{ x int }) struct{ y int } {
	return struct{ y int }{1}
}
type t struct{}
func (t) m() { if true { } }
func (p *list[T]) n() []interface{ m() } {
	return nil
}
func g(f func() struct{}) {}; func h() {
}
func outside()
go func() {
}()
func unfinished() { if {
`}
	want := []listing.Span{
		{Name: "f", From: 2, To: 4}, {Name: "t.m", From: 6, To: 6}, {Name: "(*list).n", From: 7, To: 9},
		{Name: "g", From: 10, To: 10}, {Name: "h", From: 10, To: 11}, {Name: "outside", From: 12, To: 12}, {Name: "unfinished", From: 15, To: 15},
	}
	got := listing.Spans(src)
	for i := range got {
		if got[i].Name == "unfinished" {
			got[i].To = 15
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		function, want string
		matches        bool
	}{
		{"sum", "sum", true}, {"consume", "sum", false}, {"(*point).grow", "grow", true}, {"(*point).grow", "point.grow", true},
		{"(*point).grow", "(*point).grow", true}, {"point.area", "grow", false}, {"sum.func1", "sum", true}, {"sum.func1.2", "sum", true},
		{"generic[go.shape.struct { X []int }]", "generic", true}, {"(*list[go.shape.int]).push", "list.push", true}, {"", "x", false},
	} {
		if got := listing.Matches(c.function, c.want); got != c.matches {
			t.Errorf("Matches(%q, %q) = %v", c.function, c.want, got)
		}
	}
}

// What is not the compiler's output, or only a part of it, is read without a panic.
func FuzzDecide(f *testing.F) {
	f.Add("In[3]:4:6: can inline newPoint with cost 12 as: func(int, int) *point { p := point{...}; return &p }\n" +
		"In[3]:5:2: p escapes to heap in newPoint:\nIn[3]:5:2:   flow: ~r0 ← &p:\nIn[3]:5:2:     from &p (address-of) at In[3]:6:9\n" +
		"In[3]:5:2: moved to heap: p\nIn[3]:18:8: convert: using global for single-byte interface value: b\n<autogenerated>:1: x\n")
	f.Add("In[3]:5:2:   flow: \nIn[3]:5:2:     from ( at \nIn[3]:99999999999999999999:2: a escapes to heap\n::: \n")
	f.Fuzz(func(t *testing.T, output string) {
		src := cell.Source{Number: 3, Text: output}
		if _, err := listing.Decisions(listing.Decide(output, names), []cell.Source{src}, ""); err != nil {
			t.Error(err)
		}
		_, _ = listing.Decisions(listing.Decide(output, names), []cell.Source{src}, "f")
	})
}

func FuzzAssembly(f *testing.F) {
	f.Add("main.f STEXT nosplit size=27 args=0x18 locals=0x0\n\t0x0000 00000 (In[3]:9[/x/cell.go:16])\tTEXT\tmain.f(SB), NOSPLIT, $0-24\n" +
		"\t0x0005 00005 (In[3]:11)\tLOCK\n\t0x000b 00011 (<unknown line number>)\tCALL\truntime.newobject(SB)\n\t0x0000 48 89 44\n\trel 27+4 t=R_PCREL x\n")
	f.Add(" STEXT\n\t0x0 9999999999999999999999 ()\t\nx STEXT size=-1 locals=99999999999\n\t0x0 1 (a:b[)\tX\n")
	f.Fuzz(func(t *testing.T, output string) {
		all := listing.Assembly(output, names)
		src := cell.Source{Number: 3, Text: output}
		if _, err := listing.Code(all, listing.AssemblyOptions{Cells: []cell.Source{src}}); err != nil {
			t.Error(err)
		}
		_, _ = listing.Code(all, listing.AssemblyOptions{Func: "f", Full: true})
	})
}

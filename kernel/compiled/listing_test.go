package compiled_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/compiled"
	"github.com/chanbook/chanbook/kernel/toolchain"
)

// stdNames finds the packages of the cells of these tests.
type stdNames map[string]string

func (n stdNames) ByName(name string, _ []string) string { return n[name] }

var someNames = stdNames{
	"atomic": "sync/atomic", "errors": "errors", "fmt": "fmt", "os": "os", "strings": "strings", "sync": "sync",
	"synctest": "testing/synctest", "testing": "testing", "time": "time",
}

// screen keeps what a cell shows.
type screen struct {
	mu      sync.Mutex
	outputs []cell.Output
}

func (s *screen) Output(o cell.Output) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outputs = append(s.outputs, o)
}

func (s *screen) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

// streamed is what came on a stream.
func (s *screen) streamed(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, o := range s.outputs {
		if t, ok := o.(cell.Stream); ok && t.Name == name {
			b.WriteString(t.Text)
		}
	}
	return b.String()
}

// displayed is the text of all displays, in order.
func (s *screen) displayed() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, o := range s.outputs {
		if d, ok := o.(cell.Display); ok {
			text, _ := d.Data["text/plain"].(string)
			b.WriteString(text + "\n")
		}
	}
	return b.String()
}

// compiledCells are the cells of one session, which ends with the test.
func compiledCells(t *testing.T) *compiled.Cells {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("needs the go command: install Go")
	}
	tools := toolchain.New(toolchain.Options{})
	t.Cleanup(func() {
		if err := tools.Close(); err != nil {
			t.Error(err)
		}
	})
	return compiled.New(tools, someNames)
}

// call runs a cell whose first line is its command.
func call(t *testing.T, s *compiled.Cells, number int, text string) (*screen, *cell.Failure) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	line, rest, _ := strings.Cut(text, "\n")
	name, args, _ := strings.Cut(line, " ")
	out := &screen{}
	c := &compiled.Call{Ctx: ctx, Name: name, Args: args, Out: out,
		Cell: cell.Source{Number: number, Text: strings.Repeat(" ", len(line)) + "\n" + rest}}
	return out, s.Run(c).Failure
}

const points = `
type point struct{ x, y int }

func newPoint(x int) *point {
	p := point{x, x}
	return &p
}

func (p point) String() string { return fmt.Sprint(p.x) }

var total atomic.Int64

fmt.Println(newPoint(3), total.Add(1))
`

func TestEscape(t *testing.T) {
	s := compiledCells(t)
	out, bad := call(t, s, 3, "%%escape"+points)
	if bad != nil {
		t.Fatal(bad)
	}
	text := out.displayed()
	for _, want := range []string{"   5  \tp := point{x, x}", "HEAP  the variable p, because it is returned", "return &p (line 6)", "INLINED  fmt.Println, newPoint"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if out.streamed(cell.Stdout)+out.streamed(cell.Stderr) != "" {
		t.Error("the cell ran")
	}
	out, bad = call(t, s, 4, "%%escape -func newPoint -gcflags -l"+points)
	if bad != nil {
		t.Fatal(bad)
	}
	if text := out.displayed(); strings.Contains(text, "fmt.Println") || strings.Contains(text, "INLINABLE") {
		t.Errorf("one function, no inlining:\n%s", text)
	}
	_, bad = call(t, s, 5, "%%escape -func nobody"+points)
	if bad == nil || bad.Name != cell.CommandError || !strings.Contains(bad.Message, "there is newPoint") {
		t.Errorf("a function that is not there: %v", bad)
	}
	if _, bad = call(t, s, 5, "%%escape -gcflags all=-N"+points); bad == nil || !strings.Contains(bad.Message, "without a pattern") {
		t.Errorf("flags for all packages: %v", bad)
	}
	_, bad = call(t, s, 6, "%%escape\nx := 1 +")
	if bad == nil || bad.Name != cell.CompileError || !strings.Contains(bad.Message, "In[6]:2:") {
		t.Errorf("a cell that does not compile: %v", bad)
	}
}

func TestEscapeOfKept(t *testing.T) {
	s := compiledCells(t)
	if _, bad := call(t, s, 1, "%%go -keep box\ntype box struct{ n int }\nfunc newBox() *box { return &box{1} }\nfunc unused() {}\n"); bad != nil {
		t.Fatal(bad)
	}
	out, bad := call(t, s, 2, "%%escape\nvar b = newBox()\nprintln(b.n)\n")
	if bad != nil {
		t.Fatal(bad)
	}
	text := out.displayed()
	if !strings.Contains(text, "In[1]\n") || !strings.Contains(text, "HEAP  &box{...}") || strings.Index(text, "In[2]") > strings.Index(text, "In[1]") {
		t.Error(text)
	}
}

func TestAsm(t *testing.T) {
	s := compiledCells(t)
	out, bad := call(t, s, 3, "%%asm"+points)
	if bad != nil {
		t.Fatal(bad)
	}
	text := out.displayed()
	for _, want := range []string{"newPoint: ", "main: ", "p := point{x, x}", "allocates on the heap", "atomic"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "FUNCDATA") || strings.Contains(text, "(*point).String: ") {
		t.Errorf("what nobody wrote is shown:\n%s", text)
	}
	out, bad = call(t, s, 4, "%%asm -full -func point.String"+points)
	if bad != nil {
		t.Fatal(bad)
	}
	if text := out.displayed(); !strings.Contains(text, "FUNCDATA") || !strings.Contains(text, "(*point).String: ") || strings.Contains(text, "newPoint: ") {
		t.Error(text)
	}
}

package modules_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/modules"
	"github.com/chanbook/chanbook/kernel/modules/modulestest"
	"github.com/chanbook/chanbook/kernel/pipe"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

// vendored are modules in a vendor folder: a worker is built of them without any
// network, since what Chanbook itself requires is where this test was built from.
var vendored = modulestest.Files{
	"go.mod":             "module example.com/class\n\ngo 1.26\n",
	"vendor/modules.txt": "# example.com/bag v1.2.0\n## explicit; go 1.24\nexample.com/bag\nexample.com/bag/internal/order\n# example.com/go-steps v0.3.0\n## explicit; go 1.24\nexample.com/go-steps\nexample.com/go-steps/noisy\n# example.com/words v1.1.0\n## explicit; go 1.24\nexample.com/words\n",
	"vendor/example.com/words/words.go": `package words

// A Word has a field that others do not see.
type Word struct{ text string }

func New(s string) Word { return Word{s} }
func (w Word) String() string { return "<" + w.text + ">" }

type Namer interface{ Name() string }

type Missing struct{ What string }

func (m *Missing) Error() string { return m.What + " is missing" }

func Greet(n Namer) (Word, error) {
	if n.Name() == "" {
		return Word{}, &Missing{"the name"}
	}
	return New("hello " + n.Name()), nil
}

const Limit = 10

var Count int

func Each(f func(int) bool) {
	for i := range Limit {
		Count++
		if !f(i) {
			return
		}
	}
}
`,
	"vendor/example.com/bag/bag.go": `package bag

import (
	"cmp"

	"example.com/bag/internal/order"
	"example.com/words"
)

// A Bag counts.
type Bag[T cmp.Ordered] struct{ counts map[T]int }

func New[T cmp.Ordered](items ...T) *Bag[T] {
	b := &Bag[T]{counts: map[T]int{}}
	for _, x := range items {
		b.Add(x)
	}
	return b
}

func (b *Bag[T]) Add(x T) { b.counts[x]++ }

func (b *Bag[T]) Sorted() []T { return keys(b.counts) }

func keys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	order.Sort(out)
	return out
}

func Wrap[T any](x T, f func(T) string) words.Word { return words.New(decorate(f(x))) }

func decorate(s string) string { return "*" + s + "*" }

var calls int

func Counted[T any](x T) (T, int) { calls++; return x, calls }
`,
	"vendor/example.com/bag/internal/order/order.go": `package order

import (
	"cmp"
	"slices"
)

const ascending = true

func Sort[T cmp.Ordered](list []T) {
	if ascending {
		slices.Sort(list)
	}
}
`,
	"vendor/example.com/go-steps/steps.go": `package steps

func Up(from, to int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := from; i <= to; i++ {
			c <- i
		}
	}()
	return c
}
`,
	"vendor/example.com/go-steps/noisy/noisy.go": `package noisy

import "fmt"

var Started = 0

func init() {
	Started++
	fmt.Println("noisy is here")
}
`,
}

// worker builds a worker with the vendored modules.
func worker(t *testing.T, cache string) *modules.Worker {
	t.Helper()
	command := modulestest.Go(t)
	class, dir := t.TempDir(), t.TempDir()
	modulestest.Write(t, class, vendored)
	modulestest.Write(t, dir, modulestest.Files{"go.mod": "module cell\n\ngo 1.26\n"})
	t.Setenv("GOFLAGS", "-mod=vendor -buildvcs=false")
	base := modules.Base{Dir: dir, Go: command, Version: runtime.Version(), Env: append(os.Environ(), "GOPROXY=off", "GOFLAGS=-buildvcs=false")}
	var wants []modules.Want
	for _, word := range []string{"example.com/bag", "example.com/go-steps@v0.3.0"} {
		w, err := modules.ParseWant(word)
		if err != nil {
			t.Fatal(err)
		}
		wants = append(wants, w)
	}
	set, err := modules.Get(t.Context(), base, nil, wants, modules.Options{Dir: class, Cache: cache})
	if err != nil {
		t.Fatal(err)
	}
	modulestest.Write(t, dir, modulestest.Files{"go.mod": string(set.Mod), "go.sum": string(set.Sum)})
	o := modules.WorkerOptions{Build: pipe.Build(), Cache: cache}
	w, err := modules.BuildWorker(t.Context(), base, set.Modules, o)
	if err != nil {
		t.Fatal(err)
	}
	base.Dir = t.TempDir() // another session's
	modulestest.Write(t, base.Dir, modulestest.Files{"go.mod": string(set.Mod), "go.sum": string(set.Sum)})
	base.Env = append(base.Env, "GOFLAGS=-buildvcs=false -overlay="+base.Dir+"/overlay.json")
	again, err := modules.BuildWorker(t.Context(), base, set.Modules, o)
	if err != nil || !again.Cached || again.Path != w.Path {
		t.Errorf("the second build is %+v, %v", again, err)
	}
	return w
}

// TestWorker runs cells in a worker that has modules.
func TestWorker(t *testing.T) {
	w := worker(t, t.TempDir())
	s, err := supervisor.New(supervisor.Options{Command: []string{w.Path, "worker"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	run := func(text string) string {
		n++
		fe := &recorder{}
		out := s.Execute(t.Context(), cell.Request{Source: cell.Source{Number: n, Text: text}}, fe)
		if out.Failure != nil {
			fe.WriteString(strings.Join(out.Failure.Traceback, "\n"))
		}
		return strings.TrimSpace(fe.String())
	}
	for _, c := range []struct{ code, want string }{
		{"words.Limit", "undefined: words"}, // a package that nobody has asked for is not found by its name
		{"import \"example.com/words\"", ""},
		{"noisy.Started", "1"},
		{"words.New(\"x\")", "<x>"},
		{"import \"example.com/words\"\nfmt.Printf(\"%v %T %d\\n\", words.New(\"y\"), words.New(\"y\"), words.Limit)", "<y> words.Word 10"},
		{"type me struct{ name string }\nfunc (m me) Name() string { return m.name }\nw, err := words.Greet(me{\"Ann\"})\nfmt.Println(w, err)", "<hello Ann> <nil>"},
		{"_, err = words.Greet(me{})\nvar m *words.Missing\nfmt.Println(errors.As(err, &m), m.What, err)", "true the name the name is missing"},
		{"words.Each(func(i int) bool { fmt.Print(i); return i < 2 })\nwords.Count = words.Count * 2\nwords.Count", "0126"},
		{"for i := range steps.Up(1, 3) { fmt.Print(i) }", "123"},
		{"b := bag.New(\"b\", \"a\", \"b\")\nb.Add(\"c\")\nb.Sorted()", "[a b c]"},
		{"type id int\nfmt.Println(bag.New[id](3, 1, 2).Sorted(), bag.Wrap(me{\"Bo\"}, me.Name))", "[1 2 3] <*Bo*>"},
		{"words.Nothing()", "undefined: words.Nothing"},
		{"words.New(1)", "cannot use 1"},
		{"bag.Counted(me{})", "in a compiled cell"},
		{"syscall.Kill(os.Getpid(), syscall.SIGKILL)", "types, functions and constants are back"},
		{"fmt.Println(words.New(\"again\"), me{\"Cy\"}.Name())", "<again> Cy"},
	} {
		if got := run(c.code); !strings.Contains(got, c.want) {
			t.Errorf("%s\ngives %s\nwant %s", c.code, got, c.want)
		}
	}
	i, err := s.Inspect(t.Context(), "bag.Bag", 5, 0)
	if text := fmt.Sprint(i.Data); err != nil || !strings.Contains(text, "A Bag counts.") {
		t.Errorf("bag.Bag is described as %s, %v", text, err)
	}
	list, err := s.Complete(t.Context(), "bag.", 4)
	if text := fmt.Sprint(list.Matches); err != nil || !strings.Contains(text, "Wrap") || strings.Contains(text, "decorate") {
		t.Errorf("bag has %s, %v", text, err)
	}
}

// recorder keeps what a cell shows, as text.
type recorder struct{ strings.Builder }

func (r *recorder) Output(o cell.Output) {
	switch o := o.(type) {
	case cell.Stream:
		r.WriteString(o.Text)
	case cell.Display:
		fmt.Fprintln(r, o.Data["text/plain"])
	case cell.Result:
		fmt.Fprintln(r, o.Data["text/plain"])
	}
}

func (*recorder) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

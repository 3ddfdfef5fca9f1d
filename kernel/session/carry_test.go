package session

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
)

// collected is what a cell shows.
type collected struct{ strings.Builder }

func (c *collected) Output(o cell.Output) {
	switch o := o.(type) {
	case cell.Stream:
		c.WriteString(o.Text)
	case cell.Result:
		text, _ := o.Data["text/plain"].(string)
		c.WriteString(text + "\n")
	}
}

func (*collected) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

// moved runs cells in one session, and then others in another one to which the first
// has moved. It returns what those print, and the variables that stayed behind.
func moved(t *testing.T, before, after []string) (printed []string, left map[string]string) {
	t.Helper()
	s := New(Options{})
	var replay []cell.Replay
	n := 0
	run := func(text string) string {
		n++
		fe := &collected{}
		out, change := s.Execute(t.Context(), cell.Request{Source: cell.Source{Number: n, Text: text}}, fe)
		if out.Failure != nil {
			t.Errorf("%s\n%s", text, out.Failure.Error())
		}
		replay = cell.Merge(replay, change.Replay)
		return fe.String()
	}
	for _, text := range before {
		run(text)
	}
	var to cell.Successor
	s.pack(t.TempDir(), &to)
	s.Close()
	s = New(Options{})
	defer s.Close()
	if lost := s.Restore(t.Context(), replay); len(lost) > 0 {
		t.Errorf("not declared again: %s", lost)
	}
	if to.Values != "" {
		to.Left = slices.Concat(to.Left, s.Receive(t.Context(), to.Values))
		os.Remove(to.Values)
	}
	left = map[string]string{}
	for _, l := range to.Left {
		left[l.Name] = l.Reason
	}
	for _, text := range after {
		printed = append(printed, run(text))
	}
	return printed, left
}

func TestValuesMove(t *testing.T) {
	const types = `type id int
type point struct{ x, y int; name string; tags []string }
func (p point) String() string { return fmt.Sprint("point ", p.x, ",", p.y) }
type node struct { value int; next *node }
type shape interface{ String() string }`
	for _, c := range []struct{ before, after, want string }{
		{"a, b, c := 1, 2.5, \"three\"", "fmt.Println(a, b, c)", "1 2.5 three\n"},
		{"x := id(7); u := uint8(255); z := complex(1, 2); ok := true; r := 'é'", "fmt.Printf(\"%v %T %v %v %v %c\\n\", x, x, u, z, ok, r)", "7 main.id 255 (1+2i) true é\n"},
		{"p := point{1, 2, \"p\", []string{\"a\"}}", "fmt.Printf(\"%v %s %q\\n\", p, p.name, p.tags)", "point 1,2 p [\"a\"]\n"},
		{"m := map[string][]point{\"k\": {{x: 1}, {x: 2}}}; var none map[int]int", "fmt.Println(m[\"k\"][1].x, len(m), none == nil)", "2 1 true\n"},
		{"arr := [3][2]int{{1, 2}, {3, 4}}; s := make([]int, 2, 10)", "fmt.Println(arr, len(s), cap(s))", "[[1 2] [3 4] [0 0]] 2 10\n"},
		{"n := &node{1, nil}; n.next = &node{2, n}; m := n.next", "fmt.Println(n.next.next == n, m == n.next, n.next.value)", "true true 2\n"},
		{"x := 5; p := &x", "*p = 6; fmt.Println(x)", "6\n"},
		{"s := []int{1, 2, 3}; t := s[:2]", "t[0] = 9; fmt.Println(s, t, cap(t))", "[9 2 3] [9 2] 3\n"},
		{"m := map[int]int{}; m2 := m", "m2[1] = 2; fmt.Println(m)", "map[1:2]\n"},
		{"var e any = point{x: 3}; var f any = []any{1, \"x\", nil, id(4), map[string]any{\"k\": 1.5}}", "_, ok := e.(point); fmt.Println(e, ok, f)", "point 3,0 true [1 x <nil> 4 map[k:1.5]]\n"},
		{"var sh shape = &point{x: 8}; same := sh", "sh.(*point).y = 1; fmt.Println(sh, same == sh, same)", "point 8,1 true point 8,1\n"},
		{"err := io.EOF; mine := errors.New(\"mine\"); w := fmt.Errorf(\"no: %w\", mine)", "fmt.Println(err == io.EOF, w, errors.Is(w, mine))", "true no: mine true\n"},
		{"when := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC); d := 3 * time.Second; l := time.Date(2026, 1, 2, 3, 4, 5, 6, time.Local)", "fmt.Println(when, d, l.Location() == time.Local, l.Sub(l))", "2026-01-02 03:04:05.000000006 +0000 UTC 3s true 0s\n"},
		{"var mu sync.Mutex; var wg sync.WaitGroup; var n atomic.Int64; n.Add(4); mu.Lock(); mu.Unlock()", "mu.Lock(); mu.Unlock(); wg.Wait(); fmt.Println(n.Load())", "4\n"},
		{"out := os.Stdout; big := new(big.Int).Exp(big.NewInt(7), big.NewInt(50), nil)", "fmt.Println(out == os.Stdout, big)", "true 1798465042647412146620280340569649349251249\n"},
		{"var b bytes.Buffer; b.WriteString(\"hello\"); r := ring.New(2); r.Value = 1", "b.WriteString(\"!\"); fmt.Println(b.String(), r.Len(), r.Value)", "hello! 2 1\n"},
		{"var ch chan int; var f func()", "fmt.Println(ch == nil, f == nil)", "true true\n"},
		{"g := struct{ A int; B *id }{A: 1}; e := []struct{}{{}, {}}", "fmt.Println(g.A, g.B == nil, len(e))", "1 true 2\n"},
		{"nan := map[float64]int{math.NaN(): 1, math.Inf(1): 2}; key := map[any]string{1: \"a\", \"x\": \"b\", [2]int{1, 2}: \"c\"}", "fmt.Println(len(nan), key[1], key[\"x\"], key[[2]int{1, 2}])", "2 a b c\n"},
	} {
		printed, left := moved(t, []string{types, c.before}, []string{c.after})
		if printed[0] != c.want || len(left) > 0 {
			t.Errorf("%s\n%s\nprints %swant %sleft: %v", c.before, c.after, printed[0], c.want, left)
		}
	}
}

func TestValuesThatStay(t *testing.T) {
	before := []string{
		"type T struct{ n int }\nold := T{1}",
		"type T struct{ s string }",
		`ch := make(chan int)
f := func() {}
var mu sync.Mutex
mu.Lock()
ctx, cancel := context.WithCancel(context.Background())
holder := struct{ c chan int }{ch}
xs := []int{1, 2, 3}
inner := &xs[1]
tail := xs[1:]
var held any = ch
files := map[string]*os.File{}
timer := time.NewTimer(time.Hour)
type here struct{}
fine := 1`,
		`var held2 any
{ type local int; x := local(3); held2 = x }`,
		"up := strings.ToUpper",
		"rng := rand.New(rand.NewSource(1))",
	}
	_, left := moved(t, before, []string{"fmt.Println(xs, fine, files)"})
	for name, reason := range map[string]string{
		"old": "type", "ch": "a channel", "f": "a function", "mu": "sync.Mutex in use", "cancel": "a function", "holder": "a channel",
		"inner": "a part of another value", "tail": "a part of another value", "held": "a value of the type", "timer": "time.Timer", "held2": "local", "up": "a function",
		"ctx": "", "rng": "",
	} {
		if got, ok := left[name]; !ok || !strings.Contains(got, reason) {
			t.Errorf("%s stays because of %q, want %q", name, got, reason)
		}
		delete(left, name)
	}
	if len(left) > 0 {
		t.Errorf("these stay, too: %v", left)
	}
}

// FuzzReceive reads files that are cut short or changed.
func FuzzReceive(f *testing.F) {
	const declarations = `type point struct{ x, y int; tags []string }
type node struct { v any; next *node }`
	const values = `n := &node{v: 1}
n.next = &node{v: point{1, 2, nil}, next: n}
m := map[any]string{1: "a", [2]int{1, 2}: "b"}
e := fmt.Errorf("no: %w", io.EOF)
all := []any{n, &point{}, e, errors.New("x"), map[string][]int{"k": {1, 2}}, [1]bool{true}}
s := make([]point, 2, 5)
p := &s
out := os.Stdout
when := time.Now()
c := complex(1, 2)`
	s := New(Options{})
	_, change := s.Execute(f.Context(), cell.Request{Source: cell.Source{Number: 1, Text: declarations}}, &collected{})
	s.Execute(f.Context(), cell.Request{Source: cell.Source{Number: 2, Text: values}}, &collected{})
	var to cell.Successor
	s.pack(f.TempDir(), &to)
	s.Close()
	data, err := os.ReadFile(to.Values)
	if err != nil || len(to.Left) > 0 {
		f.Fatalf("%v, %v", err, to.Left)
	}
	os.Remove(to.Values)
	s = New(Options{})
	f.Cleanup(func() { s.Close() })
	if lost := s.Restore(f.Context(), change.Replay); len(lost) > 0 {
		f.Fatal(lost)
	}
	f.Add(data)
	f.Add([]byte{})
	f.Add([]byte("#!/bin/sh\n"))
	for end := 0; end < len(data); end += 7 {
		f.Add(data[:end])
		changed := slices.Clone(data)
		changed[end] ^= 0x15
		f.Add(changed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		name := filepath.Join(t.TempDir(), "values")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s.Receive(t.Context(), name)
	})
}

package race

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// report is one of two accesses, at lines of the cell.
func (a *animal) report(first, second int, words [2]string, frames string) string {
	return fmt.Sprintf("WARNING: DATA RACE\n%s at 0x10 by goroutine 7:\n%s  main.main.func1()\n      %s:%d +0x1\n\nPrevious %s at 0x10 by main goroutine:\n  main.main()\n      %s:%d +0x1\n"+
		"\nGoroutine 7 (running) created at:\n  main.main()\n      %s:%d +0x1\n", words[0], frames, self, first, words[1], self, second, self, max(1, first-1))
}

// Whatever lines a report names, it can be explained.
func TestExplainAnyLines(t *testing.T) {
	files, err := filepath.Glob("testdata/zoo/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "testdata/syntax.go") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a := &animal{text: string(text)}
		x := newExplainer(a.options())
		lines := strings.Count(a.text, "\n") + 1
		for first := 1; first <= lines; first++ {
			for second := first % 7; second <= lines+1; second += 7 {
				words := [2]string{[2]string{"Read", "Write"}[first%2], [2]string{"write", "read"}[second%2]}
				frames := [4]string{"", "  runtime.mapassign()\n      map.go:1 +0x1\n", "  sync/atomic.AddInt32()\n      x.s:1 +0x1\n", "  bytes.(*Buffer).Write()\n      b.go:1 +0x1\n  fmt.Println()\n      p.go:1 +0x1\n"}[(first+second)%4]
				l, err := Parse(strings.NewReader(a.report(first, second, words, frames)))
				if err != nil {
					t.Fatal(err)
				}
				f := x.finding(&l.Reports[0])
				x.findSubject(f)
				if v := x.view(1, f); len(v.advice) == 0 || v.title == "" {
					t.Errorf("%s:%d and %d: %+v", file, first, second, v)
				}
			}
		}
	}
}

// The subject of two lines of testdata/syntax.go, in words.
func TestSubject(t *testing.T) {
	text, err := os.ReadFile("testdata/syntax.go")
	if err != nil {
		t.Fatal(err)
	}
	a := &animal{name: "syntax", text: string(text)}
	x := newExplainer(a.options())
	for _, test := range []struct{ first, second, kinds, frames, want string }{
		{"global = sum(1, 2)", "max(global, e.a)", "Write read", "", "global"},
		{"e.grid[1][2].a++", "e.grid[1][2].a++", "Write write", "", "e.grid[1][2].a"},
		{"e.grid[1][2].a++", "x.a = 3", "Read write", "", "x.a"},
		{"delete(p.m", "clear(e.m)", "Write write", "  runtime.mapdelete()\n      map.go:1 +0x1\n", "e.m"},
		{"second[1] +=", "copy(second[:]", "Write write", "", "second[1]"},
		{"e.ch <- func()", "close(e.ch)", "Read write", "  runtime.chansend()\n      chan.go:1 +0x1\n", "e.ch"},
		{"arr[0] += *q", "arr[0] += *q", "Write write", "", "arr[0]"},
		{"(*q)++", "(*q)++", "Write write", "", "*q"},
		{"l.head = &node", "l.head = &node", "Write write", "", "l.head"},
		{"l.head = &node", "l.get().value", "Write read", "", "probably l.get().value"},
		{"l.head = &node", "return l.head", "Write read", "", "l.head"},
		{"case global = <-ch", "global <<= 1", "Write write", "", "global"},
		{"for global, second[0]", "global <<= 1", "Write write", "", "global"},
		{"e.a, e.inner.b", "x.a = 3", "Write write", "", "x.a"},
		{"e.a, e.inner.b", "e.a, e.inner.b", "Write write", "", "probably e.a or e.inner.b or p.other.c"},
		{"total += x", "total += 1", "Write write", "", "total"},
		{"import (", "import (", "Write write", "", "a variable"},
	} {
		first, second, _ := strings.Cut(test.kinds, " ")
		l, err := Parse(strings.NewReader(a.report(a.line(t, test.first), a.line(t, test.second), [2]string{first, second}, test.frames)))
		if err != nil {
			t.Fatal(err)
		}
		f := x.finding(&l.Reports[0])
		x.findSubject(f)
		if got := title(f).Plain(); got != test.want {
			t.Errorf("%s and %s: %s, want %s", test.first, test.second, got, test.want)
		}
	}
}

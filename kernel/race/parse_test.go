package race

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/chanbook/chanbook/kernel/cell"
)

// foreign holds reports among other output, cut off and with what a program may
// print.
const foreign = `hello==================
WARNING: DATA RACE
Write at 0x00c000012345 by goroutine 7:
printed in between
  main.main.func1()
      /tmp/a b:c/In[3]:14 +0x37

Previous atomic read at 0x00c000012345 by main goroutine:
  [failed to restore the stack]

Global var main.total of size 8 at 0x000000620318 declared at x.go:1

Heap block of size 8 at 0xc0000123 allocated by main goroutine:
  main.main()
      /tmp/In[3]:1 +0x1

Goroutine 7 (finished) created at:
  sync.(*WaitGroup).Go()
      C:\Go\src\sync\waitgroup.go:238 +0x72
==================
1000Found 1 data race(s)
==================
WARNING: DATA RACE
Read at (nil) by goroutine 99999999999999999999:
  main.f()
  main.g()
      /tmp/In[4]:2
race: limit on 8128 simultaneously alive goroutines is exceeded, dying
`

func TestParseForeign(t *testing.T) {
	want := &Log{
		Found: 1,
		Fatal: []string{"race: limit on 8128 simultaneously alive goroutines is exceeded, dying"},
		Reports: []Report{
			{
				Accesses: []Access{
					{Write: true, Address: 0xc000012345, Goroutine: 7, Stack: Stack{Frames: []Frame{{"main.main.func1", "/tmp/a b:c/In[3]", 14}}}},
					{Atomic: true, Address: 0xc000012345, Stack: Stack{Lost: true}},
				},
				Goroutines: []Goroutine{{Number: 7, Finished: true, Created: Stack{Frames: []Frame{{"sync.(*WaitGroup).Go", `C:\Go\src\sync\waitgroup.go`, 238}}}}},
				Variable:   "main.total",
			},
			{Accesses: []Access{{Stack: Stack{Frames: []Frame{{"main.f", "", 0}, {"main.g", "/tmp/In[4]", 2}}}}}},
		},
	}
	for name, text := range map[string]string{"lines": foreign, "CRLF": strings.ReplaceAll(foreign, "\n", "\r\n")} {
		got, err := Parse(strings.NewReader(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", name, err, got, want)
		}
	}
}

func TestParseBounds(t *testing.T) {
	var b strings.Builder
	for range maxReports + 5 {
		b.WriteString("WARNING: DATA RACE\nWrite at 0x1 by goroutine 7:\n  main.f()\n      In[3]:1 +0x1\n==================\n")
	}
	b.WriteString("WARNING: DATA RACE\n")
	for range 100 {
		b.WriteString("Write at 0x1 by goroutine 7:\n")
	}
	for range 1000 {
		b.WriteString("  main.f()\n      In[3]:1 +0x1\n")
	}
	b.WriteString(strings.Repeat("x", 10*maxLine) + "\n")
	for range 100 {
		b.WriteString("race: no\n")
	}
	l, err := Parse(strings.NewReader(b.String()))
	if err != nil || len(l.Reports) != maxReports || l.Dropped != 6 || len(l.Fatal) != maxFatal {
		t.Fatalf("%v: %d reports, %d dropped, %d fatal", err, len(l.Reports), l.Dropped, len(l.Fatal))
	}
	l.Add(&Log{Reports: make([]Report, 3), Fatal: make([]string, 3), Found: 2})
	if len(l.Reports) != maxReports || l.Dropped != 9 || len(l.Fatal) != maxFatal || l.Found != 2 {
		t.Errorf("added: %d reports, %d dropped, %d fatal, found %d", len(l.Reports), l.Dropped, len(l.Fatal), l.Found)
	}
}

func TestParseDeepStack(t *testing.T) {
	text := "WARNING: DATA RACE\nRead at 0x1 by main goroutine:\n" + strings.Repeat("  main.f()\n      In[3]:1 +0x1\n", maxFrames+7)
	l, err := Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if s := l.Reports[0].Accesses[0].Stack; len(s.Frames) != maxFrames || s.Deeper != 7 {
		t.Errorf("%d frames, %d deeper", len(s.Frames), s.Deeper)
	}
}

func TestParseKeepsWhatWasRead(t *testing.T) {
	fault := errors.New("no more")
	l, err := Parse(io.MultiReader(strings.NewReader("WARNING: DATA RACE\nRead at 0x1 by main goroutine:"), iotest.ErrReader(fault)))
	if !errors.Is(err, fault) || len(l.Reports) != 1 {
		t.Errorf("%v, %+v", err, l)
	}
}

// A pair of lines is one finding, whichever came first and whatever each did.
func TestFindingsGather(t *testing.T) {
	report := func(first, second string) string {
		access := func(s string) string {
			word, rest, _ := strings.Cut(s, " ")
			line, goroutine, _ := strings.Cut(rest, " ")
			return fmt.Sprintf("%s at 0x00c000000010 by goroutine %s:\n  main.f()\n      In[3]:%s +0x1\n\n", word, goroutine, line)
		}
		return "==================\nWARNING: DATA RACE\n" + access(first) + strings.Replace(access(second), "", "Previous ", 1) + "==================\n"
	}
	text := report("Read 5 7", "write 9 8") + report("Write 9 8", "read 5 7") + report("Write 9 9", "write 5 7") + report("Read 5 7", "write 5 8")
	l, err := Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	found := newExplainer(Options{}).findings(l)
	if len(found) != 2 || found[0].reports != 3 || found[1].reports != 1 {
		t.Fatalf("%d findings of %d reports", len(found), len(l.Reports))
	}
	if f := found[0]; f.sides[0].at.Line != 5 || f.sides[1].at.Line != 9 || strings.Join(f.kinds, "; ") != "read and write; write and write" {
		t.Errorf("%v %v %q", f.sides[0].at, f.sides[1].at, f.kinds)
	}
	if found[1].same != 1 {
		t.Errorf("the second is not said to be about the memory of the first")
	}
}

// Of many races the first are drawn, and more have a line each.
func TestDrawMany(t *testing.T) {
	var b strings.Builder
	for line := range 80 {
		fmt.Fprintf(&b, "WARNING: DATA RACE\nWrite at 0x10 by goroutine 7:\n  main.f()\n      In[3]:%d +0x1\n\nPrevious write at 0x10 by main goroutine:\n  main.f()\n      In[3]:%d +0x1\n", line+1, line+1)
	}
	l, err := Parse(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	text := Draw(l, Options{})["text/plain"].(string)
	if n := strings.Count(text, notOrdered); n != maxDrawn || strings.Count(text, "\nRace ") != maxDrawn+maxLines {
		t.Errorf("%d drawn, %d lines", n, strings.Count(text, "\nRace "))
	}
	for _, want := range []string{"80 pairs", "Race 7: a variable: write at In[3]:7 and write at In[3]:7\n", "… and 24 more pairs\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if lines := Lines(l, Options{}); len(lines) != maxDrawn+maxLines {
		t.Errorf("%d lines", len(lines))
	}
}

// Whatever is read is drawn without a panic, and not larger than can be shown.
func FuzzDraw(f *testing.F) {
	f.Add(foreign)
	for _, a := range zoo(f) {
		f.Add(a.log)
		f.Add(a.log[:len(a.log)/2])
		f.Add(a.log[len(a.log)/3:])
		f.Add(strings.ReplaceAll(a.log, "\n", "\nx"))
	}
	src := cell.Source{Number: 4, Text: "<&>\n\ttabs\n" + strings.Repeat("长", 200)}
	o := Options{Source: func(string) (cell.Source, bool) { return src, true }}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		b := Draw(l, o)
		html := b["text/html"].(string)
		if len(html) > 10<<20 || b["text/plain"] == "" {
			t.Errorf("%d bytes of HTML for %d of text", len(html), len(text))
		}
		checkHTML(t, html)
	})
}

func TestNone(t *testing.T) {
	for runs, want := range map[int]string{1: "No data race seen. ", 5: "No data race seen in 5 runs. "} {
		b := None(runs)
		checkHTML(t, b["text/html"].(string))
		if text := b["text/plain"].(string); !strings.HasPrefix(text, want) || strings.Contains(text, "-n 20") != (runs == 1) {
			t.Errorf("%d: %s", runs, text)
		}
	}
}

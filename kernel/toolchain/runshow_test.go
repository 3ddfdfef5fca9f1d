//go:build unix

package toolchain

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
)

// shown are the outputs in words: text of streams, and of displays the plain text.
func (p *page) shown() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, o := range p.outputs {
		switch o := o.(type) {
		case cell.Stream:
			all = append(all, o.Name+" "+o.Text)
		case cell.Display:
			word := "display"
			if o.Update {
				word = "update"
			}
			all = append(all, fmt.Sprintf("%s %v", word, o.Data["text/plain"]))
		case cell.Clear:
			all = append(all, fmt.Sprint("clear ", o.Wait))
		}
	}
	return all
}

func TestRunDisplays(t *testing.T) {
	p := newPage()
	r := play(t, "shows", p, "all")
	if r.Failure != nil {
		t.Fatal(r.Failure)
	}
	all := strings.Join(p.shown(), "\n")
	want := `(?s)^display bold\nupdate changed\nclear false\nclear true\ndisplay A  B\n.*1  2\ndisplay nothing\n` +
		`display work .*0 of 2.*update work .*2 of 2.*done\n` +
		`display Time of one call, compiled: 3 samples.*nothing.*\n` +
		`display show.Leaks: only of interpreted cells.*\nstdout show.Wait: only of interpreted cells`
	if !regexp.MustCompile(want).MatchString(all) {
		t.Errorf("shown is\n%s", all)
	}
	html, svg := p.outputs[0].(cell.Display), p.outputs[5].(cell.Display)
	if html.Data["text/html"] != "<b>bold</b>" || html.ID == "" || p.outputs[1].(cell.Display).ID != html.ID {
		t.Errorf("HTML is %+v", html)
	}
	if pic := fmt.Sprint(svg.Data["text/html"]); !strings.Contains(pic, "data:image/svg+xml") {
		t.Errorf("SVG is %v", svg)
	}
}

// What is printed and displayed comes in the order in which that was done.
func TestRunOrder(t *testing.T) {
	p := newPage()
	if r := play(t, "shows", p, "order"); r.Failure != nil {
		t.Fatal(r.Failure)
	}
	// Of the two streams only what lies between displays is in some order.
	display, out, err := 0, 0, 0
	for _, s := range p.shown() {
		name, text, _ := strings.Cut(s, " ")
		var next *int
		switch name {
		case "display":
			next = &display
		case "stdout":
			next = &out
		case "stderr":
			next = &err
		}
		for _, n := range strings.Fields(text) {
			want := 3**next + map[string]int{"stdout": 0, "stderr": 1, "display": 2}[name]
			if n != fmt.Sprint(want) {
				t.Fatalf("%s %s comes where %d belongs", name, n, want)
			}
			*next++
		}
		if out < display || err < display || out > display+1 || err > display+1 {
			t.Fatalf("after %d displays there are %d prints and %d errors", display, out, err)
		}
	}
	if out != 334 || err != 333 || display != 333 {
		t.Errorf("%d, %d and %d outputs", out, err, display)
	}
}

func TestRunGoroutines(t *testing.T) {
	p := newPage()
	tc := New(Options{})
	defer tc.Close()
	tc.Run(t.Context(), Run{Path: builtProgram(t, "shows"), Args: []string{"goroutines"}, Source: sourceOf(t, "shows")}, p)
	all := p.shown()
	want := `(?s)^display 6 goroutines: 1 running · 4 waiting · 1 sleeping\n\nIn\[3\], this cell\n` +
		`  goroutine 1 \[running\]: main\n` +
		`      In\[3\]:\d+: show.Goroutines\(os.Args\[2:\]...\)\n      In\[3\]:2: actions\[os.Args\[1\]\]\(\)\n      began\n` +
		`  3 goroutines .* \[chan receive\]: consume\n      In\[3\]:\d+: for range jobs \{\n      started at In\[3\]:\d+ by goroutine 1 \(main\)\n` +
		`  goroutine \d+ \[sync.Mutex.Lock\]: a function literal\n      In\[3\]:\d+: mu.Lock\(\)\n.*` +
		`  goroutine \d+ \[sleep\]: time.Sleep\n`
	if len(all) != 2 || all[0] != "stdout 6\n" || !regexp.MustCompile(want).MatchString(all[1]) {
		t.Errorf("shown is\n%s", strings.Join(all, "\n"))
	}
	p = newPage()
	tc.Run(t.Context(), Run{Path: builtProgram(t, "shows"), Args: []string{"goroutines", "blocked", "consume"}, Source: sourceOf(t, "shows")}, p)
	if all := p.shown(); len(all) != 2 || !strings.HasPrefix(all[1], "display 3 goroutines that fit blocked \"consume\": 3 waiting\n") {
		t.Errorf("shown is\n%s", strings.Join(all, "\n"))
	}
	p = newPage()
	tc.Run(t.Context(), Run{Path: builtProgram(t, "shows"), Args: []string{"goroutines", "-x"}}, p)
	if all := p.shown(); len(all) != 2 || !strings.HasPrefix(all[1], "display show.Goroutines: %goroutines has no option -x") {
		t.Errorf("shown is\n%s", strings.Join(all, "\n"))
	}
}

func TestRunManyGoroutines(t *testing.T) {
	p := newPage()
	play(t, "shows", p, "many")
	if all := p.shown(); len(all) != 1 || !strings.HasPrefix(all[0], "display 100,001 goroutines: ") || len(all[0]) > 5000 {
		t.Errorf("shown is %.3000q", all)
	}
}

func TestRunWatch(t *testing.T) {
	p := newPage()
	play(t, "shows", p, "watch")
	all := p.shown()
	last := all[len(all)-1]
	if len(all) < 2 || !regexp.MustCompile(`(?s)^update Watched the program for .*\nconsume +chan receive +.*\nmain +.*\njobs `).MatchString(last) {
		t.Errorf("shown is\n%s", strings.Join(all, "\n"))
	}
}

// What is no message of package show is told, and does no harm.
func TestRunGarbage(t *testing.T) {
	for _, text := range []string{
		"x", "hello, this is no frame\n", "show", "show\x00\x00\x00\x05hello", "show\xff\xff\xff\xff", "show\x00\x00\x00\x02{}", "show\x00\x00\x00\x04null",
	} {
		p := newPage()
		r := play(t, "shows", p, "garbage", strconv.Quote(text))
		if r.Failure != nil || !strings.Contains(strings.Join(p.shown(), "|"), "still here") || !strings.HasSuffix(p.stdout(), "end\n") {
			t.Errorf("after %q: %+v, %q", text, r, p.shown())
		}
		if told := strings.Contains(p.stderr(), "file descriptor 3 belongs to package show"); !told && !strings.HasPrefix(text, "show\x00\x00\x00") {
			t.Errorf("after %q: stderr %q", text, p.stderr())
		}
	}
}

func TestRunTooBigADisplay(t *testing.T) {
	p := newPage()
	play(t, "shows", p, "big")
	if all := p.shown(); len(all) != 2 || all[0] != "display [a display is left out: it has 65 MiB, and the most is 64]" || all[1] != "display small" {
		t.Errorf("shown is %.300q", all)
	}
}

// What a program starts knows nothing of the connection.
func TestRunChildrenDisplayNothing(t *testing.T) {
	p := newPage()
	play(t, "shows", p, "child")
	lines := strings.Split(p.stdout(), "\n")
	if len(lines) != 6 || lines[0] != `""` || lines[1] != "as text" || lines[2] != "<nil>" || strings.Contains(lines[4], " 3 4") {
		t.Errorf("%q", lines)
	}
	if all := p.shown(); strings.Contains(strings.Join(all, ""), "display") {
		t.Errorf("%q", all)
	}
}

func BenchmarkSnapshot(b *testing.B) {
	var text strings.Builder
	text.WriteString("goroutine 1 [running]:\nmain.main()\n\tcell.go:3 +0x12\n")
	for i := range 100_000 {
		fmt.Fprintf(&text, "\ngoroutine %d [chan receive]:\nmain.main.func1()\n\tcell.go:12 +0x1f\ncreated by main.main in goroutine 1\n\tcell.go:11 +0x3d\n", i+7)
	}
	src := cell.Source{Number: 9, Text: strings.Repeat("line\n", 20)}
	t := tracer{func(string) (cell.Source, bool) { return src, true }}
	for b.Loop() {
		if _, err := t.table(&dump{Text: text.String()}); err != nil {
			b.Fatal(err)
		}
	}
}

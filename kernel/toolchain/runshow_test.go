//go:build unix

package toolchain

import (
	"fmt"
	"regexp"
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

//go:build unix

package toolchain

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
)

// needsSight skips where the system does not tell that a program reads.
func needsSight(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("no input on " + runtime.GOOS)
	}
}

func TestRunInput(t *testing.T) {
	needsSight(t)
	tests := []struct {
		what   string
		lines  []string
		stdout string
		asked  int
	}{
		{"scan", []string{"a", "", "é b"}, "? got a\n? got \n? got é b\n? ", 4},
		{"scan", nil, "? ", 1},
		{"scan", []string{"a", "\x04", "c"}, "? got a\n? ", 2},
		{"words", []string{"20 22"}, "a b: 42 2 <nil>\n", 1},
		{"words", []string{"20", "22"}, "a b: 42 2 <nil>\n", 2},
		{"cat", []string{"a", "b"}, "\"a\\nb\\n\" <nil>\n", 3},
		{"cat", []string{strings.Repeat("x", 200_000)}, "\"" + strings.Repeat("x", 200_000) + "\\n\" <nil>\n", 2},
		{"child-reads", []string{"for the child"}, "for the child\nend <nil>\n", 1},
		{"never", []string{"nobody reads this"}, "", 0},
		{"hello", []string{"nobody reads this"}, "hello\n", 0},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			p := newPage(test.lines...)
			r := play(t, "plain", p, test.what)
			if r.Failure != nil || p.stdout() != test.stdout || p.asked != test.asked {
				t.Errorf("printed %q after %d questions, want %q after %d; %v", p.stdout(), p.asked, test.stdout, test.asked, r.Failure)
			}
		})
	}
}

// The question stands below what was printed before it.
func TestRunPromptOrder(t *testing.T) {
	needsSight(t)
	p := newPage("x", "y")
	play(t, "plain", p, "scan")
	var all []string
	for _, o := range p.outputs {
		switch o := o.(type) {
		case cell.Stream:
			all = append(all, o.Text)
		case question:
			all = append(all, "<"+o.line+">")
		}
	}
	if got := strings.Join(all, ""); got != "? <x>got x\n? <y>got y\n? " {
		t.Errorf("the page is %q", got)
	}
}

// A question does not outlive the program, nor an interrupt.
func TestRunInputUnanswered(t *testing.T) {
	needsSight(t)
	p := newPage()
	p.silent = true
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	p.onInput = func() { cancel(cell.ErrInterrupted) }
	tc := New(Options{})
	defer tc.Close()
	r := tc.Run(ctx, Run{Path: builtProgram(t, "plain"), Args: []string{"scan"}}, p)
	if r.Failure == nil || r.Failure.Name != cell.Interrupt || p.asked != 1 {
		t.Errorf("%+v after %d questions", r, p.asked)
	}
	p = newPage()
	p.silent = true
	if r := play(t, "plain", p, "scan-and-exit"); r.Status != 4 || p.asked != 1 {
		t.Errorf("%+v after %d questions", r, p.asked)
	}
}

func TestRunNoInput(t *testing.T) {
	p := newPage("unasked")
	tc := New(Options{})
	defer tc.Close()
	r := tc.Run(t.Context(), Run{Path: builtProgram(t, "plain"), Args: []string{"cat"}, NoInput: true}, p)
	if r.Failure != nil || p.stdout() != "\"\" <nil>\n" || p.asked != 0 {
		t.Errorf("%+v, %q", r, p.stdout())
	}
}

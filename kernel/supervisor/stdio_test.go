//go:build unix

package supervisor_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// What a cell writes to the process's own descriptors is there when Execute
// returns.
func TestFence(t *testing.T) {
	s := kernelOf(t, "worker")
	for i := range 200 {
		line := "line " + strconv.Itoa(i)
		p := run(t, s, "stdout "+line+"\nstderr panic: "+line)
		if p.stdout() != line+"\n" || p.stderr() != "panic: "+line+"\n" {
			t.Fatalf("at the end of the cell: %q, %q", p.stdout(), p.stderr())
		}
	}
}

func TestManyLines(t *testing.T) {
	s := kernelOf(t, "worker")
	var want strings.Builder
	for i := range 100_000 {
		want.WriteString(strconv.Itoa(i) + "\n")
	}
	if run(t, s, "stdout-many 100000").stdout() != want.String() {
		t.Error("lines written to the process's standard output differ")
	}
	if run(t, s, "stream-many 100000").stdout() != want.String() {
		t.Error("lines sent as outputs differ")
	}
	if run(t, s, "big 5000000").stdout() != strings.Repeat("é", 5_000_000) {
		t.Error("a long text differs")
	}
}

func TestTextThatLooksLikeACrash(t *testing.T) {
	s := kernelOf(t, "worker")
	for _, text := range []string{
		"panic: hello\n", "panic: no line end", "goroutine 1 [running]:\nmain.main()\n", "pan", "SIG", "SIGNAL lost\n", "SIGQUIT: quit\n",
		"a\nfatal error: b\nc\n", "runtime: x\n\npanic: y [recovered]\n", "g", "ordinary\npanicky\n",
	} {
		p := run(t, s, "stderr "+strconv.Quote(text))
		if p.stderr() != text {
			t.Errorf("%q shows as %q", text, p.stderr())
		}
	}
	// The same, and then a death that leaves no report, or one.
	f, p := failing(t, s, "stderr \"panic: mine\\n\"\nexit 1")
	if f.Name != cell.Exit || p.stderr() != "panic: mine\n" {
		t.Errorf("%v; standard error %q", f, p.stderr())
	}
	f, p = failing(t, s, "stderr \"panic: mine\\n\"\npanic real")
	if f.Name != cell.Panic || f.Message != "real" || p.stderr() != "panic: mine\n" {
		t.Errorf("%v; standard error %q", f, p.stderr())
	}
}

func TestBytesThatAreNotText(t *testing.T) {
	s := kernelOf(t, "worker")
	if got := run(t, s, `stdout "a\xffb\x00c\n"`).stdout(); got != "a\uFFFDb\x00c\n" {
		t.Errorf("invalid bytes show as %q", got)
	}
	if got := run(t, s, "stdout \"\\xc3\"\nprint between\nstdout \"\\xa9\\n\"").stdout(); strings.ReplaceAll(got, "between\n", "") != "é\n" {
		t.Errorf("a split character shows as %q", got)
	}
}

// An endless writer in the background must not hold up the cell, nor the next.
func TestFlood(t *testing.T) {
	for _, flood := range []string{"flood", "flood-err"} {
		s := kernelOf(t, "worker")
		run(t, s, flood)
		for range 3 {
			run(t, s, "print next")
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestLateOutputFindsItsCell(t *testing.T) {
	s := kernelOf(t, "worker")
	first := run(t, s, "late 50")
	second := run(t, s, "print second\ngc 3")
	first.await(t, cell.Stdout, "late\n")
	if second.stdout() != "second\n" {
		t.Errorf("the second cell shows %q", second.stdout())
	}
}

func TestOutputValues(t *testing.T) {
	s := kernelOf(t, "worker")
	p := run(t, s, "display x\npage\nbad-display\nprint after")
	display := p.outputs[0].(cell.Display)
	number := display.Data["application/json"].(map[string]any)["n"]
	if display.Data["text/plain"] != "x" || number != json.Number("9007199254740993") {
		t.Errorf("display: %#v", display)
	}
	if clear := p.outputs[1].(cell.Clear); !clear.Wait {
		t.Errorf("clear: %#v", clear)
	}
	if !strings.Contains(p.stderr(), "an output is left out") || p.stdout() != "after\n" {
		t.Errorf("output that cannot be sent: %q, %q", p.stderr(), p.stdout())
	}
}

func TestInput(t *testing.T) {
	s := kernelOf(t, "worker")
	if f, _ := failing(t, s, "input name?"); f.Message != cell.ErrNoInput.Error() {
		t.Error(f)
	}
	p := newPage()
	p.input = func(ctx context.Context, prompt string) (string, error) { return "to " + prompt, nil }
	if out := s.Execute(t.Context(), request(1, "input name?"), p); out.Failure != nil || p.stdout() != "got to name?\n" {
		t.Errorf("%v, %q", out.Failure, p.stdout())
	}
	p.input = func(ctx context.Context, prompt string) (string, error) { return "", errors.New("gone") }
	if out := s.Execute(t.Context(), request(1, "input name?"), p); out.Failure == nil || out.Failure.Message != "gone" {
		t.Errorf("%v", out.Failure)
	}
}

// An interrupt, and a death, end a question that waits for its answer.
func TestInputThatNobodyAnswers(t *testing.T) {
	s := kernelOf(t, "worker")
	for _, text := range []string{"input ?", "later 50\ninput ?"} {
		p, asked, ended := newPage(), make(chan bool, 1), make(chan error, 1)
		p.input = func(ctx context.Context, prompt string) (string, error) {
			asked <- true
			<-ctx.Done()
			ended <- ctx.Err()
			return "", context.Cause(ctx)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		if !strings.HasPrefix(text, "later") {
			go func() { <-asked; cancel(cell.ErrInterrupted) }()
		}
		out := s.Execute(ctx, request(1, text), p)
		if out.Failure == nil {
			t.Error("the cell did not fail")
		}
		<-ended
		cancel(nil)
	}
	run(t, s, "print next")
}

func TestQuestionsAboutCode(t *testing.T) {
	s := kernelOf(t, "worker")
	p, ended := newPage(), make(chan bool)
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		defer close(ended)
		s.Execute(ctx, request(1, "print on\nwait"), p)
	}()
	p.await(t, cell.Stdout, "on") // a cell runs meanwhile
	c, err := s.Complete(t.Context(), "fm", 2)
	if err != nil || c.End != 2 || c.Matches[0].Text != "fm!" {
		t.Errorf("completion %+v, %v", c, err)
	}
	i, err := s.Inspect(t.Context(), "x", 1, 1)
	if err != nil || !i.Found || i.Data["text/plain"] != "x1 1" {
		t.Errorf("inspection %+v, %v", i, err)
	}
	if c, err := s.IsComplete(t.Context(), "for {"); err != nil || c.Indent != "\t" {
		t.Errorf("completeness %+v, %v", c, err)
	}
	if _, err := s.IsComplete(t.Context(), ""); err == nil || err.Error() != "nothing" {
		t.Errorf("error %v", err)
	}
	cancel(cell.ErrInterrupted)
	<-ended
	short, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := s.Complete(short, "slow", 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a slow completion: %v", err)
	}
}

func BenchmarkExecute(b *testing.B) {
	s := kernelOf(b, "worker")
	p := newPage()
	s.Execute(b.Context(), request(1, ""), p)
	for b.Loop() {
		s.Execute(b.Context(), request(1, ""), p)
	}
}

func BenchmarkRestart(b *testing.B) {
	s := kernelOf(b, "worker")
	for b.Loop() {
		if err := s.Restart(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// The rate of text through the process's own standard output.
func BenchmarkStdout(b *testing.B) {
	s := kernelOf(b, "worker")
	for b.Loop() {
		s.Execute(b.Context(), request(1, "stdout-many 100000"), newPage())
	}
}

func BenchmarkStream(b *testing.B) {
	s := kernelOf(b, "worker")
	for b.Loop() {
		s.Execute(b.Context(), request(1, "stream-many 100000"), newPage())
	}
}

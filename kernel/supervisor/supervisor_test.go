//go:build unix

package supervisor_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

var _ kernel.Evaluator = (*supervisor.Supervisor)(nil)

// page is a front end that remembers.
type page struct {
	mu      sync.Mutex
	outputs []cell.Output
	changed chan struct{}
	input   func(ctx context.Context, prompt string) (string, error)
	delay   time.Duration
}

func newPage() *page { return &page{changed: make(chan struct{}, 1)} }

func (p *page) Output(o cell.Output) {
	time.Sleep(p.delay)
	p.mu.Lock()
	p.outputs = append(p.outputs, o)
	p.mu.Unlock()
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

func (p *page) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if p.input == nil {
		return "", cell.ErrNoInput
	}
	return p.input(ctx, prompt)
}

// text is what one stream shows.
func (p *page) text(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, o := range p.outputs {
		if s, ok := o.(cell.Stream); ok && s.Name == name {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func (p *page) stdout() string { return p.text(cell.Stdout) }
func (p *page) stderr() string { return p.text(cell.Stderr) }

// displays is the plain text of the rich outputs.
func (p *page) displays() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var texts []string
	for _, o := range p.outputs {
		if d, ok := o.(cell.Display); ok {
			text, _ := d.Data["text/plain"].(string)
			texts = append(texts, text)
		}
	}
	return texts
}

// await waits until the stream holds want.
func (p *page) await(t *testing.T, name, want string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for !strings.Contains(p.text(name), want) {
		select {
		case <-p.changed:
		case <-deadline:
			t.Fatalf("%s never held %q; it is %q", name, want, p.text(name))
		}
	}
}

// kernelOf starts a supervisor of fake workers.
func kernelOf(t testing.TB, mode string, change ...func(*supervisor.Options)) *supervisor.Supervisor {
	t.Helper()
	o := supervisor.Options{Command: []string{os.Args[0]}, Env: append(os.Environ(), "SUPERVISOR_TEST="+mode), Grace: time.Second}
	for _, c := range change {
		c(&o)
	}
	s, err := supervisor.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func request(number int, text string) cell.Request {
	return cell.Request{Source: cell.Source{Number: number, Text: text}}
}

// run runs a cell that should not fail.
func run(t *testing.T, s *supervisor.Supervisor, text string) *page {
	t.Helper()
	p := newPage()
	if out := s.Execute(t.Context(), request(1, text), p); out.Failure != nil {
		t.Fatalf("%s: %v", text, out.Failure)
	}
	return p
}

// failing runs a cell that should fail.
func failing(t *testing.T, s *supervisor.Supervisor, text string) (*cell.Failure, *page) {
	t.Helper()
	p := newPage()
	out := s.Execute(t.Context(), request(1, text), p)
	if out.Failure == nil {
		t.Fatalf("%s did not fail; it printed %q and %q", text, p.stdout(), p.stderr())
	}
	return out.Failure, p
}

func TestOutputs(t *testing.T) {
	s := kernelOf(t, "worker")
	if got := run(t, s, "print a\nprint b").stdout(); got != "a\nb\n" {
		t.Errorf("printed %q", got)
	}
	f, _ := failing(t, s, "fail on purpose")
	if f.Name != "fake" || f.Message != "on purpose" {
		t.Errorf("failure %+v", f)
	}
}

func TestDeathAndNextCell(t *testing.T) {
	s := kernelOf(t, "worker")
	run(t, s, "declare f func f() {}\ndeclare T type T int\nvar x int\nvar y string")
	run(t, s, "declare f func f() int { return 1 }")
	f, p := failing(t, s, "print before\nexit 3")
	if p.stdout() != "before\n" {
		t.Errorf("lost output: %q", p.stdout())
	}
	want := "The session was started again: imports, types, functions and constants are back. Lost variables: x, y."
	if f.Name != cell.Exit || !strings.Contains(f.Message, "exit status 3") || !strings.Contains(f.Error(), want) {
		t.Errorf("failure: %v", f)
	}
	if got := run(t, s, "restored").stdout(); got != "T=type T int,f=func f() int { return 1 }\n" {
		t.Errorf("restored %q", got)
	}
}

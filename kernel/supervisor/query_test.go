//go:build unix

package supervisor_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

// begin starts a cell that ends when it is interrupted, waits until it has
// printed something, and returns the function that interrupts it.
func begin(t *testing.T, s *supervisor.Supervisor, text, prints string) (end func() cell.Outcome) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan cell.Outcome, 1)
	p := newPage()
	go func() { ended <- s.Execute(ctx, request(1, text), p) }()
	p.await(t, cell.Stdout, prints)
	return func() cell.Outcome {
		cancel(cell.ErrInterrupted)
		return <-ended
	}
}

// TestGoroutinesWhileACellSpins asks while a cell leaves the processor to nobody.
func TestGoroutinesWhileACellSpins(t *testing.T) {
	s := kernelOf(t, "worker")
	end := begin(t, s, "spin", "spinning")
	data, err := s.Goroutines(t.Context(), "blocked é")
	if err != nil || data["text/plain"] != "goroutines blocked é" {
		t.Errorf("%v, %v", data, err)
	}
	for words, want := range map[string]cell.Failure{
		"bad":   {Name: cell.CommandError, Message: `no filter "bad"`},
		"panic": {Name: cell.KernelError, Message: "a fault of the kernel: in Goroutines"},
	} {
		_, err := s.Goroutines(t.Context(), words)
		f, ok := errors.AsType[*cell.Failure](err)
		if !ok || f.Name != want.Name || !strings.HasPrefix(f.Message, want.Message) {
			t.Errorf("%s: %v", words, err)
		}
	}
	if out := end(); out.Failure == nil || out.Failure.Name != cell.Interrupt {
		t.Errorf("the cell ended with %v", out.Failure)
	}
}

func TestGoroutinesAroundADeath(t *testing.T) {
	s := kernelOf(t, "worker")
	failing(t, s, "exit 3")
	if data, err := s.Goroutines(t.Context(), "after"); err != nil || data["text/plain"] != "goroutines after" {
		t.Errorf("after a death: %v, %v", data, err)
	}
	end := begin(t, s, "print on\nwait", "on\n")
	if _, err := s.Goroutines(t.Context(), "exit"); err == nil || !strings.Contains(err.Error(), "ask again") {
		t.Errorf("over it: %v", err)
	}
	if out := end(); out.Failure == nil || out.Failure.Name != cell.Exit {
		t.Errorf("the cell that ran meanwhile ended with %v", out.Failure)
	}
	if _, err := s.Goroutines(t.Context(), ""); err != nil {
		t.Errorf("after the second: %v", err)
	}
}

func TestGoroutinesIsGivenUp(t *testing.T) {
	s := kernelOf(t, "worker")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Goroutines(ctx, "slow"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if n := s.Held().Waiting; n != 0 {
		t.Errorf("%d requests are still waited for", n)
	}
}

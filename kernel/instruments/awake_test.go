package instruments

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// least is how many scenes there must be of each kind of thing that will come.
const least = 30

// atOnce is how many scenes run at the same time: most of them only wait.
const atOnce = 24

// TestAwake runs cells that wait for something that will come. A cell that fails,
// above all with a deadlock, is wrong; so is one that waits for so short a time
// that no deadlock would have been found.
func TestAwake(t *testing.T) {
	startPeer(t)
	for kind, list := range kinds(t) {
		t.Run(kind, func(t *testing.T) {
			if len(list) < least {
				t.Errorf("%d scenes, want at least %d", len(list), least)
			}
			width := atOnce
			if kind == "signals" {
				width = len(list) // all get the same signals
				sendSignals(t)
			}
			each(t, list, width, staysAwake)
		})
	}
}

// each runs a test for each scene, some at the same time.
func each(t *testing.T, list []scene, width int, test func(*testing.T, scene)) {
	todo := make(chan scene)
	var workers sync.WaitGroup
	for range width {
		workers.Go(func() {
			for s := range todo {
				t.Run(s.name, func(t *testing.T) { test(t, s) })
			}
		})
	}
	for _, s := range list {
		todo <- s
	}
	close(todo)
	workers.Wait()
}

func staysAwake(t *testing.T, sc scene) {
	s := newSession(t)
	p := newPage()
	p.input = func(ctx context.Context) (string, error) {
		select {
		case <-time.After(outside):
			return "input", nil
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
	begin := time.Now()
	for i, text := range sc.cells {
		if f := run(t, s, i+1, text, p); f != nil {
			t.Fatalf("after %v:\n%v\nof the cell\n%s", time.Since(begin), f, text)
		}
	}
	if took := time.Since(begin); took < outside*3/4 {
		t.Errorf("it took %v, in which no deadlock would be found:\n%s", took, sc.cells)
	}
}

// sendSignals sends the process signals, the first after all scenes have come to
// wait for them.
func sendSignals(t *testing.T) {
	const start = 5 * time.Second
	ignored := make(chan os.Signal, 1)
	signal.Notify(ignored, syscall.SIGUSR1, syscall.SIGUSR2)
	stop := make(chan struct{})
	var sending sync.WaitGroup
	sending.Go(func() {
		for next := start; ; next = outside {
			select {
			case <-time.After(next):
				syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
			case <-stop:
				return
			}
		}
	})
	t.Cleanup(func() {
		close(stop)
		sending.Wait()
		signal.Stop(ignored)
	})
}

var _ cell.Frontend = (*page)(nil)

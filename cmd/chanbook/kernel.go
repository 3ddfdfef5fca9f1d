package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/chanbook/chanbook/install"
	"github.com/chanbook/chanbook/kernel"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/footprint"
	"github.com/chanbook/chanbook/kernel/supervisor"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/wire"
)

type kernelCmd struct {
	ConnectionFile string `arg:"" help:"The connection file that Jupyter has written."`
	Memory         string `help:"Cap on the memory of user code: a size such as 2GiB, a share of the machine's such as 50%, or off." placeholder:"SIZE" env:"CHANBOOK_MEMORY"`
}

// errStopped is why the kernel ends without a client having asked for it.
var errStopped = errors.New("stopped from outside")

// Run serves the kernel until a client asks for a shutdown, a signal comes, or
// the Jupyter that started it is gone.
func (c *kernelCmd) Run() error {
	limitHeap()
	file, err := wire.ReadConnectionFile(c.ConnectionFile)
	if err != nil {
		return err
	}
	program, err := ownProgram()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	sup, err := supervisor.New(supervisor.Options{Command: []string{program, "worker"}, MemoryLimit: c.Memory, Log: log})
	if err != nil {
		return err
	}
	evaluator := &interruptible{Evaluator: sup, ran: make(chan struct{})}
	ctx, stop := context.WithCancelCause(context.Background())
	var helpers sync.WaitGroup
	helpers.Go(func() { watchSignals(ctx, stop, evaluator.interrupt) })
	helpers.Go(func() { watchParent(ctx, stop) })
	helpers.Go(func() { trimAfterStart(ctx, evaluator.ran) })
	server := kernel.New(kernel.Config{
		Evaluator: evaluator,
		Info:      kernel.Info{Version: moduleVersion(), Banner: banner()},
		Log:       log,
	})
	err = server.Serve(ctx, file)
	stop(nil)
	helpers.Wait()
	toolchain.Sweep() // what a worker that was killed could not remove
	if errors.Is(err, errStopped) {
		return nil
	}
	return err
}

// limitHeap keeps the heap of this process small. The kernel moves messages and
// keeps next to nothing, but Go would let its heap grow to 4 MiB before the first
// collection. A collection takes a fraction of a millisecond here. User code is in
// another process and has Go's own settings.
func limitHeap() {
	debug.SetGCPercent(25)
	runtime.MemProfileRate = 0 // nobody can ask for the profile
}

// trimAfterStart gives back, when the first cell has run, what only the start
// needed.
func trimAfterStart(ctx context.Context, ran <-chan struct{}) {
	select {
	case <-ran:
		footprint.Trim()
	case <-ctx.Done():
	}
}

// ownProgram returns the file that this process runs, after marking it as in
// use: workers are started from it for as long as the kernel runs, whatever is
// installed meanwhile.
func ownProgram() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	// The kernelspec names a link that will lead to newer programs.
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	// Where files cannot be locked nothing removes them either.
	install.Hold(path)
	return path, nil
}

// watchSignals ends the kernel at the signals that ask for it. Ctrl-C in the
// terminal of a kernel that was started by hand interrupts the running cell;
// Jupyter itself interrupts by a message.
func watchSignals(ctx context.Context, stop context.CancelCauseFunc, interrupt func()) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, append(endSignals, os.Interrupt)...)
	defer signal.Stop(signals)
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-signals:
			if s != os.Interrupt {
				stop(errStopped)
				return
			}
			interrupt()
		}
	}
}

// watchParent ends the kernel when the Jupyter that started it was killed. It
// sets JPY_PARENT_PID for its kernels; others may start one and go.
func watchParent(ctx context.Context, stop context.CancelCauseFunc) {
	parent := os.Getppid()
	if !startedByJupyter(parent) {
		return
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			// An orphan has a new parent.
			if os.Getppid() != parent {
				stop(errStopped)
				return
			}
		}
	}
}

// interruptible is an evaluator whose running cell can be interrupted from
// outside the protocol.
type interruptible struct {
	kernel.Evaluator
	once   sync.Once
	ran    chan struct{} // closed when the first cell has run
	mu     sync.Mutex
	cancel context.CancelCauseFunc // of the running cell, or nil
}

func (i *interruptible) Execute(ctx context.Context, req cell.Request, fe cell.Frontend) cell.Outcome {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer i.once.Do(func() { close(i.ran) })
	i.set(cancel)
	defer i.set(nil)
	return i.Evaluator.Execute(ctx, req, fe)
}

func (i *interruptible) set(cancel context.CancelCauseFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.cancel = cancel
}

func (i *interruptible) interrupt() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.cancel != nil {
		i.cancel(cell.ErrInterrupted)
	}
}

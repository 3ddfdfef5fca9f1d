package toolchain

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"runtime"
	"time"
)

// patience is how long the pipes of a killed program are waited for: somebody that
// it started may have left its process group and hold them.
const patience = 2 * time.Second

// newCommand prepares a program that dies, with all that it started, when ctx ends.
func newCommand(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	ownGroup(cmd)
	cmd.WaitDelay = patience
	return cmd
}

// start starts a program as the session wants it.
func (t *Toolchain) start(cmd *exec.Cmd) error {
	if t.opts.Start != nil {
		return t.opts.Start(cmd)
	}
	return cmd.Start()
}

// written is what a program wrote.
type written struct {
	stdout, stderr string
	all            string // both in their order
}

// collect runs a program to its end. Its error is the reason why ctx ended, or
// what the system says.
func collect(ctx context.Context, cmd *exec.Cmd, start func(*exec.Cmd) error) (written, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if ctx.Err() != nil {
		return written{}, context.Cause(ctx)
	}
	// The system ends the program with the thread that starts it, which user code
	// could make an end of.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := start(cmd)
	if err == nil {
		err = cmd.Wait()
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return written{stdout: stdout.String(), stderr: stderr.String(), all: stdout.String() + stderr.String()}, err
}

// collectGuarded is collect for a program that takes its time: it and what it
// starts end when this process is killed.
func collectGuarded(ctx context.Context, cmd *exec.Cmd, start func(*exec.Cmd) error) (written, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer guardedGroup(cmd)()
	return collect(ctx, cmd, start)
}

// failed reports whether a program ran and ended with an error of its own.
func failed(err error) bool {
	_, ok := errors.AsType[*exec.ExitError](err)
	return ok
}

//go:build unix

package toolchain

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

const (
	// interruptGrace is how long a program that was interrupted may take to end by
	// itself.
	interruptGrace = 1500 * time.Millisecond
	// reportGrace is how long a program may take to write what its goroutines do.
	reportGrace = 2 * time.Second
)

// Run runs a program in a process group of its own until it ends: its output and
// displays go to fe, in their order, and its input comes from there. When ctx
// ends, the whole group does.
func (t *Toolchain) Run(ctx context.Context, r Run, fe cell.Frontend) Result {
	ctx, done := t.runs.begin(ctx)
	defer done()
	if ctx.Err() != nil {
		return Result{Status: -1, Failure: stopped(ctx)}
	}
	x := &running{run: r, ctx: ctx, fe: fe, ended: make(chan struct{})}
	if err := x.start(t.opts.Start); err != nil {
		return Result{Status: -1, Failure: cell.Fail(cell.CommandError, "the program does not start: "+err.Error())}
	}
	x.watch()
	return x.finish()
}

// running is a program from its start to its end. It has a goroutine that starts
// the program and waits for it, besides those of its parts.
type running struct {
	run Run
	ctx context.Context
	fe  cell.Frontend

	program *exec.Cmd
	group   *group
	output  *output
	began   time.Time
	wall    time.Duration
	ended   chan struct{} // closed when the program has ended, and its group was
	why     why
}

// why is the reason for which we end a program.
type why int

const (
	byItself why = iota
	interrupted
	timedOut
	closed
)

// start starts the program and what serves it.
func (x *running) start(start func(*exec.Cmd) error) error {
	p := exec.Command(x.run.Path, x.run.Args...)
	p.Env, p.Dir = x.run.environment(os.Environ()), x.run.Dir
	x.program = p
	files, err := x.connect()
	if err != nil {
		return err
	}
	started := make(chan error)
	go x.wait(start, started)
	err = <-started
	for _, f := range files {
		f.Close()
	}
	return err
}

// connect makes the pipes. files are the program's ends.
func (x *running) connect() (files []*os.File, err error) {
	outR, outW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	errR, errW, err := os.Pipe()
	if err != nil {
		outR.Close()
		outW.Close()
		return nil, err
	}
	x.program.Stdout, x.program.Stderr = outW, errW
	x.output = newOutput(x.fe, outR, errR)
	return []*os.File{outW, errW}, nil
}

// environment is what the program finds. What the person sets comes last.
func (r Run) environment(inherited []string) []string {
	env := inherited
	if !names(inherited, "GOTRACEBACK") {
		env = append(env, "GOTRACEBACK=all")
	}
	if r.Procs > 0 {
		env = append(env, fmt.Sprintf("GOMAXPROCS=%d", r.Procs))
	}
	return append(env, r.Env...)
}

// names reports whether a variable is set in an environment.
func names(env []string, name string) bool {
	for _, e := range env {
		if strings.HasPrefix(e, name+"=") {
			return true
		}
	}
	return false
}

// wait starts the program, waits for its end and ends its group, all in one thread:
// on Linux the program lives no longer than the thread that started it.
func (x *running) wait(start func(*exec.Cmd) error, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if start == nil {
		start = (*exec.Cmd).Start
	}
	x.group = newGroup(x.program)
	x.began = time.Now()
	if err := start(x.program); err != nil {
		x.group.end()
		x.output.finish()
		started <- err
		return
	}
	started <- nil
	x.program.Wait() // its state says more than its error
	x.wall = time.Since(x.began)
	x.group.end()
	close(x.ended)
}

// watch returns when the program has ended: by itself, or because of us.
func (x *running) watch() {
	var late <-chan time.Time
	if x.run.Timeout > 0 {
		timer := time.NewTimer(x.run.Timeout)
		defer timer.Stop()
		late = timer.C
	}
	grace := interruptGrace
	select {
	case <-x.ended:
		return
	case <-late:
		x.why, grace = timedOut, reportGrace
		x.program.Process.Signal(syscall.SIGQUIT)
	case <-x.ctx.Done():
		if context.Cause(x.ctx) == errClosed {
			x.why, grace = closed, 0
			break
		}
		x.why = interrupted
		x.group.signal(syscall.SIGINT)
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-x.ended:
		return
	case <-timer.C:
	}
	x.group.signal(syscall.SIGKILL)
	<-x.ended
}

// finish lets go of everything and says how it ended.
func (x *running) finish() Result {
	x.output.finish()
	state := x.program.ProcessState
	r := Result{Status: state.ExitCode(), Wall: x.wall, User: state.UserTime(), Sys: state.SystemTime()}
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		r.Signal = ws.Signal()
	}
	r.Failure = x.failure(r)
	return r
}

// failure says what happened, nil when the program ended well.
func (x *running) failure(r Result) *cell.Failure {
	switch {
	case x.why == interrupted, x.why == closed:
		return stopped(x.ctx)
	case x.why == timedOut:
		return cell.Fail(cell.Interrupt, fmt.Sprintf("the program ran longer than the -timeout of %v and was ended", x.run.Timeout))
	case r.Signal != nil:
		return cell.Fail(cell.Killed, fmt.Sprintf("the program was ended by the signal %v", r.Signal))
	case r.Status != 0:
		return cell.Fail(cell.Exit, fmt.Sprintf("exit status %d", r.Status))
	}
	return nil
}

// stopped says that the program was ended because the context was.
func stopped(ctx context.Context) *cell.Failure {
	if context.Cause(ctx) == errClosed {
		return cell.Fail(cell.Killed, errClosed.Error())
	}
	return cell.Fail(cell.Interrupt, "the program was interrupted")
}

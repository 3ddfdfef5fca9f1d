//go:build unix

package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Run runs a program in a process group of its own until it ends: its output and
// displays go to fe, in their order, and its input comes from there. When ctx
// ends, the whole group does.
func (t *Toolchain) Run(ctx context.Context, r Run, fe cell.Frontend) Result {
	ctx, done := t.runs.begin(ctx)
	defer done()
	if ctx.Err() != nil {
		return Result{Status: -1, Failure: cell.Fail(cell.Interrupt, "the program was not started: "+context.Cause(ctx).Error())}
	}
	x := &running{run: r, ctx: ctx, fe: fe, ended: make(chan struct{}), served: make(chan struct{}), fed: make(chan struct{})}
	if err := x.start(t.start); err != nil {
		return Result{Status: -1, Failure: cell.Fail(cell.CommandError, "the program does not start: "+r.reason(err))}
	}
	x.watch()
	return x.finish()
}

// running is a program from its start to its end. It has a goroutine that starts
// the program and waits for it, one that reads its channel and one that answers
// its reads, besides those of its output; finish waits for all of them.
type running struct {
	run Run
	ctx context.Context
	fe  cell.Frontend

	program *exec.Cmd
	group   *group
	output  *output
	input   input
	conn    *os.File // our end of the channel
	began   time.Time
	wall    time.Duration
	why     why
	killed  bool // it did not end in the time that it had

	ended  chan struct{} // closed when the program has ended, and its group was
	served chan struct{} // closed when the channel is not read any more
	fed    chan struct{} // closed when there will be no more input

	reads     context.Context // ends with the program, or when it is being stopped
	stopReads context.CancelFunc
}

// start starts the program and what serves it.
func (x *running) start(start func(*exec.Cmd) error) error {
	x.program = exec.Command(x.run.Path, x.run.Args...)
	x.program.Dir = x.run.Dir
	x.program.Env = append(x.run.environment(os.Environ()), fmt.Sprintf("%s=%d of %d", channelVariable, channelDescriptor, os.Getpid()))
	theirs, ours, err := x.connect()
	defer closeAll(theirs)
	if err != nil {
		closeAll(ours)
		return err
	}
	started := make(chan error)
	go x.wait(start, started)
	if err := <-started; err != nil {
		closeAll(ours)
		return err
	}
	x.output, x.input.file, x.conn = newOutput(x.fe, ours[0], ours[1]), ours[2], ours[3]
	x.input.seen = newReading(theirs[2], ours[2], x.group)
	x.reads, x.stopReads = context.WithCancel(x.ctx)
	go x.serveChannel()
	go x.feed()
	return nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// reason says why a program does not start, and what can be done.
func (r Run) reason(err error) string {
	if errors.Is(err, syscall.EACCES) {
		return fmt.Sprintf("%v. The file system of %s may not allow programs to be run (noexec): "+
			"set TMPDIR to a folder that does, before the kernel starts", err, filepath.Dir(r.Path))
	}
	return err.Error()
}

// connect makes the pipes and the channel, of which the program gets its ends:
// standard output and error, input, channel.
func (x *running) connect() (theirs, ours []*os.File, err error) {
	input := func() (our, their *os.File, err error) {
		their, our, err = os.Pipe()
		return our, their, err
	}
	for _, pair := range []func() (our, their *os.File, err error){os.Pipe, os.Pipe, input, socketPair} {
		our, their, err := pair()
		if err != nil {
			return theirs, ours, err
		}
		theirs, ours = append(theirs, their), append(ours, our)
	}
	p := x.program
	p.Stdout, p.Stderr, p.Stdin, p.ExtraFiles = theirs[0], theirs[1], theirs[2], theirs[3:]
	return theirs, ours, nil
}

// environment is what the program finds. What the person sets comes last.
func (r Run) environment(inherited []string) []string {
	env := make([]string, 0, len(inherited)+len(r.Env)+2)
	for _, e := range inherited {
		if e = withoutLabels(e); e != "" {
			env = append(env, e)
		}
	}
	if !names(inherited, "GOTRACEBACK") {
		env = append(env, "GOTRACEBACK=all")
	}
	if r.Procs > 0 {
		env = append(env, fmt.Sprintf("GOMAXPROCS=%d", r.Procs))
	}
	return append(env, r.Env...)
}

// withoutLabels takes back what the supervisor adds to the worker's environment.
func withoutLabels(e string) string {
	const added = "tracebacklabels=1"
	if e == "GODEBUG="+added {
		return ""
	}
	if strings.HasPrefix(e, "GODEBUG=") {
		return strings.TrimSuffix(e, ","+added)
	}
	return e
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
	x.group = newGroup(x.program)
	x.began = time.Now()
	if err := start(x.program); err != nil {
		x.group.end()
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
		x.output.expectReport()
		x.quit()
	case <-x.ctx.Done():
		if context.Cause(x.ctx) == errClosed {
			x.why, grace = closed, 0
			break
		}
		x.why = interrupted
		x.group.signal(syscall.SIGINT)
	}
	if x.endsWithin(grace) {
		return
	}
	x.killed = true
	x.group.signal(syscall.SIGKILL)
	<-x.ended
}

// endsWithin reports whether the program ends by itself in a time. One that is
// writing its report may take longer, as long as it goes on.
func (x *running) endsWithin(grace time.Duration) bool {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	for late, written := time.Now().Add(longReport), x.output.count(); ; {
		select {
		case <-x.ended:
			return true
		case <-timer.C:
		}
		now := x.output.count()
		if x.why != timedOut || now == written || time.Now().After(late) {
			return false
		}
		written = now
		timer.Reset(grace / 4)
	}
}

// finish lets go of everything and says how it ended.
func (x *running) finish() Result {
	x.stopReads()
	x.closeChannel()
	x.input.file.Close()
	<-x.fed
	x.input.seen.close()
	state := x.program.ProcessState
	r := Result{Status: state.ExitCode(), Wall: x.wall, User: state.UserTime(), Sys: state.SystemTime()}
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		r.Signal = ws.Signal()
	}
	report := x.output.finish(r.Signal != nil || r.Status == crashStatus)
	r.Failure = ending{why: x.why, killed: x.killed, timeout: x.run.Timeout, result: r, report: report}.failure(tracer{x.run.Source})
	return r
}

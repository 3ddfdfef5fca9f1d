package supervisor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/chars"
	"github.com/chanbook/chanbook/kernel/journal"
	"github.com/chanbook/chanbook/kernel/pipe"
)

const (
	// sendTimeout bounds a message to a worker that does not read.
	sendTimeout = 10 * time.Second
	// startTimeout bounds the start of a worker and the replay of declarations.
	startTimeout = 30 * time.Second
	// reportTimeout is how long a worker may take to write its last report.
	reportTimeout = 2 * time.Second
	// leaveTimeout is how long a worker may take to end by itself on Close.
	leaveTimeout = time.Second
)

// process is one worker from its start to its burial.
type process struct {
	sup    *Supervisor
	cmd    *exec.Cmd
	conn   *pipe.Conn
	stdout *stream
	stderr *stream

	journal *os.File // nil without one
	sent    uint64   // the position in the journal up to which text has come; the dispatcher's

	exited chan struct{} // closed when the process has ended and its group was
	gone   chan struct{} // closed after the burial
	death  Death         // set before gone is closed

	// ctx ends when the process is being buried; questions to the person hang on it.
	ctx    context.Context
	cancel context.CancelFunc
	asking sync.WaitGroup

	deliveries atomic.Int64 // begun and ended calls of a front end: odd is inside one

	mu       sync.Mutex
	cause    Cause
	reaped   bool // the process id may belong to somebody else
	running  *execution
	fronts   map[uint64]cell.Frontend
	waiting  map[uint64]chan pipe.Message
	inputs   map[uint64]context.CancelFunc
	lastWord *pipe.Dying
	opening  []byte // what was printed before the first cell
}

// execution is one cell that runs.
type execution struct {
	id       uint64
	done     chan pipe.Done     // buffered, one element
	stopping chan pipe.Stopping // buffered, one element
}

// spawn starts the worker process and everything that serves it, except for the
// dispatcher.
func (s *Supervisor) spawn(command []string) (p *process, ended chan struct{}, err error) {
	ours, theirs, err := pipe.Pair()
	if err != nil {
		return nil, nil, err
	}
	defer closeAll(theirs)
	outR, outW, err := os.Pipe()
	if err != nil {
		ours.Close()
		return nil, nil, err
	}
	defer outW.Close()
	errR, errW, err := os.Pipe()
	if err != nil {
		ours.Close()
		outR.Close()
		return nil, nil, err
	}
	defer errW.Close()
	p = s.newProcess(ours, outR, errR)
	p.cmd = exec.Command(command[0], command[1:]...)
	p.cmd.Env, p.cmd.Dir = s.env, s.dir
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.ExtraFiles = outW, errW, theirs
	if p.journal, err = journal.Create(); err == nil { // else the worker sends each print at once
		p.cmd.ExtraFiles = append(p.cmd.ExtraFiles, p.journal)
	}
	prepare(p.cmd)
	started, dispatched := make(chan error), make(chan struct{})
	go p.wait(started, dispatched)
	if err := <-started; err != nil {
		ours.Close()
		outR.Close()
		errR.Close()
		p.closeJournal()
		return nil, nil, fmt.Errorf("the worker process does not start: %w", err)
	}
	return p, dispatched, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

func (s *Supervisor) newProcess(ours pipe.Stream, outR, errR *os.File) *process {
	p := &process{
		sup: s, conn: pipe.New(ours, sendTimeout), exited: make(chan struct{}), gone: make(chan struct{}),
		fronts: map[uint64]cell.Frontend{}, waiting: map[uint64]chan pipe.Message{}, inputs: map[uint64]context.CancelFunc{},
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.stdout = newStream(outR, func(text string) { p.print(cell.Stdout, text) })
	p.stderr = newStream(errR, func(text string) { p.print(cell.Stderr, text) })
	p.stderr.hold = &holder{
		ask:  func() { p.conn.Send(s.id(), pipe.Ping{}) },
		show: p.stderr.show,
	}
	return p
}

// launch starts a worker and gives it its first order. One of the process and the
// error is nil.
func (s *Supervisor) launch(command []string, order pipe.Start) (p *process, started pipe.Started, err error) {
	order.MemoryLimit = s.limit
	p, dispatched, err := s.spawn(command)
	if err != nil {
		return nil, started, err
	}
	timer := time.AfterFunc(startTimeout, func() { p.kill(CauseStart) })
	stop := context.AfterFunc(s.closing, func() { p.kill(CauseClosed) })
	started, err = p.greet(s.id(), order)
	timer.Stop()
	stop()
	if err != nil {
		if errors.Is(err, pipe.ErrClosed) {
			p.awaitExit() // in its own way
		}
		p.kill(CauseStart)
		close(dispatched)
		<-p.gone
		return nil, started, p.startError(err)
	}
	go p.dispatch(dispatched)
	return p, started, nil
}

// greet shakes hands with a new worker and gives its first order.
func (p *process) greet(id uint64, start pipe.Start) (started pipe.Started, err error) {
	if err := p.conn.Handshake(p.sup.build, startTimeout); err != nil {
		return started, err
	}
	if err := p.conn.Send(id, start); err != nil {
		return started, err
	}
	for {
		_, m, err := p.conn.Receive()
		if err != nil {
			return started, err
		}
		switch m := m.(type) {
		case pipe.Started:
			if m.Error != "" {
				return m, errors.New(m.Error)
			}
			return m, nil
		case pipe.Pong:
			p.stderr.alive()
		}
	}
}

// errDied says that a worker died at its start, which may be chance.
var errDied = errors.New("it ended at once")

// startError says why a worker did not come up: in its own words, if there are
// any.
func (p *process) startError(err error) error {
	if errors.Is(err, pipe.ErrClosed) {
		err = fmt.Errorf("%w (%s)", errDied, p.death)
	}
	if said := strings.TrimSpace(string(p.opening)); said != "" {
		return fmt.Errorf("%w; it printed: %s", err, said)
	}
	return err
}

// wait starts the process, waits for its end and buries it.
func (p *process) wait(started chan<- error, dispatched <-chan struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := p.cmd.Start(); err != nil {
		p.cancel()
		started <- err
		return
	}
	go p.stdout.run()
	go p.stderr.run()
	started <- nil
	p.cmd.Wait() // its state says more than its error
	p.bury(dispatched)
}

// bury collects what a dead process left behind and lets go of everything that
// belonged to it.
func (p *process) bury(dispatched <-chan struct{}) {
	// Programs that user code started must not keep the pipe open.
	p.killGroup()
	p.mu.Lock()
	p.reaped = true
	p.mu.Unlock()
	close(p.exited)
	// What the dead one sent is still in the pipe; the dispatcher reads it.
	<-dispatched
	p.readJournal()
	p.conn.Close()
	p.cancel()
	p.asking.Wait()
	p.stdout.finish()
	report := p.stderr.finish()
	p.mu.Lock()
	p.death = newDeath(p.cmd.ProcessState, report, p.cause, p.lastWord)
	p.mu.Unlock()
	close(p.gone)
}

// readJournal shows what the dead process had printed and not sent.
func (p *process) readJournal() {
	if p.journal == nil {
		return
	}
	defer p.closeJournal()
	records, err := journal.Read(p.journal, p.sent)
	if err != nil {
		p.sup.log.Error("what the worker printed last is damaged", "error", err)
	}
	for _, r := range records {
		fe := p.front(r.ID)
		if fe == nil {
			continue
		}
		name := cell.Stdout
		if r.Stderr {
			name = cell.Stderr
		}
		p.show(fe, cell.Stream{Name: name, Text: chars.Valid(r.Text)})
	}
}

func (p *process) closeJournal() {
	if p.journal != nil {
		p.journal.Close()
	}
}

// print shows what the process wrote to its own standard output or error: below
// the latest cell.
func (p *process) print(name, text string) {
	if fe := p.sup.latest.Load(); fe != nil {
		p.show(*fe, cell.Stream{Name: name, Text: text})
		return
	}
	p.sup.log.Warn("the worker printed before the first cell", "stream", name, "text", text)
	if room := 4096 - len(p.opening); room > 0 {
		p.opening = append(p.opening, text[:min(room, len(text))]...)
	}
}

// show passes an output on, and counts, so that a worker that is only waiting
// for its output to be taken is not held to be stuck.
func (p *process) show(fe cell.Frontend, o cell.Output) {
	p.deliveries.Add(1)
	fe.Output(o)
	p.deliveries.Add(1)
}

// begin sends a cell. It fails when the process has died before.
func (p *process) begin(id uint64, req cell.Request, fe cell.Frontend) (*execution, error) {
	x := &execution{id: id, done: make(chan pipe.Done, 1), stopping: make(chan pipe.Stopping, 1)}
	p.mu.Lock()
	if p.reaped {
		p.mu.Unlock()
		return nil, pipe.ErrClosed
	}
	p.running, p.fronts[id] = x, fe
	p.mu.Unlock()
	if err := p.conn.Send(id, pipe.Execute{Request: req}); err != nil {
		p.mu.Lock()
		p.running = nil
		delete(p.fronts, id)
		p.mu.Unlock()
		return nil, err
	}
	return x, nil
}

// kill ends the process and everything that it started, at once.
func (p *process) kill(cause Cause) {
	p.blame(cause)
	p.killGroup()
}

// quit lets the process write the traceback of all goroutines before it ends.
// It returns after the burial.
func (p *process) quit(cause Cause) {
	p.blame(cause)
	p.stderr.expectReport()
	p.signal(syscall.SIGQUIT)
	select {
	case <-p.gone:
	case <-time.After(reportTimeout):
		p.killGroup()
		<-p.gone
	}
}

// leave closes the connection, upon which the worker ends by itself, and
// returns after the burial.
func (p *process) leave(cause Cause) {
	p.blame(cause)
	p.conn.Close()
	select {
	case <-p.gone:
	case <-time.After(leaveTimeout):
		p.killGroup()
		<-p.gone
	}
}

// blame remembers why the supervisor ends the process; the first reason counts.
func (p *process) blame(cause Cause) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cause == "" && !p.reaped {
		p.cause = cause
	}
}

func (p *process) signal(sig syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		p.cmd.Process.Signal(sig)
	}
}

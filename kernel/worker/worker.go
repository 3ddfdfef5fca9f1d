package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/footprint"
	"github.com/chanbook/chanbook/kernel/journal"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// handshakeTimeout is generous: a machine that is swapping is slow.
const handshakeTimeout = 20 * time.Second

// closeTimeout is how long user code may take to end when the kernel goes.
const closeTimeout = 300 * time.Millisecond

// Exit statuses of Main. In ordinary life the process ends by a signal to its
// own group, so nobody sees them but a person who runs the command by hand.
const (
	statusOK     = 0
	statusFail   = 1
	statusMisuse = 2
)

// Main serves the supervisor that started this process until the connection
// closes. It returns the status with which the process should exit, and does
// not return when the process leads its own group: it then ends the group.
func Main(newSession func(Host) (Session, error)) int {
	// Crash reports name all goroutines: the supervisor picks those of user code.
	debug.SetTraceback("all")
	stream, err := pipe.Inherited()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chanbook worker:", err)
		return statusMisuse
	}
	kept, _ := journal.Inherited() // without one, prints are sent at once
	conn := pipe.New(stream, 0)
	defer conn.Close()
	if err := conn.Handshake(pipe.Build(), handshakeTimeout); err != nil {
		fmt.Fprintln(os.Stderr, "chanbook worker:", err)
		return statusFail
	}
	endWithParent()
	s := &server{conn: conn, printer: newPrinter(conn, kept), cancels: map[uint64]context.CancelCauseFunc{}, inputs: map[uint64]chan pipe.InputReply{}}
	defer s.printer.close()
	if !s.start(newSession) {
		return statusFail
	}
	s.serve()
	s.close()
	endGroup()
	return statusOK
}

// server is the state of the worker's side of the pipe.
type server struct {
	conn    *pipe.Conn
	printer *printer
	session Session
	trim    sync.Once // after the first cell

	mu       sync.Mutex
	cancels  map[uint64]context.CancelCauseFunc // of requests being served
	running  uint64                             // the execution among them, or 0
	inputs   map[uint64]chan pipe.InputReply    // of Input calls that wait
	inputID  uint64
	unusable []uint64 // executions whose front end nobody can use any more

	variables []string // as last reported; used by one execution at a time
	reported  bool
}

// start obeys the first message. A session that cannot be made is reported.
func (s *server) start(newSession func(Host) (Session, error)) bool {
	id, m, err := s.conn.Receive()
	start, ok := m.(pipe.Start)
	if err != nil || !ok {
		fmt.Fprintf(os.Stderr, "chanbook worker: no order to start: %v\n", err)
		return false
	}
	if err := limitMemory(start.MemoryLimit, s.conn); err != nil {
		s.conn.Send(id, pipe.Started{Error: err.Error()})
		return false
	}
	session, err := newSession(Host{MemoryLimit: start.MemoryLimit})
	if err != nil {
		s.conn.Send(id, pipe.Started{Error: err.Error()})
		return false
	}
	s.session = session
	var started pipe.Started
	if len(start.Replay) > 0 {
		started.Lost = session.Restore(context.Background(), start.Replay)
	}
	if start.Values != "" {
		started.Left = session.Receive(context.Background(), start.Values)
	}
	return s.conn.Send(id, started) == nil
}

// serve reads messages until the connection ends.
func (s *server) serve() {
	for {
		id, m, err := s.conn.Receive()
		if err != nil {
			return
		}
		switch m := m.(type) {
		case pipe.Execute:
			s.begin(id, func(ctx context.Context) { s.execute(ctx, id, m.Request) })
		case pipe.Complete:
			s.query(id, func(ctx context.Context) pipe.Message {
				c, err := s.session.Complete(ctx, m.Code, m.Offset)
				return pipe.Completed{Completion: c, Error: text(err)}
			}, func(e string) pipe.Message { return pipe.Completed{Error: e} })
		case pipe.Inspect:
			s.query(id, func(ctx context.Context) pipe.Message {
				i, err := s.session.Inspect(ctx, m.Code, m.Offset, m.Detail)
				return pipe.Inspected{Inspection: i, Error: text(err)}
			}, func(e string) pipe.Message { return pipe.Inspected{Error: e} })
		case pipe.IsComplete:
			s.query(id, func(ctx context.Context) pipe.Message {
				c, err := s.session.IsComplete(ctx, m.Code)
				return pipe.IsCompleted{Completeness: c, Error: text(err)}
			}, func(e string) pipe.Message { return pipe.IsCompleted{Error: e} })
		case pipe.Goroutines:
			s.query(id, func(ctx context.Context) pipe.Message {
				data, err := s.session.Goroutines(ctx, m.Words)
				return pipe.GoroutinesReply{Data: data, Failure: refusal(err)}
			}, func(e string) pipe.Message {
				return pipe.GoroutinesReply{Failure: cell.Fail(cell.KernelError, e)}
			})
		case pipe.Cancel:
			s.cancel(id)
		case pipe.InputReply:
			s.answer(id, m)
		case pipe.Ping:
			s.pong(id)
		}
	}
}

// begin serves one request in a goroutine of its own, so that the next message
// can be read.
func (s *server) begin(id uint64, serve func(context.Context)) {
	ctx, cancel := context.WithCancelCause(context.Background())
	s.mu.Lock()
	s.cancels[id] = cancel
	s.mu.Unlock()
	go func() {
		defer cancel(nil)
		defer s.forgetRequest(id)
		serve(ctx)
	}()
}

func (s *server) forgetRequest(id uint64) {
	s.mu.Lock()
	delete(s.cancels, id)
	s.mu.Unlock()
}

func (s *server) cancel(id uint64) {
	s.mu.Lock()
	cancel, executes := s.cancels[id], s.running == id
	s.mu.Unlock()
	if cancel == nil { // it has ended meanwhile
		return
	}
	goroutines := runtime.NumGoroutine()
	cancel(cell.ErrInterrupted)
	if executes {
		s.conn.Send(id, pipe.Stopping{Goroutines: goroutines})
	}
}

// setRunning takes note of which request is the execution.
func (s *server) setRunning(id uint64) {
	s.mu.Lock()
	s.running = id
	s.mu.Unlock()
}

// query answers a question, whatever the session does: a fault in it
// must not cost the variables of the session.
func (s *server) query(id uint64, ask func(context.Context) pipe.Message, failure func(string) pipe.Message) {
	s.begin(id, func(ctx context.Context) {
		m := failure("the question was not answered")
		defer func() {
			if fault := recover(); fault != nil {
				m = failure(fmt.Sprintf("a fault of the kernel: %v\n%s", fault, debug.Stack()))
			}
			s.reply(id, m, failure)
		}()
		m = ask(ctx)
	})
}

// reply sends m, or what failure makes of the reason why m cannot be sent.
func (s *server) reply(id uint64, m pipe.Message, failure func(string) pipe.Message) {
	if err := s.conn.Send(id, m); err != nil {
		s.conn.Send(id, failure(err.Error()))
	}
}

// execute runs a cell and reports its end whatever the session does: also when
// it panics, or ends the goroutine by runtime.Goexit.
func (s *server) execute(ctx context.Context, id uint64, req cell.Request) {
	defer s.trim.Do(footprint.Trim) // after the first cell's end has been reported
	s.setRunning(id)
	var done pipe.Done
	returned := false
	defer func() {
		if fault := recover(); fault != nil {
			done = pipe.Done{Outcome: cell.Outcome{Failure: cell.Fail(cell.KernelError,
				fmt.Sprintf("the interpreter itself panicked while it ran %s: %v", req.Name(), fault), string(debug.Stack()))}}
		} else if !returned {
			done = pipe.Done{Outcome: cell.Outcome{Failure: cell.Fail(cell.Panic,
				fmt.Sprintf("runtime.Goexit ended the goroutine that ran %s", req.Name()))}}
		}
		s.setRunning(0)
		s.done(id, done)
	}()
	outcome, change := s.session.Execute(ctx, req, s.frontend(id))
	returned = true
	done = pipe.Done{Outcome: outcome, Replay: change.Replay, Variables: s.changed(change.Variables), Successor: change.Successor}
}

// done sends the end of a cell, with the list of front ends that are out of use.
func (s *server) done(id uint64, done pipe.Done) {
	s.mu.Lock()
	done.Forget, s.unusable = s.unusable, nil
	s.mu.Unlock()
	s.printer.end(append(done.Forget, id)...)
	s.reply(id, done, func(e string) pipe.Message {
		done.Outcome = cell.Outcome{Failure: cell.Fail(cell.KernelError, "the cell's result could not be sent: "+e)}
		return done
	})
}

// changed returns nil when the variables are those last reported, which spares
// a long list after each cell.
func (s *server) changed(variables []string) *[]string {
	if s.reported && slices.Equal(s.variables, variables) {
		return nil
	}
	s.variables, s.reported = variables, true
	return &variables
}

// pong answers only after the world stood still once: a thread that writes a
// crash report never lets it, so the answer proves that none was being written
// when the question came.
func (s *server) pong(id uint64) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.conn.Send(id, pipe.Pong{})
}

// close asks user code to end and gives it a moment.
func (s *server) close() {
	s.mu.Lock()
	for _, cancel := range s.cancels {
		cancel(cell.ErrInterrupted)
	}
	s.mu.Unlock()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.session.Close()
	}()
	select {
	case <-closed:
	case <-time.After(closeTimeout):
	}
}

// refusal is the failure of a command that the session refused, or nil.
func refusal(err error) *cell.Failure {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*cell.Failure](err); ok {
		return f
	}
	return cell.Fail(cell.CommandError, err.Error())
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// frontend is the worker's end of one cell's front end. It may be used for as
// long as the process lives.
type frontend struct {
	server *server
	id     uint64
}

// frontend returns the front end of an execution. Once nothing refers to it,
// the supervisor is told at the end of the next cell and can let go of the
// cell too.
func (s *server) frontend(id uint64) cell.Frontend {
	f := &frontend{server: s, id: id}
	runtime.AddCleanup(f, func(id uint64) {
		s.mu.Lock()
		s.unusable = append(s.unusable, id)
		s.mu.Unlock()
	}, id)
	return f
}

// Output sends o, with text of streams being collected for a moment. It waits
// while the pipe is full. What cannot be sent is replaced by a line that says so.
func (f *frontend) Output(o cell.Output) {
	if s, ok := o.(cell.Stream); ok {
		f.server.printer.print(f.id, s)
		return
	}
	f.server.printer.flush()
	err := f.server.conn.Send(f.id, pipe.Output{Value: o})
	if err != nil && !errors.Is(err, pipe.ErrClosed) {
		text := fmt.Sprintf("[an output is left out: %v]\n", err)
		f.server.printer.print(f.id, cell.Stream{Name: cell.Stderr, Text: text})
	}
}

// Input asks the person for a line.
func (f *frontend) Input(ctx context.Context, prompt string, password bool) (string, error) {
	f.server.printer.flush()
	id, answer := f.server.awaitInput()
	defer f.server.forgetInput(id)
	if err := f.server.conn.Send(id, pipe.Input{Execution: f.id, Prompt: prompt, Password: password}); err != nil {
		return "", err
	}
	select {
	case reply := <-answer:
		switch {
		case reply.NoInput:
			return "", cell.ErrNoInput
		case reply.Error != "":
			return "", errors.New(reply.Error)
		}
		return reply.Text, nil
	case <-ctx.Done():
		f.server.conn.Send(id, pipe.InputCancel{})
		return "", context.Cause(ctx)
	}
}

func (s *server) awaitInput() (uint64, chan pipe.InputReply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inputID++
	answer := make(chan pipe.InputReply, 1)
	s.inputs[s.inputID] = answer
	return s.inputID, answer
}

func (s *server) forgetInput(id uint64) {
	s.mu.Lock()
	delete(s.inputs, id)
	s.mu.Unlock()
}

func (s *server) answer(id uint64, reply pipe.InputReply) {
	s.mu.Lock()
	answer := s.inputs[id]
	s.mu.Unlock()
	if answer != nil { // else the asker gave up
		select {
		case answer <- reply:
		default: // answered twice: the first counts
		}
	}
}

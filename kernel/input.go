package kernel

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/wire"
)

var errEnded = fmt.Errorf("the cell has ended, and nobody is asked for its input any more: %w", cell.ErrNoInput)

// stdinTime is how long a client may take to connect its stdin channel after it
// has sent a cell.
const stdinTime = 2 * time.Second

// inputs is the question that a person has been asked. There is one at a time:
// an answer does not always say to which question it belongs.
type inputs struct {
	turn chan struct{} // holds a token while nobody asks

	mu       sync.Mutex
	question *question
}

type question struct {
	identity []byte
	id       string      // of the input_request
	answer   chan string // takes one answer
}

func (i *inputs) init() {
	i.turn = make(chan struct{}, 1)
	i.turn <- struct{}{}
}

// ask sends an input_request to the client that sent req and waits for the
// answer, until ctx, the cell or the kernel ends.
func (s *Server) ask(ctx context.Context, req *request, ended <-chan struct{}, content wire.InputRequestContent) (string, error) {
	select {
	case <-s.inputs.turn:
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case <-ended:
		return "", errEnded
	case <-s.life.Done():
		return "", context.Cause(s.life)
	}
	defer func() { s.inputs.turn <- struct{}{} }()

	if err := s.awaitStdin(ctx, req); err != nil {
		return "", err
	}
	frames, id := s.codec.Encode(wire.Outgoing{
		Identities: req.Identities, Type: wire.InputRequest, Parent: req.RawHeader, Content: s.marshal(content),
	})
	q := &question{identity: identity(req.Message), id: id, answer: make(chan string, 1)}
	s.inputs.set(q)
	defer s.inputs.set(nil)
	s.sockets.Stdin.Send(frames)
	select {
	case line := <-q.answer:
		return line, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case <-ended:
		return "", errEnded
	case <-s.life.Done():
		return "", context.Cause(s.life)
	}
}

// awaitStdin waits until the client is connected to stdin.
func (s *Server) awaitStdin(ctx context.Context, req *request) error {
	waiting, cancel := context.WithTimeout(ctx, stdinTime)
	defer cancel()
	switch {
	case s.sockets.Stdin.Await(waiting, identity(req.Message)):
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return fmt.Errorf("the client that sent the cell has no stdin channel: %w", cell.ErrNoInput)
}

func identity(msg *wire.Message) []byte {
	if len(msg.Identities) == 0 {
		return nil
	}
	return msg.Identities[0]
}

func (i *inputs) set(q *question) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.question = q
}

// receiveInput reads stdin until it is closed.
func (s *Server) receiveInput() {
	for {
		frames, err := s.sockets.Stdin.Receive()
		if err != nil {
			return
		}
		msg, err := s.codec.Decode(frames)
		if err != nil {
			s.log.Warn("refused on stdin", "error", err)
			continue
		}
		if !s.inputs.accept(msg) {
			s.codec.Drops().Add(wire.Unexpected)
			s.log.Warn("nobody waits for this on stdin", "type", msg.Header.Type)
		}
	}
}

// accept hands an answer to the one who asked. An answer that names another
// question, one that was given up, is not taken.
func (i *inputs) accept(msg *wire.Message) bool {
	var content wire.InputReplyContent
	if msg.Header.Type != wire.InputReply || msg.Decode(&content) != nil {
		return false
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	q := i.question
	if q == nil || !bytes.Equal(identity(msg), q.identity) {
		return false
	}
	if parent := msg.Parent().ID; parent != "" && parent != q.id {
		return false
	}
	select {
	case q.answer <- content.Value:
		return true
	default:
		return false
	}
}

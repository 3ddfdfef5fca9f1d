package kernel

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/socket"
	"github.com/chanbook/chanbook/kernel/wire"
)

// request is a message that was received on shell or control.
type request struct {
	*wire.Message
	channel *socket.Router // where the reply goes
}

// handler answers one kind of request. Busy and idle are sent around it.
type handler func(s *Server, req *request)

// immediate are the requests that are answered as soon as they arrive, on shell
// as well as on control: none of them waits for the evaluator.
var immediate = map[wire.Type]handler{
	wire.KernelInfoRequest:     (*Server).kernelInfo,
	wire.ConnectRequest:        (*Server).connect,
	wire.HistoryRequest:        (*Server).answerHistory,
	wire.CommInfoRequest:       (*Server).commInfo,
	wire.CommClose:             (*Server).commClosed,
	wire.InterruptRequest:      (*Server).interrupt,
	wire.ShutdownRequest:       (*Server).shutdown,
	wire.CreateSubshellRequest: (*Server).createSubshell,
	wire.DeleteSubshellRequest: (*Server).deleteSubshell,
	wire.ListSubshellRequest:   (*Server).listSubshells,
}

// looks are the requests that the evaluator answers without running code.
var looks = map[wire.Type]handler{
	wire.CompleteRequest:   (*Server).complete,
	wire.InspectRequest:    (*Server).inspect,
	wire.IsCompleteRequest: (*Server).isComplete,
}

// receive reads one channel until it is closed.
func (s *Server) receive(channel *socket.Router) {
	for {
		frames, err := channel.Receive()
		if err != nil {
			return
		}
		msg, err := s.codec.Decode(frames)
		if err != nil {
			s.log.Warn("refused", "error", err)
			continue
		}
		s.greeted.Do(s.awaitSubscriber)
		s.dispatch(&request{Message: msg, channel: channel})
	}
}

// awaitSubscriber waits for the first subscription, so that the client that
// sends the first request does not miss what is published for it.
func (s *Server) awaitSubscriber() {
	ctx, cancel := context.WithTimeout(s.life, subscriberTime)
	defer cancel()
	select {
	case <-s.sockets.IOPub.Subscribed():
	case <-ctx.Done():
	}
}

// dispatch answers a request, or hands it to the goroutine that does.
func (s *Server) dispatch(req *request) {
	t := req.Header.Type
	switch _, look := looks[t]; {
	case s.strayed(req):
		s.answer(req, (*Server).refuseStrayed)
	case t == wire.ExecuteRequest:
		s.dispatchCell(req)
	case t == wire.GoroutinesRequest:
		s.askDump(req, (*Server).answerGoroutines)
	case t == wire.CommOpen, t == wire.CommMsg:
		s.dispatchComm(req)
	case look:
		enqueue(s.life, s.looks, req)
	default:
		s.answerNow(req)
	}
}

// dispatchCell puts a cell into the queue of cells, unless it can be answered
// beside the running one.
func (s *Server) dispatchCell(req *request) {
	if words, ok := besideCell(req); ok {
		s.askDump(req, func(s *Server, req *request, refused error) { s.runDump(req, words, refused) })
		return
	}
	s.noteWaiting(req)
	enqueue(s.life, s.cells, req)
}

// answerNow answers a request that nobody has to be waited for.
func (s *Server) answerNow(req *request) {
	handle, ok := immediate[req.Header.Type]
	if !ok {
		handle = (*Server).unknown
	}
	s.answer(req, handle)
	if req.Header.Type == wire.ShutdownRequest {
		s.stop(errShutdown) // after idle, so that idle goes out too
	}
}

func enqueue(ctx context.Context, queue chan<- *request, req *request) {
	select {
	case queue <- req:
	case <-ctx.Done():
	}
}

// answer sends busy, lets handle reply, and sends idle.
func (s *Server) answer(req *request, handle handler) {
	s.publishStatus(wire.Busy, req)
	handle(s, req)
	s.idle(req)
}

// idle ends a request that was answered beside the running cell, if there is
// one. Front ends show the latest status of the kernel, whatever its parent, so
// the cell's busy is said again.
func (s *Server) idle(req *request) {
	s.status.Lock()
	defer s.status.Unlock()
	s.publishStatus(wire.Idle, req)
	if s.status.running != nil {
		s.publishStatus(wire.Busy, s.status.running.request)
	}
}

// unknown answers a request of a type that the protocol does not have.
func (s *Server) unknown(req *request) {
	s.codec.Drops().Add(wire.Unexpected)
	s.log.Warn("unknown request", "type", req.Header.Type)
	if name, ok := strings.CutSuffix(string(req.Header.Type), "_request"); ok {
		s.refuse(req, wire.Type(name+"_reply"), errors.New("this kernel does not know requests of type "+string(req.Header.Type)))
	}
}

// answerLooks answers the requests that look at code.
func (s *Server) answerLooks() {
	for {
		select {
		case req := <-s.looks:
			s.answer(req, looks[req.Header.Type])
		case <-s.life.Done():
			return
		}
	}
}

// reply answers a request on the channel on which it came.
func (s *Server) reply(req *request, t wire.Type, content any) {
	frames, _ := s.codec.Encode(wire.Outgoing{
		Identities: req.Identities, Type: t, Parent: req.RawHeader, Content: s.marshal(content),
	})
	req.channel.Send(frames)
}

// refuse answers a request that cannot be carried out.
func (s *Server) refuse(req *request, t wire.Type, err error) {
	s.reply(req, t, wire.ErrorReplyContent{
		Status: wire.StatusError, Failure: failure(cell.Fail(cell.KernelError, err.Error())),
	})
}

func failure(f *cell.Failure) wire.Failure {
	lines := f.Traceback
	if lines == nil {
		lines = []string{f.Name + ": " + f.Message}
	}
	return wire.Failure{Name: f.Name, Value: f.Message, Traceback: lines}
}

// lookTime bounds completion, inspection and is_complete: an evaluator that is
// busy must not hold up those behind.
const lookTime = 5 * time.Second

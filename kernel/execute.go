package kernel

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/wire"
)

// run is the execution of one cell.
type run struct {
	*request
	content wire.ExecuteRequestContent
	store   bool // it counts, and goes into the history
	number  int
	cancel  context.CancelCauseFunc
}

// runCells runs cells in the order in which they were asked for.
func (s *Server) runCells() {
	for {
		select {
		case req := <-s.cells:
			for s.backlog = []*request{req}; len(s.backlog) > 0 && s.life.Err() == nil; {
				req, s.backlog = s.backlog[0], s.backlog[1:]
				s.runCell(req)
			}
		case <-s.life.Done():
			return
		}
	}
}

// newRun reads the content of a request and gives the cell its number.
func (s *Server) newRun(req *request) (*run, error) {
	r := &run{request: req}
	if err := req.Decode(&r.content); err != nil {
		return nil, err
	}
	r.store = !r.content.Silent && (r.content.StoreHistory == nil || *r.content.StoreHistory)
	if r.store {
		r.number = int(s.count.Add(1))
	} else {
		r.number = s.latest()
	}
	return r, nil
}

// latest is the latest execution count.
func (s *Server) latest() int { return int(s.count.Load()) }

func (s *Server) runCell(req *request) {
	r, err := s.newRun(req)
	if err != nil {
		s.answer(req, func(s *Server, req *request) { s.refuseCell(req, s.latest(), cell.Fail(cell.KernelError, err.Error())) })
		return
	}
	ctx, cancel := context.WithCancelCause(s.life)
	defer cancel(nil)
	r.cancel = cancel

	s.begin(r)
	s.publishInput(r)
	fe := newFrontend(s, r)
	outcome := s.evaluate(ctx, r, fe)
	fe.end()
	if r.store {
		s.history.add(entry{number: r.number, input: r.content.Code, output: fe.result()})
	}
	s.conclude(r, outcome)
}

// publishInput shows a cell to all clients.
func (s *Server) publishInput(r *run) {
	if !r.content.Silent {
		s.publish(wire.ExecuteInput, r.request, s.marshal(wire.ExecuteInputContent{Code: r.content.Code, ExecutionCount: r.number}))
	}
}

// publishFailure shows that a cell has failed.
func (s *Server) publishFailure(r *run, f *cell.Failure) {
	if !r.content.Silent {
		s.publish(wire.ErrorOutput, r.request, s.marshal(failure(f)))
	}
}

// begin announces that a cell runs and makes it the one that an interrupt ends.
func (s *Server) begin(r *run) {
	s.status.Lock()
	defer s.status.Unlock()
	s.status.running = r
	s.publishStatus(wire.Busy, r.request)
}

// finish announces that the cell has ended.
func (s *Server) finish(r *run) {
	s.status.Lock()
	defer s.status.Unlock()
	s.status.running = nil
	s.publishStatus(wire.Idle, r.request)
}

// evaluate calls the evaluator. A panic of the evaluator's own is the failure of
// the cell, not the end of the kernel.
func (s *Server) evaluate(ctx context.Context, r *run, fe cell.Frontend) (outcome cell.Outcome) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("the evaluator panicked", "panic", p)
			outcome.Failure = cell.Fail(cell.KernelError, fmt.Sprintf("the kernel itself panicked, please report it: %v", p),
				strings.Split(string(debug.Stack()), "\n")...)
		}
	}()
	return s.config.Evaluator.Execute(ctx, cell.Request{
		Source:      cell.Source{Number: r.number, Text: r.content.Code},
		Silent:      r.content.Silent,
		Expressions: r.content.UserExpressions,
	}, fe)
}

// conclude replies, ends the cell, and after a failure the cells queued behind
// it.
func (s *Server) conclude(r *run, outcome cell.Outcome) {
	if outcome.Failure == nil {
		s.replyOK(r, outcome)
		s.finish(r)
		return
	}
	s.publishFailure(r, outcome.Failure)
	var stopped []*request
	if !r.content.Silent && (r.content.StopOnError == nil || *r.content.StopOnError) {
		stopped = s.collect(r)
	}
	s.refuseCell(r.request, r.number, outcome.Failure)
	s.finish(r)
	for _, req := range stopped {
		s.answer(req, func(s *Server, req *request) { s.refuseCell(req, s.latest(), notRun(r)) })
	}
}

// replyOK replies that a cell ended well.
func (s *Server) replyOK(r *run, outcome cell.Outcome) {
	s.reply(r.request, wire.ExecuteReply, wire.ExecuteReplyContent{
		Status: wire.StatusOK, ExecutionCount: r.number,
		Payload: s.payload(outcome), UserExpressions: s.expressions(outcome),
	})
}

func notRun(r *run) *cell.Failure {
	return cell.Fail("NotRun", fmt.Sprintf("the cell was not run, because In[%d], which ran before it, failed", r.number))
}

// refuseCell replies that a cell failed. The protocol once had a status
// "aborted" for cells that were not run; it has deprecated that, and clients
// take it for success.
func (s *Server) refuseCell(req *request, number int, f *cell.Failure) {
	s.reply(req, wire.ExecuteReply, wire.ExecuteErrorContent{
		Status: wire.StatusError, ExecutionCount: number, Failure: failure(f),
		Payload: []wire.Payload{}, UserExpressions: map[string]any{},
	})
}

// A front end that runs a whole notebook sends its cells one after the other,
// without waiting. If the first fails at once, the others are still on their
// way, and no fence can tell how many there are. So the reply to the failure,
// after which a client may ask for more cells in earnest, is held back until
// no request has come for quietTime, at most for holdTime.
const (
	quietTime = 30 * time.Millisecond
	holdTime  = 300 * time.Millisecond
)

// collect moves to the backlog what was sent before its sender could know that
// the cell failed, and takes out the cells of the same session and shell, which
// are to be stopped. Those of others still run.
func (s *Server) collect(failed *run) (stopped []*request) {
	s.await()
	s.backlog = slices.DeleteFunc(s.backlog, func(req *request) bool {
		same := req.Header.Session == failed.Header.Session && req.Header.Subshell == failed.Header.Subshell
		if same {
			stopped = append(stopped, req)
		}
		return same
	})
	return stopped
}

// await moves requests to the backlog until no more come.
func (s *Server) await() {
	quiet, hold := time.NewTimer(quietTime), time.NewTimer(holdTime)
	defer quiet.Stop()
	defer hold.Stop()
	for {
		select {
		case req := <-s.cells:
			s.backlog = append(s.backlog, req)
			quiet.Reset(quietTime)
		case <-quiet.C:
			return
		case <-hold.C:
			return
		case <-s.life.Done():
			return
		}
	}
}

// payload returns what the reply asks of the front end beside output.
func (s *Server) payload(outcome cell.Outcome) []wire.Payload {
	list := []wire.Payload{}
	for _, page := range outcome.Pages {
		start := 0
		list = append(list, wire.Payload{Source: "page", Data: s.portable(page), Start: &start})
	}
	if outcome.NextInput != nil {
		replace := false
		list = append(list, wire.Payload{Source: "set_next_input", Text: outcome.NextInput, Replace: &replace})
	}
	return list
}

func (s *Server) expressions(outcome cell.Outcome) map[string]any {
	values := make(map[string]any, len(outcome.Expressions))
	for name, value := range outcome.Expressions {
		if value.Failure != nil {
			values[name] = wire.ErrorReplyContent{Status: wire.StatusError, Failure: failure(value.Failure)}
			continue
		}
		values[name] = wire.ExpressionContent{Status: wire.StatusOK, Data: s.portable(value.Data), Metadata: map[string]any{}}
	}
	return values
}

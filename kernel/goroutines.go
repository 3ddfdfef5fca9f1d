package kernel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/wire"
)

// Goroutines are looked at best while a cell runs, when other cells wait for
// their turn. So a dump can be had beside the running cell in four ways: by a
// goroutines_request, over a comm (see comm.go), by the command %goroutines on a
// subshell, and by %goroutines now in any cell. Without the word, a cell of the
// main shell keeps its turn: whoever runs a whole notebook wants to see the
// goroutines as the cells before it left them.

// dumpCommand is the command that a cell may give beside the running one, and
// dumpNow the word that makes it do so on the main shell.
const (
	dumpCommand = "%goroutines"
	dumpNow     = "now"
)

const (
	// queuedDumps bounds the dumps that wait. More are refused at once, so that
	// the channels are always read: an interrupt may come behind them.
	queuedDumps = 32
	// dumpTime bounds one dump. A hundred thousand goroutines take a second, and far
	// longer on a machine that has much else to do.
	dumpTime = 30 * time.Second
	// maxFilter bounds the length of a filter, in bytes.
	maxFilter = 4096
)

// dump is a request that waits for a dump, and who answers it. The error is nil,
// or says why there is no dump to be had now.
type dump struct {
	*request
	handle func(s *Server, req *request, refused error)
}

// askDump puts a request into the queue of dumps.
func (s *Server) askDump(req *request, handle func(s *Server, req *request, refused error)) {
	select {
	case s.dumps <- dump{req, handle}:
	default:
		refused := fmt.Errorf("%d dumps of goroutines are being waited for already: ask again when they have come", queuedDumps)
		s.answer(req, func(s *Server, req *request) { handle(s, req, refused) })
	}
}

// answerDumps answers the requests for dumps, one after the other.
func (s *Server) answerDumps() {
	for {
		select {
		case d := <-s.dumps:
			s.answer(d.request, func(s *Server, req *request) { d.handle(s, req, nil) })
		case <-s.life.Done():
			return
		}
	}
}

// goroutines asks the evaluator for a dump. What is wrong with it is told as the
// failure of a command, what is wrong with the kernel as the kernel's.
func (s *Server) goroutines(words string, refused error) (cell.Bundle, *cell.Failure) {
	if refused != nil {
		return nil, cell.Fail(cell.KernelError, refused.Error())
	}
	if err := checkFilter(words); err != nil {
		return nil, cell.Fail(cell.CommandError, err.Error())
	}
	ctx, cancel := context.WithTimeout(s.life, dumpTime)
	defer cancel()
	data, err := s.config.Evaluator.Goroutines(ctx, words)
	if err == nil {
		return data, nil
	}
	if f, ok := errors.AsType[*cell.Failure](err); ok {
		return nil, f
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("the process that runs the cells did not list its goroutines within %v: interrupt the cell, or restart the kernel", dumpTime)
	}
	return nil, cell.Fail(cell.KernelError, err.Error())
}

func checkFilter(words string) error {
	if len(words) > maxFilter {
		return fmt.Errorf("the filter of a dump of goroutines has %d bytes; at most %d are allowed", len(words), maxFilter)
	}
	return nil
}

// goroutinesReply is the dump that a content asks for, or why there is none, as
// the content of a goroutines_reply or the data of a comm_msg.
func (s *Server) goroutinesReply(words string, refused error) any {
	data, f := s.goroutines(words, refused)
	if f != nil {
		return wire.ErrorReplyContent{Status: wire.StatusError, Failure: failure(f)}
	}
	return wire.GoroutinesReplyContent{Status: wire.StatusOK, Data: s.portable(data), Metadata: map[string]any{}}
}

// answerGoroutines answers a goroutines_request.
func (s *Server) answerGoroutines(req *request, refused error) {
	var q wire.GoroutinesRequestContent
	if err := req.Decode(&q); err != nil {
		s.refuse(req, wire.GoroutinesReply, err)
		return
	}
	words := ""
	if q.Filter != nil {
		words = *q.Filter
	}
	s.reply(req, wire.GoroutinesReply, s.goroutinesReply(words, refused))
}

// besideCell tells whether a cell is to be answered beside the running one: as a
// command %goroutines, with these words.
func besideCell(req *request) (words string, beside bool) {
	// Few cells are, and a cell may be long: look before decoding.
	if len(req.Content) > 4*maxFilter || !bytes.Contains(req.Content, []byte(dumpCommand)) {
		return "", false
	}
	var content wire.ExecuteRequestContent
	if req.Decode(&content) != nil {
		return "", false
	}
	text := strings.TrimSpace(content.Code)
	rest, found := strings.CutPrefix(text, dumpCommand)
	if !found || strings.Contains(text, "\n") || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return "", false
	}
	words = strings.TrimSpace(rest)
	if end := strings.IndexAny(words+" ", " \t"); words[:end] == dumpNow {
		return strings.TrimSpace(words[end:]), true
	}
	return words, req.Header.Subshell != ""
}

// runDump runs a cell that is a command %goroutines and nothing else. It has its
// number and its place in the history as any other.
func (s *Server) runDump(req *request, words string, refused error) {
	r, err := s.newRun(req)
	if err != nil {
		s.refuseCell(req, s.latest(), cell.Fail(cell.KernelError, err.Error()))
		return
	}
	s.publishInput(r)
	data, f := s.goroutines(words, refused)
	if r.store {
		s.history.add(entry{number: r.number, input: r.content.Code})
	}
	if f != nil {
		s.publishFailure(r, f)
		s.refuseCell(req, r.number, f)
		return
	}
	if !r.content.Silent {
		s.publish(wire.DisplayData, req, s.marshal(wire.DisplayContent{Data: s.portable(data), Metadata: map[string]any{}}))
	}
	s.replyOK(r, cell.Outcome{})
}

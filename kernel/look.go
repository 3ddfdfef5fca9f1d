package kernel

import (
	"context"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/wire"
)

// The protocol counts offsets in Unicode code points, the evaluator in bytes.

// byteOffset returns the byte offset of the n-th code point of text, within the
// text.
func byteOffset(text string, n int) int {
	for i := range text {
		if n <= 0 {
			return i
		}
		n--
	}
	return len(text)
}

// codePoints returns how many code points stand before a byte offset of text.
func codePoints(text string, offset int) int {
	return utf8.RuneCountInString(text[:min(max(offset, 0), len(text))])
}

func (s *Server) complete(req *request) {
	var q wire.CompleteRequestContent
	if err := req.Decode(&q); err != nil {
		s.refuse(req, wire.CompleteReply, err)
		return
	}
	ctx, cancel := context.WithTimeout(s.life, lookTime)
	defer cancel()
	found, err := s.config.Evaluator.Complete(ctx, q.Code, byteOffset(q.Code, q.CursorPos))
	if err != nil {
		s.refuse(req, wire.CompleteReply, err)
		return
	}
	s.reply(req, wire.CompleteReply, completeReply(q.Code, found))
}

func completeReply(code string, found cell.Completion) wire.CompleteReplyContent {
	reply := wire.CompleteReplyContent{
		Status:      wire.StatusOK,
		Matches:     make([]string, 0, len(found.Matches)),
		CursorStart: codePoints(code, found.Start),
		CursorEnd:   codePoints(code, found.End),
	}
	items := make([]wire.CompletionItem, 0, len(found.Matches))
	for _, m := range found.Matches {
		reply.Matches = append(reply.Matches, m.Text)
		items = append(items, wire.CompletionItem{
			Text: m.Text, Type: m.Kind, Signature: m.Signature, Start: reply.CursorStart, End: reply.CursorEnd,
		})
	}
	reply.Metadata = map[string]any{wire.TypesKey: items}
	return reply
}

func (s *Server) inspect(req *request) {
	var q wire.InspectRequestContent
	if err := req.Decode(&q); err != nil {
		s.refuse(req, wire.InspectReply, err)
		return
	}
	ctx, cancel := context.WithTimeout(s.life, lookTime)
	defer cancel()
	found, err := s.config.Evaluator.Inspect(ctx, q.Code, byteOffset(q.Code, q.CursorPos), q.DetailLevel)
	if err != nil {
		s.refuse(req, wire.InspectReply, err)
		return
	}
	s.reply(req, wire.InspectReply, wire.InspectReplyContent{
		Status: wire.StatusOK, Found: found.Found, Data: s.portable(found.Data), Metadata: map[string]any{},
	})
}

func (s *Server) isComplete(req *request) {
	var q wire.IsCompleteRequestContent
	if err := req.Decode(&q); err != nil {
		s.refuse(req, wire.IsCompleteReply, err)
		return
	}
	ctx, cancel := context.WithTimeout(s.life, lookTime)
	defer cancel()
	found, err := s.config.Evaluator.IsComplete(ctx, q.Code)
	if err != nil {
		// The reply has no place for an error; a console then lets the person decide.
		s.log.Warn("is_complete", "error", err)
		found = cell.Completeness{Status: "unknown"}
	}
	s.reply(req, wire.IsCompleteReply, wire.IsCompleteReplyContent{Status: found.Status, Indent: found.Indent})
}

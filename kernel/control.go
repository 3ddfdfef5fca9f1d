package kernel

import (
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/wire"
)

// interrupt ends the context of the running cell. The cell's own error reply
// follows when it has ended. Without a running cell there is nothing to do.
func (s *Server) interrupt(req *request) {
	s.Interrupt()
	s.reply(req, wire.InterruptReply, wire.OKContent{Status: wire.StatusOK})
}

// Interrupt interrupts the running cell, as an interrupt_request does.
func (s *Server) Interrupt() {
	s.status.Lock()
	defer s.status.Unlock()
	if s.status.running != nil {
		s.status.running.cancel(cell.ErrInterrupted)
	}
}

// shutdown replies; dispatch then ends Serve. Whether the kernel is started
// again is the client's business; it only wants to hear its own word.
func (s *Server) shutdown(req *request) {
	var content wire.ShutdownContent
	if err := req.Decode(&content); err != nil {
		s.log.Warn("shutdown_request", "error", err) // it is clear enough what is wanted
	}
	content.Status = wire.StatusOK
	s.reply(req, wire.ShutdownReply, content)
}

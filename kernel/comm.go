package kernel

import "github.com/chanbook/chanbook/kernel/wire"

// A comm is a channel between a widget of the front end and code of the kernel.
// Chanbook has no targets for them: what a front end opens is closed at once, so
// that it does not wait for ever.

func (s *Server) commInfo(req *request) {
	s.reply(req, wire.CommInfoReply, wire.CommInfoReplyContent{Status: wire.StatusOK, Comms: map[string]any{}})
}

// closeComm answers comm_open and comm_msg.
func (s *Server) closeComm(req *request) {
	var comm wire.CommContent
	if err := req.Decode(&comm); err != nil || comm.CommID == "" {
		s.codec.Drops().Add(wire.Unexpected)
		s.log.Warn("a comm message without comm_id", "type", req.Header.Type)
		return
	}
	s.publish(wire.CommClose, req, s.marshal(wire.CommContent{CommID: comm.CommID, Data: map[string]any{}}))
}

// commClosed has nothing to do: no comm is ever open.
func (s *Server) commClosed(*request) {}

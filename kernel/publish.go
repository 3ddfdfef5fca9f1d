package kernel

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/wire"
)

// publish sends a message on IOPub. It does not wait.
func (s *Server) publish(t wire.Type, parent *request, content json.RawMessage) {
	frames, _ := s.codec.Encode(wire.Outgoing{
		Identities: [][]byte{[]byte("kernel." + s.codec.Session() + "." + string(t))},
		Type:       t, Parent: parent.RawHeader, Content: content,
	})
	s.sockets.IOPub.Publish(frames)
}

// publishStatus sends busy or idle.
func (s *Server) publishStatus(state string, req *request) {
	s.publish(wire.Status, req, json.RawMessage(`{"execution_state":"`+state+`"}`))
}

// welcome is the message for a new subscriber: from here on it misses nothing.
func (s *Server) welcome(topic string) [][]byte {
	if !utf8.ValidString(topic) {
		return nil
	}
	frames, _ := s.codec.Encode(wire.Outgoing{
		Identities: [][]byte{[]byte(topic)},
		Type:       wire.IOPubWelcome, Content: s.marshal(wire.WelcomeContent{Subscription: topic}),
	})
	return frames
}

// marshal encodes a content of ours.
func (s *Server) marshal(content any) json.RawMessage {
	raw, err := wire.Marshal(content)
	if err != nil {
		// Values of the evaluator pass through portable first; what is left
		// are structures of this package.
		s.log.Error("a message could not be encoded", "error", err)
		return json.RawMessage("{}")
	}
	return raw
}

// portable returns the representations of a value that can be sent as JSON, and
// never nil: clients insist on an object.
func (s *Server) portable(bundle map[string]any) map[string]any {
	good := make(map[string]any, len(bundle))
	for mime, value := range bundle {
		if _, text := value.(string); !text {
			raw, err := wire.Marshal(value)
			if err != nil {
				s.log.Warn("a representation cannot be sent as JSON", "type", mime, "error", err)
				continue
			}
			value = raw
		}
		good[mime] = value
	}
	return good
}

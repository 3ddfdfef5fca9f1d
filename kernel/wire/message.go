package wire

import (
	"encoding/json"
	"fmt"
)

// Header identifies a message.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     Type   `json:"msg_type"`
	Version  string `json:"version"`
	// Subshell is the subshell to which a request goes; empty for the main shell.
	Subshell string `json:"subshell_id,omitempty"`
}

// Message is one message as it was received. Its byte slices are those of the
// frames and must not be changed. The header is a JSON object in UTF-8; the
// other parts begin as one.
type Message struct {
	// Identities are the frames before the delimiter: where a reply goes on a
	// ROUTER socket.
	Identities [][]byte

	Header Header
	// RawHeader is the header as it was sent, the parent header of every answer.
	RawHeader json.RawMessage
	// RawParent is the parent header as it was sent, {} for a request.
	RawParent json.RawMessage
	Metadata  json.RawMessage
	Content   json.RawMessage
	Buffers   [][]byte
}

// Parent returns the header of the message that this one answers. It is zero
// where there is none.
func (m *Message) Parent() Header {
	var h Header
	if err := json.Unmarshal(m.RawParent, &h); err != nil {
		return Header{}
	}
	return h
}

// Decode fills content, a pointer to one of this package's content types, from
// the message's content.
func (m *Message) Decode(content any) error {
	if err := json.Unmarshal(m.Content, content); err != nil {
		return fmt.Errorf("the content of this %s is not what the protocol asks for: %w", m.Header.Type, err)
	}
	return nil
}

// Outgoing is one message to be sent.
type Outgoing struct {
	// Identities are the frames before the delimiter: a peer's identity on a
	// ROUTER socket, a topic on IOPub.
	Identities [][]byte
	Type       Type
	// Subshell is the subshell to which a request goes; empty for the main shell.
	Subshell string
	// Parent is the raw header of the request that the message belongs to, nil
	// where there is none.
	Parent json.RawMessage
	// Metadata may be nil.
	Metadata json.RawMessage
	// Content is a JSON object, as Marshal returns it. nil stands for {}.
	Content json.RawMessage
	Buffers [][]byte
}

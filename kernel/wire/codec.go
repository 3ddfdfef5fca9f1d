package wire

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Bounds on a received message. A cell of 10 MB is a legitimate message.
const (
	// MaxBytes is the most that the frames of a message may hold together.
	MaxBytes = 128 << 20
	// MaxFrames is the most frames that a message may have.
	MaxFrames = 1024
)

// delimiter stands between the identities and the signature.
const delimiter = "<IDS|MSG>"

// signedFrames are header, parent header, metadata and content.
const signedFrames = 4

// Codec turns frames into messages and messages into frames, for one kernel or
// one client.
type Codec struct {
	key      []byte
	session  string
	username string
	sent     atomic.Uint64
	seen     replays
	drops    Drops
}

// NewCodec returns a codec that signs with key. An empty key means that
// messages are neither signed nor verified. The codec's messages carry a
// session of their own.
func NewCodec(key string) *Codec {
	return &Codec{key: []byte(key), session: uuid.NewString(), username: "kernel"}
}

// Session is the session of the messages that the codec encodes.
func (c *Codec) Session() string { return c.session }

// Drops counts the messages that Decode has refused.
func (c *Codec) Drops() *Drops { return &c.drops }

// Decode reads a message from its frames and verifies it. A message that is
// refused is counted, and the error is a *Dropped.
func (c *Codec) Decode(frames [][]byte) (*Message, error) {
	m, dropped := c.decode(frames)
	if dropped != nil {
		c.drops.Add(dropped.Reason)
		return nil, dropped
	}
	return m, nil
}

func (c *Codec) decode(frames [][]byte) (*Message, *Dropped) {
	if dropped := checkSize(frames); dropped != nil {
		return nil, dropped
	}
	at := indexDelimiter(frames)
	if at < 0 {
		return nil, &Dropped{Malformed, "no frame is " + delimiter}
	}
	rest := frames[at+1:]
	if len(rest) < 1+signedFrames {
		return nil, &Dropped{Malformed, fmt.Sprintf("%d frames after %s; a signature and %d parts are needed", len(rest), delimiter, signedFrames)}
	}
	signed := rest[1 : 1+signedFrames]
	digest, dropped := c.verify(rest[0], signed)
	if dropped != nil {
		return nil, dropped
	}
	m, dropped := parse(signed)
	if dropped != nil {
		return nil, dropped
	}
	// A message that cannot be used does not use up its signature.
	if len(c.key) > 0 && !c.seen.add(digest) {
		return nil, &Dropped{Replayed, "its signature has been seen before"}
	}
	m.Identities = frames[:at]
	m.Buffers = rest[1+signedFrames:]
	return m, nil
}

func checkSize(frames [][]byte) *Dropped {
	if len(frames) > MaxFrames {
		return &Dropped{TooLarge, fmt.Sprintf("%d frames; at most %d are accepted", len(frames), MaxFrames)}
	}
	size := 0
	for _, frame := range frames {
		size += len(frame)
	}
	if size > MaxBytes {
		return &Dropped{TooLarge, fmt.Sprintf("%d bytes; at most %d are accepted", size, MaxBytes)}
	}
	return nil
}

func indexDelimiter(frames [][]byte) int {
	for i, frame := range frames {
		if string(frame) == delimiter {
			return i
		}
	}
	return -1
}

func (c *Codec) verify(signature []byte, signed [][]byte) (digest [sha256.Size]byte, dropped *Dropped) {
	if len(c.key) == 0 {
		return digest, nil
	}
	if len(signature) == 0 {
		return digest, &Dropped{Unsigned, "this connection has a key, so messages must be signed"}
	}
	if n, err := hex.Decode(digest[:], clip(signature)); err != nil || n != sha256.Size || len(signature) != 2*sha256.Size {
		return digest, &Dropped{BadSignature, fmt.Sprintf("the signature is not %d hexadecimal digits", 2*sha256.Size)}
	}
	if want := c.mac(signed); !hmac.Equal(want[:], digest[:]) {
		return digest, &Dropped{BadSignature, "the signature does not fit the message; was it signed with another key?"}
	}
	return digest, nil
}

// clip keeps hex.Decode within a digest.
func clip(signature []byte) []byte {
	return signature[:min(len(signature), 2*sha256.Size)]
}

func (c *Codec) mac(parts [][]byte) (digest [sha256.Size]byte) {
	h := hmac.New(sha256.New, c.key)
	for _, part := range parts {
		h.Write(part)
	}
	h.Sum(digest[:0])
	return digest
}

func parse(signed [][]byte) (*Message, *Dropped) {
	parts := make([]json.RawMessage, signedFrames)
	for i, name := range [...]string{"header", "parent header", "metadata", "content"} {
		part, dropped := object(name, signed[i])
		if dropped != nil {
			return nil, dropped
		}
		parts[i] = part
	}
	m := &Message{RawHeader: parts[0], RawParent: parts[1], Metadata: parts[2], Content: parts[3]}
	if err := json.Unmarshal(m.RawHeader, &m.Header); err != nil {
		return nil, &Dropped{Malformed, "the header: " + err.Error()}
	}
	if m.Header.Type == "" || m.Header.ID == "" {
		return nil, &Dropped{Malformed, "the header has no msg_type or no msg_id"}
	}
	return m, nil
}

// object checks that a frame begins as a JSON object does. The rest shows when
// it is decoded: scanning a cell of 10 MB twice would take long, and whoever
// sent a content that is not JSON gets an error reply rather than silence.
//
// Python clients send lone surrogates as bytes that are not UTF-8; those become
// U+FFFD.
func object(name string, frame []byte) (json.RawMessage, *Dropped) {
	if trimmed := bytes.TrimLeft(frame, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return nil, &Dropped{Malformed, "the " + name + " is not a JSON object"}
	}
	if !utf8.Valid(frame) {
		frame = bytes.ToValidUTF8(frame, []byte("\uFFFD"))
	}
	return frame, nil
}

// Encode returns the frames of a message, signed, and the message's id.
func (c *Codec) Encode(out Outgoing) (frames [][]byte, id string) {
	id = c.session + "_" + strconv.FormatUint(c.sent.Add(1), 10)
	frames = make([][]byte, 0, len(out.Identities)+2+signedFrames+len(out.Buffers))
	frames = append(frames, out.Identities...)
	frames = append(frames, []byte(delimiter), nil,
		c.header(id, out), orEmpty(out.Parent), orEmpty(out.Metadata), orEmpty(out.Content))
	signature := len(out.Identities) + 1
	if len(c.key) > 0 {
		digest := c.mac(frames[signature+1:])
		frames[signature] = hex.AppendEncode(nil, digest[:])
	}
	return append(frames, out.Buffers...), id
}

// header writes a header by hand: every message has one, and its fields need no
// escaping but for the type and the subshell, which may come from a peer.
func (c *Codec) header(id string, out Outgoing) []byte {
	b := make([]byte, 0, 256)
	b = append(b, `{"msg_id":"`...)
	b = append(b, id...)
	b = append(b, `","session":"`...)
	b = append(b, c.session...)
	b = append(b, `","username":"`...)
	b = append(b, c.username...)
	b = append(b, `","date":"`...)
	b = time.Now().UTC().AppendFormat(b, "2006-01-02T15:04:05.000000Z")
	b = append(b, `","msg_type":`...)
	b = appendString(b, string(out.Type))
	if out.Subshell != "" {
		b = append(b, `,"subshell_id":`...)
		b = appendString(b, out.Subshell)
	}
	return append(b, `,"version":"`+Version+`"}`...)
}

func appendString(b []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings always have an encoding
	}
	return append(b, quoted...)
}

func orEmpty(part json.RawMessage) []byte {
	if part == nil {
		return []byte("{}")
	}
	return part
}

// Marshal encodes a content. It leaves <, > and & as they are, since HTML is
// what much of the output consists of.
func Marshal(content any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(content); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

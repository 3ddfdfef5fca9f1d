package socket

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// role is what a socket is to ZeroMQ, and which peers it takes.
type role struct {
	kind  string
	peers []string
}

var (
	router = role{kind: "ROUTER", peers: []string{"DEALER", "REQ", "ROUTER"}}
	pub    = role{kind: "PUB", peers: []string{"SUB", "XSUB"}}
)

func (r role) accepts(kind string) bool {
	for _, peer := range r.peers {
		if peer == kind {
			return true
		}
	}
	return false
}

// Sizes and limits of ZMTP 3.0, https://rfc.zeromq.org/spec/23/.
const (
	greetingSize = 64
	maxCommand   = 4 << 10 // of a READY command; the specification's own has three short properties
	maxIdentity  = 255

	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

// greetingTime is how long a peer may take to say what it is.
var greetingTime = 5 * time.Second

// peer is what a connection has said of itself.
type peer struct{ kind, identity string }

// greet carries out the ZMTP handshake of a server over conn, within
// greetingTime.
//
// zmq4 has one of its own, which runs in the goroutine that accepts, has no
// deadline, and panics on malformed properties and unknown socket types; it is
// given a canonical replay of this one.
func greet(conn net.Conn, r role) (peer, error) {
	conn.SetDeadline(time.Now().Add(greetingTime))
	defer conn.SetDeadline(time.Time{})
	if _, err := conn.Write(appendGreeting(nil)); err != nil {
		return peer{}, err
	}
	var got [greetingSize]byte
	if _, err := io.ReadFull(conn, got[:]); err != nil {
		return peer{}, err
	}
	if err := checkGreeting(got[:]); err != nil {
		return peer{}, err
	}
	if _, err := conn.Write(appendReady(nil, peer{kind: r.kind})); err != nil {
		return peer{}, err
	}
	body, err := readCommand(conn)
	if err != nil {
		return peer{}, err
	}
	p, err := parseReady(body)
	if err != nil {
		return peer{}, err
	}
	if !r.accepts(p.kind) {
		return peer{}, fmt.Errorf("a %q peer does not fit a %s socket", p.kind, r.kind)
	}
	return p, nil
}

func appendGreeting(b []byte) []byte {
	var g [greetingSize]byte
	g[0], g[8], g[9] = 0xFF, 1, 0x7F
	g[10] = 3 // version 3.0: peers then send subscriptions as messages
	copy(g[12:], zmq4.NullSecurity)
	return append(b, g[:]...)
}

func checkGreeting(g []byte) error {
	switch mechanism, _, _ := bytes.Cut(g[12:32], []byte{0}); {
	case g[0] != 0xFF || g[9] != 0x7F:
		return errors.New("this is not ZMTP")
	case g[10] < 3:
		return fmt.Errorf("ZMTP version %d is too old; 3 is needed", g[10])
	case string(mechanism) != string(zmq4.NullSecurity):
		return fmt.Errorf("security mechanism %q is not supported", mechanism)
	}
	return nil
}

// appendReady appends the frame of a READY command that announces p.
func appendReady(b []byte, p peer) []byte {
	body := append([]byte{5}, "READY"...)
	for _, property := range [...][2]string{{"Socket-Type", p.kind}, {"Identity", p.identity}} {
		body = append(body, byte(len(property[0])))
		body = append(body, property[0]...)
		body = binary.BigEndian.AppendUint32(body, uint32(len(property[1])))
		body = append(body, property[1]...)
	}
	if len(body) > 255 {
		b = append(b, flagCommand|flagLong)
		b = binary.BigEndian.AppendUint64(b, uint64(len(body)))
	} else {
		b = append(b, flagCommand, byte(len(body)))
	}
	return append(b, body...)
}

func readCommand(r io.Reader) ([]byte, error) {
	var header [9]byte
	if _, err := io.ReadFull(r, header[:2]); err != nil {
		return nil, err
	}
	size := uint64(header[1])
	switch header[0] {
	case flagCommand:
	case flagCommand | flagLong:
		if _, err := io.ReadFull(r, header[2:]); err != nil {
			return nil, err
		}
		size = binary.BigEndian.Uint64(header[1:])
	default:
		return nil, errors.New("the greeting is followed by something else than a command")
	}
	if size > maxCommand {
		return nil, fmt.Errorf("a READY command of %d bytes; at most %d are accepted", size, maxCommand)
	}
	body := make([]byte, size)
	_, err := io.ReadFull(r, body)
	return body, err
}

func parseReady(body []byte) (peer, error) {
	rest, ok := bytes.CutPrefix(body, []byte("\x05READY"))
	if !ok {
		return peer{}, errors.New("the greeting is not followed by READY")
	}
	var p peer
	for len(rest) > 0 {
		var name, value []byte
		if name, value, rest, ok = cutProperty(rest); !ok {
			return peer{}, errors.New("READY has a property that is cut short")
		}
		switch {
		case bytes.EqualFold(name, []byte("Socket-Type")):
			p.kind = string(value)
		case bytes.EqualFold(name, []byte("Identity")):
			p.identity = string(value)
		}
	}
	if len(p.identity) > maxIdentity {
		return peer{}, fmt.Errorf("an identity of %d bytes; at most %d are allowed", len(p.identity), maxIdentity)
	}
	return p, nil
}

func cutProperty(b []byte) (name, value, rest []byte, ok bool) {
	n := int(b[0])
	if len(b) < 1+n+4 {
		return nil, nil, nil, false
	}
	name, b = b[1:1+n], b[1+n:]
	size := uint64(binary.BigEndian.Uint32(b))
	if b = b[4:]; uint64(len(b)) < size {
		return nil, nil, nil, false
	}
	return name, b[:size], b[size:], true
}

// replayed is the security mechanism that zmq4 uses: NULL, whose READY has
// already been sent by greet.
type replayed struct{}

func (replayed) Type() zmq4.SecurityType { return zmq4.NullSecurity }

func (replayed) Handshake(conn *zmq4.Conn, _ bool) error {
	cmd, err := conn.RecvCmd()
	if err != nil {
		return err
	}
	return conn.Peer.Meta.UnmarshalZMTP(cmd.Body)
}

func (replayed) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }
func (replayed) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// frames follows a stream of ZMTP frames, given in pieces of any size.
type frames struct {
	header [9]byte
	have   int    // bytes of header
	body   uint64 // bytes of the current body still to come
	begun  bool   // the header is whole
}

// next consumes p up to the end of a header or of a frame, or all of it. The
// flags and the size hold from headerDone to frameDone. A frame without a body
// is done at the call after headerDone, which needs no bytes.
func (f *frames) next(p []byte) (n int, e event) {
	if !f.begun {
		return f.readHeader(p)
	}
	n = int(min(uint64(len(p)), f.body))
	f.body -= uint64(n)
	if f.body > 0 {
		return n, bodyPart
	}
	f.begun, f.have = false, 0
	return n, frameDone
}

type event int

const (
	partial event = iota // of a header
	headerDone
	bodyPart
	frameDone
)

func (f *frames) readHeader(p []byte) (n int, e event) {
	for n < len(p) {
		f.header[f.have] = p[n]
		f.have++
		n++
		if f.have == f.headerSize() {
			f.begun = true
			f.body = f.size()
			return n, headerDone
		}
	}
	return n, partial
}

func (f *frames) headerSize() int {
	if f.header[0]&flagLong != 0 {
		return 9
	}
	return 2
}

func (f *frames) size() uint64 {
	if f.header[0]&flagLong != 0 {
		return binary.BigEndian.Uint64(f.header[1:])
	}
	return uint64(f.header[1])
}

func (f *frames) more() bool    { return f.header[0]&flagMore != 0 }
func (f *frames) command() bool { return f.header[0]&flagCommand != 0 }

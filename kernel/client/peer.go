package client

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/chanbook/chanbook/kernel/wire"
)

// Peer is one ZeroMQ connection, in ZMTP 3.0 with the NULL mechanism
// (https://rfc.zeromq.org/spec/23/). Send may be called from several
// goroutines, Receive from one.
type Peer struct {
	conn net.Conn
	in   *bufio.Reader
	mu   sync.Mutex // of writing
}

// DialPeer connects to one port of a kernel as a socket of the given kind, such
// as "DEALER". The end of ctx ends the attempt.
func DialPeer(ctx context.Context, file wire.ConnectionFile, port int, kind, identity string) (*Peer, error) {
	network, address := file.Address(port)
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("no kernel answers on %s: %w", address, err)
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	p := &Peer{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}
	if err := p.greet(kind, identity); err != nil {
		conn.Close()
		return nil, fmt.Errorf("what answers on %s is no kernel: %w", address, err)
	}
	return p, nil
}

func (p *Peer) greet(kind, identity string) error {
	if _, err := p.conn.Write(Greeting()); err != nil {
		return err
	}
	var greeting [64]byte
	if _, err := io.ReadFull(p.in, greeting[:]); err != nil {
		return err
	}
	if greeting[0] != 0xFF || greeting[9] != 0x7F || greeting[10] < 3 {
		return errors.New("the other end does not speak ZMTP 3")
	}
	if _, err := p.conn.Write(Ready(kind, identity)); err != nil {
		return err
	}
	flags, _, err := p.frame()
	if err == nil && flags&flagCommand == 0 {
		err = errors.New("the other end's greeting is not followed by a command")
	}
	return err
}

// Greeting is the first message of a peer.
func Greeting() []byte {
	g := make([]byte, 64)
	g[0], g[8], g[9], g[10] = 0xFF, 1, 0x7F, 3
	copy(g[12:], "NULL")
	return g
}

// Ready is the second message of a peer: its kind and its identity.
func Ready(kind, identity string) []byte {
	body := append([]byte{5}, "READY"...)
	body = appendProperty(body, "Socket-Type", kind)
	body = appendProperty(body, "Identity", identity)
	return AppendFrame(nil, flagCommand, body)
}

func appendProperty(b []byte, name, value string) []byte {
	b = append(b, byte(len(name)))
	b = append(b, name...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	return append(b, value...)
}

const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

// AppendFrame appends a frame to b.
func AppendFrame(b []byte, flags byte, body []byte) []byte {
	if len(body) > 255 {
		b = append(b, flags|flagLong)
		b = binary.BigEndian.AppendUint64(b, uint64(len(body)))
	} else {
		b = append(b, flags, byte(len(body)))
	}
	return append(b, body...)
}

// Send sends a message.
func (p *Peer) Send(frames ...[]byte) error {
	var b []byte
	for i, frame := range frames {
		flags := byte(flagMore)
		if i == len(frames)-1 {
			flags = 0
		}
		b = AppendFrame(b, flags, frame)
	}
	return p.Write(b)
}

// Write sends bytes as they are.
func (p *Peer) Write(b []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.conn.Write(b)
	return err
}

// Receive waits for the next message.
func (p *Peer) Receive() ([][]byte, error) {
	var frames [][]byte
	for {
		flags, body, err := p.frame()
		if err != nil {
			return nil, err
		}
		if flags&flagCommand != 0 {
			continue // a ping, which needs no answer in version 3.0
		}
		frames = append(frames, body)
		if flags&flagMore == 0 {
			return frames, nil
		}
	}
}

func (p *Peer) frame() (flags byte, body []byte, err error) {
	if flags, err = p.in.ReadByte(); err != nil {
		return 0, nil, err
	}
	var header [8]byte
	short := header[7:]
	if flags&flagLong != 0 {
		short = header[:]
	}
	if _, err = io.ReadFull(p.in, short); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint64(header[:])
	if size > 1<<30 {
		return 0, nil, fmt.Errorf("a frame of %d bytes", size)
	}
	body = make([]byte, size)
	_, err = io.ReadFull(p.in, body)
	return flags, body, err
}

// Close closes the connection.
func (p *Peer) Close() error { return p.conn.Close() }

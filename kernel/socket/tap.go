package socket

import (
	"bytes"
	"io"
	"net"
	"sync"
	"time"
)

// tap is a subscriber inside the process. zmq4 queues published messages
// without bound and does not say when one has been written; it writes to the
// tap first, so the tap counts them.
//
// It subscribes to everything and throws away what it gets.
type tap struct {
	greeting *bytes.Reader // and the subscription
	ready    chan struct{} // closed when zmq4 has taken note of the subscription
	closed   chan struct{}
	once     sync.Once

	skip    int // bytes of zmq4's own greeting
	out     frames
	size    int    // of the current message
	head    []byte // the beginning of the current message
	written func(size int, fence bool)
}

func newTap(written func(size int, fence bool)) *tap {
	greeting := appendReady(appendGreeting(nil), peer{kind: "SUB"})
	greeting = append(greeting, 0, 1, 1) // a frame of one byte: subscribe to ""
	return &tap{greeting: bytes.NewReader(greeting), ready: make(chan struct{}), closed: make(chan struct{}), skip: greetingSize, written: written}
}

func (t *tap) Read(p []byte) (int, error) {
	if t.greeting.Len() > 0 {
		return t.greeting.Read(p)
	}
	close(t.ready)
	<-t.closed
	return 0, io.EOF
}

func (t *tap) Write(p []byte) (int, error) {
	rest := p
	if t.skip > 0 {
		n := min(t.skip, len(rest))
		t.skip -= n
		rest = rest[n:]
	}
	for len(rest) > 0 || t.out.begun && t.out.body == 0 {
		n, e := t.out.next(rest)
		t.size += n
		if len(t.head) < len(fence) {
			t.head = append(t.head, rest[:min(n, len(fence)-len(t.head))]...)
		}
		rest = rest[n:]
		if e == frameDone && !t.out.more() {
			t.written(t.size, isFence(t.head))
			t.size, t.head = 0, t.head[:0]
		}
	}
	return len(p), nil
}

func (t *tap) Close() error {
	t.once.Do(func() { close(t.closed) })
	return nil
}

func (t *tap) LocalAddr() net.Addr              { return tapAddr{} }
func (t *tap) RemoteAddr() net.Addr             { return tapAddr{} }
func (t *tap) SetDeadline(time.Time) error      { return nil }
func (t *tap) SetReadDeadline(time.Time) error  { return nil }
func (t *tap) SetWriteDeadline(time.Time) error { return nil }

type tapAddr struct{}

func (tapAddr) Network() string { return "tap" }
func (tapAddr) String() string  { return "tap" }

// fence is a message that passes through zmq4's queue and goes no further: when
// the tap sees it, everything before it has been written to every subscriber.
// It is one frame, here with its header.
var fence = append([]byte{0, byte(len(fenceText))}, fenceText...)

const fenceText = "\x00chanbook fence\x00"

func isFence(message []byte) bool { return bytes.Equal(message, fence) }

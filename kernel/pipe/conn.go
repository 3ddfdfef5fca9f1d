package pipe

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
)

// MaxPayload bounds a message. A cell may have 10 MB of text and a picture may
// be large; what is longer is text, which Send splits.
const MaxPayload = 64 << 20

const (
	headerSize = 13          // length uint32, kind uint8, id uint64
	chunk      = 32 << 10    // text of a stream in one frame, and one step of a read
	keep       = 64 << 10    // buffers larger than this are not kept
	stall      = time.Minute // without progress inside a frame
)

// Stream is what is below a Conn: the two pipes of Pair, or a net.Conn.
type Stream interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// Conn sends and receives messages. Send may be called from several goroutines
// at once, Receive from one at a time. Close ends both.
type Conn struct {
	stream Stream

	// r and payload belong to the receiver.
	r       *bufio.Reader
	header  [headerSize]byte
	payload []byte
	stall   time.Duration

	// wmu guards the writing half, and keeps the parts of a long text together.
	wmu     sync.Mutex
	out     []byte
	timeout time.Duration
	broken  error
}

// New returns a Conn on stream, which it owns. A Send that takes longer than
// sendTimeout breaks the connection; 0 lets it wait for ever, which is what
// output wants: a slow reader slows the writer down.
func New(stream Stream, sendTimeout time.Duration) *Conn {
	return &Conn{stream: stream, r: bufio.NewReaderSize(stream, 16<<10), timeout: sendTimeout, stall: stall}
}

// Close closes the connection. Blocked calls of Send and Receive return.
func (c *Conn) Close() error { return c.stream.Close() }

// Send writes one message. Text of a stream may be of any length; other
// messages beyond MaxPayload are refused with a *TooLargeError.
func (c *Conn) Send(id uint64, m Message) error {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	if c.broken != nil {
		return c.broken
	}
	if o, ok := m.(Output); ok {
		if s, ok := o.Value.(cell.Stream); ok && len(s.Text) > chunk {
			return c.sendText(id, s)
		}
	}
	return c.sendFrame(id, m)
}

// sendText sends a long text in parts that end between characters.
func (c *Conn) sendText(id uint64, s cell.Stream) error {
	for text := s.Text; text != ""; {
		n := min(chunk, len(text))
		for i := 0; i < utf8.UTFMax-1 && n < len(text) && !utf8.RuneStart(text[n]); i++ {
			n--
		}
		if err := c.sendFrame(id, Output{Value: cell.Stream{Name: s.Name, Text: text[:n]}}); err != nil {
			return err
		}
		text = text[n:]
	}
	return nil
}

func (c *Conn) sendFrame(id uint64, m Message) error {
	frame, err := encode(append(c.out[:0], make([]byte, headerSize)...), m)
	if err != nil {
		return err
	}
	size := len(frame) - headerSize
	if size > MaxPayload {
		return &TooLargeError{Size: size}
	}
	binary.BigEndian.PutUint32(frame, uint32(size))
	frame[4] = byte(m.kind())
	binary.BigEndian.PutUint64(frame[5:], id)
	if cap(frame) <= keep {
		c.out = frame
	}
	return c.write(frame)
}

func (c *Conn) write(frame []byte) error {
	if c.timeout > 0 {
		c.stream.SetWriteDeadline(time.Now().Add(c.timeout))
	}
	if _, err := c.stream.Write(frame); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			err = &TimeoutError{Doing: "taking a message", After: c.timeout}
		} else {
			err = fmt.Errorf("%w: %w", ErrClosed, err)
		}
		c.broken = err // half a frame may have left
		return err
	}
	return nil
}

// SendLast tries to send one message within a bounded time, even while another
// goroutine is blocked in Send, and breaks the connection for all others. It is
// for a process that is about to end.
func (c *Conn) SendLast(id uint64, m Message, within time.Duration) error {
	unblock := time.AfterFunc(within, func() { c.stream.SetWriteDeadline(time.Now()) })
	defer unblock.Stop()
	return c.Send(id, m)
}

// Receive returns the next message and its id.
func (c *Conn) Receive() (uint64, Message, error) { return c.receive(MaxPayload) }

func (c *Conn) receive(bound int) (uint64, Message, error) {
	if n, err := io.ReadFull(c.r, c.header[:]); err != nil {
		return 0, nil, readError(err, n == 0)
	}
	size := binary.BigEndian.Uint32(c.header[:])
	k, id := kind(c.header[4]), binary.BigEndian.Uint64(c.header[5:])
	if !known(k) {
		return 0, nil, &FrameError{Problem: fmt.Sprintf("unknown kind %d", k)}
	}
	if int64(size) > int64(bound) {
		return 0, nil, &FrameError{Problem: fmt.Sprintf("a payload of %d bytes is announced, at most %d are allowed", size, bound)}
	}
	payload, err := c.body(int(size))
	if err != nil {
		return 0, nil, err
	}
	m, err := decoders[k](payload)
	if err != nil {
		return 0, nil, &FrameError{Problem: fmt.Sprintf("payload of %T", m), Err: err}
	}
	return id, m, nil
}

// body reads a payload. Memory grows with what arrives, not with what the
// header claims.
func (c *Conn) body(size int) ([]byte, error) {
	payload := c.payload[:0]
	if c.r.Buffered() < size {
		defer c.stream.SetReadDeadline(time.Time{})
	}
	for len(payload) < size {
		if c.r.Buffered() == 0 {
			c.stream.SetReadDeadline(time.Now().Add(c.stall))
		}
		at := len(payload)
		want := min(chunk, size-at)
		payload = append(payload, make([]byte, want)...)
		n, err := c.r.Read(payload[at:])
		payload = payload[:at+n]
		if err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return nil, &TimeoutError{Doing: "sending a message", After: c.stall}
			}
			return nil, readError(err, false)
		}
	}
	if cap(payload) <= keep {
		c.payload = payload
	}
	return payload, nil
}

// readError sorts the ends of a connection: between frames it is closed, inside
// one it is damaged.
func readError(err error, between bool) error {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return err
	case between:
		if err == io.EOF {
			return ErrClosed
		}
		return fmt.Errorf("%w: %w", ErrClosed, err)
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return &FrameError{Problem: "it ends too early", Err: err}
}

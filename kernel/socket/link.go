package socket

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"time"

	"github.com/chanbook/chanbook/kernel/wire"
)

// Bounds of one connection.
const (
	// queueLimit is how many bytes may wait for a peer before writers wait too.
	queueLimit = 16 << 20
	// writeSize is how much is written under one deadline.
	writeSize = 256 << 10
	// keepBuffer is the largest buffer that is kept for the next message.
	keepBuffer = 1 << 20
	// maxSubscriptions and maxTopic bound what a subscriber can make us remember.
	maxSubscriptions = 1024
	maxTopic         = 4 << 10
)

// stallTime is how long a peer that takes no byte is waited for, once it is
// in the way of others.
var stallTime = 10 * time.Second

// link is a connection whose greeting is done, as zmq4 sees it.
//
// Reading replays the greeting, then follows the frames and refuses those that
// claim more than a message may have, before zmq4 allocates what they claim.
//
// Writing puts whole messages into a bounded queue, which a goroutine of the
// link empties: a peer that does not read holds up nobody until its queue is
// full, and is closed when it then takes nothing for stallTime. The goroutine
// ends when the link is closed; the listener waits for it.
type link struct {
	net.Conn
	peer     peer
	listener *listener
	in       *bufio.Reader
	guard    guard

	mu       sync.Mutex
	changed  *sync.Cond
	closed   bool
	greeting int    // bytes of zmq4's own greeting still to be swallowed
	out      frames // of what zmq4 writes
	message  []byte // the message being written, up to its last frame
	queue    []byte // whole messages that wait for the writer
	writing  bool   // the writer holds bytes that it has not written
}

func newLink(conn net.Conn, p peer, l *listener) *link {
	replay := appendReady(appendGreeting(nil), p)
	k := &link{
		Conn: conn, peer: p, listener: l, greeting: greetingSize,
		in: bufio.NewReaderSize(io.MultiReader(bytes.NewReader(replay), conn), 32<<10),
	}
	k.guard = guard{role: l.role, skip: len(replay), onSubscribe: l.onSubscribe}
	k.changed = sync.NewCond(&k.mu)
	l.workers.Add(1)
	go k.write()
	return k
}

// refusal is the error that ends a connection. It has to be a net.Error that is
// no time-out: only then does zmq4 forget the connection.
type refusal string

func (r refusal) Error() string { return string(r) }
func (refusal) Timeout() bool   { return false }
func (refusal) Temporary() bool { return false }

const (
	errClosed    = refusal("the connection is closed")
	errTooLarge  = refusal("the peer sent a message that is too large")
	errNoRequest = refusal("a subscriber sent something else than a subscription")
)

// Read is called by one goroutine of zmq4.
func (k *link) Read(p []byte) (int, error) {
	k.guard.settle()
	n, err := k.in.Read(p)
	if n > 0 {
		if refused := k.guard.check(p[:n]); refused != nil {
			k.listener.refused.Add(1)
			return 0, refused
		}
	}
	return n, err
}

// Write queues what zmq4 writes, a message at a time.
func (k *link) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	rest := p
	if k.greeting > 0 {
		n := min(k.greeting, len(rest))
		k.greeting -= n
		rest = rest[n:]
	}
	for len(rest) > 0 || k.out.begun && k.out.body == 0 {
		n, e := k.out.next(rest)
		k.message = append(k.message, rest[:n]...)
		rest = rest[n:]
		if e == frameDone && !k.out.more() {
			if err := k.enqueue(); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}

// enqueue moves the message to the queue, waiting while that is full.
func (k *link) enqueue() error {
	if isFence(k.message) {
		k.message = k.message[:0]
		return nil
	}
	for len(k.queue) > 0 && len(k.queue)+len(k.message) > queueLimit && !k.closed {
		k.changed.Wait()
	}
	if k.closed {
		return errClosed
	}
	if len(k.queue) == 0 {
		k.queue, k.message = k.message, k.queue
	} else {
		k.queue = append(k.queue, k.message...)
	}
	k.message = reuse(k.message)
	k.changed.Broadcast()
	return nil
}

func reuse(b []byte) []byte {
	if cap(b) > keepBuffer {
		return nil
	}
	return b[:0]
}

func (k *link) write() {
	defer k.listener.workers.Done()
	var buffer []byte
	for {
		k.mu.Lock()
		for len(k.queue) == 0 && !k.closed {
			k.changed.Wait()
		}
		if k.closed {
			k.mu.Unlock()
			return
		}
		buffer, k.queue = k.queue, reuse(buffer)
		k.writing = true
		k.changed.Broadcast()
		k.mu.Unlock()

		err := k.writeAll(buffer)
		k.mu.Lock()
		k.writing = false
		k.changed.Broadcast()
		k.mu.Unlock()
		if err != nil {
			k.Close()
			return
		}
	}
}

// writeAll writes b in pieces, each of which has to be taken within stallTime.
func (k *link) writeAll(b []byte) error {
	for len(b) > 0 {
		n := min(len(b), writeSize)
		k.Conn.SetWriteDeadline(time.Now().Add(stallTime))
		if _, err := k.Conn.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// flush waits until everything that was queued has been given to the operating
// system, the link is closed, or ctx ends.
func (k *link) flush(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.changed.Broadcast()
	})
	defer stop()
	k.mu.Lock()
	defer k.mu.Unlock()
	for (len(k.queue) > 0 || k.writing) && !k.closed && ctx.Err() == nil {
		k.changed.Wait()
	}
}

// finish tells the peer that nothing more will come. The peer then closes its
// end, which zmq4's reader notices: closing at once could cost it what it has
// not read yet.
func (k *link) finish() {
	if half, ok := k.Conn.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}

// Close closes the connection, whatever waits.
func (k *link) Close() error {
	k.mu.Lock()
	was := k.closed
	k.closed = true
	k.queue, k.message = nil, nil
	k.changed.Broadcast()
	k.mu.Unlock()
	if was {
		return nil
	}
	k.listener.remove(k)
	return k.Conn.Close()
}

// guard follows the frames of one connection and refuses what would harm zmq4.
type guard struct {
	role        role
	skip        int // bytes of the replayed greeting
	onSubscribe func(topic string)

	in            frames
	size, count   uint64 // of the current message
	topic         []byte // of the current subscription, with its first byte
	settled       bool   // topic is whole
	subscriptions int
}

// settle reports a subscription. It is called when zmq4 comes back for more,
// and so has taken note of what it read.
func (g *guard) settle() {
	if !g.settled {
		return
	}
	g.settled = false
	if g.topic[0] == 1 && g.onSubscribe != nil {
		g.onSubscribe(string(g.topic[1:]))
	}
	g.topic = g.topic[:0]
}

func (g *guard) check(p []byte) error {
	if g.skip > 0 {
		n := min(g.skip, len(p))
		g.skip -= n
		p = p[n:]
	}
	for len(p) > 0 || g.in.begun && g.in.body == 0 {
		n, e := g.in.next(p)
		piece := p[:n]
		p = p[n:]
		if err := g.frame(e, piece); err != nil {
			return err
		}
	}
	return nil
}

func (g *guard) frame(e event, piece []byte) error {
	if e == partial {
		return nil
	}
	if e == headerDone {
		g.size += g.in.body
		g.count++
		if g.in.body > wire.MaxBytes || g.size > wire.MaxBytes || g.count > wire.MaxFrames {
			return errTooLarge
		}
	}
	if g.role.kind == pub.kind {
		if err := g.subscription(e, piece); err != nil {
			return err
		}
	}
	if e == frameDone && !g.in.more() {
		g.size, g.count = 0, 0
	}
	return nil
}

// subscription lets only subscriptions through: zmq4 queues anything else for a
// receiver that a PUB socket cannot have.
func (g *guard) subscription(e event, piece []byte) error {
	if e == headerDone {
		if g.in.body == 0 || g.in.body > maxTopic || g.in.more() || g.in.command() {
			return errNoRequest
		}
		return nil
	}
	g.topic = append(g.topic, piece...)
	if len(g.topic) > 0 && g.topic[0] > 1 {
		return errNoRequest
	}
	if e == frameDone {
		g.settled = true
		if g.topic[0] == 1 {
			g.subscriptions++
		}
		if g.subscriptions > maxSubscriptions {
			return errNoRequest
		}
	}
	return nil
}

package socket

import (
	"context"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// Bounds of what waits to be published, in bytes.
const (
	// waitLimit is how much may wait before Wait waits.
	waitLimit = 16 << 20
	// handedLimit is how much zmq4 may hold.
	handedLimit = 4 << 20
)

// Publisher is the IOPub socket. Messages go out in the order in which they
// were given to Publish.
//
// Two goroutines belong to it: one that hands messages to zmq4, ended by
// finish, and zmq4's own.
type Publisher struct {
	socket   zmq4.Socket
	listener *listener

	mu         sync.Mutex
	changed    chan struct{} // closed, and replaced, whenever room is made
	work       *sync.Cond
	queue      [][][]byte
	queued     int // bytes in queue
	handed     int // bytes that zmq4 holds
	subscribed chan struct{}
	once       sync.Once
	closing    bool
	fenced     chan struct{}
	done       chan struct{}
}

func newPublisher() *Publisher {
	p := &Publisher{
		changed: make(chan struct{}), subscribed: make(chan struct{}),
		fenced: make(chan struct{}), done: make(chan struct{}),
	}
	p.work = sync.NewCond(&p.mu)
	return p
}

// Publish queues a message. It does not wait.
func (p *Publisher) Publish(message [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = append(p.queue, message)
	p.queued += length(message)
	p.work.Broadcast()
}

// Wait waits while much is queued, until ctx ends.
func (p *Publisher) Wait(ctx context.Context) {
	for {
		p.mu.Lock()
		full, changed := p.queued > waitLimit && !p.closing, p.changed
		p.mu.Unlock()
		if !full {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// Subscribed is closed when the first subscription has arrived.
func (p *Publisher) Subscribed() <-chan struct{} { return p.subscribed }

func (p *Publisher) run() {
	defer close(p.done)
	for {
		message, ok := p.take()
		if !ok {
			return
		}
		// The error is that of a context that only Close ends.
		_ = p.socket.SendMulti(zmq4.NewMsgFrom(message...))
	}
}

// take waits for a message and for room in zmq4. When finish has been called
// and all is sent, it returns the fence, and then false.
func (p *Publisher) take() ([][]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closing || p.handed > handedLimit {
		p.work.Wait()
	}
	if len(p.queue) == 0 {
		return nil, false
	}
	message := p.queue[0]
	p.queue[0] = nil
	p.queue = p.queue[1:]
	n := length(message)
	p.queued -= n
	p.handed += n
	close(p.changed)
	p.changed = make(chan struct{})
	return message, true
}

// written is called by the tap for each message that zmq4 has written to it.
func (p *Publisher) written(size int, isFence bool) {
	if isFence {
		close(p.fenced)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed -= size
	p.work.Broadcast()
}

// finish lets what is queued go out, followed by the fence, and waits for that
// until ctx ends. Nothing may be published after it.
func (p *Publisher) finish(ctx context.Context) {
	p.mu.Lock()
	p.queue = append(p.queue, [][]byte{[]byte(fenceText)})
	p.closing = true
	close(p.changed)
	p.changed = make(chan struct{})
	p.work.Broadcast()
	p.mu.Unlock()
	select {
	case <-p.fenced:
	case <-ctx.Done():
	}
}

// abandon ends run although messages may be left.
func (p *Publisher) abandon() {
	p.mu.Lock()
	p.queue, p.handed, p.closing = nil, 0, true
	p.work.Broadcast()
	p.mu.Unlock()
	<-p.done
}

// length is the size of a message on the wire, its frame headers included.
func length(message [][]byte) int {
	n := 0
	for _, frame := range message {
		n += len(frame) + 2
		if len(frame) > 255 {
			n += 7
		}
	}
	return n
}

package socket

import (
	"context"
	"errors"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// ErrClosed says that the sockets have been closed.
var ErrClosed = errors.New("the sockets are closed")

// Router is a ROUTER socket: shell, control or stdin. The first frame of a
// message is the identity of the peer that sent it, or that it is for.
//
// One goroutine sends, ended by finish. zmq4 holds a lock while it writes, so
// a second one would only wait.
type Router struct {
	socket   zmq4.Socket
	listener *listener
	life     context.Context // ends when the socket is closed

	mu      sync.Mutex
	work    *sync.Cond
	queue   [][][]byte
	closing bool
	done    chan struct{}
}

func newRouter() *Router {
	r := &Router{done: make(chan struct{})}
	r.work = sync.NewCond(&r.mu)
	return r
}

// Receive waits for the next message. It returns ErrClosed when there will be
// no more.
func (r *Router) Receive() ([][]byte, error) {
	for {
		msg, err := r.socket.Recv()
		if r.life.Err() != nil {
			return nil, ErrClosed
		}
		if err == nil && msg.Type == zmq4.UsrMsg && len(msg.Frames) > 0 {
			return msg.Frames, nil
		}
	}
}

// Send queues a message. It does not wait. A message for a peer that is not
// connected is lost, as ZeroMQ has it.
func (r *Router) Send(message [][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closing {
		return
	}
	r.queue = append(r.queue, message)
	r.work.Signal()
}

// Await waits until a peer with this identity is connected, and tells whether
// it is; it gives up when ctx ends.
func (r *Router) Await(ctx context.Context, identity []byte) bool {
	return r.listener.await(ctx, func(links map[*link]struct{}) bool {
		for k := range links {
			if k.peer.identity == string(identity) {
				return true
			}
		}
		return false
	})
}

func (r *Router) run() {
	defer close(r.done)
	for {
		message, ok := r.take()
		if !ok {
			return
		}
		// An error means that the peer has gone; nobody is left to be told.
		_ = r.socket.SendMulti(zmq4.NewMsgFrom(message...))
	}
}

func (r *Router) take() ([][]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.queue) == 0 && !r.closing {
		r.work.Wait()
	}
	if len(r.queue) == 0 {
		return nil, false
	}
	message := r.queue[0]
	r.queue[0] = nil
	r.queue = r.queue[1:]
	return message, true
}

// finish lets what is queued be written, and waits for that until ctx ends.
func (r *Router) finish(ctx context.Context) {
	r.mu.Lock()
	r.closing = true
	r.work.Signal()
	r.mu.Unlock()
	select {
	case <-r.done:
	case <-ctx.Done():
	}
}

// abandon ends run although messages may be left.
func (r *Router) abandon() {
	r.mu.Lock()
	r.queue, r.closing = nil, true
	r.work.Signal()
	r.mu.Unlock()
	<-r.done
}

// echo sends back what it receives: the heartbeat.
func (r *Router) echo() {
	for {
		message, err := r.Receive()
		if err != nil {
			return
		}
		r.Send(message)
	}
}

package socket

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/transport"
)

// scheme is the name under which our listeners reach zmq4.
const scheme = "chanbook"

// handover is a transport whose addresses name listeners that this package has
// opened: zmq4 wants to open its listeners itself, and knows them by address.
type handover struct {
	mu      sync.Mutex
	next    int
	waiting map[string]net.Listener
}

var listeners = &handover{waiting: make(map[string]net.Listener)}

var register = sync.OnceValue(func() error { return zmq4.RegisterTransport(scheme, listeners) })

// endpoint returns the zmq4 end point that stands for l.
func (h *handover) endpoint(l net.Listener) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next++
	key := strconv.Itoa(h.next)
	h.waiting[key] = l
	return scheme + "://" + key
}

func (h *handover) Listen(_ context.Context, key string) (net.Listener, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l, ok := h.waiting[key]
	if !ok {
		return nil, fmt.Errorf("no listener waits under %q", key)
	}
	delete(h.waiting, key)
	return l, nil
}

func (h *handover) Dial(context.Context, transport.Dialer, string) (net.Conn, error) {
	return nil, errors.New("a kernel does not dial")
}

func (h *handover) Addr(ep string) (string, error) { return ep, nil }

// listener accepts connections, greets each in a goroutine of its own, and
// hands to zmq4 only those whose greeting is done. A silent or malformed peer
// so never reaches the goroutine in which zmq4 accepts.
type listener struct {
	net.Listener
	role    role
	first   chan net.Conn // handed to zmq4 before any other
	ready   chan net.Conn
	closed  chan struct{}
	once    sync.Once
	stopped sync.Once
	workers sync.WaitGroup
	slots   chan struct{} // one for each connection that is being greeted

	onSubscribe func(topic string)
	refused     *atomic.Int64

	mu       sync.Mutex
	greeting map[net.Conn]struct{} // closed by Close, which must not wait for their deadline
	links    map[*link]struct{}
	// changed is closed, and replaced, whenever links changes.
	changed chan struct{}
}

// greetings is how many peers may be in the middle of a greeting at once.
const greetings = 128

func newListener(l net.Listener, r role, refused *atomic.Int64, onSubscribe func(string)) *listener {
	own := &listener{
		Listener: l, role: r, refused: refused, onSubscribe: onSubscribe,
		first: make(chan net.Conn, 1), ready: make(chan net.Conn), closed: make(chan struct{}), slots: make(chan struct{}, greetings),
		greeting: make(map[net.Conn]struct{}), links: make(map[*link]struct{}), changed: make(chan struct{}),
	}
	own.workers.Add(1)
	go own.accept()
	return own
}

func (l *listener) accept() {
	defer l.workers.Done()
	for {
		select {
		case l.slots <- struct{}{}:
		case <-l.closed:
			return
		}
		conn, err := l.Listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			// Out of file descriptors, or a peer that has already left. The
			// pause keeps this from spinning until one is free.
			<-l.slots
			if !l.pause() {
				return
			}
			continue
		}
		l.workers.Add(1)
		go l.greet(conn)
	}
}

func (l *listener) greet(conn net.Conn) {
	defer l.workers.Done()
	l.track(conn)
	peer, err := greet(conn, l.role)
	l.untrack(conn)
	<-l.slots
	if err != nil {
		l.refused.Add(1)
		conn.Close()
		return
	}
	k := newLink(conn, peer, l)
	if !l.add(k) {
		k.Close()
		return
	}
	select {
	case l.ready <- k:
	case <-l.closed:
		k.Close()
	}
}

// pause waits a moment and tells whether the listener is still open.
func (l *listener) pause() bool {
	timer := time.NewTimer(50 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.closed:
		return false
	}
}

// Accept returns the next connection whose greeting is done.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.first:
		return conn, nil
	default:
	}
	select {
	case conn := <-l.ready:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// stop accepts no more connections and leaves the others alone.
func (l *listener) stop() {
	l.stopped.Do(func() { l.Listener.Close() })
}

// Close closes the listener and all its connections.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	l.stop()
	l.mu.Lock()
	for conn := range l.greeting {
		conn.Close()
	}
	l.mu.Unlock()
	for _, k := range l.all() {
		k.Close()
	}
	return nil
}

// wait waits for every goroutine that the listener and its links have started.
func (l *listener) wait() { l.workers.Wait() }

// track makes Close close conn, at once if that has already happened.
func (l *listener) track(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isClosed() {
		conn.Close()
	}
	l.greeting[conn] = struct{}{}
}

func (l *listener) untrack(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.greeting, conn)
}

func (l *listener) isClosed() bool {
	select {
	case <-l.closed:
		return true
	default:
		return false
	}
}

func (l *listener) add(k *link) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isClosed() {
		return false
	}
	l.links[k] = struct{}{}
	l.announce()
	return true
}

func (l *listener) remove(k *link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.links, k)
	l.announce()
}

// announce wakes those who wait for a change. The caller holds l.mu.
func (l *listener) announce() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *listener) all() []*link {
	l.mu.Lock()
	defer l.mu.Unlock()
	links := make([]*link, 0, len(l.links))
	for k := range l.links {
		links = append(links, k)
	}
	return links
}

// await waits until ok holds for the links, or until ctx ends, and tells
// whether it held.
func (l *listener) await(ctx context.Context, ok func(links map[*link]struct{}) bool) bool {
	for {
		l.mu.Lock()
		held, changed := ok(l.links), l.changed
		l.mu.Unlock()
		if held {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

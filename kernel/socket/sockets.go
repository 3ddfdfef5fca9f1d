package socket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chanbook/chanbook/kernel/wire"
	"github.com/go-zeromq/zmq4"
)

// sendTime bounds how long zmq4 waits for a first peer before it gives up
// sending. Nobody waits for it: replies go to peers that have been heard.
const sendTime = time.Second

// Options of Listen.
type Options struct {
	// Welcome, when not nil, returns the message that is published for a new
	// subscription to IOPub, or nil for none. It must not wait.
	Welcome func(topic string) [][]byte
}

// Sockets are the five sockets of a kernel.
type Sockets struct {
	Shell, Control, Stdin *Router
	IOPub                 *Publisher

	heartbeat *Router
	bound     wire.ConnectionFile
	refused   atomic.Int64
	cancel    context.CancelFunc
	life      context.Context
	workers   sync.WaitGroup
}

// Listen opens the sockets at the addresses of file. A tcp port of 0 is
// replaced by a free one; see Bound.
func Listen(file wire.ConnectionFile, opts Options) (*Sockets, error) {
	if err := register(); err != nil {
		return nil, err
	}
	s := &Sockets{bound: file}
	s.life, s.cancel = context.WithCancel(context.Background())
	s.IOPub = newPublisher()
	if err := s.listenPublisher(&s.bound.IOPubPort, opts); err != nil {
		s.discard()
		return nil, fmt.Errorf("iopub socket: %w", err)
	}
	for _, r := range []struct {
		name   string
		router **Router
		port   *int
	}{
		{"shell", &s.Shell, &s.bound.ShellPort}, {"control", &s.Control, &s.bound.ControlPort},
		{"stdin", &s.Stdin, &s.bound.StdinPort}, {"heartbeat", &s.heartbeat, &s.bound.HeartbeatPort},
	} {
		var err error
		if *r.router, err = s.listenRouter(r.port); err != nil {
			s.discard()
			return nil, fmt.Errorf("%s socket: %w", r.name, err)
		}
	}
	s.workers.Go(s.heartbeat.echo)
	return s, nil
}

// Bound is the connection file with the ports that are in use.
func (s *Sockets) Bound() wire.ConnectionFile { return s.bound }

// Refused counts the connections that were closed because what came over them
// was not ZMTP, or too large, or not fit for the socket.
func (s *Sockets) Refused() int64 { return s.refused.Load() }

func (s *Sockets) options() []zmq4.Option {
	return []zmq4.Option{
		zmq4.WithTimeout(sendTime), zmq4.WithSecurity(replayed{}),
		zmq4.WithLogger(log.New(io.Discard, "", 0)), // refused peers are counted instead
	}
}

func (s *Sockets) listenRouter(port *int) (*Router, error) {
	r := newRouter()
	r.life = s.life
	l, err := s.open(router, port, nil)
	if err != nil {
		return nil, err
	}
	r.listener = l
	r.socket = zmq4.NewRouter(s.life, s.options()...)
	if err := r.socket.Listen(listeners.endpoint(l)); err != nil {
		l.Close()
		l.wait()
		return nil, err
	}
	go r.run()
	return r, nil
}

func (s *Sockets) listenPublisher(port *int, opts Options) error {
	p := s.IOPub
	t := newTap(p.written)
	l, err := s.open(pub, port, func(topic string) {
		if opts.Welcome != nil {
			if message := opts.Welcome(topic); message != nil {
				p.Publish(message)
			}
		}
		p.once.Do(func() { close(p.subscribed) })
	})
	if err != nil {
		return err
	}
	socket := zmq4.NewPub(s.life, s.options()...)
	l.first <- t // before any peer, so that zmq4 writes to it first
	if err := socket.Listen(listeners.endpoint(l)); err != nil {
		l.Close()
		l.wait()
		return err
	}
	<-t.ready
	p.socket, p.listener = socket, l
	go p.run()
	return nil
}

// open opens a listener on one of the ports of the connection file, and puts
// the port that was found free in the place of 0.
func (s *Sockets) open(r role, port *int, onSubscribe func(string)) (*listener, error) {
	network, address := s.bound.Address(*port)
	l, err := net.Listen(network, address)
	if err != nil && network == "unix" && removeStale(address) {
		l, err = net.Listen(network, address)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s %s: %w", network, address, err)
	}
	if network == "tcp" {
		_, bound, err := net.SplitHostPort(l.Addr().String())
		if err == nil {
			*port, err = strconv.Atoi(bound)
		}
		if err != nil {
			l.Close()
			return nil, err
		}
	}
	return newListener(l, r, &s.refused, onSubscribe), nil
}

// removeStale removes the file of a Unix socket on which nobody listens, left
// behind by a kernel that was killed. It tells whether it did.
func removeStale(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&os.ModeSocket == 0 {
		return false
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
		return false
	}
	return !strings.Contains(err.Error(), "permission") && os.Remove(path) == nil
}

// Close lets what is queued reach the peers, for as long as ctx allows, then
// closes the sockets and waits for their goroutines. The error says that ctx
// ended first.
func (s *Sockets) Close(ctx context.Context) error {
	var links []*link
	for _, l := range s.listeners() {
		l.stop()
	}
	for _, r := range s.routers() {
		r.finish(ctx)
	}
	s.IOPub.finish(ctx)
	for _, l := range s.listeners() {
		links = append(links, l.all()...)
	}
	for _, k := range links {
		k.flush(ctx)
	}
	err := context.Cause(ctx)
	for _, k := range links {
		k.finish()
	}
	s.linger(ctx)
	s.discard()
	if err != nil {
		return errors.Join(errors.New("some messages may not have reached their readers before the kernel's sockets were closed"), err)
	}
	return nil
}

// lingerTime is how long the peers may take to close their ends once they have
// been told that nothing more will come.
const lingerTime = 300 * time.Millisecond

func (s *Sockets) linger(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lingerTime)
	defer cancel()
	for _, l := range s.listeners() {
		l.await(ctx, func(links map[*link]struct{}) bool { return len(links) == 0 })
	}
}

// discard closes what is open, whatever waits.
func (s *Sockets) discard() {
	s.cancel()
	for _, r := range s.routers() {
		r.listener.Close()
		r.socket.Close()
		r.abandon()
	}
	if s.IOPub.socket != nil {
		s.IOPub.listener.Close()
		s.IOPub.socket.Close()
		s.IOPub.abandon()
	}
	s.workers.Wait()
	for _, l := range s.listeners() {
		l.wait()
	}
}

func (s *Sockets) routers() []*Router {
	var open []*Router
	for _, r := range []*Router{s.Shell, s.Control, s.Stdin, s.heartbeat} {
		if r != nil {
			open = append(open, r)
		}
	}
	return open
}

func (s *Sockets) listeners() []*listener {
	var all []*listener
	for _, r := range s.routers() {
		all = append(all, r.listener)
	}
	if s.IOPub.socket != nil {
		all = append(all, s.IOPub.listener)
	}
	return all
}

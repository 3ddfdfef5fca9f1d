//go:build unix

package instruments

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// The environment of cells that have to do with the world: addresses of a peer.
var peerVariables = []string{"PEER", "UNIXPEER", "UDPPEER", "HTTPPEER"}

// startPeer starts what cells talk to, and tells its addresses in environment
// variables. It ends, with its goroutines, when the test does.
//
// To a line it does, after a pause, what the line says: "byte" wants a byte,
// "get address" an HTTP request to there, another word is an address that wants a
// connection.
func startPeer(t *testing.T) {
	p := &peer{stop: make(chan struct{})}
	t.Cleanup(p.close)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	p.add(t, tcp, err)
	unix, err := net.Listen("unix", filepath.Join(shortTempDir(t), "peer"))
	p.add(t, unix, err)
	web, err := net.Listen("tcp", "127.0.0.1:0")
	p.add(t, web, err)
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	p.add(t, udp, err)
	p.start(func() { p.accept(tcp) })
	p.start(func() { p.accept(unix) })
	p.start(func() { p.packets(udp) })
	server := &http.Server{Handler: http.HandlerFunc(p.serve)}
	p.start(func() { server.Serve(web) })
	p.closers = append(p.closers, server)
	for i, a := range []net.Addr{tcp.Addr(), unix.Addr(), udp.LocalAddr(), web.Addr()} {
		t.Setenv(peerVariables[i], a.String())
	}
}

// shortTempDir is a folder with a name that leaves room for that of a socket.
func shortTempDir(t *testing.T) string {
	dir, err := os.MkdirTemp("", "peer")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

type peer struct {
	stop    chan struct{}
	running sync.WaitGroup

	mu      sync.Mutex
	closers []io.Closer
	closed  bool
}

func (p *peer) start(f func()) { p.running.Go(f) }

// add has c closed at the end, or at once when the end has come.
func (p *peer) add(t *testing.T, c io.Closer, err error) {
	if err != nil {
		t.Fatal(err)
	}
	p.keep(c)
}

func (p *peer) keep(c io.Closer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.Close()
		return
	}
	p.closers = append(p.closers, c)
}

func (p *peer) close() {
	close(p.stop)
	p.mu.Lock()
	p.closed = true
	for _, c := range p.closers {
		c.Close()
	}
	p.mu.Unlock()
	p.running.Wait()
}

// pause reports whether the peer goes on after it.
func (p *peer) pause() bool {
	select {
	case <-time.After(outside):
		return true
	case <-p.stop:
		return false
	}
}

func (p *peer) accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		p.keep(c)
		p.start(func() { p.talk(c) })
	}
}

func (p *peer) talk(c net.Conn) {
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || !p.pause() {
		return
	}
	line = strings.TrimSpace(line)
	address, get := strings.CutPrefix(line, "get ")
	switch {
	case line == "byte":
		c.Write([]byte("\n"))
		c.Close()
	case get:
		if other, err := net.Dial("tcp", address); err == nil {
			fmt.Fprintf(other, "GET /visit HTTP/1.0\r\n\r\n")
			p.keep(other)
		}
	default:
		if other, err := net.Dial("tcp", address); err == nil {
			p.keep(other)
		}
	}
}

func (p *peer) packets(c net.PacketConn) {
	b := make([]byte, 100)
	for {
		_, from, err := c.ReadFrom(b)
		if err != nil || !p.pause() {
			return
		}
		c.WriteTo([]byte("\n"), from)
	}
}

// serve answers HTTP requests: /slow late, /body with a late body, /never not.
func (p *peer) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/slow":
		p.pause()
	case "/body":
		w.(http.Flusher).Flush()
		p.pause()
	case "/never":
		select {
		case <-r.Context().Done():
		case <-p.stop:
		}
	}
	fmt.Fprintln(w, "done")
}

package socket

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/client"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// zmq4 v0.17.0 never ends this goroutine of a closed PUB socket.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/go-zeromq/zmq4.(*pubMWriter).run"))
}

func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), kerneltest.Patience)
	t.Cleanup(cancel)
	return ctx
}

func listen(t *testing.T, opts Options) *Sockets {
	t.Helper()
	s, err := Listen(wire.ConnectionFile{Transport: wire.TCP, IP: "127.0.0.1"}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeSockets(t *testing.T, s *Sockets) {
	t.Helper()
	if err := s.Close(patience(t)); err != nil {
		t.Error(err)
	}
}

func dial(t *testing.T, s *Sockets, port int, kind, identity string) *client.Peer {
	t.Helper()
	p, err := kerneltest.DialPeer(patience(t), s.Bound(), port, kind, identity)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// subscribe connects a subscriber and waits until it is one.
func subscribe(t *testing.T, s *Sockets) *client.Peer {
	t.Helper()
	p := dial(t, s, s.Bound().IOPubPort, "SUB", "")
	if err := p.Send([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Receive(); err != nil { // the welcome
		t.Fatal(err)
	}
	return p
}

func welcome(topic string) [][]byte { return [][]byte{[]byte(topic), []byte("welcome")} }

func TestRouterAnswersTheSender(t *testing.T) {
	s := listen(t, Options{})
	defer closeSockets(t, s)
	for _, identity := range []string{"a", "", "b"} {
		p := dial(t, s, s.Bound().ShellPort, "DEALER", identity)
		if err := p.Send([]byte("hello"), nil, bytes.Repeat([]byte("x"), 1000)); err != nil {
			t.Fatal(err)
		}
		got, err := s.Shell.Receive()
		if err != nil || len(got) != 4 || identity != "" && string(got[0]) != identity || string(got[1]) != "hello" {
			t.Fatalf("received %.40q, %v", got, err)
		}
		s.Shell.Send(got)
		back, err := p.Receive()
		if err != nil || len(back) != 3 || len(back[1]) != 0 || len(back[2]) != 1000 {
			t.Errorf("%q got back %.40q, %v", identity, back, err)
		}
	}
}

func TestAwaitIdentity(t *testing.T) {
	s := listen(t, Options{})
	defer closeSockets(t, s)
	known := make(chan bool)
	go func() { known <- s.Stdin.Await(patience(t), []byte("me")) }()
	dial(t, s, s.Bound().StdinPort, "DEALER", "me")
	if !<-known {
		t.Error("the peer was not noticed")
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if s.Stdin.Await(ended, []byte("somebody else")) {
		t.Error("somebody is taken to be connected who is not")
	}
}

func TestPublishedInOrderToAll(t *testing.T) {
	s := listen(t, Options{Welcome: welcome})
	defer closeSockets(t, s)
	subscribers := []*client.Peer{subscribe(t, s), subscribe(t, s)}
	if _, err := subscribers[0].Receive(); err != nil { // the second one's welcome
		t.Fatal(err)
	}
	const n = 2000
	for i := range n {
		s.IOPub.Publish([][]byte{[]byte("topic"), fmt.Append(nil, i)})
	}
	for _, p := range subscribers {
		for i := range n {
			got, err := p.Receive()
			if err != nil || string(got[1]) != fmt.Sprint(i) {
				t.Fatalf("message %d is %q, %v", i, got, err)
			}
		}
	}
}

// TestCloseDelivers publishes and replies much and closes at once.
func TestCloseDelivers(t *testing.T) {
	s := listen(t, Options{Welcome: welcome})
	sub := subscribe(t, s)
	p := dial(t, s, s.Bound().ShellPort, "DEALER", "a")
	if err := p.Send([]byte("request")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Shell.Receive(); err != nil {
		t.Fatal(err)
	}
	const n = 500
	count := func(p *client.Peer) chan int {
		done := make(chan int)
		go func() {
			got := 0
			for ; ; got++ {
				if _, err := p.Receive(); err != nil {
					break
				}
			}
			p.Close()
			done <- got
		}()
		return done
	}
	published, replied := count(sub), count(p)
	body := bytes.Repeat([]byte("x"), 20_000)
	for range n {
		s.IOPub.Publish([][]byte{[]byte("t"), body})
		s.Shell.Send([][]byte{[]byte("a"), body})
	}
	closeSockets(t, s)
	if got := <-published; got != n {
		t.Errorf("%d of %d publications arrived", got, n)
	}
	if got := <-replied; got != n {
		t.Errorf("%d of %d replies arrived", got, n)
	}
	if _, err := s.Shell.Receive(); err != ErrClosed {
		t.Errorf("Receive after Close: %v", err)
	}
}

// TestStalledSubscriber publishes more than a connection's queue holds, with a
// subscriber that takes none of it.
func TestStalledSubscriber(t *testing.T) {
	defer func(was time.Duration) { stallTime = was }(stallTime)
	stallTime = 100 * time.Millisecond
	s := listen(t, Options{Welcome: welcome})
	defer closeSockets(t, s)
	stuck := subscribe(t, s)
	good := subscribe(t, s)
	const n = 600
	go func() {
		for i := range n {
			s.IOPub.Wait(patience(t))
			s.IOPub.Publish([][]byte{[]byte("t"), fmt.Append(nil, i), make([]byte, 100_000)})
		}
	}()
	for i := range n {
		got, err := good.Receive()
		if err != nil || string(got[1]) != fmt.Sprint(i) {
			t.Fatalf("message %d: %v", i, err)
		}
	}
	if !s.IOPub.listener.await(patience(t), func(links map[*link]struct{}) bool { return len(links) == 1 }) {
		t.Error("the subscriber that takes nothing is still connected")
	}
	stuck.Close()
}

// TestQueueIsBounded publishes to a subscriber that reads nothing for now, and
// finds that Wait waits before the memory is full.
func TestQueueIsBounded(t *testing.T) {
	s := listen(t, Options{Welcome: welcome})
	sub := subscribe(t, s)
	const size = 1 << 20
	waiting := make(chan struct{})
	full, cancel := context.WithCancel(context.Background())
	sent := 0
	go func() {
		defer close(waiting)
		for ; full.Err() == nil; sent++ {
			s.IOPub.Wait(full)
			s.IOPub.Publish([][]byte{[]byte("t"), make([]byte, size)})
		}
	}()
	// The publisher stands still when all queues are full: zmq4's, the link's,
	// the operating system's, and its own.
	for standing := false; !standing; {
		probe, done := context.WithTimeout(full, 200*time.Millisecond)
		s.IOPub.Wait(probe)
		standing = probe.Err() != nil
		done()
	}
	cancel()
	<-waiting
	if most := (waitLimit + handedLimit + 2*queueLimit + 32<<20) / size; sent > most {
		t.Errorf("%d MB were taken in before anybody was made to wait; at most %d were expected", sent, most)
	}
	for range sent {
		if _, err := sub.Receive(); err != nil {
			t.Fatal(err)
		}
	}
	closeSockets(t, s)
}

func TestSilentPeerIsSentAway(t *testing.T) {
	defer func(was time.Duration) { greetingTime = was }(greetingTime)
	greetingTime = 20 * time.Millisecond
	s := listen(t, Options{})
	defer closeSockets(t, s)
	network, address := s.Bound().Address(s.Bound().ShellPort)
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(kerneltest.Patience)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(conn); err != nil || s.Refused() != 1 {
		t.Errorf("read %d bytes, %v; %d refused", b.Len(), err, s.Refused())
	}
}

func TestStaleUnixSocketIsReplaced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("ipc is for Unix")
	}
	file := wire.ConnectionFile{Transport: wire.IPC, IP: filepath.Join(t.TempDir(), "k"),
		ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HeartbeatPort: 5}
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: file.IP + "-1"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	stale.Close()
	s, err := Listen(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(file, Options{}); err == nil {
		t.Error("a socket in use was taken over")
	}
	closeSockets(t, s)
	if left, err := os.ReadDir(filepath.Dir(file.IP)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestFrames feeds a stream of frames to the parser in pieces of each size.
func TestFrames(t *testing.T) {
	var stream []byte
	bodies := []string{"", "a", strings.Repeat("b", 255), strings.Repeat("c", 256), "", "d"}
	for i, body := range bodies {
		var flags byte
		if i%2 == 0 {
			flags = flagMore
		}
		stream = client.AppendFrame(stream, flags, []byte(body))
	}
	for size := 1; size <= len(stream); size++ {
		var f frames
		var got []string
		body := ""
		for rest := stream; len(rest) > 0; {
			piece := rest[:min(size, len(rest))]
			rest = rest[len(piece):]
			for len(piece) > 0 || f.begun && f.body == 0 {
				n, e := f.next(piece)
				if e == bodyPart || e == frameDone {
					body += string(piece[:n])
				}
				if e == frameDone {
					got, body = append(got, body), ""
				}
				piece = piece[n:]
			}
		}
		if strings.Join(got, "|") != strings.Join(bodies, "|") {
			t.Fatalf("in pieces of %d: %.60q", size, got)
		}
	}
}

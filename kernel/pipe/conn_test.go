package pipe

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chanbook/chanbook/kernel/cell"
)

// canned is a connection whose other side has sent some bytes and is gone.
type canned struct {
	io.Reader
	written bytes.Buffer
}

func (c *canned) Write(b []byte) (int, error)      { return c.written.Write(b) }
func (c *canned) Close() error                     { return nil }
func (c *canned) SetReadDeadline(time.Time) error  { return nil }
func (c *canned) SetWriteDeadline(time.Time) error { return nil }

// sent returns the bytes of messages.
func sent(t testing.TB, id uint64, messages ...Message) []byte {
	t.Helper()
	var c canned
	conn := New(&c, 0)
	for _, m := range messages {
		if err := conn.Send(id, m); err != nil {
			t.Fatal(err)
		}
	}
	return c.written.Bytes()
}

func receiving(b []byte) *Conn { return New(&canned{Reader: bytes.NewReader(b)}, 0) }

// every holds a message of each type.
var every = []Message{
	Hello{Magic: magic, Version: 1, Build: "b"},
	Start{MemoryLimit: 1 << 40, Replay: []cell.Replay{{Name: "f", Source: "func f() {}", Cell: 2}}},
	Started{Lost: []string{"x"}, Error: "e"},
	Execute{Request: cell.Request{Source: cell.Source{Number: 3, Text: "é\x00\n"}, Silent: true, Expressions: map[string]string{"a": "b"}}},
	Done{Outcome: cell.Outcome{Failure: cell.Fail("n", "m", "l")}, Variables: &[]string{}, Forget: []uint64{1<<64 - 1}},
	Output{Value: cell.Stream{Name: cell.Stdout, Text: "out"}},
	Output{Value: cell.Stream{Name: cell.Stderr, Text: ""}},
	Output{Value: cell.Display{Data: cell.Bundle{"application/json": json.Number("9007199254740993")}, ID: "i", Update: true}},
	Output{Value: cell.Result{Data: cell.Text("x"), Metadata: map[string]any{"a": nil}}},
	Output{Value: cell.Clear{Wait: true}},
	Text{Stream: cell.Stream{Name: cell.Stderr, Text: "é"}, End: 1<<64 - 1},
	Cancel{}, Stopping{Goroutines: 3}, Ping{}, Pong{}, InputCancel{}, Dying{Used: 7},
	Complete{Code: "c", Offset: 1}, Completed{Completion: cell.Completion{Start: 1, End: 2, Matches: []cell.Match{{Text: "t", Kind: "k", Signature: "s"}}}},
	Inspect{Code: "c", Offset: 1, Detail: 1}, Inspected{Inspection: cell.Inspection{Found: true, Data: cell.Text("d")}},
	IsComplete{Code: "c"}, IsCompleted{Completeness: cell.Completeness{Status: cell.Incomplete, Indent: "\t"}, Error: "e"},
	Goroutines{Words: "leaked"}, GoroutinesReply{Data: cell.Text("d"), Failure: cell.Fail("n", "m")},
	Input{Execution: 4, Prompt: "p", Password: true}, InputReply{Text: "t", NoInput: true, Error: "e"},
}

func TestEveryMessageArrives(t *testing.T) {
	const id = 1<<63 + 5
	conn := receiving(sent(t, id, every...))
	for _, want := range every {
		gotID, got, err := conn.Receive()
		if err != nil {
			t.Fatalf("%T: %v", want, err)
		}
		if gotID != id || !cmp.Equal(got, want) {
			t.Errorf("%T: %s", want, cmp.Diff(want, got))
		}
	}
	if _, _, err := conn.Receive(); !errors.Is(err, ErrClosed) {
		t.Errorf("at the end: %v", err)
	}
}

func TestLongTextIsSplitBetweenCharacters(t *testing.T) {
	text := "x" + strings.Repeat("é", chunk)
	conn := receiving(sent(t, 1, Output{Value: cell.Stream{Name: cell.Stdout, Text: text}}))
	got, frames := "", 0
	for {
		_, m, err := conn.Receive()
		if err != nil {
			break
		}
		got += m.(Output).Value.(cell.Stream).Text
		frames++
	}
	if got != text || frames < 2 {
		t.Errorf("%d bytes in %d frames, want %d bytes", len(got), frames, len(text))
	}
}

func TestInvalidTextIsReplaced(t *testing.T) {
	frame := sent(t, 1, Output{Value: cell.Stream{Name: cell.Stdout, Text: "a\xffb"}})
	_, m, err := receiving(frame).Receive()
	if want := (Output{Value: cell.Stream{Name: cell.Stdout, Text: "a\uFFFDb"}}); err != nil || m != want {
		t.Errorf("%v, %v", m, err)
	}
}

// frame makes a frame by hand.
func frame(k kind, size uint32, payload string) []byte {
	b := make([]byte, headerSize)
	binary.BigEndian.PutUint32(b, size)
	b[4] = byte(k)
	return append(b, payload...)
}

func TestDamage(t *testing.T) {
	whole := sent(t, 1, Execute{})
	for name, b := range map[string][]byte{
		"cut in the header":  whole[:5],
		"cut in the payload": whole[:len(whole)-1],
		"too large":          frame(kindDone, MaxPayload+1, ""),
		"largest size":       frame(kindDone, 1<<32-1, ""),
		"unknown kind":       frame(200, 0, ""),
		"kind zero":          frame(0, 0, ""),
		"not JSON":           frame(kindDone, 3, "{x}"),
		"two values":         frame(kindClear, 4, "{}{}"),
		"empty JSON":         frame(kindDone, 0, ""),
		"nameless stream":    frame(kindStream, 2, "\x03a"),
		"empty stream":       frame(kindStream, 0, ""),
		"text without place": frame(kindText, 8, "\x00\x00\x00\x00\x00\x00\x00\x01"),
		"text cut short":     frame(kindText, 7, "\x00\x00\x00\x00\x00\x00\x00"),
		"payload of a ping":  frame(kindPing, 1, "x"),
		"garbage":            []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
	} {
		_, m, err := receiving(b).Receive()
		var damaged *FrameError
		if !errors.As(err, &damaged) {
			t.Errorf("%s: got %v, %v", name, m, err)
		}
	}
}

// A header that claims much must not cost much.
func TestClaimedSizeCostsNothing(t *testing.T) {
	b := frame(kindDone, MaxPayload, "short")
	bytes := testing.Benchmark(func(b2 *testing.B) {
		b2.ReportAllocs()
		for b2.Loop() {
			receiving(b).Receive()
		}
	}).AllocedBytesPerOp()
	if bytes > 1<<20 {
		t.Errorf("%d bytes are allocated for a frame that has 5", bytes)
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	conn := New(&canned{}, 0)
	var tooLarge *TooLargeError
	if err := conn.Send(1, Execute{Request: cell.Request{Source: cell.Source{Text: strings.Repeat("x", MaxPayload)}}}); !errors.As(err, &tooLarge) {
		t.Errorf("got %v", err)
	}
	if err := conn.Send(1, Ping{}); err != nil {
		t.Errorf("the connection is not usable afterwards: %v", err)
	}
	if err := conn.Send(1, Output{Value: cell.Display{Data: cell.Bundle{"a": func() {}}}}); err == nil {
		t.Error("a function was sent")
	}
	if err := conn.Send(1, Output{}); err == nil {
		t.Error("nothing was sent as an output")
	}
}

// pair returns the ends of a connection over loopback, which has buffers and
// deadlines.
func pair(t *testing.T) (a, b net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	b, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

func TestHandshake(t *testing.T) {
	a, b := pair(t)
	result := make(chan error, 1)
	go func() { result <- New(a, 0).Handshake("same", time.Minute) }()
	if err := New(b, 0).Handshake("same", time.Minute); err != nil {
		t.Error(err)
	}
	if err := <-result; err != nil {
		t.Error(err)
	}
}

func TestHandshakeThatFails(t *testing.T) {
	hello := Hello{Magic: magic, Version: version, Build: "ours"}
	newer, stranger := hello, hello
	newer.Version++
	stranger.Magic = "chess"
	var versions *VersionError
	var damaged *FrameError
	for name, test := range map[string]struct {
		bytes []byte
		want  any
	}{
		"other build":     {sent(t, 0, Hello{Magic: magic, Version: version, Build: "theirs"}), &versions},
		"other version":   {sent(t, 0, newer), &versions},
		"other program":   {sent(t, 0, stranger), &damaged},
		"other message":   {sent(t, 0, Ping{}), &damaged},
		"long greeting":   {frame(kindHello, helloSize+1, ""), &damaged},
		"broken greeting": {sent(t, 0, hello)[:20], &damaged},
		"something else":  {[]byte("SSH-2.0-OpenSSH_9.2p1\r\n"), &damaged},
	} {
		if err := receiving(test.bytes).Handshake("ours", time.Second); !errors.As(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := receiving(nil).Handshake("ours", time.Second); !errors.Is(err, ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestSilentPeer(t *testing.T) {
	a, _ := pair(t)
	var timeout *TimeoutError
	if err := New(a, 0).Handshake("ours", 10*time.Millisecond); !errors.As(err, &timeout) {
		t.Errorf("handshake: %v", err)
	}
}

func TestPeerThatStopsInAFrame(t *testing.T) {
	a, b := pair(t)
	conn := New(a, 0)
	conn.stall = 10 * time.Millisecond
	b.Write(frame(kindDone, 100, "only this"))
	var timeout *TimeoutError
	if _, _, err := conn.Receive(); !errors.As(err, &timeout) {
		t.Errorf("got %v", err)
	}
}

func TestPeerThatIsSlow(t *testing.T) {
	a, b := pair(t)
	conn := New(a, 0)
	go func() {
		for _, c := range sent(t, 7, Complete{Code: "slow"}) {
			b.Write([]byte{c})
		}
	}()
	if id, m, err := conn.Receive(); err != nil || id != 7 || m != (Complete{Code: "slow"}) {
		t.Errorf("got %v, %v", m, err)
	}
}

func TestPeerThatDoesNotRead(t *testing.T) {
	a, _ := pair(t)
	conn := New(a, 10*time.Millisecond)
	var err error
	for err == nil {
		err = conn.Send(1, Output{Value: cell.Stream{Name: cell.Stdout, Text: strings.Repeat("x", 1<<20)}})
	}
	var timeout *TimeoutError
	if !errors.As(err, &timeout) {
		t.Errorf("got %v", err)
	}
	if again := conn.Send(1, Ping{}); again != err {
		t.Errorf("after half a frame: %v", again)
	}
}

func TestLastWordOfABlockedSender(t *testing.T) {
	a, _ := pair(t)
	conn := New(a, 0)
	blocked := make(chan error)
	go func() {
		var err error
		for err == nil {
			err = conn.Send(1, Output{Value: cell.Stream{Name: cell.Stdout, Text: strings.Repeat("x", 1<<20)}})
		}
		blocked <- err
	}()
	time.Sleep(10 * time.Millisecond) // whether it blocks yet or not, both must return
	conn.SendLast(0, Dying{}, 50*time.Millisecond)
	a.Close()
	<-blocked
}

func TestSendToAClosedPeer(t *testing.T) {
	ours, theirs, err := Pair()
	if err != nil {
		t.Skip(err)
	}
	for _, f := range theirs {
		f.Close()
	}
	conn := New(ours, time.Second)
	defer conn.Close()
	if err := conn.Send(1, Ping{}); !errors.Is(err, ErrClosed) {
		t.Errorf("send: %v", err)
	}
	if _, _, err := conn.Receive(); !errors.Is(err, ErrClosed) {
		t.Errorf("receive: %v", err)
	}
}

func TestInheritedByHand(t *testing.T) {
	if _, err := Inherited(); err == nil {
		t.Error("a connection that nobody made")
	}
}

func FuzzReceive(f *testing.F) {
	for _, m := range every {
		f.Add(sent(f, 3, m))
	}
	f.Add(frame(kindStream, 3, "\x01a"))
	f.Fuzz(func(t *testing.T, b []byte) {
		conn := receiving(b)
		for {
			_, m, err := conn.Receive()
			if err != nil {
				var damaged *FrameError
				if !errors.Is(err, ErrClosed) && !errors.As(err, &damaged) {
					t.Fatalf("an error of no type: %v", err)
				}
				return
			}
			if _, err := encode(nil, m); err != nil {
				t.Fatalf("%#v was received but cannot be sent: %v", m, err)
			}
		}
	})
}

func BenchmarkCodec(b *testing.B) {
	execute := Execute{Request: cell.Request{Source: cell.Source{Number: 3, Text: "x"}}}
	for b.Loop() {
		for _, m := range []Message{execute, Done{}} {
			payload, _ := encode(nil, m)
			if _, err := decoders[m.kind()](payload); err != nil {
				b.Fatal(err)
			}
		}
	}
}

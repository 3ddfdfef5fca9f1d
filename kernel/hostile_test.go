package kernel_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/client"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

// TestRefusedMessages sends what is signed wrongly or not at all. Each is
// counted, and the cell that follows runs.
func TestRefusedMessages(t *testing.T) {
	kernelInfo := func(t *testing.T, codec *wire.Codec) [][]byte {
		frames, _ := codec.Encode(wire.Outgoing{Type: wire.KernelInfoRequest})
		return frames
	}
	for _, test := range []struct {
		name   string
		reason wire.Reason
		frames func(t *testing.T, codec *wire.Codec) [][]byte
	}{
		{"no frames to speak of", wire.Malformed, func(*testing.T, *wire.Codec) [][]byte { return [][]byte{{}} }},
		{"no delimiter", wire.Malformed, func(*testing.T, *wire.Codec) [][]byte { return [][]byte{[]byte("hello")} }},
		{"only a delimiter", wire.Malformed, func(*testing.T, *wire.Codec) [][]byte { return [][]byte{[]byte("<IDS|MSG>")} }},
		{"a frame too few", wire.Malformed, func(t *testing.T, c *wire.Codec) [][]byte { return kernelInfo(t, c)[:5] }},
		{"unsigned", wire.Unsigned, func(t *testing.T, _ *wire.Codec) [][]byte { return kernelInfo(t, wire.NewCodec("")) }},
		{"wrong key", wire.BadSignature, func(t *testing.T, _ *wire.Codec) [][]byte { return kernelInfo(t, wire.NewCodec("guess")) }},
		{"changed after signing", wire.BadSignature, func(t *testing.T, c *wire.Codec) [][]byte {
			frames := kernelInfo(t, c)
			frames[5] = []byte(`{"code":"evil"}`)
			return frames
		}},
		{"not a signature", wire.BadSignature, func(t *testing.T, c *wire.Codec) [][]byte {
			frames := kernelInfo(t, c)
			frames[1] = bytes.Repeat([]byte("zz"), 500)
			return frames
		}},
		{"content is not an object", wire.Malformed, func(_ *testing.T, c *wire.Codec) [][]byte {
			frames, _ := c.Encode(wire.Outgoing{Type: wire.KernelInfoRequest, Content: []byte(`["list"]`)})
			return frames
		}},
		{"header is not JSON", wire.Malformed, func(_ *testing.T, _ *wire.Codec) [][]byte { return sign("{\x00", "{}") }},
		{"header without a type", wire.Malformed, func(_ *testing.T, _ *wire.Codec) [][]byte { return sign(`{"msg_id":"1"}`, "{}") }},
		{"too many frames", wire.TooLarge, func(t *testing.T, c *wire.Codec) [][]byte {
			return append(kernelInfo(t, c), make([][]byte, wire.MaxFrames-6)...)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, &kerneltest.Echo{})
			c := s.client()
			for _, ch := range []kerneltest.Channel{kerneltest.Shell, kerneltest.Control, kerneltest.Stdin} {
				if err := c.Peer(ch).Send(test.frames(t, c.Codec())...); err != nil {
					t.Fatal(err)
				}
			}
			if e := s.run(c, "still here"); e.Text(cell.Stdout) != "still here\n" {
				t.Errorf("%+v", e.Reply)
			}
			s.eventually(func() bool { return s.Drops().Count(test.reason) == 3 })
		})
	}
}

// sign makes the frames of a message that no codec would.
func sign(header, content string) [][]byte {
	parts := [][]byte{[]byte(header), []byte("{}"), []byte("{}"), []byte(content)}
	mac := hmac.New(sha256.New, []byte(testKey))
	for _, part := range parts {
		mac.Write(part)
	}
	return append([][]byte{[]byte("<IDS|MSG>"), hex.AppendEncode(nil, mac.Sum(nil))}, parts...)
}

// eventually waits for something that happens on another channel than the one
// that the test has heard from.
func (s *served) eventually(ok func() bool) {
	s.t.Helper()
	for !ok() {
		select {
		case <-time.After(time.Millisecond):
		case <-s.ctx.Done():
			s.t.Fatal("it never happened")
		}
	}
}

func TestReplayedRequestIsRefused(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	frames, id, err := c.Encode(wire.ExecuteRequest, wire.ExecuteRequestContent{Code: "count"})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := c.Peer(kerneltest.Shell).Send(frames...); err != nil {
			t.Fatal(err)
		}
	}
	s.finish(c, id)
	if got := s.run(c, "count").Text(cell.Stdout); got != "2\n" {
		t.Errorf("the next cell is number %q", got)
	}
	if n := s.Drops().Count(wire.Replayed); n != 2 {
		t.Errorf("%d replays counted", n)
	}
}

// TestWrongContent sends well-formed requests whose contents make no sense:
// each gets an error reply.
func TestWrongContent(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	for _, request := range []wire.Type{
		wire.ExecuteRequest, wire.CompleteRequest, wire.InspectRequest, wire.HistoryRequest,
	} {
		var reply wire.ErrorReplyContent
		s.do(c, kerneltest.Shell, request, map[string]any{"code": 1, "hist_access_type": 2}, &reply)
		if reply.Status != wire.StatusError || !strings.Contains(reply.Value, string(request)) {
			t.Errorf("%s: %+v", request, reply)
		}
	}
	frames, id := c.Codec().Encode(wire.Outgoing{Type: wire.ExecuteRequest, Content: []byte(`{"code": `)})
	if err := c.Peer(kerneltest.Shell).Send(frames...); err != nil {
		t.Fatal(err)
	}
	if e := s.finish(c, id); e.Reply.Status != wire.StatusError || e.Reply.ExecutionCount == nil {
		t.Errorf("content that is not JSON: %+v", e.Reply)
	}
}

func TestOddText(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	for code, want := range map[string]string{
		`raw "nul \x00 byte"`:        "nul \x00 byte",
		`raw "not \xff\xfe UTF-8"`:   "not \uFFFD UTF-8",
		`raw "half a rune \xe4\xb8"`: "half a rune \uFFFD",
		`raw "<b>&\u2028"`:           "<b>&\u2028",
		"nul \x00 in the cell":       "nul \x00 in the cell\n",
		"世界🙂":                        "世界🙂\n",
	} {
		if got := s.run(c, code).Text(cell.Stdout); got != want {
			t.Errorf("%q shows %q, want %q", code, got, want)
		}
	}
	// Python clients send lone surrogates as bytes that are not UTF-8.
	frames, id := c.Codec().Encode(wire.Outgoing{Type: wire.ExecuteRequest, Content: []byte("{\"code\":\"bad \xff\xed\xa0\x80 bytes\"}")})
	if err := c.Peer(kerneltest.Shell).Send(frames...); err != nil {
		t.Fatal(err)
	}
	if got := s.finish(c, id).Text(cell.Stdout); !strings.HasPrefix(got, "bad \uFFFD") {
		t.Errorf("a cell that is not UTF-8 shows %q", got)
	}
}

func TestCellOf10MB(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	code := strings.Repeat("0123456789", 1<<20)
	if got := s.run(s.client(), code).Text(cell.Stdout); got != code+"\n" {
		t.Errorf("%d bytes came back", len(got))
	}
}

func ports(file wire.ConnectionFile) map[string]int {
	return map[string]int{
		"shell": file.ShellPort, "control": file.ControlPort, "stdin": file.StdinPort,
		"iopub": file.IOPubPort, "heartbeat": file.HeartbeatPort,
	}
}

// TestGarbageOnPorts sends what is not ZMTP, or not quite, to each port.
func TestGarbageOnPorts(t *testing.T) {
	ready := func(kind, identity string) []byte {
		return append(client.Greeting(), client.Ready(kind, identity)...)
	}
	huge := binary.BigEndian.AppendUint64([]byte{2}, 1<<62)
	command := func(body string) []byte {
		return append(client.Greeting(), client.AppendFrame(nil, 4, []byte(body))...)
	}
	for name, garbage := range map[string][]byte{
		"text":                     []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + strings.Repeat("x", 100)),
		"zeros":                    make([]byte, 4096),
		"half a greeting":          client.Greeting()[:20],
		"a greeting alone":         client.Greeting(),
		"an old version":           append([]byte{0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 1}, make([]byte, 53)...),
		"no command":               append(client.Greeting(), 0, 1, 'x'),
		"another command":          command("\x05HELLO"),
		"an empty command":         command(""),
		"a property cut short":     command("\x05READY\x0bSocket-Type"),
		"a property's length":      command("\x05READY\x0bSocket-Type\xff\xff\xff\xffSUB"),
		"a name's length":          command("\x05READY\xff"),
		"an unknown kind":          ready("TEAPOT", ""),
		"a kind that does not fit": ready("PUSH", ""),
		"a long identity":          ready("DEALER", strings.Repeat("i", 300)),
		"a huge frame (DEALER)":    append(ready("DEALER", "a"), huge...),
		"a huge frame (SUB)":       append(ready("SUB", ""), huge...),
		"an empty message":         append(ready("DEALER", "b"), 0, 0),
		"a command later":          append(ready("DEALER", "c"), 4, 2, 1, 'x'),
		"no subscription":          append(ready("SUB", ""), bytes.Repeat([]byte{0, 1, 'x'}, 100)...),
		"an empty subscription":    append(ready("SUB", ""), 0, 0),
		"endless frames (DEALER)":  append(ready("DEALER", "d"), bytes.Repeat([]byte{1, 1, 'x'}, 5000)...),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, &kerneltest.Echo{})
			for port, number := range ports(s.file) {
				network, address := s.file.Address(number)
				conn, err := net.Dial(network, address)
				if err != nil {
					t.Fatalf("%s: %v", port, err)
				}
				defer conn.Close()
				if _, err := conn.Write(garbage); err != nil {
					t.Logf("%s: %v", port, err) // closed before it had read everything
				}
			}
			if e := s.run(s.client(), "still here"); e.Text(cell.Stdout) != "still here\n" {
				t.Errorf("%+v", e.Reply)
			}
		})
	}
}

func TestSilentConnections(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	for port, number := range ports(s.file) {
		for range 20 {
			network, address := s.file.Address(number)
			conn, err := net.Dial(network, address)
			if err != nil {
				t.Fatalf("%s: %v", port, err)
			}
			defer conn.Close()
		}
	}
	if e := s.run(s.client(), "still here"); e.Text(cell.Stdout) != "still here\n" {
		t.Errorf("%+v", e.Reply)
	}
}

// TestConnectsAndLeaves stresses what zmq4 does when peers come and go while
// there is output.
func TestConnectsAndLeaves(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 40 {
			passer, err := kerneltest.Connect(s.ctx, s.file)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := passer.Send(kerneltest.Shell, wire.KernelInfoRequest, struct{}{}); err != nil {
				t.Error(err)
			}
			passer.Close()
		}
	}()
	for i := 0; ; i++ {
		if n := strings.Count(s.run(c, "print 3000").Text(cell.Stdout), "\n"); n != 3000 {
			t.Fatalf("%d lines arrived", n)
		}
		select {
		case <-done:
			return
		default:
		}
	}
}

func TestOutputOf100MB(t *testing.T) {
	size := 100_000_000
	if raceEnabled {
		size /= 10 // the detector makes JSON very slow
	}
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	id := s.send(c, wire.ExecuteRequestContent{Code: fmt.Sprint("write ", size)})
	n := 0
	for {
		m := s.await(c, kerneltest.IOPub, kerneltest.Of(id))
		if m.Header.Type == wire.Stream {
			n += len(decode[wire.StreamContent](t, m).Text)
		}
		if m.Header.Type == wire.Status && decode[wire.StatusContent](t, m).State == wire.Idle {
			break
		}
	}
	if n != size {
		t.Errorf("%d bytes arrived", n)
	}
}

// TestReaderThatStopsReading has a subscriber that takes nothing. Others must
// get everything, promptly, as long as its queue has room.
func TestReaderThatStopsReading(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	stuck, err := kerneltest.DialPeer(s.ctx, s.file, s.file.IOPubPort, "SUB", "")
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	if err := stuck.Send([]byte{1}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the client's own subscription is in force, and that of the other
		s.await(c, kerneltest.IOPub, kerneltest.Typed(wire.IOPubWelcome))
	}
	ctx, cancel := context.WithTimeout(s.ctx, 5*time.Second) // much less than a stalled peer is given
	defer cancel()
	e, err := c.Run(ctx, "write 10000000")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(e.Text(cell.Stdout)); n != 10_000_000 {
		t.Errorf("%d bytes arrived", n)
	}
}

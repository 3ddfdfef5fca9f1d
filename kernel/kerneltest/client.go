package kerneltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/chanbook/chanbook/kernel/client"
	"github.com/chanbook/chanbook/kernel/wire"
	"github.com/google/uuid"
)

// Channel is one of a kernel's sockets.
type Channel int

// The channels of a kernel.
const (
	Shell Channel = iota
	Control
	Stdin
	IOPub
	channels
)

func (ch Channel) String() string {
	return [...]string{"shell", "control", "stdin", "iopub"}[ch]
}

// Client is a front end. One goroutine for each channel reads what arrives and
// keeps it until somebody Awaits it; Close ends them.
type Client struct {
	codec *wire.Codec
	peers [channels]*client.Peer
	done  sync.WaitGroup

	mu      sync.Mutex
	arrived [channels][]*wire.Message
	failed  [channels]error
	changed chan struct{} // closed, and replaced, whenever something arrives
}

// Connect connects to a kernel. It tries until the kernel answers or ctx ends.
// It does not wait for a subscription to be in force; see Ready.
func Connect(ctx context.Context, file wire.ConnectionFile) (*Client, error) {
	c := &Client{codec: wire.NewCodec(file.Key), changed: make(chan struct{})}
	identity := uuid.NewString() // the same on all channels: that is how a kernel finds stdin
	for _, ch := range []struct {
		channel        Channel
		port           int
		kind, identity string
	}{
		{IOPub, file.IOPubPort, "SUB", ""},
		{Shell, file.ShellPort, "DEALER", identity},
		{Control, file.ControlPort, "DEALER", identity},
		{Stdin, file.StdinPort, "DEALER", identity},
	} {
		p, err := DialPeer(ctx, file, ch.port, ch.kind, ch.identity)
		if err != nil {
			c.Close()
			return nil, fmt.Errorf("%v: %w", ch.channel, err)
		}
		c.peers[ch.channel] = p
		c.done.Go(func() { c.read(ch.channel, p) })
	}
	if err := c.peers[IOPub].Send([]byte{1}); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// DialPeer connects to one port of a kernel as client.DialPeer does, but tries
// again until the kernel answers or ctx ends.
func DialPeer(ctx context.Context, file wire.ConnectionFile, port int, kind, identity string) (*client.Peer, error) {
	for {
		p, err := client.DialPeer(ctx, file, port, kind, identity)
		if err == nil {
			return p, nil
		}
		select {
		case <-time.After(retryTime):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// retryTime is how long to wait for a kernel that is not up yet. It bounds how
// exactly a start can be measured.
const retryTime = 2 * time.Millisecond

// Close disconnects and waits for the client's goroutines.
func (c *Client) Close() {
	for _, p := range c.peers {
		if p != nil {
			p.Close()
		}
	}
	c.done.Wait()
}

func (c *Client) read(ch Channel, p *client.Peer) {
	for {
		frames, err := p.Receive()
		var msg *wire.Message
		if err == nil {
			msg, err = c.codec.Decode(frames)
		}
		c.mu.Lock()
		if err != nil {
			c.failed[ch] = err
		} else {
			c.arrived[ch] = append(c.arrived[ch], msg)
		}
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Codec is the codec of the client's messages.
func (c *Client) Codec() *wire.Codec { return c.codec }

// Peer is the connection of one channel, to send what no client would.
func (c *Client) Peer(ch Channel) *client.Peer { return c.peers[ch] }

// Send sends a request and returns its id.
func (c *Client) Send(ch Channel, t wire.Type, content any) (id string, err error) {
	frames, id, err := c.Encode(t, content)
	if err != nil {
		return "", err
	}
	return id, c.peers[ch].Send(frames...)
}

// SendTo sends a request to a subshell and returns its id.
func (c *Client) SendTo(subshell string, t wire.Type, content any) (id string, err error) {
	raw, err := wire.Marshal(content)
	if err != nil {
		return "", err
	}
	frames, id := c.codec.Encode(wire.Outgoing{Type: t, Subshell: subshell, Content: raw})
	return id, c.peers[Shell].Send(frames...)
}

// Encode returns the frames of a request and its id.
func (c *Client) Encode(t wire.Type, content any) (frames [][]byte, id string, err error) {
	raw, err := wire.Marshal(content)
	if err != nil {
		return nil, "", err
	}
	frames, id = c.codec.Encode(wire.Outgoing{Type: t, Content: raw})
	return frames, id, nil
}

// Answer sends the answer to an input_request.
func (c *Client) Answer(question *wire.Message, value string) error {
	raw, err := wire.Marshal(wire.InputReplyContent{Value: value})
	if err != nil {
		return err
	}
	frames, _ := c.codec.Encode(wire.Outgoing{Type: wire.InputReply, Parent: question.RawHeader, Content: raw})
	return c.peers[Stdin].Send(frames...)
}

// Await returns the first message of a channel that matches, and takes it away.
// It waits for it until ctx ends or the channel does.
func (c *Client) Await(ctx context.Context, ch Channel, match func(*wire.Message) bool) (*wire.Message, error) {
	for {
		msg, changed, err := c.take(ch, match)
		if msg != nil || err != nil {
			return msg, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting on %v: %w", ch, context.Cause(ctx))
		}
	}
}

func (c *Client) take(ch Channel, match func(*wire.Message) bool) (*wire.Message, <-chan struct{}, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.IndexFunc(c.arrived[ch], match)
	if at < 0 {
		if err := c.failed[ch]; err != nil {
			return nil, nil, fmt.Errorf("%v: %w", ch, err)
		}
		return nil, c.changed, nil
	}
	msg := c.arrived[ch][at]
	c.arrived[ch] = slices.Delete(c.arrived[ch], at, at+1)
	return msg, nil, nil
}

// Of matches the messages whose parent is the request id.
func Of(id string) func(*wire.Message) bool {
	return func(m *wire.Message) bool { return m.Parent().ID == id }
}

// Typed matches the messages of a type.
func Typed(t wire.Type) func(*wire.Message) bool {
	return func(m *wire.Message) bool { return m.Header.Type == t }
}

// Reply waits for the reply to a request and decodes its content.
func (c *Client) Reply(ctx context.Context, ch Channel, id string, content any) error {
	msg, err := c.Await(ctx, ch, Of(id))
	if err != nil {
		return err
	}
	return msg.Decode(content)
}

// Published returns what was published for a request, from busy up to the idle
// that ends it, without these two and in order.
func (c *Client) Published(ctx context.Context, id string) ([]*wire.Message, error) {
	var outputs []*wire.Message
	for begun := false; ; {
		msg, err := c.Await(ctx, IOPub, Of(id))
		if err != nil {
			return outputs, err
		}
		if msg.Header.Type != wire.Status {
			if !begun {
				return outputs, fmt.Errorf("%s was published before busy", msg.Header.Type)
			}
			outputs = append(outputs, msg)
			continue
		}
		var status wire.StatusContent
		if err := msg.Decode(&status); err != nil {
			return outputs, err
		}
		switch status.State {
		case wire.Busy:
			begun = true
		case wire.Idle:
			if !begun {
				return outputs, errors.New("idle was published without busy")
			}
			return outputs, nil
		}
	}
}

// Do sends a request, waits for its reply and for idle, and returns what was
// published for it.
func (c *Client) Do(ctx context.Context, ch Channel, t wire.Type, content, reply any) ([]*wire.Message, error) {
	id, err := c.Send(ch, t, content)
	if err != nil {
		return nil, err
	}
	if reply != nil {
		if err := c.Reply(ctx, ch, id, reply); err != nil {
			return nil, err
		}
	}
	return c.Published(ctx, id)
}

// Ready waits until the kernel answers and its publications arrive.
func (c *Client) Ready(ctx context.Context) error {
	for {
		id, err := c.Send(Shell, wire.KernelInfoRequest, struct{}{})
		if err != nil {
			return err
		}
		if err := c.Reply(ctx, Shell, id, &wire.KernelInfoReplyContent{}); err != nil {
			return err
		}
		soon, cancel := context.WithTimeout(ctx, subscriptionTime)
		_, err = c.Published(soon, id)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

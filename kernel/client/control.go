package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/chanbook/chanbook/kernel/wire"
	"github.com/google/uuid"
)

// Control is a connection to the control channel of a kernel. Its methods are for
// one goroutine at a time.
type Control struct {
	peer  *Peer
	codec *wire.Codec
}

// DialControl connects to a kernel. The end of ctx ends the attempt.
func DialControl(ctx context.Context, file wire.ConnectionFile) (*Control, error) {
	p, err := DialPeer(ctx, file, file.ControlPort, "DEALER", uuid.NewString())
	if err != nil {
		return nil, err
	}
	return &Control{peer: p, codec: wire.NewCodec(file.Key)}, nil
}

// Close disconnects.
func (c *Control) Close() error { return c.peer.Close() }

// Request sends a request and decodes the content of its reply into reply. A
// reply whose status is an error is a *Refusal. The end of ctx ends the
// connection too.
func (c *Control) Request(ctx context.Context, t wire.Type, content, reply any) error {
	stop := context.AfterFunc(ctx, func() { c.peer.Close() })
	defer stop()
	err := c.request(t, content, reply)
	if _, refused := errors.AsType[*Refusal](err); err != nil && !refused && ctx.Err() != nil {
		return fmt.Errorf("the kernel did not answer the %s: %w", t, context.Cause(ctx))
	}
	return err
}

func (c *Control) request(t wire.Type, content, reply any) error {
	raw, err := wire.Marshal(content)
	if err != nil {
		return err
	}
	frames, id := c.codec.Encode(wire.Outgoing{Type: t, Content: raw})
	if err := c.peer.Send(frames...); err != nil {
		return fmt.Errorf("the connection to the kernel broke: %w", err)
	}
	for {
		frames, err := c.peer.Receive()
		if err != nil {
			return fmt.Errorf("the kernel closed the connection before it answered: %w", err)
		}
		msg, err := c.codec.Decode(frames)
		if err != nil {
			return fmt.Errorf("the kernel's answer cannot be read: %w", err)
		}
		if msg.Parent().ID == id { // else it answers what was given up
			return decode(msg, reply)
		}
	}
}

func decode(msg *wire.Message, reply any) error {
	var status wire.ErrorReplyContent
	if err := json.Unmarshal(msg.Content, &status); err == nil && status.Status == wire.StatusError {
		return &Refusal{Name: status.Name, Message: status.Value}
	}
	return msg.Decode(reply)
}

// Refusal is a kernel's answer that a request failed.
type Refusal struct{ Name, Message string }

func (r *Refusal) Error() string { return r.Message }

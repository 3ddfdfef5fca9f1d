package toolchain

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/show"
)

// channel is this process's side of the connection by which package show in a
// program speaks with the notebook; kernel/show/compiled.go has the other one, and
// says what goes through it. Whatever a program writes there does no harm.
type channel struct {
	conn   io.ReadWriter
	answer func(request) answer
}

// request, dump and answer are those of package show.
type request struct {
	Message    *show.Message
	Goroutines *dump
	Look       *dump
}

type dump struct {
	Text    string
	Filters []string
}

type answer struct {
	Error string      `json:",omitempty"`
	Data  cell.Bundle `json:",omitempty"`
	Sight show.Sight
}

const (
	frameWord = "show"
	maxFrame  = 64 << 20
)

// errForeign says that what came is not from package show.
var errForeign = errors.New("not a message of package show")

// serve answers requests until the other side is gone, which is no error, or
// writes something else.
func (c *channel) serve() error {
	for {
		r, err := c.receive()
		if errors.Is(err, errForeign) {
			return err
		}
		if err != nil {
			return nil
		}
		if c.send(c.answer(r)) != nil {
			return nil
		}
	}
}

func (c *channel) receive() (r request, err error) {
	head := make([]byte, len(frameWord)+4)
	n, err := io.ReadFull(c.conn, head)
	if word := head[:min(n, len(frameWord))]; string(word) != frameWord[:len(word)] {
		return r, errForeign
	}
	if err != nil {
		return r, err
	}
	size := binary.BigEndian.Uint32(head[len(frameWord):])
	if size > maxFrame {
		return r, errForeign
	}
	var body bytes.Buffer // grows with what comes, not with what was announced
	if _, err := io.CopyN(&body, c.conn, int64(size)); err != nil {
		return r, err
	}
	if json.Unmarshal(body.Bytes(), &r) != nil {
		return r, errForeign
	}
	return r, nil
}

func (c *channel) send(a answer) error {
	body, err := json.Marshal(a)
	if err != nil || len(body) > maxFrame {
		body, _ = json.Marshal(answer{Error: fmt.Sprintf("the answer of %d bytes cannot be sent: %v", len(body), err)})
	}
	head := binary.BigEndian.AppendUint32([]byte(frameWord), uint32(len(body)))
	_, err = c.conn.Write(append(head, body...))
	return err
}

// outputOf is what a front end shows for a message.
func outputOf(m *show.Message) cell.Output {
	if m.Clear {
		return cell.Clear{Wait: m.Wait}
	}
	return cell.Display{Data: m.Data, Metadata: m.Metadata, ID: m.ID, Update: m.Update}
}

package show

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// A channel connects a program that a notebook runs with that notebook, apart from
// the program's standard output. What goes through it, in both directions, are
// frames: the word "show", the length of what follows in four bytes, the highest
// first, and a value in JSON. Each request is answered before the next is sent; so
// what was printed before a display stands above it, and what is printed after it
// below.
type channel struct {
	mu     sync.Mutex // held for a request and its answer
	conn   io.ReadWriter
	broken bool
}

// request is what the program asks for: one of the three.
type request struct {
	Message    *Message `json:",omitempty"` // display it
	Goroutines *dump    `json:",omitempty"` // make a table of a dump
	Look       *dump    `json:",omitempty"` // count what goroutines do
}

// dump is the runtime's text about all goroutines.
type dump struct {
	Text    string
	Filters []string `json:",omitempty"`
}

// answer is what comes back.
type answer struct {
	Error string
	Data  Bundle // for Goroutines
	Sight Sight  // for Look
}

// frameWord begins each frame.
const frameWord = "show"

// maxFrame bounds the value in a frame.
const maxFrame = 64 << 20

// compiledChannel is the connection of this program; nil without one.
var compiledChannel atomic.Pointer[channel]

var errBroken = errors.New("the connection to the notebook is broken")

// connect makes the channel the receiver of all messages.
func (c *channel) connect() {
	compiledChannel.Store(c)
	Connect(c.show)
}

// show displays a message. Without a connection its text is printed.
func (c *channel) show(m Message) {
	a, err := c.ask(request{Message: &m})
	switch {
	case errors.Is(err, errBroken):
		send(m)
	case err != nil:
		c.show(Message{Data: textBundle(fmt.Sprintf("[a display is left out: %v]", err)), ID: m.ID, Update: m.Update})
	case a.Error != "":
		printText("show: " + a.Error)
	}
}

// ask sends a request and waits for its answer. A connection that fails is not
// used again.
func (c *channel) ask(r request) (answer, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return answer{}, err
	}
	if len(body) > maxFrame {
		return answer{}, fmt.Errorf("it has %d MiB, and the most is %d", len(body)>>20, maxFrame>>20)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken {
		return answer{}, errBroken
	}
	a, err := c.exchange(body)
	if err != nil {
		c.broken = true
		compiledChannel.Store(nil)
		sink.Store(nil)
		return answer{}, errBroken
	}
	return a, nil
}

func (c *channel) exchange(body []byte) (a answer, err error) {
	head := binary.BigEndian.AppendUint32([]byte(frameWord), uint32(len(body)))
	if _, err := c.conn.Write(append(head, body...)); err != nil {
		return a, err
	}
	if _, err := io.ReadFull(c.conn, head); err != nil {
		return a, err
	}
	size := binary.BigEndian.Uint32(head[len(frameWord):])
	if string(head[:len(frameWord)]) != frameWord || size > maxFrame {
		return a, errBroken
	}
	body = make([]byte, size)
	if _, err := io.ReadFull(c.conn, body); err != nil {
		return a, err
	}
	return a, json.Unmarshal(body, &a)
}

// goroutineTable has the notebook make a table of the goroutines of this program;
// false means that there is no notebook.
func goroutineTable(filters []string) (*Display, bool) {
	c := compiledChannel.Load()
	if c == nil {
		return nil, false
	}
	a, err := c.ask(request{Goroutines: &dump{runtimeDump(maxSent), filters}})
	switch {
	case errors.Is(err, errBroken):
		return nil, false
	case err != nil:
		return Text("show.Goroutines: " + err.Error()), true
	case a.Error != "":
		return Text("show.Goroutines: " + a.Error), true
	}
	return displayView(view{data: a.Data}), true
}

// ownSight is what the program's own dump says of its goroutines; false means that
// nobody reads it.
func ownSight() (Sight, bool) {
	c := compiledChannel.Load()
	if c == nil {
		return Sight{}, false
	}
	a, err := c.ask(request{Look: &dump{Text: runtimeDump(maxSent)}})
	return a.Sight, err == nil && a.Error == ""
}

package kernel

import (
	"context"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/wire"
)

// Text is collected before it is sent: one message for each Print would be
// slow, and more than jupyter_server's limit of 1,000 messages a second.
const (
	// collectTime is how long text may wait for more.
	collectTime = 20 * time.Millisecond
	// collectSize is how many bytes are sent without waiting for more.
	collectSize = 64 << 10
	// pieceSize is the longest text of one message.
	pieceSize = 1 << 20
)

// text is what a cell has printed and what has not been sent yet.
type text struct {
	stream string
	buf    []byte
}

// write collects text. The caller holds f.mu.
func (f *frontend) write(o cell.Stream) {
	if o.Text == "" {
		return
	}
	if o.Name != f.text.stream {
		f.flush()
		f.text.stream = o.Name
	}
	empty := len(f.text.buf) == 0
	f.text.buf = append(f.text.buf, o.Text...)
	switch {
	case len(f.text.buf) >= collectSize:
		f.flush()
	case empty:
		f.server.streams.add(f)
	}
}

// flush sends the collected text. The caller holds f.mu.
func (f *frontend) flush() {
	rest := strings.ToValidUTF8(string(f.text.buf), "\uFFFD")
	f.text.buf = f.text.buf[:0]
	for len(rest) > 0 {
		n := pieceEnd(rest)
		f.publish(wire.Stream, wire.StreamContent{Name: f.text.stream, Text: rest[:n]})
		rest = rest[n:]
	}
}

// pieceEnd is how much of s goes into one message, whole code points only.
func pieceEnd(s string) int {
	if len(s) <= pieceSize {
		return len(s)
	}
	n := pieceSize
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// streams sends the text of front ends that have some, collectTime after the
// first of it came.
type streams struct {
	mu      sync.Mutex
	waiting map[*frontend]struct{}
	wake    chan struct{}
}

func (s *streams) init() {
	s.waiting = make(map[*frontend]struct{})
	s.wake = make(chan struct{}, 1)
}

func (s *streams) add(f *frontend) {
	s.mu.Lock()
	s.waiting[f] = struct{}{}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run ends with ctx.
func (s *streams) run(ctx context.Context) {
	timer := time.NewTimer(collectTime)
	defer timer.Stop()
	for {
		select {
		case <-s.wake:
		case <-ctx.Done():
			return
		}
		timer.Reset(collectTime)
		select {
		case <-timer.C:
			s.flush()
		case <-ctx.Done():
			return
		}
	}
}

func (s *streams) flush() {
	s.mu.Lock()
	waiting := s.waiting
	s.waiting = make(map[*frontend]struct{})
	s.mu.Unlock()
	for f := range waiting {
		f.mu.Lock()
		f.flush()
		f.mu.Unlock()
	}
}

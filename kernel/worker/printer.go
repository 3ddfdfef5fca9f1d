package worker

import (
	"sync"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/chars"
	"github.com/chanbook/chanbook/kernel/journal"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// collectTime is how long text may wait for more, after text that was sent. It is
// short against what the eye sees, and long against what one message costs.
const collectTime = 5 * time.Millisecond

// printer collects what cells print, in the order in which they print it, and
// sends it in few messages: one for each print would cost more than the print.
// The first print of a cell or after a while is sent at once, those that follow
// it closely are collected.
// What is collected stands in the journal, where the supervisor finds it if the
// process dies. Without a journal nothing is collected.
type printer struct {
	conn *pipe.Conn

	mu      sync.Mutex
	journal *journal.Writer // nil without one
	broken  bool            // nothing can be sent any more
	sent    time.Time       // when text was last sent
	parts   map[journal.Key]string

	waiting chan struct{} // one element: text has begun to wait
	stop    chan struct{}
	stopped chan struct{}
}

// newPrinter starts a printer, which close ends.
func newPrinter(conn *pipe.Conn, j *journal.Writer) *printer {
	p := &printer{
		conn: conn, journal: j, parts: map[journal.Key]string{},
		waiting: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go p.run()
	return p
}

// run sends what has waited for long enough, until close is called.
func (p *printer) run() {
	defer close(p.stopped)
	timer := time.NewTimer(collectTime)
	defer timer.Stop()
	for {
		select {
		case <-p.waiting:
		case <-p.stop:
			return
		}
		timer.Reset(collectTime)
		select {
		case <-timer.C:
			p.flush()
		case <-p.stop:
			return
		}
	}
}

func (p *printer) close() {
	close(p.stop)
	<-p.stopped
}

// print takes text of an execution. It waits while the pipe is full. The
// beginning of a character waits for its rest, which a later print may bring.
func (p *printer) print(id uint64, s cell.Stream) {
	key := journal.Key{ID: id, Stderr: s.Name == cell.Stderr}
	p.mu.Lock()
	defer p.mu.Unlock()
	text := s.Text
	if part := p.parts[key]; part != "" {
		delete(p.parts, key)
		text = part + text
	}
	if n := chars.Incomplete(text); n > 0 {
		p.parts[key] = text[len(text)-n:]
		text = text[:len(text)-n]
	}
	p.collect(key, text)
}

// collect adds text to the journal, or sends it if it is too long to gain from
// company. The caller holds p.mu.
func (p *printer) collect(key journal.Key, text string) {
	if text == "" {
		return
	}
	if p.journal == nil || len(text) > journal.Capacity/2 {
		p.flushLocked()
		p.conn.Send(key.ID, pipe.Output{Value: stream(key, text)})
		return
	}
	empty := p.journal.Len() == 0
	if !p.journal.Append(key, text) {
		p.flushLocked()
		empty = p.journal.Append(key, text)
	}
	switch {
	case p.journal.Len() >= journal.Capacity/2, empty && time.Since(p.sent) > collectTime:
		p.flushLocked()
	case empty:
		select {
		case p.waiting <- struct{}{}:
		default:
		}
	}
}

// flush sends what has been collected.
func (p *printer) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flushLocked()
}

// flushLocked is flush for a caller that holds p.mu. What cannot be sent stays in
// the journal.
func (p *printer) flushLocked() {
	if p.journal == nil || p.journal.Len() == 0 || p.broken {
		return
	}
	p.journal.Records(func(r journal.Record) bool {
		err := p.conn.Send(r.ID, pipe.Text{Stream: stream(r.Key, string(r.Text)), End: r.End})
		p.broken = err != nil
		return !p.broken
	})
	if !p.broken {
		p.journal.Clear()
		p.sent = time.Now()
	}
}

// end sends everything of some executions, also the beginnings of characters
// whose rest did not come.
func (p *printer) end(ids ...uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, id := range ids {
		for _, key := range []journal.Key{{ID: id}, {ID: id, Stderr: true}} {
			part := p.parts[key]
			delete(p.parts, key)
			p.collect(key, part)
		}
	}
	p.flushLocked()
	p.sent = time.Time{}
}

func stream(key journal.Key, text string) cell.Stream {
	if key.Stderr {
		return cell.Stream{Name: cell.Stderr, Text: text}
	}
	return cell.Stream{Name: cell.Stdout, Text: text}
}

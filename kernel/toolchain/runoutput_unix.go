//go:build unix

package toolchain

import (
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/chars"
)

const (
	readSize = 32 << 10
	// pipeSize is the most that one pipe is read for those who need to know what
	// was written before, so that a program that writes without end cannot keep them.
	pipeSize = 1 << 20
	// collectTime is how long text may wait for more, after text that was sent. It is
	// short against what the eye sees, and long against what one message costs.
	collectTime = 5 * time.Millisecond
	// collectSize is how much is collected at most.
	collectSize = 32 << 10
)

// output brings what a program writes to the front end. Several may read the
// pipes: a goroutine for each, and whoever needs to know that what was written so
// far has been shown. A lock keeps what they read in order; a front end that does
// not take more holds all of them up, and by the full pipes the program.
//
// Its goroutines end when the pipes do, or with finish, which waits for them.
type output struct {
	fe cell.Frontend

	mu      sync.Mutex
	pipes   [2]*outputPipe // standard output and standard error
	pending []cell.Stream  // in their order, no two neighbours of the same name
	size    int            // of pending
	sent    time.Time
	hold    holder // of standard error
	reads   int    // that brought something

	waiting chan struct{} // one element: something waits to be sent, or to be decided
	stop    chan struct{}
	running sync.WaitGroup
}

// outputPipe is one of the pipes. The output's lock guards it.
type outputPipe struct {
	file   *os.File
	take   func(text string)
	buffer []byte
	part   []byte // the beginning of a character that is not complete
	ended  bool
}

// newOutput reads from two pipes from now on.
func newOutput(fe cell.Frontend, stdout, stderr *os.File) *output {
	o := &output{fe: fe, waiting: make(chan struct{}, 1), stop: make(chan struct{})}
	o.hold.show = func(text string) { o.add(cell.Stderr, text) }
	o.pipes = [2]*outputPipe{
		{file: stdout, take: func(text string) { o.add(cell.Stdout, text) }},
		{file: stderr, take: func(text string) { o.hold.feed(text, time.Now()) }},
	}
	for _, p := range o.pipes {
		p.buffer = make([]byte, readSize)
		o.running.Go(func() { o.read(p) })
	}
	o.running.Go(o.flushLater)
	return o
}

// read reads one pipe to its end.
func (o *output) read(p *outputPipe) {
	raw, err := p.file.SyscallConn()
	if err != nil {
		return
	}
	raw.Read(func(fd uintptr) bool {
		for {
			if n, ended := o.step(p, fd); ended {
				return true
			} else if n == 0 {
				return false // come back when there is more
			}
		}
	})
}

// step reads once, without waiting for the program, and shows what came.
func (o *output) step(p *outputPipe, fd uintptr) (n int, ended bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, ended = p.read(fd)
	if n > 0 {
		o.reads++
	}
	o.settle()
	return n, ended
}

func (p *outputPipe) read(fd uintptr) (n int, ended bool) {
	for !p.ended {
		n, err := syscall.Read(int(fd), p.buffer)
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return 0, false
		case err != nil || n == 0:
			p.end()
		default:
			p.pass(p.buffer[:n])
			return n, false
		}
	}
	return 0, true
}

// pass hands bytes on as text. A character that is not complete waits for its
// rest; bytes that are none become U+FFFD.
func (p *outputPipe) pass(b []byte) {
	if len(p.part) > 0 {
		b = append(p.part, b...)
		p.part = nil
	}
	whole := len(b) - chars.Incomplete(b)
	p.part = append(p.part, b[whole:]...)
	if whole > 0 {
		p.take(chars.Valid(b[:whole]))
	}
}

func (p *outputPipe) end() {
	p.ended = true
	if len(p.part) > 0 {
		p.take(chars.Valid(p.part))
		p.part = nil
	}
}

// count is how often the program was seen to have written something.
func (o *output) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.reads
}

// add collects text. The caller holds the lock.
func (o *output) add(name, text string) {
	if last := len(o.pending) - 1; last >= 0 && o.pending[last].Name == name {
		o.pending[last].Text += text
	} else if text != "" {
		o.pending = append(o.pending, cell.Stream{Name: name, Text: text})
	}
	o.size += len(text)
}

// settle sends what has been collected, at once if nothing was sent a moment
// before, so that a prompt shows, or else when more has come. The caller holds the
// lock.
func (o *output) settle() {
	if o.size >= collectSize || o.size > 0 && time.Since(o.sent) > collectTime {
		o.flush()
	}
	if o.size > 0 || o.hold.undecided() {
		select {
		case o.waiting <- struct{}{}:
		default:
		}
	}
}

// flush sends what has been collected. The caller holds the lock.
func (o *output) flush() {
	for _, s := range o.pending {
		o.fe.Output(s)
	}
	clear(o.pending)
	o.pending, o.size, o.sent = o.pending[:0], 0, time.Now()
}

// flushLater sends what has waited for long enough, until finish is called.
func (o *output) flushLater() {
	timer := time.NewTimer(collectTime)
	defer timer.Stop()
	for {
		select {
		case <-o.waiting:
		case <-o.stop:
			return
		}
		timer.Reset(collectTime)
		select {
		case <-timer.C:
		case <-o.stop:
			return
		}
		o.mu.Lock()
		o.hold.expire(time.Now())
		o.flush()
		o.settle()
		o.mu.Unlock()
	}
}

// fence shows everything that was written before, and then what f shows. ended is
// closed when the program has ended.
func (o *output) fence(ended <-chan struct{}, f func(cell.Frontend)) {
	o.drain()
	for o.doubtful() {
		select {
		case <-ended:
			o.mu.Lock()
			defer o.mu.Unlock()
			o.flush() // what is held, finish decides
			f(o.fe)
			return
		case <-time.After(collectTime):
		}
		o.drain()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.hold.release()
	o.flush()
	f(o.fe)
}

func (o *output) doubtful() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.hold.doubtful(time.Now())
}

// drain reads what the pipes hold.
func (o *output) drain() {
	for _, p := range o.pipes {
		raw, err := p.file.SyscallConn()
		if err != nil {
			continue
		}
		raw.Control(func(fd uintptr) {
			for total := 0; total < pipeSize; {
				n, ended := o.step(p, fd)
				if n == 0 || ended {
					return
				}
				total += n
			}
		})
	}
}

// finish shows what a program that has ended left behind, whoever else holds the
// pipes, and returns the runtime's report of its end if there is one, which needs
// that it has crashed.
func (o *output) finish(crashed bool) *report {
	o.drain()
	for _, p := range o.pipes {
		p.file.Close()
	}
	close(o.stop)
	o.running.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.pipes {
		if !p.ended {
			p.end()
		}
	}
	r := o.hold.finish(crashed)
	o.flush()
	return r
}

// expectReport says that the program is being asked for a report.
func (o *output) expectReport() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.hold.expect()
}

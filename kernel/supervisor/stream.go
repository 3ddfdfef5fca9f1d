package supervisor

import (
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/chanbook/chanbook/kernel/chars"
)

const (
	readSize = 32 << 10
	// pipeSize is what a pipe holds: more than this was not written before the
	// question was put.
	pipeSize = 64 << 10
	// patience is how long a worker may take to answer that it is alive, while
	// text that may be a crash report is held back.
	patience = time.Second
)

// stream reads one of the standard outputs of a worker. Two may read: the
// reader goroutine, and whoever needs to know that everything written so far
// has been shown. A lock keeps what they read in order, so that the second
// needs no help from the first, and no time.
type stream struct {
	file *os.File
	done chan struct{} // closed when the reader has ended

	mu      sync.Mutex
	buffer  []byte
	part    []byte // the beginning of a character that is not complete
	ended   bool
	show    func(string)
	hold    *holder       // nil for standard output
	changed chan struct{} // closed and replaced when the holder let go of text
}

func newStream(file *os.File, show func(string)) *stream {
	return &stream{file: file, show: show, buffer: make([]byte, readSize), done: make(chan struct{}), changed: make(chan struct{})}
}

// run reads until the end of the file.
func (s *stream) run() {
	defer close(s.done)
	raw, err := s.file.SyscallConn()
	if err != nil {
		return
	}
	raw.Read(func(fd uintptr) bool {
		for {
			n, ended := s.step(fd)
			if ended {
				return true
			}
			if n == 0 {
				return false // come back when there is more
			}
			s.waitForRoom()
		}
	})
}

// step reads once, without waiting, and shows what came.
func (s *stream) step(fd uintptr) (n int, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.readLocked(fd)
}

func (s *stream) readLocked(fd uintptr) (n int, ended bool) {
	if s.ended {
		return 0, true
	}
	for {
		n, err := readNonblocking(fd, s.buffer)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			return 0, false
		case err != nil || n == 0:
			s.ended = true
			s.flushPart()
			return 0, true
		}
		s.take(s.buffer[:n])
		return n, false
	}
}

// take passes bytes on as text. A character that is not complete waits for its
// rest; bytes that are none become U+FFFD.
func (s *stream) take(b []byte) {
	if len(s.part) > 0 {
		b = append(s.part, b...)
		s.part = nil
	}
	whole := len(b) - chars.Incomplete(b)
	if whole < len(b) {
		s.part = append([]byte(nil), b[whole:]...)
	}
	s.pass(chars.Valid(b[:whole]))
}

func (s *stream) pass(text string) {
	if text == "" {
		return
	}
	if s.hold != nil {
		s.hold.feed(text)
		return
	}
	s.show(text)
}

func (s *stream) flushPart() {
	part := s.part
	s.part = nil
	s.pass(chars.Valid(part))
}

// fence returns when everything that was written to the stream before has been
// shown. It waits for nothing but the decision about held text, and reads no
// more than a pipe holds, so a goroutine that writes without end cannot keep it.
func (s *stream) fence(gone <-chan struct{}) {
	raw, err := s.file.SyscallConn()
	if err != nil {
		return
	}
	var mark int64
	raw.Control(func(fd uintptr) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for total := 0; total < pipeSize; {
			n, ended := s.readLocked(fd)
			if ended || n == 0 {
				break
			}
			total += n
		}
		if s.hold != nil {
			mark = s.hold.accepted
		}
	})
	s.settle(mark, gone)
}

// settle waits until the holder has let go of the first mark bytes.
func (s *stream) settle(mark int64, gone <-chan struct{}) {
	var late <-chan time.Time
	for {
		s.mu.Lock()
		settled := s.hold == nil || s.hold.released >= mark
		changed := s.changed
		s.mu.Unlock()
		if settled {
			return
		}
		if late == nil {
			timer := time.NewTimer(patience)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-changed:
		case <-gone:
			return
		case <-late:
			return
		}
	}
}

// waitForRoom keeps the reader from reading while the holder is full. A worker
// that does not answer in time is writing its crash report, and cannot finish
// unless somebody reads it.
func (s *stream) waitForRoom() {
	s.mu.Lock()
	full, changed := s.hold != nil && s.hold.full(), s.changed
	s.mu.Unlock()
	if !full {
		return
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
		s.expectReport()
	}
}

// alive passes the worker's answer on to the holder.
func (s *stream) alive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hold.alive()
	s.notify()
}

// expectReport says that the worker is dying.
func (s *stream) expectReport() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hold.expectReport()
	s.notify()
}

// notify wakes those who wait for the holder.
func (s *stream) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// finish reads what a dead worker left behind and ends the reader. For standard
// error it returns the report of a crash, if there is one.
func (s *stream) finish() *Report {
	if s.hold != nil {
		s.expectReport()
	}
	s.drain()
	s.file.Close()
	<-s.done
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.ended = true
		s.flushPart()
	}
	if s.hold == nil {
		return nil
	}
	return s.hold.finish()
}

func (s *stream) drain() {
	raw, err := s.file.SyscallConn()
	if err != nil {
		return
	}
	raw.Control(func(fd uintptr) {
		for total := 0; total < pipeSize; {
			n, ended := s.step(fd)
			if ended || n == 0 {
				return
			}
			total += n
		}
	})
}

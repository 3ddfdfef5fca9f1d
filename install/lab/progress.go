package lab

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress is told how far a long piece of work is. Its methods may be called
// from several goroutines.
type Progress interface {
	Say(line string)                // a whole sentence
	Step(name string, done, of int) // done of of parts of the named step
	Done()                          // no more steps of this piece of work
}

// NewProgress shows progress on w: as a bar that moves where w is a terminal,
// and else as a line for each step, for logs.
func NewProgress(w io.Writer, terminal bool) Progress {
	if terminal {
		return &barProgress{w: w}
	}
	return &lineProgress{w: w}
}

type lineProgress struct {
	mu   sync.Mutex
	w    io.Writer
	step string
}

func (l *lineProgress) Say(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.w, line)
}

func (l *lineProgress) Step(name string, _, of int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if name != l.step {
		l.step = name
		fmt.Fprintf(l.w, "  %s (%d)\n", name, of)
	}
}

func (l *lineProgress) Done() {}

type barProgress struct {
	mu   sync.Mutex
	w    io.Writer
	step string
	bar  *progressbar.ProgressBar
}

func (b *barProgress) Say(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.finish()
	fmt.Fprintln(b.w, line)
}

func (b *barProgress) Step(name string, done, of int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if name != b.step {
		b.finish()
		b.step = name
		b.bar = progressbar.NewOptions(of,
			progressbar.OptionSetWriter(b.w),
			progressbar.OptionSetDescription(fmt.Sprintf("%-22s", name)),
			progressbar.OptionShowCount(),
			progressbar.OptionSetWidth(30),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionThrottle(50*time.Millisecond))
	}
	b.bar.Set(done)
}

func (b *barProgress) Done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.finish()
}

// finish leaves the bar as it is and goes to the next line.
func (b *barProgress) finish() {
	if b.bar != nil {
		b.bar.Exit()
		fmt.Fprintln(b.w)
		b.bar, b.step = nil, ""
	}
}

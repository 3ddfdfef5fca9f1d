package trace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"golang.org/x/exp/trace"
)

// Options say what is read of a trace.
type Options struct {
	From, To  time.Duration // only this time; To 0 is the end
	MaxBytes  int64         // no more is read than this; 0 is DefaultMaxBytes
	Intervals int           // about how many may be kept; 0 is DefaultIntervals
	Generated string        // a file of which the functions are not the program's own
	// Cell names the line of a cell that a file of the program means, as In[3]:12.
	// Without it, files that are called In[3] are cells.
	Cell func(file string, line int) (at string, ok bool)
}

// What Options mean when they say nothing.
const (
	DefaultMaxBytes  = 64 << 20
	DefaultIntervals = 400_000
)

// EndMark is the category of a message in the trace (runtime/trace.Log) that says
// that the program's main has ended: what comes then is the tracer's own.
const EndMark = "chanbook: main has ended"

// ErrEmpty says that there is nothing in a trace: the program ended before the
// tracer wrote for the first time.
var ErrEmpty = errors.New("the trace is empty")

// Read reads a trace. One that ends before its end, or goes on with something
// else, is read up to there, and Trace.Truncated says so; the error is for those
// of which nothing can be read.
func Read(r io.Reader, o Options) (*Trace, error) {
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.Intervals <= 0 {
		o.Intervals = DefaultIntervals
	}
	if o.From < 0 || o.To != 0 && o.To <= o.From {
		return nil, fmt.Errorf("there is no time from %v to %v", o.From, o.To)
	}
	counted := &counter{r: r, left: o.MaxBytes}
	events, err := open(counted)
	if err != nil {
		return nil, err
	}
	b := newBuilder(o)
	err = b.read(events)
	if b.events == 0 {
		if counted.cut {
			return nil, fmt.Errorf("the first %s of the trace hold nothing that is whole", bytesText(o.MaxBytes))
		}
		if err == nil || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return nil, ErrEmpty
		}
		return nil, fmt.Errorf("the trace cannot be read: %w", err)
	}
	t := b.trace()
	switch {
	case counted.cut:
		t.Truncated = fmt.Sprintf("only the first %s of the trace were read", bytesText(o.MaxBytes))
	case err != nil:
		t.Truncated = "the program ended without stopping the tracer: the very last moments are missing"
	}
	if t.Length < o.From {
		return nil, fmt.Errorf("there is nothing from %v on: the trace is %s long", o.From, timeText(t.Length))
	}
	return t, nil
}

// header is how a trace begins. The reader of old formats takes as much memory
// as a damaged file tells it to, so that they are refused.
const (
	headerSize = 16
	oldest     = 22
)

func open(r io.Reader) (*trace.Reader, error) {
	head := make([]byte, headerSize)
	switch n, err := io.ReadFull(r, head); {
	case n == 0:
		return nil, ErrEmpty
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("reading the trace: %w", err)
	case err != nil && bytes.HasPrefix(head, []byte("go 1.")):
		return nil, ErrEmpty
	}
	version, ok := bytes.CutPrefix(head, []byte("go 1."))
	number, rest, found := bytes.Cut(version, []byte(" trace"))
	minor, err := strconv.Atoi(string(number))
	if !ok || !found || err != nil || len(bytes.Trim(rest, "\x00")) > 0 {
		return nil, errors.New("this is not an execution trace of Go")
	}
	if minor < oldest {
		return nil, fmt.Errorf("the trace is of Go 1.%d; those of Go 1.%d and later can be read", minor, oldest)
	}
	return trace.NewReader(io.MultiReader(bytes.NewReader(head), bufio.NewReader(r)))
}

// counter reads no more than a number of bytes.
type counter struct {
	r    io.Reader
	left int64
	cut  bool
}

func (c *counter) Read(p []byte) (int, error) {
	if c.left <= 0 {
		c.cut = true
		return 0, io.EOF
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	return n, err
}

// read takes all events. The reader panics on some damaged traces.
func (b *builder) read(events *trace.Reader) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the trace is damaged: %v", p)
		}
	}()
	for {
		e, err := events.ReadEvent()
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if b.over && e.Kind() == trace.EventSync {
			return nil
		}
		b.event(e)
	}
}

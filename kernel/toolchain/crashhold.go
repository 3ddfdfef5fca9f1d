package toolchain

import (
	"bytes"
	"slices"
	"time"

	"github.com/chanbook/chanbook/kernel/traceback"
)

const (
	// maxHeld bounds the text that is held back while it is not known whether the
	// program is dying.
	maxHeld = 1 << 20
	// silence is how long text that may begin a report is held back when the program
	// writes nothing more, and longSilence text that has stacks, too.
	silence     = 500 * time.Millisecond
	longSilence = 2 * time.Second
	// counting is how long the runtime pauses at most while it counts the calls of a
	// stack that has overflowed.
	counting = 5 * time.Minute
	// doubt is how long something else that a program does is held up, for what it
	// wrote before. A report that is being written comes without a pause.
	doubt = 50 * time.Millisecond
	// fewForeign lines may stand in a report: what other programs wrote meanwhile.
	fewForeign = 3
)

// holder decides which part of standard error is the Go runtime's report of a
// crash, which is shown as the failure of the cell and not as its output. Text from
// a line that may begin a report is held back until what follows is none, or the
// program writes nothing for a while or does something else, or dies.
//
// A holder is a value without a lock: its output guards it.
type holder struct {
	show func(string) // shows text to the person

	middle  bool // the text shown so far ends inside a line
	text    []byte
	read    int // how much of the text the report has
	report  *report
	last    time.Time // of the last text
	dying   bool      // the program was asked for a report
	dropped bool      // a part of the text is in the report only
	head    []string  // of a report whose stacks had not come when it was let go
}

// feed takes the next text.
func (h *holder) feed(text string, now time.Time) {
	h.last = now
	for text != "" {
		if h.report == nil {
			n := traceback.MayBeginAt(text, h.middle)
			h.reveal(text[:n])
			if text = text[n:]; text == "" {
				return
			}
			h.report = newReport()
		}
		h.text = append(h.text, text...)
		text = h.digest()
	}
}

// digest hands whole lines to the report. When the text turns out to be none, it
// is shown, and what begins another one is returned.
func (h *holder) digest() (rest string) {
	for {
		end := bytes.IndexByte(h.text[h.read:], '\n')
		if end < 0 {
			break
		}
		line := string(bytes.TrimSuffix(h.text[h.read:h.read+end], []byte("\r")))
		switch h.report.line(line) {
		case another:
			rest = string(h.text[h.read:])
			h.text = h.text[:h.read]
			h.release()
			return rest
		case foreign:
			if len(h.report.foreign) > fewForeign && !h.dying && !h.dropped {
				rest = string(h.text[h.read+end+1:])
				h.text = h.text[:h.read+end+1]
				h.release()
				return rest
			}
		}
		h.read += end + 1
	}
	if len(h.text) > maxHeld {
		if !h.report.begun || h.report.stacks == 0 {
			h.release()
			return ""
		}
		h.dropped = true
		h.text, h.read = append([]byte(nil), h.text[h.read:]...), 0
		if len(h.text) > maxHeld { // one line: it is of no use
			h.text = nil
		}
	}
	return ""
}

// reveal shows text that is the program's own.
func (h *holder) reveal(text string) {
	if text == "" {
		return
	}
	h.middle = text[len(text)-1] != '\n'
	h.show(text)
}

// release shows what is held: it is no report. A beginning is remembered, because
// a machine that is busy may hold a program up while it writes.
func (h *holder) release() {
	if h.report == nil {
		return
	}
	h.head = nil
	if h.report.begun && !h.report.headed && len(h.report.foreign) == 0 {
		h.head = h.report.head
	}
	text, dropped := string(h.text), h.dropped
	h.text, h.read, h.report, h.dropped = nil, 0, nil, false
	if dropped {
		h.reveal("[a part of the text on standard error is left out]\n")
	}
	h.reveal(text)
}

// undecided tells whether text is held that time may set free.
func (h *holder) undecided() bool { return h.report != nil && !h.dying }

// expire lets go of what has been held for too long.
func (h *holder) expire(now time.Time) {
	if h.undecided() && now.Sub(h.last) > h.limit() {
		h.release()
	}
}

// limit is how long the program may write nothing more.
func (h *holder) limit() time.Duration {
	switch {
	case !h.convincing():
		return silence
	case slices.Contains(h.report.head, "fatal error: stack overflow"):
		return counting
	}
	return longSilence
}

// doubtful tells whether a program that does something else now may do so for the
// last time, because another of its goroutines is writing a report.
func (h *holder) doubtful(now time.Time) bool {
	if h.report == nil {
		return false
	}
	if h.convincing() {
		return now.Sub(h.last) <= silence
	}
	return now.Sub(h.last) <= doubt
}

// convincing reports whether what is held can hardly be anything but a report.
func (h *holder) convincing() bool { return h.report != nil && h.report.begun && h.report.headed }

// expect says that the program has been asked for a report.
func (h *holder) expect() { h.dying = true }

// finish returns the report, when the program has ended by a crash and there is one,
// and shows everything else that was held.
func (h *holder) finish(crashed bool) *report {
	r := h.report
	if r == nil {
		return nil
	}
	if rest := h.text[h.read:]; len(rest) > 0 && crashed && !r.headed {
		r.line(string(rest)) // what has no line end in a list of stacks, is no line
	}
	r.end()
	if !r.begun && r.stacks > 0 && h.head != nil {
		r.head, r.begun = append(h.head, r.head...), true
	}
	if !crashed || !r.begun {
		h.release()
		return nil
	}
	for _, line := range r.foreign {
		h.reveal(line + "\n")
	}
	return r
}

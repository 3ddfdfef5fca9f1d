package supervisor

import (
	"bytes"

	"github.com/chanbook/chanbook/kernel/traceback"
)

// maxHeld bounds the text that is held back while it is not known whether the
// worker is dying.
const maxHeld = 256 << 10

// holder decides which part of standard error is the Go runtime's report of a
// crash, which is shown as the cell's failure and not as its output. Text from
// a line that may begin a report is held back until the worker answers that it
// is alive, or dies.
//
// A holder is a value without a lock: its stream guards it.
type holder struct {
	ask  func()       // asks the worker whether it is alive; answer by alive
	show func(string) // shows text to the person

	middle   bool // the text shown so far ends inside a line
	held     []byte
	asked    int  // length of held when the question was put; 0: none is out
	dying    bool // the worker is taken to be writing its report
	dropped  int  // bytes that went to the scanner and cannot be shown any more
	scan     *scanner
	accepted int64 // bytes fed
	released int64 // bytes that are not held any more
}

// feed takes the next text.
func (h *holder) feed(text string) {
	h.accepted += int64(len(text))
	if len(h.held) == 0 && h.scan == nil {
		clear := traceback.MayBeginAt(text, h.middle)
		h.reveal(text[:clear])
		text = text[clear:]
	}
	if text == "" {
		return
	}
	h.held = append(h.held, text...)
	switch {
	case h.dying:
		h.digest()
	case h.asked == 0:
		h.asked = len(h.held)
		h.ask()
	}
}

// reveal shows text that is known to be the user's.
func (h *holder) reveal(text string) {
	if text == "" {
		return
	}
	h.released += int64(len(text))
	h.middle = text[len(text)-1] != '\n'
	h.show(text)
}

// alive is the answer: the worker was not writing a report when it was asked.
func (h *holder) alive() {
	if h.dying {
		h.recant()
	}
	n := h.asked
	h.asked = 0
	rest := string(h.held[min(n, len(h.held)):])
	shown := string(h.held[:len(h.held)-len(rest)])
	h.held = nil
	h.reveal(shown)
	h.accepted -= int64(len(rest)) // feed counts it again
	h.feed(rest)
}

// recant ends the belief that the worker is dying, when it answered after all.
func (h *holder) recant() {
	h.dying, h.scan = false, nil
	if h.dropped > 0 {
		h.show("\n[some of the text written to standard error is left out]\n")
		h.dropped = 0
	}
}

// full tells whether no more text should be read before the question is
// answered.
func (h *holder) full() bool { return !h.dying && len(h.held) >= maxHeld }

// expectReport says that the worker is dying: everything suspicious that comes
// is taken for its report, of which only the digest is kept.
func (h *holder) expectReport() {
	h.dying = true
	if len(h.held) > 0 {
		h.digest()
	}
}

// digest hands whole lines to the scanner, once they are too many to hold.
func (h *holder) digest() {
	if len(h.held) < maxHeld {
		return
	}
	if h.scan == nil {
		h.scan = &scanner{}
		at := reportStart(h.held)
		h.reveal(string(h.held[:at]))
		h.held = h.held[at:]
	}
	end := bytes.LastIndexByte(h.held, '\n') + 1
	for line := range bytes.Lines(h.held[:end]) {
		h.scan.line(string(bytes.TrimRight(line, "\r\n")))
	}
	h.drop(end)
	if len(h.held) >= maxHeld { // one line: it is of no use
		h.drop(len(h.held))
	}
}

func (h *holder) drop(n int) {
	h.dropped += n
	h.released += int64(n)
	h.held = append([]byte(nil), h.held[n:]...)
}

// finish is called after the death of the worker. It returns the report, or
// shows the held text and returns nil when it was none.
func (h *holder) finish() *Report {
	text := h.held
	h.held = nil
	if h.scan == nil {
		h.scan = &scanner{}
		at := reportStart(text)
		h.reveal(string(text[:at]))
		text = text[at:]
	}
	for line := range bytes.Lines(text) {
		h.scan.line(string(bytes.TrimRight(line, "\r\n")))
	}
	report := h.scan.finish()
	if report == nil {
		h.reveal(string(text))
	}
	h.released = h.accepted
	return report
}

// reportStart finds where in the held text the report begins: the last line
// before the first stack that can begin one. What stands before that is the
// user's, except for the runtime's remarks and for what other threads wrote that
// failed at the same time, which is usual with concurrent map writes.
func reportStart(text []byte) int {
	at, start, run := 0, 0, -1 // run is where unbroken words of the runtime begin
	for line := range bytes.Lines(text) {
		s := string(bytes.TrimRight(line, "\r\n"))
		if _, stack := parseHeader(s); stack {
			break
		}
		kind, _, begins := traceback.ParseStart(s)
		switch {
		case kind == "fatal error" || traceback.IsRemark(s):
			if run < 0 {
				run = at
			}
			if begins {
				start = run
			}
		case begins && kind == "SIGABRT" && run >= 0: // after a message of cgo's
			start, run = run, -1
		case begins:
			start, run = at, -1
		case s != "" && s[0] != '\t':
			run = -1
		}
		at += len(line)
	}
	return start
}

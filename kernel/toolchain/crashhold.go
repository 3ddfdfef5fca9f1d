package toolchain

import "time"

// holder decides which part of standard error is the Go runtime's report of a
// crash, which is shown as the failure of the cell and not as its output.
type holder struct {
	show func(string) // shows text to the person
}

func (h *holder) feed(text string, now time.Time) { h.show(text) }
func (h *holder) undecided() bool                 { return false }
func (h *holder) expire(now time.Time)            {}
func (h *holder) release()                        {}
func (h *holder) held() string                    { return "" }

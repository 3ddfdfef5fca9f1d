package show

import (
	"fmt"
	"html"
	"iter"
	"math"
	"strings"
	"sync"
	"time"
)

// A ProgressBar shows how far some work has come. Its methods may be called from
// several goroutines at once.
//
// It sends at most ten updates in a second. What is held back is sent by a
// goroutine of its own, which lives no longer than there is something to send; Done
// waits for it.
type ProgressBar struct {
	display Display
	total   int
	label   string
	started time.Time
	flush   sync.WaitGroup // the goroutine that sends what was held back

	mu    sync.Mutex
	count int
	shown int // the count that was sent last
	done  bool
	held  bool // flush will send
	sent  time.Time
}

// Progress shows a bar for work of total steps. Each Add moves it on, and Done
// leaves the final state below the cell:
//
//	p := show.Progress(len(files), "reading")
//	for _, f := range files {
//		read(f)
//		p.Add(1)
//	}
//	p.Done()
//
// Beside the count stand the time that has passed and, once there is something
// to tell it by, an estimate of the time that is left, which takes it that the
// steps to come take as long as those before. With a total of 0 or less there is
// only a count.
func Progress(total int, label ...string) *ProgressBar {
	p := &ProgressBar{total: total, label: valid(strings.Join(label, " ")), started: time.Now()}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.send()
	return p
}

// ProgressOver ranges over the numbers from 0 to n-1 and shows how many bodies of
// the loop have ended:
//
//	for i := range show.ProgressOver(1000) {
//		work(i)
//	}
func ProgressOver(n int, label ...string) iter.Seq[int] {
	return func(yield func(int) bool) {
		p := Progress(n, label...)
		defer p.Done()
		for i := range n {
			if !yield(i) {
				return
			}
			p.Add(1)
		}
	}
}

// Add says that n more steps have been done. After Done it does nothing.
func (p *ProgressBar) Add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return
	}
	p.count += n
	wait := updateInterval() - time.Since(p.sent)
	switch {
	case wait <= 0:
		p.send()
	case !p.held:
		p.held = true
		p.flush.Go(func() { p.sendLater(wait) })
	}
}

// sendLater shows what Add has held back, as soon as an update is allowed.
func (p *ProgressBar) sendLater(wait time.Duration) {
	for wait > 0 {
		time.Sleep(wait)
		p.mu.Lock()
		wait = updateInterval() - time.Since(p.sent)
		if p.done || p.shown == p.count {
			wait = 0
		} else if wait <= 0 {
			p.send()
		}
		p.held = wait > 0
		p.mu.Unlock()
	}
}

// Done ends the work and shows its final state: that all was done, or where it
// stopped. Another Done does nothing.
func (p *ProgressBar) Done() {
	p.mu.Lock()
	if !p.done {
		p.done = true
		p.send()
	}
	p.mu.Unlock()
	p.flush.Wait()
}

// updateInterval is the least time between two updates: in a terminal or a file
// each takes a line.
func updateInterval() time.Duration {
	if connected() {
		return time.Second / 10
	}
	return 2 * time.Second
}

// send shows the present state. The caller holds mu.
func (p *ProgressBar) send() {
	now := time.Now()
	p.sent, p.shown = now, p.count
	p.display.update(progressState{p.label, p.count, p.total, now.Sub(p.started), p.done}.view())
}

// progressState is what a bar shows at one moment.
type progressState struct {
	label        string
	count, total int
	passed       time.Duration
	done         bool
}

// words are the parts of the line besides the label and the bar.
func (s progressState) words() []string {
	var words []string
	switch {
	case s.total <= 0:
		words = append(words, fmt.Sprint(s.count))
	default:
		words = append(words, fmt.Sprintf("%d of %d", s.count, s.total), percent(s.fraction()))
	}
	words = append(words, duration(s.passed))
	switch left := s.left(); {
	case s.done && s.count < s.total:
		words = append(words, "stopped")
	case s.done:
		words = append(words, "done")
	case left > 0:
		words = append(words, "about "+rounded(left, 2)+" left")
	}
	return words
}

func (s progressState) fraction() float64 {
	return min(1, max(0, float64(s.count)/float64(s.total)))
}

// left estimates the time that is left; 0 says that there is nothing to tell it by.
func (s progressState) left() time.Duration {
	if s.count <= 0 || s.count >= s.total || s.passed < time.Second/2 {
		return 0
	}
	estimate := float64(s.passed) / float64(s.count) * float64(s.total-s.count)
	return time.Duration(min(estimate, math.MaxInt64/2))
}

func (s progressState) view() view {
	words := strings.Join(s.words(), " · ")
	var text, markup strings.Builder
	fmt.Fprintf(&markup, "<div style=%q>", styleLine)
	if s.label != "" {
		text.WriteString(s.label + " ")
		markup.WriteString(html.EscapeString(s.label) + " ")
	}
	if s.total > 0 {
		text.WriteString(textBar(s.fraction(), 20) + " ")
		markup.WriteString(barImage(s.fraction(), 160, percent(s.fraction())) + " ")
	}
	text.WriteString(words)
	// A number and its sign stay on one line.
	markup.WriteString(strings.ReplaceAll(html.EscapeString(words), " %", "&nbsp;%") + "</div>")
	return view{data: Bundle{mimeHTML: markup.String(), mimeText: text.String()}}
}

//go:build unix

package instruments

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

type lineCount = atomic.Int64

// An auditor is the front end of one cell of a soak. It reads the tags of lines as
// they come, keeps little, and reports lines that are not the cell's or not in order.
type auditor struct {
	soak      *soak
	number    int
	interrupt func() // called once the cell has shown the word ready

	mu       sync.Mutex
	first    strings.Builder   // what is shown, up to some length
	part     map[string]string // of each stream, the beginning of a line
	next     map[string]int    // the number of the next line of each goroutine
	missing  int               // lines that are still to come
	complete chan struct{}     // closed when none is missing
	free     bool              // the process has died: lines may be missing
}

func newAuditor(k *soak, number int, interrupt func()) *auditor {
	return &auditor{soak: k, number: number, interrupt: interrupt, part: map[string]string{}, next: map[string]int{}}
}

func (a *auditor) Output(o cell.Output) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch o := o.(type) {
	case cell.Stream:
		text := a.part[o.Name] + o.Text
		last := strings.LastIndexByte(text, '\n') + 1
		a.part[o.Name] = text[last:]
		a.read(text[:last])
	case cell.Display:
		a.plain(o.Data)
	case cell.Result:
		a.plain(o.Data)
	}
}

func (a *auditor) plain(data cell.Bundle) {
	text, _ := data["text/plain"].(string)
	a.read(text + "\n")
}

const mostKept = 4000

// read takes whole lines.
func (a *auditor) read(text string) {
	if a.first.Len() < mostKept {
		a.first.WriteString(text)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "ready") && a.interrupt != nil {
			a.interrupt()
			a.interrupt = nil
		}
		if at := strings.Index(line, "tag "); at >= 0 {
			a.tagged(strings.Fields(line[at:]))
		}
	}
}

// tagged takes a line "tag cell goroutine n".
func (a *auditor) tagged(fields []string) {
	a.soak.lines.Add(1)
	if len(fields) != 4 {
		a.soak.t.Errorf("In[%d] shows a line that is damaged: %q", a.number, fields)
		return
	}
	if fields[1] != strconv.Itoa(a.number) {
		a.soak.t.Errorf("In[%d] shows a line of In[%s]: %q", a.number, fields[1], fields)
	}
	if n, _ := strconv.Atoi(fields[3]); n != a.next[fields[2]] {
		a.soak.t.Errorf("In[%d]: %q, want line %d", a.number, fields, a.next[fields[2]])
	}
	a.next[fields[2]]++
	if a.missing--; a.missing == 0 && a.complete != nil {
		close(a.complete)
		a.complete = nil
	}
}

func (a *auditor) Input(context.Context, string, bool) (string, error) {
	return fmt.Sprintf("input for %d", a.number), nil
}

// beginning is what the cell showed first.
func (a *auditor) beginning() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.first.String()
}

// shown is how many tagged lines have come.
func (a *auditor) shown() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, lines := range a.next {
		n += lines
	}
	return n
}

// expect says how many tagged lines the cell shows in all.
func (a *auditor) expect(all int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, n := range a.next {
		all -= n
	}
	a.missing = all
}

// abandon says that the process has died, so that lines may be missing.
func (a *auditor) abandon() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.free = true
}

// awaitAll waits for the lines that are still to come.
func (a *auditor) awaitAll() {
	a.mu.Lock()
	missing := a.missing
	if missing > 0 && !a.free {
		a.complete = make(chan struct{})
	}
	complete := a.complete
	a.mu.Unlock()
	if complete == nil {
		return
	}
	select {
	case <-complete:
	case <-time.After(bound):
		a.soak.t.Errorf("In[%d]: lines that should have come: %d", a.number, missing)
	}
}

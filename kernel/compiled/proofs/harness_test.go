//go:build unix

package proofs

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
	"github.com/chanbook/chanbook/kernel/worker"
)

// The test binary is its own worker.
func TestMain(m *testing.M) {
	if os.Getenv("PROOFS_TEST") == "worker" {
		os.Exit(worker.Main(func(h worker.Host) (worker.Session, error) {
			return session.New(session.Options{Start: h.Start}), nil
		}))
	}
	os.Exit(m.Run())
}

// bound is how long a cell may take. It is far more than any needs: the first one
// fills the build cache.
const bound = 2 * time.Minute

// page is a front end that remembers what one cell shows.
type page struct {
	mu      sync.Mutex
	b       strings.Builder
	changed chan struct{} // closed and replaced at each output
}

func newPage() *page { return &page{changed: make(chan struct{})} }

func (p *page) Output(o cell.Output) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch o := o.(type) {
	case cell.Stream:
		p.b.WriteString(o.Text)
	case cell.Display:
		text, _ := o.Data["text/plain"].(string)
		p.b.WriteString(text + "\n")
	}
	close(p.changed)
	p.changed = make(chan struct{})
}

func (*page) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

func (p *page) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

// await waits until the page shows text.
func (p *page) await(t *testing.T, text string) {
	t.Helper()
	limit := time.After(bound)
	for {
		p.mu.Lock()
		shown, changed := p.b.String(), p.changed
		p.mu.Unlock()
		if strings.Contains(shown, text) {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("the cell never showed %q; it shows %.2000q", text, shown)
		}
	}
}

// executor is a session, here or in a worker.
type executor func(ctx context.Context, req cell.Request, fe cell.Frontend) cell.Outcome

// run runs a cell to its end, and returns all that it shows, its failure behind it.
func run(t *testing.T, execute executor, number int, text string) string {
	t.Helper()
	p := newPage()
	ctx, cancel := context.WithTimeoutCause(t.Context(), bound, cell.ErrInterrupted)
	defer cancel()
	out := execute(ctx, cell.Request{Source: cell.Source{Number: number, Text: text}}, p)
	if ctx.Err() != nil {
		t.Errorf("In[%d] did not end by itself:\n%s", number, text)
	}
	shown := p.text()
	if out.Failure != nil {
		shown += "! " + out.Failure.Error() + "\n"
	}
	return shown
}

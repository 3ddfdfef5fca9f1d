//go:build unix

package instruments

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
	"github.com/chanbook/chanbook/kernel/worker"
)

// The test binary is its own worker, and plays scenes.
func TestMain(m *testing.M) {
	switch os.Getenv("INSTRUMENTS_TEST") {
	case "worker":
		os.Exit(worker.Main(func(worker.Host) (worker.Session, error) { return session.New(session.Options{}), nil }))
	case "scene":
		playHere()
	}
	os.Exit(m.Run())
}

// bound is how long a cell may take that should end by itself. It is far more than
// any needs: machines differ, and many cells run at once.
const bound = 60 * time.Second

// page is a front end that remembers what one cell shows.
type page struct {
	mu      sync.Mutex
	outputs []cell.Output
	changed chan struct{} // closed and replaced at each output
	input   func(ctx context.Context) (string, error)
}

func newPage() *page { return &page{changed: make(chan struct{})} }

func (p *page) Output(o cell.Output) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outputs = append(p.outputs, o)
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *page) Input(ctx context.Context, _ string, _ bool) (string, error) {
	if p.input == nil {
		return "", cell.ErrNoInput
	}
	return p.input(ctx)
}

// text is all that the page shows, as plain text.
func (p *page) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.textLocked()
}

func (p *page) textLocked() string {
	var b strings.Builder
	plain := func(data cell.Bundle) {
		text, _ := data["text/plain"].(string)
		b.WriteString(text + "\n")
	}
	for _, o := range p.outputs {
		switch o := o.(type) {
		case cell.Stream:
			b.WriteString(o.Text)
		case cell.Result:
			plain(o.Data)
		case cell.Display:
			plain(o.Data)
		}
	}
	return b.String()
}

// await waits until the page shows text.
func (p *page) await(t testing.TB, text string) {
	t.Helper()
	limit := time.After(bound)
	for {
		p.mu.Lock()
		shown, changed := p.textLocked(), p.changed
		p.mu.Unlock()
		if strings.Contains(shown, text) {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("the cell never showed %q; it shows %q", text, shown)
		}
	}
}

// newSession returns a session that is closed when the test ends.
func newSession(t testing.TB) *session.Session {
	s := session.New(session.Options{})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func request(number int, text string) cell.Request {
	return cell.Request{Source: cell.Source{Number: number, Text: text}}
}

// run runs a cell to its end. One that does not come to it is interrupted, and an
// error of the test.
func run(t testing.TB, s *session.Session, number int, text string, p *page) *cell.Failure {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), bound, cell.ErrInterrupted)
	defer cancel()
	out, _ := s.Execute(ctx, request(number, text), p)
	if ctx.Err() != nil {
		t.Errorf("In[%d] did not end by itself:\n%s", number, text)
	}
	return out.Failure
}

// good runs a cell that must not fail.
func good(t testing.TB, s *session.Session, number int, text string) *page {
	t.Helper()
	p := newPage()
	if f := run(t, s, number, text, p); f != nil {
		t.Fatalf("%v\nof the cell\n%s", f, text)
	}
	return p
}

// A scene is a series of cells in one session.
type scene struct {
	name  string
	cells []string
	want  string
}

// scenes reads the files of an archive: name/In[1], name/In[2] and so on are the
// cells of a scene, name/want what is wanted of it. A file that is called name
// alone is a scene of one cell.
func scenes(t testing.TB, file string) []scene {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []scene
	for _, f := range archive.Files {
		name, part, _ := strings.Cut(f.Name, "/")
		if len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, scene{name: name})
		}
		last := &all[len(all)-1]
		switch {
		case part == "want":
			last.want = string(f.Data)
		case part == "" || strings.HasPrefix(part, "In["):
			last.cells = append(last.cells, string(f.Data))
		default:
			t.Fatalf("%s: a file called %s", file, f.Name)
		}
	}
	return all
}

// missing skips a test for want of a tool, or fails it where tools must be.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

//go:build unix

package instruments

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// A scene is played in a process of its own, as a session lives in one: goroutines
// of another session would look as if they could wake those of this one.

// outside is how long what comes from outside of a cell takes.
const outside = 800 * time.Millisecond

// score says what to play.
type score struct {
	Cells []string
	// Verdicts are what the goroutines that the cells leave behind should come to:
	// patterns, sorted. Without them nobody looks.
	Verdicts []string
}

// performance is what was seen of a scene.
type performance struct {
	Cells    []played
	Verdicts []string // of the goroutines at the end
	Leaks    string   // what show.Leaks says then
}

// played is one cell.
type played struct {
	Text    string
	Failure *cell.Failure
	Took    time.Duration
	Cut     bool // it did not end by itself
}

// last is the last cell that was played.
func (p performance) last() played { return p.Cells[len(p.Cells)-1] }

// play plays a scene.
func play(t *testing.T, sc score) performance {
	t.Helper()
	order, err := json.Marshal(sc)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), bound*time.Duration(len(sc.Cells)+2))
	defer cancel()
	c := exec.CommandContext(ctx, os.Args[0])
	c.Env = append(os.Environ(), "INSTRUMENTS_TEST=scene", "GODEBUG=tracebacklabels=1") // as the supervisor starts a worker
	c.Stdin = bytes.NewReader(order)
	var stderr strings.Builder
	c.Stderr = &stderr
	report, err := os.CreateTemp(t.TempDir(), "report")
	if err != nil {
		t.Fatal(err)
	}
	defer report.Close()
	c.ExtraFiles = []*os.File{report}
	if err := c.Run(); err != nil {
		t.Fatalf("the process that plays the scene: %v\n%s", err, &stderr)
	}
	var p performance
	text, err := os.ReadFile(report.Name())
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil || len(p.Cells) == 0 {
		t.Fatalf("the report of the scene: %v: %s", err, text)
	}
	return p
}

// playHere plays the scene that standard input describes, in this process.
func playHere() {
	var sc score
	if err := json.NewDecoder(os.Stdin).Decode(&sc); err != nil {
		fmt.Fprintln(os.Stderr, "the scene:", err)
		os.Exit(1)
	}
	s := session.New(session.Options{})
	var p performance
	number := 0
	next := func(text string) played {
		number++
		done := playCell(s, number, text)
		p.Cells = append(p.Cells, done)
		return done
	}
	for _, text := range sc.Cells {
		if next(text).Failure != nil {
			break
		}
	}
	if sc.Verdicts != nil {
		p.Verdicts = awaitVerdicts(s, sc.Verdicts)
		p.Leaks = next("import \"chanbook/show\"\nshow.Leaks()").Text
	}
	if err := json.NewEncoder(os.NewFile(3, "report")).Encode(p); err != nil {
		fmt.Fprintln(os.Stderr, "the report:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// playCell runs a cell. It gets a line of input after a pause, and a signal some
// time after it has said that it is ready for one.
func playCell(s *session.Session, number int, text string) played {
	ctx, cancel := context.WithTimeoutCause(context.Background(), bound, cell.ErrInterrupted)
	defer cancel()
	p := newPage()
	p.input = func(ctx context.Context) (string, error) {
		select {
		case <-time.After(outside):
			return "input", nil
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
	ended := make(chan struct{})
	var signaller sync.WaitGroup
	signaller.Go(func() {
		if p.shows("ready\n", ended) {
			time.Sleep(outside)
			syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
		}
	})
	begin := time.Now()
	out, _ := s.Execute(ctx, request(number, text), p)
	took := time.Since(begin)
	close(ended)
	signaller.Wait()
	return played{Text: p.text(), Failure: out.Failure, Took: took, Cut: ctx.Err() != nil}
}

// shows waits until the page shows text, or for the end of a cell.
func (p *page) shows(text string, ended <-chan struct{}) bool {
	for {
		p.mu.Lock()
		shown, changed := p.textLocked(), p.changed
		p.mu.Unlock()
		if strings.Contains(shown, text) {
			return true
		}
		select {
		case <-changed:
		case <-ended:
			return false
		}
	}
}

// each runs a test for each scene, some at the same time: most of them only wait.
func each(t *testing.T, list []scene, test func(*testing.T, scene)) {
	const atOnce = 16
	todo := make(chan scene)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for s := range todo {
				t.Run(s.name, func(t *testing.T) { test(t, s) })
			}
		})
	}
	for _, s := range list {
		todo <- s
	}
	close(todo)
	workers.Wait()
}

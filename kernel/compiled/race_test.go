package compiled

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// racePage is a front end that keeps what it is shown.
type racePage struct {
	mu             sync.Mutex
	stdout, stderr strings.Builder
	displays       []cell.Bundle
}

func (p *racePage) Output(o cell.Output) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch o := o.(type) {
	case cell.Stream:
		if o.Name == cell.Stdout {
			p.stdout.WriteString(o.Text)
		} else {
			p.stderr.WriteString(o.Text)
		}
	case cell.Display:
		p.displays = append(p.displays, o.Data)
	}
}

func (p *racePage) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

// text is what the displays say.
func (p *racePage) text() string {
	var b strings.Builder
	for _, d := range p.displays {
		b.WriteString(d["text/plain"].(string) + "\n")
	}
	return b.String()
}

// raceSession is a session with a real toolchain.
func raceSession(t *testing.T) *Cells {
	t.Helper()
	for tool, what := range map[string]string{"go": "Go from https://go.dev/dl", "gcc": "gcc"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(tool + " is missing")
			}
			t.Skip("install " + what)
		}
	}
	tools := toolchain.New(toolchain.Options{})
	t.Cleanup(func() {
		if err := tools.Close(); err != nil {
			t.Error(err)
		}
	})
	return New(tools, program.Standard())
}

// runRace runs a cell, In[3], whose first line is the command.
func runRace(t *testing.T, s *Cells, text string) (*racePage, *cell.Failure) {
	t.Helper()
	line, rest, _ := strings.Cut(text, "\n")
	p := &racePage{}
	outcome := s.Run(&Call{
		Ctx: t.Context(), Name: "%%race", Args: strings.TrimPrefix(line, "%%race"), Out: p,
		Cell: cell.Source{Number: 3, Text: strings.Repeat(" ", len(line)) + "\n" + rest},
	})
	return p, outcome.Failure
}

// quick spares the second for which the detector waits after main.
const quick = "%%race -env GORACE=atexit_sleep_ms=20"

const counterCell = `
counter := 0
var wg sync.WaitGroup
for i := range 2 {
	wg.Go(func() {
		time.Sleep(time.Duration(i) * 20 * time.Millisecond)
		counter++
	})
}
wg.Wait()
fmt.Println("done")
`

func TestRaceOfStatements(t *testing.T) {
	p, failure := runRace(t, raceSession(t), quick+counterCell)
	if failure != nil {
		t.Fatal(failure)
	}
	if p.stdout.String() != "done\n" || p.stderr.String() != "" {
		t.Errorf("stdout %q, stderr %q", p.stdout.String(), p.stderr.String())
	}
	got := p.text()
	for _, want := range []string{"Race 1: counter", "write at In[3]:7", "read at In[3]:7", "started at In[3]:5", ">   7  ", "counter++", "atomic.Int64"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	t.Log(got)
}

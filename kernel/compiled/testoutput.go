package compiled

import (
	"context"
	"crypto/rand"
	"os"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/race"
	"github.com/chanbook/chanbook/kernel/testrun"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// testOutput takes the output of a test binary: what tests print goes on to the
// front end, what is said about them to a report.
type testOutput struct {
	fe cell.Frontend

	mu      sync.Mutex // guards reader and fuzzing; held while output is handed on, to keep its order
	reader  testrun.Reader
	fuzzing string // the display of the progress of fuzzing, once there is one
}

func newTestOutput(fe cell.Frontend, verbose bool) *testOutput {
	o := &testOutput{fe: fe}
	o.reader.KeepAll = verbose
	o.reader.Printed = func(text string) { fe.Output(cell.Stream{Name: cell.Stdout, Text: text}) }
	o.reader.Progress = o.progress
	return o
}

// Output implements cell.Frontend.
func (o *testOutput) Output(out cell.Output) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if s, ok := out.(cell.Stream); ok && s.Name == cell.Stdout {
		o.reader.Write(s.Text)
		return
	}
	o.fe.Output(out)
}

// Input implements cell.Frontend.
func (o *testOutput) Input(ctx context.Context, prompt string, password bool) (string, error) {
	return o.fe.Input(ctx, prompt, password)
}

// progress shows how far fuzzing is, in one place.
func (o *testOutput) progress(line string) {
	d := cell.Display{ID: o.fuzzing, Update: o.fuzzing != "", Data: cell.Text(testrun.Progress(line))}
	if o.fuzzing == "" {
		o.fuzzing = "fuzzing-" + rand.Text()
		d.ID = o.fuzzing
	}
	o.fe.Output(d)
}

// show shows the report, in the place of the progress of fuzzing.
func (o *testOutput) show(b cell.Bundle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fe.Output(cell.Display{ID: o.fuzzing, Update: o.fuzzing != "", Data: b})
}

func (o *testOutput) report() testrun.Report {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.reader.Report()
}

// raceSettings is what the person's environment says to the race detector.
func raceSettings(env []string) string {
	settings := os.Getenv("GORACE")
	for _, e := range env {
		if s, ok := strings.CutPrefix(e, "GORACE="); ok {
			settings = s
		}
	}
	return settings
}

// showRaces draws the races that the tests had, if any.
func (t *tests) showRaces(p *program.Program, log *race.Log) {
	if len(log.Reports) == 0 {
		return
	}
	o := race.Options{Source: t.source(t.call), Place: program.Place, Importer: standardTypes()}
	for _, f := range p.Files {
		o.Files = append(o.Files, f.Text)
	}
	t.call.Out.Output(cell.Display{Data: race.Draw(log, o)})
}

package compiled

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
	"github.com/chanbook/chanbook/kernel/trace"
)

// traceSettings are what a line with %%trace says besides what all commands have in
// common.
type traceSettings struct {
	*settings
	trace.View
	trace.Options
	megabytes int
}

// Trace is %%trace: it runs the cell under the execution tracer and draws what
// happened.
func (s *Cells) Trace(c *Call) cell.Outcome {
	set, bad := c.traceSettings()
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	x := &traced{cells: s, call: c, set: set, display: &progress{out: c.Out}}
	if bad := x.build(); bad != nil {
		return cell.Outcome{Failure: bad}
	}
	dir, remove, err := s.toolchain.Scratch()
	if err != nil {
		return cell.Outcome{Failure: failure(err)}
	}
	defer remove()
	x.file = filepath.Join(dir, "trace.out")
	result, asleep := x.run()
	if result.Status < 0 && result.Signal == nil { // it did not start
		return cell.Outcome{Failure: result.Failure}
	}
	return cell.Outcome{Failure: x.show(result, asleep)}
}

// traced is a program that is traced.
type traced struct {
	cells   *Cells
	call    *Call
	set     *traceSettings
	display *progress // of what is to be said while it runs, and then the trace

	binary *toolchain.Binary
	sure   bool   // nothing but its own goroutines wakes one
	input  bool   // it may read standard input
	file   string // the trace
}

// build builds the program.
func (x *traced) build() *cell.Failure {
	p, bad := x.cells.program(x.call, program.Options{First: traceFirst})
	if bad != nil {
		return bad
	}
	if !p.HasMain {
		return x.call.fail("there is nothing to run: the cell has no statements and no func main")
	}
	x.sure, x.input = !wakesItself(p), readsInput(p)
	withTracer(p, x.set.MaxBytes)
	x.binary, bad = x.cells.build(x.call, x.set.settings, p, nil)
	return bad
}

// show shows the trace, and returns how the cell ended.
func (x *traced) show(result toolchain.Result, asleep bool) *cell.Failure {
	t, err := x.read(result)
	if err == nil && asleep {
		result.Failure = x.deadlock(t)
	}
	var bundle cell.Bundle
	if err == nil {
		bundle, err = t.Bundle(x.set.View)
	}
	switch {
	case err == nil:
		x.display.end(bundle, nil)
	case result.Failure == nil:
		return x.call.fail("%v", err)
	default:
		f := *result.Failure
		f.Traceback = append(slices.Clone(f.Traceback), "There is no trace: "+err.Error())
		return &f
	}
	return result.Failure
}

// traceSettings reads the command's line.
func (c *Call) traceSettings() (*traceSettings, *cell.Failure) {
	set := &traceSettings{}
	set.Title = c.Cell.Name()
	var bad *cell.Failure
	set.settings, bad = c.settings(func(f *flag.FlagSet) {
		f.DurationVar(&set.From, "from", 0, "draw from this `time` on, counted from the beginning of main, such as 1ms")
		f.DurationVar(&set.To, "to", 0, "draw up to this `time`")
		f.StringVar(&set.Goroutines, "goroutines", "", "draw these `goroutines` alone: numbers (7, 7-12), names (worker, main.*), lines of go statements (:12), separated by commas")
		f.BoolVar(&set.System, "all", false, "draw the goroutines of the runtime too")
		f.IntVar(&set.Width, "width", 0, fmt.Sprintf("the picture's width in `pixels` (%d)", trace.DefaultWidth))
		f.IntVar(&set.megabytes, "max", 32, "stop tracing after so many `megabytes`")
	})
	switch {
	case bad != nil:
		return nil, bad
	case set.From < 0 || set.To < 0 || set.To != 0 && set.To <= set.From:
		return nil, c.fail("-from %v -to %v: the time to be drawn ends after its beginning", set.From, set.To)
	case set.megabytes < 1 || set.megabytes > 1024:
		return nil, c.fail("-max %d: it can be from 1 to 1024", set.megabytes)
	case set.Width < 0:
		return nil, c.fail("-width %d: a width is positive", set.Width)
	}
	if _, err := new(trace.Trace).Select(set.Goroutines); err != nil {
		return nil, c.fail("-goroutines: %v", err)
	}
	set.MaxBytes = int64(set.megabytes) << 20
	return set, nil
}

// read reads the trace that the program has written. Where nothing happens for
// most of the time until it was stopped, it is read up to that only, unless the
// person asks for a time.
func (x *traced) read(result toolchain.Result) (*trace.Trace, error) {
	f, err := os.Open(x.file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("the program ended before its main began, or could not create the file for its trace")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	o := x.set.Options
	o.Generated, o.Cell = program.Generated, x.cells.lines(x.call)
	o.MaxBytes *= 2 // what was still to be written when tracing was stopped
	t, err := trace.Read(whileWanted(x.call.Ctx, f), o)
	stopped := result.Failure != nil && result.Failure.Name == cell.Interrupt
	if err == nil && o.To == 0 && stopped {
		if since, ok := t.Quiet(); ok && since > o.From {
			o.To = since + since/10
			if _, err = f.Seek(0, io.SeekStart); err == nil {
				t, err = trace.Read(whileWanted(x.call.Ctx, f), o)
			}
		}
	}
	if errors.Is(err, trace.ErrEmpty) {
		return nil, fmt.Errorf("the program ended after less than %v by os.Exit, log.Fatal or from outside, before the tracer wrote anything. Let main return instead", flushEvery)
	}
	if err != nil {
		return nil, err
	}
	t.Truncated = x.set.truncated(t, f, result)
	return t, nil
}

// lines names the lines of cells that files of the program mean.
func (s *Cells) lines(c *Call) func(file string, line int) (string, bool) {
	source := s.source(c)
	return func(file string, line int) (string, bool) {
		pos, ok := program.Place(file, line)
		if !ok {
			return "", false
		}
		if src, ok := source(pos.Cell); ok {
			pos.Cell = src.Name()
		}
		pos.Column = 0
		return pos.String(), true
	}
}

// truncated says why the trace ends before the program's end.
func (set *traceSettings) truncated(t *trace.Trace, f *os.File, result toolchain.Result) string {
	const panicked = 2 // the exit status of a panic, before which the runtime writes the rest of the trace
	info, err := f.Stat()
	switch {
	case err == nil && info.Size() > set.MaxBytes:
		return fmt.Sprintf("tracing was stopped after %d MB, which -max can change", set.megabytes)
	case t.Marked, t.To < t.Length, result.Signal == nil && result.Status == panicked:
		return ""
	case result.Signal == nil && result.Status == 0:
		return "the program stopped the tracer itself, or ended by os.Exit"
	}
	return fmt.Sprintf("main did not return, so that up to %v before the program's end are missing", flushEvery)
}

// reader is a trace that is read for as long as someone wants it.
type reader struct {
	io.Reader
	ctx context.Context
}

// whileWanted reads until the cell is interrupted. Of a program that was ended by
// an interrupt all is read: the trace shows where it was.
func whileWanted(ctx context.Context, r io.Reader) io.Reader {
	if ctx.Err() != nil {
		return r
	}
	return reader{r, ctx}
}

func (r reader) Read(p []byte) (int, error) {
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// traceVariable names the file for the trace.
const traceVariable = "CHANBOOK_TRACE"

// flushEvery is how often the tracer writes what it has: what came after the last
// time is lost when the program ends otherwise than by returning from main.
const flushEvery = 50 * time.Millisecond

// traceEnv is the environment of the program.
func (set *traceSettings) traceEnv(file string) []string {
	debug := os.Getenv("GODEBUG")
	for _, e := range set.env {
		if value, ok := strings.CutPrefix(e, "GODEBUG="); ok {
			debug = value
		}
	}
	if debug != "" {
		debug += ","
	}
	return append(slices.Clone(set.env), traceVariable+"="+file, fmt.Sprintf("GODEBUG=%straceadvanceperiod=%d", debug, flushEvery))
}

// traceFirst is the beginning of main: tracing begins, and ends with main.
const traceFirst = "defer chanbookTrace()()"

// tracer is the file that is added to the program. Everything that it does is left
// out of the picture: before tracing has begun, and after its mark.
const tracer = `//line %s:1
package main

import (
	"context"
	"os"
	"runtime/trace"
)

type chanbookTracer struct {
	file *os.File
	left int
}

func (t *chanbookTracer) Write(b []byte) (int, error) {
	if t.left > 0 {
		if t.left -= len(b); t.left <= 0 {
			go trace.Stop()
		}
	}
	return t.file.Write(b)
}

func chanbookTrace() (stop func()) {
	name := os.Getenv(%q)
	os.Unsetenv(%[2]q)
	file, err := os.Create(name)
	if err != nil || trace.Start(&chanbookTracer{file, %d}) != nil {
		return func() {}
	}
	return func() {
		trace.Log(context.Background(), %q, "")
		trace.Stop()
		file.Close()
	}
}
`

// withTracer adds the file to a program.
func withTracer(p *program.Program, most int64) {
	p.Files = append(p.Files, program.File{
		Name: "chanbook_trace.go",
		Text: fmt.Sprintf(tracer, program.Generated, traceVariable, most, trace.EndMark),
	})
	slices.SortFunc(p.Files, func(a, b program.File) int { return strings.Compare(a.Name, b.Name) })
	for _, path := range []string{"context", "os", "runtime/trace"} {
		if at, found := slices.BinarySearch(p.Imports, path); !found {
			p.Imports = slices.Insert(p.Imports, at, path)
		}
	}
}

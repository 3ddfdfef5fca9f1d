package compiled

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// benchRunner runs the binary for package bench.
type benchRunner struct {
	cells  *Cells
	call   *Call
	set    *settings
	binary *toolchain.Binary
	begun  time.Time
	quiet  bool // each benchmark has run once; what is written from then on is the same again
}

// written shows what the benchmarks wrote when they ran for the first time.
func (r *benchRunner) written(stdout string) {
	r.call.Out.Output(cell.Stream{Name: cell.Stdout, Text: stdout})
	r.quiet = true
}

// Run runs the binary once. All runs together have the time that -timeout gives.
func (r *benchRunner) Run(ctx context.Context, args []string, procs int) (string, int, *cell.Failure) {
	out := &kept{out: r.call.Out, quiet: r.quiet}
	run := toolchain.Run{
		Path: r.binary.Path, Args: append(args, r.set.args...), Env: r.set.env, Procs: procs, NoInput: true, Source: r.cells.source(r.call),
	}
	if r.set.timeout > 0 {
		run.Timeout = max(r.set.timeout-time.Since(r.begun), time.Millisecond)
	}
	result := r.cells.toolchain.Run(ctx, run, out)
	r.quiet = true
	failure := result.Failure
	if failure != nil && ctx.Err() == nil && r.set.timeout > 0 && time.Since(r.begun) >= r.set.timeout {
		failure = cell.Fail(cell.Interrupt, fmt.Sprintf("the benchmarks ran longer than the -timeout of %v and were ended", r.set.timeout))
	}
	stdout, stderr := out.text()
	if result.Failure != nil && out.quiet && stderr != "" {
		r.call.Out.Output(cell.Stream{Name: cell.Stderr, Text: stderr})
	}
	return r.inCell(stdout), result.Status, failure
}

// logged is the beginning of a line that b.Log wrote.
var logged = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^( {4,})(\S+):(\d+): `) })

// inCell gives the places in what the testing package wrote as those of cells.
func (r *benchRunner) inCell(stdout string) string {
	source := r.cells.source(r.call)
	return logged().ReplaceAllStringFunc(stdout, func(text string) string {
		m := logged().FindStringSubmatch(text)
		line, _ := strconv.Atoi(m[3])
		at, ok := program.Place(m[2], line)
		if !ok {
			return text
		}
		if src, ok := source(at.Cell); ok {
			at.Cell = src.Name()
		}
		return m[1] + at.String() + ": "
	})
}

// kept is a front end that keeps the end of what a program writes. Displays and
// standard error go on to the cell, unless it is to be quiet.
type kept struct {
	out   cell.Frontend
	quiet bool

	mu             sync.Mutex
	stdout, stderr tail
}

// Output keeps o or shows it.
func (k *kept) Output(o cell.Output) {
	if s, ok := o.(cell.Stream); ok {
		k.mu.Lock()
		if s.Name == cell.Stdout {
			k.stdout.write(s.Text)
		} else {
			k.stderr.write(s.Text)
		}
		k.mu.Unlock()
		if s.Name == cell.Stdout || k.quiet {
			return
		}
	}
	if !k.quiet {
		k.out.Output(o)
	}
}

// Input is none: each process would ask for it again.
func (k *kept) Input(context.Context, string, bool) (string, error) {
	return "", cell.ErrNoInput
}

func (k *kept) text() (stdout, stderr string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return string(k.stdout), string(k.stderr)
}

// tail is the end of a text: a benchmark that prints does so a million times.
type tail []byte

// tailSize is how much of it is kept at least. The results stand at the end.
const tailSize = 256 << 10

func (t *tail) write(s string) {
	*t = append(*t, s...)
	if len(*t) > 2*tailSize {
		*t = append((*t)[:0], (*t)[len(*t)-tailSize:]...)
	}
}

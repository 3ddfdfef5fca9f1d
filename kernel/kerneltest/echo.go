package kerneltest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Echo is an evaluator whose cells are commands, one a line:
//
//	print N        N numbered lines on stdout, each its own write
//	write N        N bytes on stdout, in lines of 100 bytes, 100 lines a write
//	raw Q          the Go string literal Q on stdout
//	stderr TEXT    TEXT on stderr
//	show TEXT      a display
//	display ID T   a display that can be updated
//	update ID T    its update
//	clear          clear_output, with wait
//	result TEXT    the value of the cell
//	page TEXT      a page for the pager
//	next TEXT      text for the next cell
//	fail TEXT      ends the cell with an error
//	panic TEXT     a panic of the evaluator itself
//	ask PROMPT     asks for a line and prints it
//	secret PROMPT  the same as a password
//	block          waits until the cell is interrupted
//	late TEXT      prints TEXT when the evaluator's Late is called
//	count          prints the execution count
//
// Any other line is printed as it is.
type Echo struct {
	// Started, when not nil, gets the text of each cell that begins.
	Started chan<- string

	running atomic.Int64 // cells

	mu     sync.Mutex
	late   []func()
	closed bool
}

// Late lets the lines of "late" commands be printed, in the present goroutine.
func (e *Echo) Late() {
	e.mu.Lock()
	late := e.late
	e.late = nil
	e.mu.Unlock()
	for _, print := range late {
		print()
	}
}

// Closed tells whether Close has been called.
func (e *Echo) Closed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

// Execute runs the commands of a cell.
func (e *Echo) Execute(ctx context.Context, req cell.Request, fe cell.Frontend) (out cell.Outcome) {
	e.running.Add(1)
	defer e.running.Add(-1)
	if e.Started != nil {
		e.Started <- req.Text
	}
	for line := range strings.Lines(req.Text) {
		line = strings.TrimSuffix(line, "\n")
		word, rest, _ := strings.Cut(line, " ")
		run, ok := commands[word]
		if !ok {
			stdout(fe, line+"\n")
			continue
		}
		err := run(&call{ctx: ctx, echo: e, req: req, fe: fe, out: &out}, rest)
		if err != nil {
			out.Failure = failure(err)
			return out
		}
	}
	out.Expressions = expressions(req.Expressions)
	return out
}

func failure(err error) *cell.Failure {
	if f, ok := errors.AsType[*cell.Failure](err); ok {
		return f
	}
	if errors.Is(err, cell.ErrInterrupted) {
		return cell.Fail(cell.Interrupt, "the cell was interrupted")
	}
	return cell.Fail(cell.Panic, err.Error())
}

func expressions(asked map[string]string) map[string]cell.Expression {
	values := make(map[string]cell.Expression)
	for name, text := range asked {
		if text == "fail" {
			values[name] = cell.Expression{Failure: cell.Fail(cell.CompileError, "undefined: fail")}
			continue
		}
		values[name] = cell.Expression{Data: cell.Text(text)}
	}
	return values
}

// call is what a command works with.
type call struct {
	ctx  context.Context
	echo *Echo
	req  cell.Request
	fe   cell.Frontend
	out  *cell.Outcome
}

var commands = map[string]func(c *call, arg string) error{
	"print":   (*call).print,
	"write":   (*call).write,
	"raw":     (*call).raw,
	"stderr":  (*call).stderr,
	"show":    (*call).show,
	"display": (*call).display,
	"update":  (*call).update,
	"clear":   (*call).clear,
	"result":  (*call).result,
	"page":    (*call).page,
	"next":    (*call).next,
	"fail":    (*call).fail,
	"panic":   func(_ *call, arg string) error { panic(arg) },
	"ask":     func(c *call, arg string) error { return c.ask(arg, false) },
	"secret":  func(c *call, arg string) error { return c.ask(arg, true) },
	"block":   (*call).block,
	"late":    (*call).late,
	"count":   (*call).count,
}

func stdout(fe cell.Frontend, text string) { fe.Output(cell.Stream{Name: cell.Stdout, Text: text}) }

func (c *call) print(arg string) error {
	n, err := strconv.Atoi(arg)
	for i := range n {
		stdout(c.fe, strconv.Itoa(i)+"\n")
	}
	return err
}

func (c *call) write(arg string) error {
	n, err := strconv.Atoi(arg)
	lines := strings.Repeat(strings.Repeat("x", 99)+"\n", 100)
	for ; n > 0; n -= len(lines) {
		stdout(c.fe, lines[:min(n, len(lines))])
	}
	return err
}

func (c *call) raw(arg string) error {
	text, err := strconv.Unquote(arg)
	stdout(c.fe, text)
	return err
}

func (c *call) stderr(arg string) error {
	c.fe.Output(cell.Stream{Name: cell.Stderr, Text: arg + "\n"})
	return nil
}

func (c *call) show(arg string) error {
	c.fe.Output(cell.Display{Data: cell.Text(arg)})
	return nil
}

func (c *call) display(arg string) error {
	id, text, _ := strings.Cut(arg, " ")
	c.fe.Output(cell.Display{ID: id, Data: cell.Text(text)})
	return nil
}

func (c *call) update(arg string) error {
	id, text, _ := strings.Cut(arg, " ")
	c.fe.Output(cell.Display{ID: id, Data: cell.Text(text), Update: true})
	return nil
}

func (c *call) clear(string) error {
	c.fe.Output(cell.Clear{Wait: true})
	return nil
}

func (c *call) result(arg string) error {
	if !c.req.Silent {
		c.fe.Output(cell.Result{Data: cell.Text(arg)})
	}
	return nil
}

func (c *call) page(arg string) error {
	c.out.Pages = append(c.out.Pages, cell.Text(arg))
	return nil
}

func (c *call) next(arg string) error {
	c.out.NextInput = &arg
	return nil
}

func (c *call) fail(arg string) error { return cell.Fail(cell.Panic, arg, "In[1]:1:1") }

func (c *call) ask(prompt string, password bool) error {
	line, err := c.fe.Input(c.ctx, prompt, password)
	if err != nil {
		return err
	}
	stdout(c.fe, line+"\n")
	return nil
}

func (c *call) block(string) error {
	<-c.ctx.Done()
	return context.Cause(c.ctx)
}

func (c *call) late(arg string) error {
	c.echo.mu.Lock()
	defer c.echo.mu.Unlock()
	c.echo.late = append(c.echo.late, func() { stdout(c.fe, arg+"\n") })
	return nil
}

func (c *call) count(string) error {
	stdout(c.fe, fmt.Sprintln(c.req.Number))
	return nil
}

// Complete offers the words of Words that begin as the text before the cursor
// does.
func (e *Echo) Complete(_ context.Context, code string, offset int) (cell.Completion, error) {
	start := offset
	for start > 0 && code[start-1] != ' ' && code[start-1] != '\n' {
		start--
	}
	found := cell.Completion{Start: start, End: offset}
	for _, word := range Words {
		if strings.HasPrefix(word, code[start:offset]) {
			found.Matches = append(found.Matches, cell.Match{Text: word, Kind: "command"})
		}
	}
	return found, nil
}

// Words are what Complete offers.
var Words = []string{"print", "page", "panic", "été", "été2"}

// Inspect describes any word of Words before the cursor. "slow" takes until ctx
// ends.
func (e *Echo) Inspect(ctx context.Context, code string, offset, detail int) (cell.Inspection, error) {
	if code == "slow" {
		<-ctx.Done()
		return cell.Inspection{}, ctx.Err()
	}
	for _, word := range Words {
		if strings.HasSuffix(code[:offset], word) {
			return cell.Inspection{Found: true, Data: cell.Text(fmt.Sprintf("%s, detail %d", word, detail))}, nil
		}
	}
	return cell.Inspection{}, nil
}

// IsComplete takes a text that ends in { for the beginning of a cell, and one
// that ends in } for a mistake.
func (e *Echo) IsComplete(_ context.Context, code string) (cell.Completeness, error) {
	switch {
	case strings.HasSuffix(code, "{"):
		return cell.Completeness{Status: cell.Incomplete, Indent: "\t"}, nil
	case strings.HasSuffix(code, "}"):
		return cell.Completeness{Status: cell.Invalid}, nil
	}
	return cell.Completeness{Status: cell.Complete}, nil
}

// Goroutines repeats the words, with the number of cells that run. "bad" is a
// filter that is not known; "slow" takes until ctx ends.
func (e *Echo) Goroutines(ctx context.Context, words string) (cell.Bundle, error) {
	switch words {
	case "bad":
		return nil, cell.Fail(cell.CommandError, `no filter "bad"`)
	case "slow":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return cell.Bundle{
		"text/plain": fmt.Sprintf("%d running %q", e.running.Load(), words),
		"text/html":  fmt.Sprintf("<b>%d running</b>", e.running.Load()),
	}, nil
}

// Close notes that it was called.
func (e *Echo) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	return nil
}

// Patience bounds every wait of a test. It is long because it only matters when
// something is wrong.
const Patience = 30 * time.Second

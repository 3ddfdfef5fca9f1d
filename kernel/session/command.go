package session

import (
	"context"
	"fmt"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/complete"
)

// A call is a command as a cell gives it.
type call struct {
	ctx  context.Context
	req  cell.Request
	fe   cell.Frontend
	rest string // what follows the command on its line, without the spaces around it

	// code is the cell without the command: spaces are in its place, so that
	// positions stay those of the cell.
	code string
}

// handlers answer the commands that complete.Commands lists. One that begins with
// %% is for a cell, whose other lines are its code; all others are for one line,
// which is the whole cell.
var handlers = map[string]func(*Session, call) (cell.Outcome, cell.Change){
	"%get":        (*Session).getCommand,
	"%goroutines": (*Session).goroutinesCommand,
	"%help":       page((*Session).help),
	"%leaks":      plain((*Session).leaksCommand),
	"%needs":      (*Session).needsCommand,
	"%notes":      (*Session).notesCommand,
	"%reset":      plain((*Session).resetCommand),
	"%time":       (*Session).timeLine,
	"%%time":      (*Session).timeCell,
	"%who":        plain((*Session).whoCommand),
}

// plain makes a handler of a command that takes nothing.
func plain(f func(*Session, call)) func(*Session, call) (cell.Outcome, cell.Change) {
	return func(s *Session, c call) (cell.Outcome, cell.Change) {
		if c.rest != "" {
			return commandFailure("%s takes nothing after it", c.name()), cell.Change{}
		}
		f(s, c)
		return cell.Outcome{}, cell.Change{}
	}
}

// page makes a handler of a command that shows a page.
func page(f func(*Session) cell.Bundle) func(*Session, call) (cell.Outcome, cell.Change) {
	return func(s *Session, _ call) (cell.Outcome, cell.Change) {
		return cell.Outcome{Pages: []cell.Bundle{f(s)}}, cell.Change{}
	}
}

// command answers a cell that is a % command or a question about a name.
// handled is false for a cell of Go.
func (s *Session) command(ctx context.Context, req cell.Request, fe cell.Frontend) (out cell.Outcome, change cell.Change, handled bool) {
	text := strings.TrimSpace(req.Text)
	if text == "" {
		return out, change, true
	}
	if strings.Contains(req.Text, "\x00") {
		line := strings.Count(req.Text[:strings.IndexByte(req.Text, 0)], "\n") + 1
		f := cell.Fail(cell.CompileError, fmt.Sprintf("%s:%d: the cell contains a NUL character; remove it", req.Name(), line))
		return cell.Outcome{Failure: f}, change, true
	}
	switch {
	case strings.HasPrefix(text, "%"):
		out, change = s.percent(call{ctx: ctx, req: req, fe: fe}, text)
		return out, change, true
	case strings.HasPrefix(text, "!"):
		return s.shell(call{ctx: ctx, req: req, fe: fe}, text), change, true
	case strings.HasSuffix(text, "?") && !strings.Contains(text, "\n"):
		return s.question(strings.TrimRight(text, "?")), change, true
	}
	return out, change, false
}

// percent runs the command at the beginning of a cell.
func (s *Session) percent(c call, text string) (cell.Outcome, cell.Change) {
	line, below, _ := strings.Cut(text, "\n")
	name := commandName(line)
	handle := handlers[name]
	switch {
	case handle == nil:
		return unknownCommand(line), cell.Change{}
	case !strings.HasPrefix(name, "%%") && strings.TrimSpace(below) != "":
		more := ""
		if handlers["%"+name] != nil {
			more = fmt.Sprintf("; %%%s is for a whole cell", name)
		}
		return commandFailure("%s is for one line: put what follows it into another cell%s", name, more), cell.Change{}
	}
	c.rest = strings.TrimSpace(line[len(name):])
	at := strings.Index(c.req.Text, name)
	c.code = c.req.Text[:at] + strings.Repeat(" ", len(name)) + c.req.Text[at+len(name):]
	return handle(s, c)
}

// commandName is the first word of a line.
func commandName(line string) string {
	if end := strings.IndexAny(line, " \t\r\n"); end >= 0 {
		return line[:end]
	}
	return line
}

func (c call) name() string { return commandName(strings.TrimSpace(c.req.Text)) }

func commandFailure(format string, args ...any) cell.Outcome {
	return cell.Outcome{Failure: cell.Fail(cell.CommandError, fmt.Sprintf(format, args...))}
}

// unknownCommand refuses a line, and names the command that was meant if one is
// near.
func unknownCommand(line string) cell.Outcome {
	name := commandName(line)
	if meant := nearest(name); meant != "" {
		return commandFailure("%s is not a command; did you mean %s? %%help lists all of them", name, meant)
	}
	return commandFailure("%s is not a command; %%help lists them", name)
}

// nearest is the command with the fewest letters to change, "" when none is near.
func nearest(name string) string {
	best, fewest := "", 3
	for _, c := range complete.Commands {
		if d := distance(name, c.Name); d < fewest && d < len(strings.TrimLeft(c.Name, "%")) {
			best, fewest = c.Name, d
		}
	}
	return best
}

// distance is how many letters have to be put in, taken out or replaced to make b
// of a (V. I. Levenshtein: Binary codes capable of correcting deletions, insertions
// and reversals, 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// question answers name? in the pager.
func (s *Session) question(name string) cell.Outcome {
	b, ok := s.describe(strings.TrimSpace(name))
	if !ok {
		return commandFailure("nothing is known of %q", name)
	}
	return cell.Outcome{Pages: []cell.Bundle{b}}
}

// resetCommand forgets what the session has declared.
func (s *Session) resetCommand(call) { s.reset() }

// whoCommand lists what the session has declared.
func (s *Session) whoCommand(c call) {
	c.fe.Output(cell.Stream{Name: cell.Stdout, Text: s.who()})
}

func (s *Session) who() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, o := range s.checker.Objects() {
		if o.Kind() != "package" {
			where := o.Cell.Name()
			if o.Stale {
				where += ", with the definitions of then"
			}
			fmt.Fprintf(&b, "%-9s %s %s  (%s)\n", o.Kind(), o.Key, s.checker.TypeString(o), where)
		}
	}
	if b.Len() == 0 {
		return "nothing is declared yet\n"
	}
	return b.String()
}

package session

import (
	"fmt"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// command answers a cell that is a % command or a question about a name.
// handled is false for a cell of Go.
func (s *Session) command(req cell.Request, fe cell.Frontend) (out cell.Outcome, change cell.Change, handled bool) {
	text := strings.TrimSpace(req.Text)
	if text == "" {
		return out, change, true
	}
	if strings.Contains(req.Text, "\x00") {
		line := strings.Count(req.Text[:strings.IndexByte(req.Text, 0)], "\n") + 1
		f := cell.Fail(cell.CompileError, fmt.Sprintf("%s:%d: the cell contains a NUL character; remove it", req.Name(), line))
		return cell.Outcome{Failure: f}, change, true
	}
	if strings.Contains(text, "\n") {
		if strings.HasPrefix(text, "%") || strings.HasPrefix(text, "!") {
			first, _, _ := strings.Cut(text, "\n")
			return unknownCommand(first), change, true
		}
		return out, change, false
	}
	switch {
	case text == "%help":
		return cell.Outcome{Pages: []cell.Bundle{helpPage()}}, change, true
	case text == "%who":
		fe.Output(cell.Stream{Name: cell.Stdout, Text: s.who()})
		return out, change, true
	case text == "%reset":
		s.reset()
		return out, change, true
	case strings.HasPrefix(text, "%"), strings.HasPrefix(text, "!"):
		return unknownCommand(text), change, true
	case strings.HasSuffix(text, "?"):
		return s.question(strings.TrimRight(text, "?")), change, true
	}
	return out, change, false
}

func unknownCommand(line string) cell.Outcome {
	name, _, _ := strings.Cut(line, " ")
	return cell.Outcome{Failure: cell.Fail(cell.CommandError, fmt.Sprintf("%s is not a command; %%help lists them", name))}
}

// question answers name? in the pager.
func (s *Session) question(name string) cell.Outcome {
	b, ok := s.describe(strings.TrimSpace(name))
	if !ok {
		return cell.Outcome{Failure: cell.Fail(cell.CommandError, fmt.Sprintf("nothing is known of %q", name))}
	}
	return cell.Outcome{Pages: []cell.Bundle{b}}
}

// who lists what the session has declared.
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

func helpPage() cell.Bundle {
	return cell.Bundle{"text/plain": helpText, "text/markdown": helpText}
}

const helpText = `# Chanbook

A cell holds Go: imports, declarations and statements in any order. Packages of
the standard library need no import line. Variables, types, functions and
goroutines live on from cell to cell.

- The value of the last expression is shown. A semicolon at the end hides it.
- Anything may be declared again. Functions, types and constants that refer to it
  follow; variables keep their values.
- A cell that begins with ` + "`package main`" + ` is run as a whole program, apart from the
  session. It may hold several files, each with its package line.
- ` + "`fmt.Scanln`" + ` and the like ask for input.

Commands:

- ` + "`%help`" + ` shows this page.
- ` + "`%who`" + ` lists what the session has declared.
- ` + "`%reset`" + ` forgets all of it. Goroutines that run go on running.
- ` + "`name?`" + ` tells what a name means: ` + "`sync.WaitGroup?`" + `

Interrupt the kernel to stop a cell that does not end; what the session holds
stays. Package ` + "`chanbook/show`" + ` displays HTML, Markdown, tables and pictures.
`

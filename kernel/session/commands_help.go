package session

import (
	"fmt"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/complete"
)

// help is the page of %help.
func (s *Session) help() cell.Bundle {
	var list strings.Builder
	for _, c := range complete.Commands {
		fmt.Fprintf(&list, "- `%s` %s.\n", strings.TrimSpace(c.Name+" "+c.Takes), c.Does)
	}
	text := strings.Replace(helpText, "COMMANDS\n", list.String(), 1)
	return cell.Bundle{"text/plain": text, "text/markdown": text}
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

Commands. One that begins with %% is the first line of a cell; the others are a
cell of their own:

COMMANDS
- ` + "`!command`" + ` runs a command of the shell: ` + "`!go version`" + `
- ` + "`name?`" + ` tells what a name means: ` + "`sync.WaitGroup?`" + `

A cell that begins with ` + "`%%go`, `%%race`, `%%bench`, `%%trace`, `%%test`, `%%escape` or `%%asm`" + `
is compiled by the Go toolchain. It does not see what other cells declare, unless
they have kept it: ` + "`%%go -keep NAME`" + `. Like other cells it may be a whole program, or
declarations and statements. These commands take ` + "`-p N`" + ` (processors), ` + "`-env NAME=value`" + `,
` + "`-tags`, `-gcflags`, `-timeout 10s`" + ` and ` + "`-h`" + `, which lists them all.

Interrupt the kernel to stop a cell that does not end; what the session holds
stays.

Package ` + "`chanbook/show`" + ` displays HTML, Markdown, formulas, tables, pictures and
progress (` + "`show.Table?`, `show.Progress?`" + `), compares the speed of functions
(` + "`show.Timing?`" + `), shows what goroutines do (` + "`show.Goroutines?`, `show.Leaks?`, `show.Watch?`" + `)
and waits for what they print (` + "`show.Wait?`" + `).
`

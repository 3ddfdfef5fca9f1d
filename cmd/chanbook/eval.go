package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
	"github.com/chanbook/chanbook/kernel/worker/process"
)

type evalCmd struct {
	File string   `arg:"" help:"File to run; - is standard input."`
	Args []string `arg:"" optional:"" help:"Arguments of the program, its os.Args[1:]."`

	args []string // those of the program, which splitEvalArgs has kept from the parser
}

func (evalCmd) Help() string {
	return "Output, input and exit status are the program's own: 2 after a panic, 1 when the program is not valid Go."
}

// Run runs the file in this very process, so that whatever ends the process
// ends it with the status that the compiled program would have.
func (c *evalCmd) Run() error {
	name := c.File
	var text []byte
	var err error
	if name == "-" {
		name = "stdin"
		text, err = io.ReadAll(os.Stdin)
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return err
	}
	if !utf8.Valid(text) {
		return fmt.Errorf("%s is not UTF-8 text", name)
	}
	process.SetArgs(name, c.args...)
	s := session.New(session.Options{Stdin: os.Stdin, Exit: os.Exit})
	defer s.Close()
	req := cell.Request{Source: cell.Source{Number: 1, Text: string(text)}}
	out, _ := s.Execute(context.Background(), req, terminal{})
	if out.Failure == nil {
		for _, page := range out.Pages {
			terminal{}.Output(cell.Result{Data: page})
		}
		return nil
	}
	report := strings.Join(asRuntime(out.Failure), "\n")
	fmt.Fprintln(os.Stderr, strings.ReplaceAll(report, req.Name()+":", filepath.Base(name)+":"))
	switch out.Failure.Name {
	case cell.Panic, cell.FatalError, cell.Deadlock:
		return exitStatus(2)
	}
	return exitStatus(1)
}

// asRuntime is a failure's report with the line in which the runtime names the
// goroutine of a panic.
func asRuntime(f *cell.Failure) []string {
	i := slices.Index(f.Traceback, "")
	if f.Name != cell.Panic || i < 0 || i+1 < len(f.Traceback) && strings.HasPrefix(f.Traceback[i+1], "goroutine ") {
		return f.Traceback
	}
	return slices.Insert(slices.Clone(f.Traceback), i+1, "goroutine 1 [running]:")
}

// terminal shows outputs as text on the process's own standard output and error.
type terminal struct{}

func (terminal) Output(o cell.Output) {
	switch o := o.(type) {
	case cell.Stream:
		to := os.Stdout
		if o.Name == cell.Stderr {
			to = os.Stderr
		}
		io.WriteString(to, o.Text)
	case cell.Display:
		printPlain(o.Data)
	case cell.Result:
		printPlain(o.Data)
	}
}

func printPlain(data cell.Bundle) {
	if text, ok := data["text/plain"].(string); ok {
		fmt.Println(text)
	}
}

// Input is for what asks the person directly. Reads of os.Stdin do not come
// here.
func (terminal) Input(context.Context, string, bool) (string, error) {
	return "", cell.ErrNoInput
}

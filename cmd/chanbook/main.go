// Command chanbook is a Jupyter kernel for Go and the way to install and run it.
//
// This package holds flags and wiring: each command reads what it was given,
// calls the packages that do the work, and says what came of it. The kernel and
// its worker process are this same program, started as "chanbook kernel" and
// "chanbook worker".
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// cli is the command line.
type cli struct {
	Lab        labCmd        `cmd:"" help:"Open JupyterLab with the Go kernel. The first time, this makes a private JupyterLab."`
	Kernel     kernelCmd     `cmd:"" help:"Run the kernel. Jupyter starts this by itself."`
	Install    installCmd    `cmd:"" help:"Tell Jupyter about the kernel."`
	Uninstall  uninstallCmd  `cmd:"" help:"Remove what install, or lab, has written."`
	Run        runCmd        `cmd:"" help:"Run notebooks from start to end, without Jupyter."`
	Export     exportCmd     `cmd:"" help:"Make HTML pages of notebooks, which need nothing else."`
	Eval       evalCmd       `cmd:"" help:"Run a Go program or the text of a cell through the interpreter, as go run would."`
	Goroutines goroutinesCmd `cmd:"" help:"Show the goroutines of a running notebook, also while a cell runs."`
	Doctor     doctorCmd     `cmd:"" help:"Check what Chanbook needs on this machine, and say how to get what is missing."`
	Version    versionCmd    `cmd:"" help:"Print the versions of Chanbook and of what it is made of."`
}

// usageError is the exit status for a command line that makes no sense.
const usageError = 2

// exitStatus is an error that has been told already; the program ends with it.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

func main() {
	// Before anything else is set up: a kernel waits for its worker.
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		os.Exit(runWorker())
	}
	os.Exit(run(os.Args[1:]))
}

// run carries out a command line and returns the exit status.
func run(args []string) int {
	var c cli
	args, forLab := splitLabArgs(args)
	c.Lab.forJupyter = forLab
	args, c.Eval.args = splitEvalArgs(args)
	parser, err := kong.New(&c,
		kong.Name("chanbook"),
		kong.Description("A Jupyter kernel for Go, made for notes on concurrency."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(os.Stderr, "chanbook:", err)
		return 1
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "chanbook: %v\nchanbook --help lists the commands, and chanbook COMMAND --help the flags of one.\n", err)
		return usageError
	}
	err = command.Run()
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintln(os.Stderr, "chanbook:", err)
	return 1
}

// splitLabArgs takes what follows "--" off the arguments of lab: it is for
// JupyterLab, and none of it is ours to understand.
func splitLabArgs(args []string) (ours, forLab []string) {
	if i := slices.Index(args, "--"); i > 0 && args[0] == "lab" {
		return args[:i], args[i+1:]
	}
	return args, nil
}

// splitEvalArgs takes what follows the file off the arguments of eval: it is for
// the program, which may understand other flags than we do.
func splitEvalArgs(args []string) (ours, forProgram []string) {
	if len(args) == 0 || args[0] != "eval" {
		return args, nil
	}
	for i := 1; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--" && i+1 < len(args):
			return args[:i+2], args[i+2:]
		case a == "-" || !strings.HasPrefix(a, "-"):
			return args[:i+1], args[i+1:]
		}
	}
	return args, nil
}

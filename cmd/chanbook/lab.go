package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"golang.org/x/term"

	"github.com/chanbook/chanbook/install"
	"github.com/chanbook/chanbook/install/lab"
)

type labCmd struct {
	Place     string `arg:"" optional:"" help:"Folder or notebook to open. Default: notebooks/ in Chanbook's own repository, and elsewhere the current folder."`
	System    bool   `help:"Use the JupyterLab on PATH instead of a private one."`
	Python    string `help:"Python to make the private JupyterLab with (or the environment variable PYTHON)." placeholder:"PROGRAM"`
	Reinstall bool   `help:"Make the private JupyterLab anew."`

	forJupyter []string
}

func (labCmd) Help() string {
	return "Arguments after -- go to JupyterLab, for example: chanbook lab -- --no-browser --port 9999\n\n" +
		"Everything is kept in one folder, which CHANBOOK_HOME can name; chanbook uninstall --lab removes it."
}

// Run opens JupyterLab and stays until it ends.
func (c *labCmd) Run() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	place, err := lab.Place(dir, c.Place)
	if err != nil {
		return err
	}
	home, err := lab.FindHome(install.ThisSystem())
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, append(endSignals, os.Interrupt)...)
	defer signal.Stop(signals)
	cmd, release, err := c.prepare(home, place, signals)
	if err != nil {
		return err
	}
	defer release()
	if lab.NeedsRootFlag(c.forJupyter) {
		say("You are root, which JupyterLab refuses unless told otherwise: passing --allow-root.")
	}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	status, err := lab.Serve(cmd, signals, say)
	if err != nil {
		return err
	}
	if status != 0 {
		return exitStatus(status)
	}
	return nil
}

// prepare makes ready what is to be started. A signal meanwhile ends the
// preparation; the next one goes on from there.
func (c *labCmd) prepare(home lab.Home, place string, signals <-chan os.Signal) (*exec.Cmd, func() error, error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-signals:
			cancel(errInterrupted)
		case <-done:
		}
	}()
	defer func() { close(done); <-watched; cancel(nil) }()

	program, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	progress := lab.NewProgress(os.Stderr, term.IsTerminal(int(os.Stderr.Fd())))
	if c.System {
		if _, err := home.Keep(ctx, program, progress); err != nil {
			return nil, nil, err
		}
		cmd, err := home.SystemCommand(place, c.forJupyter...)
		return cmd, func() error { return nil }, err
	}
	env, release, err := home.Prepare(ctx, lab.Request{Python: c.Python, Program: program, Remake: c.Reinstall}, progress)
	if err != nil {
		return nil, nil, err
	}
	return env.Command(place, c.forJupyter...), release, nil
}

var errInterrupted = errors.New("interrupted")

func say(line string) { fmt.Fprintln(os.Stderr, "chanbook:", line) }

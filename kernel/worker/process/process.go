// Package process is the worker program: a session that is served to the
// supervisor. The command "chanbook worker" is this, and so is each worker that is
// built with modules of others.
//
// It starts no goroutine of its own.
package process

import (
	"flag"
	"os"

	"github.com/chanbook/chanbook/kernel/session"
	"github.com/chanbook/chanbook/kernel/worker"
)

// Main runs the worker and returns the status with which the process should exit.
func Main() int {
	SetArgs("chanbook")
	return worker.Main(func(host worker.Host) (worker.Session, error) {
		return session.New(session.Options{Start: host.Start, Moves: true}), nil
	})
}

// SetArgs makes the process's arguments those of the user's program, also for
// package flag.
func SetArgs(name string, args ...string) {
	os.Args = append([]string{name}, args...)
	flag.CommandLine = flag.NewFlagSet(name, flag.ExitOnError)
}

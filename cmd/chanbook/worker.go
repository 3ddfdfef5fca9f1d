package main

import (
	"github.com/chanbook/chanbook/kernel/session"
	"github.com/chanbook/chanbook/kernel/worker"
)

// runWorker is the process in which user code runs.
func runWorker() int {
	setArgs("chanbook")
	return worker.Main(func(host worker.Host) (worker.Session, error) {
		return session.New(session.Options{Start: host.Start}), nil
	})
}

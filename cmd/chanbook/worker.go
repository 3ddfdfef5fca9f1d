package main

import "github.com/chanbook/chanbook/kernel/worker/process"

// runWorker is the process in which user code runs.
func runWorker() int { return process.Main() }

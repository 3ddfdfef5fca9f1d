//go:build !unix

package lab

import (
	"os"
	"os/exec"
)

// Here a Ctrl-C on the console reaches all its programs, and one program cannot
// send it to another.

func interrupt(p *os.Process) error { return p.Kill() }

func ownGroup(*exec.Cmd) {}

func terminate(*os.Process) error { return nil }

func killGroup(p *os.Process) error { return p.Kill() }

func signalStatus(*os.ProcessState) int { return 1 }

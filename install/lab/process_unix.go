//go:build unix

package lab

import (
	"os"
	"os/exec"
	"syscall"
)

// interrupt asks a helper program to stop, as Ctrl-C would.
func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }

// ownGroup starts the program in a process group of its own, so that a Ctrl-C
// on the terminal reaches chanbook alone, which then ends the program in order.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// terminate asks the program to end; JupyterLab then ends its kernels, too.
func terminate(p *os.Process) error { return p.Signal(syscall.SIGTERM) }

// killGroup ends the program and what it started in its group.
func killGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }

// signalStatus is what a shell makes of a death by signal: 128 and its number.
func signalStatus(s *os.ProcessState) int {
	return 128 + int(s.Sys().(syscall.WaitStatus).Signal())
}

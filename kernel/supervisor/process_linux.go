package supervisor

import (
	"os/exec"
	"syscall"

	"github.com/chanbook/chanbook/kernel/worker"
)

// prepare puts the worker into a process group of its own, out of the way of
// the terminal's Ctrl-C, and has the system tell it when the kernel dies.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: worker.ParentDeath}
}

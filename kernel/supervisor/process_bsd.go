//go:build unix && !linux

package supervisor

import (
	"os/exec"
	"syscall"
)

// prepare puts the worker into a process group of its own, out of the way of
// the terminal's Ctrl-C. That the kernel died it learns from the closed pipe.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

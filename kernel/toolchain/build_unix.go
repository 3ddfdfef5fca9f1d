//go:build unix

package toolchain

import (
	"os/exec"
	"syscall"
)

// ownGroup starts a tool in a process group of its own. On Linux the system ends it
// when the thread that started it does.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(cmd.SysProcAttr)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// guardedGroup starts a tool in a process group that ends with this process, in
// whatever way that dies. end ends what is left of it.
func guardedGroup(cmd *exec.Cmd) (end func()) {
	g := newGroup(cmd)
	cmd.Cancel = func() error {
		g.signal(syscall.SIGKILL)
		return nil
	}
	return g.end
}

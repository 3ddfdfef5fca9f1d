//go:build unix

package referee

import (
	"fmt"
	"os/exec"
	"syscall"
)

// limited returns the command line that runs argv with a bounded address space.
// The shell sets the bound, because a process can set it only for itself; where
// the system has no such bound, the program runs without one.
func limited(argv []string) []string {
	script := fmt.Sprintf(`ulimit -v %d 2>/dev/null; ulimit -c 0; exec "$@"`, memoryLimit>>10)
	return append([]string{"/bin/sh", "-c", script, "sh"}, argv...)
}

// wholeGroup gives the command a process group of its own, so that the end of
// its time ends its children too.
func wholeGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

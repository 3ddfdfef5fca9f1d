//go:build unix

package referee

import (
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// limited returns the command line that runs argv with a bounded address space
// and, when cpu is not 0, bounded processor time. The shell sets the bounds,
// because a process can set them only for itself; where the system has no such
// bound, the program runs without one.
func limited(argv []string, cpu time.Duration) []string {
	script := fmt.Sprintf(`ulimit -v %d 2>/dev/null; ulimit -c 0; `, memoryLimit>>10)
	if cpu > 0 {
		script += fmt.Sprintf(`ulimit -t %d; `, int(cpu.Seconds()))
	}
	script += `exec "$@"`
	return append([]string{"/bin/sh", "-c", script, "sh"}, argv...)
}

// wholeGroup gives the command a process group of its own, so that the end of
// its time ends its children too.
func wholeGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

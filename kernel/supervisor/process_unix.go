//go:build unix

package supervisor

import "syscall"

// killGroup ends the process and everything that it started. After the end of
// the process its group lives on if it has members.
func (p *process) killGroup() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	}
}

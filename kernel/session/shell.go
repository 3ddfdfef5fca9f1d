package session

import (
	"os/exec"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
)

// shell answers a line that begins with an exclamation mark, and the lines below
// it: they are for the shell.
func (s *Session) shell(c call, text string) cell.Outcome {
	script := strings.TrimPrefix(text, "!")
	if strings.TrimSpace(script) == "" {
		return commandFailure("! stands before a command for the shell: !go version")
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		return commandFailure("! needs a shell: %v", err)
	}
	s.compiledCells()
	result := s.toolchain.Run(c.ctx, toolchain.Run{Path: sh, Args: []string{"-c", script}}, c.fe)
	return cell.Outcome{Failure: result.Failure}
}

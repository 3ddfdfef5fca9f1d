package toolchain

import (
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/kballard/go-shellquote"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// possible says why a build cannot work on this machine.
func (b Build) possible(g *tools) error {
	if !b.Race || runtime.GOOS == "darwin" {
		return nil // on macOS the race detector needs no C compiler
	}
	if !hasCompiler(g.CC()) {
		return fmt.Errorf("the race detector needs a C compiler, and there is no %s: %s", g.CC(), installCompiler)
	}
	if !g.CGO() {
		return fmt.Errorf("the race detector needs cgo, which is switched off: set CGO_ENABLED=1")
	}
	return nil
}

// installCompiler says where a C compiler comes from.
const installCompiler = "install one (Debian and Ubuntu: apt-get install gcc libc6-dev; Fedora: dnf install gcc; Alpine: apk add gcc musl-dev; " +
	"macOS: xcode-select --install), or say in CC what it is called"

// hasCompiler reports whether a command, which may have flags, is there.
func hasCompiler(command string) bool {
	words, err := shellquote.Split(command)
	if err != nil || len(words) == 0 {
		return false
	}
	_, err = exec.LookPath(words[0])
	return err == nil
}

// fault is the error of a tool that did not succeed: what is wrong with the cell if
// it is that, or else what the tool says and what to do about it.
func (j *job) fault(tool string, out written, err error) error {
	if !failed(err) {
		return writeError(err, j.scratch.dir)
	}
	text := out.all
	if strings.HasPrefix(tool, "go ") && out.stderr != "" {
		text = out.stderr // the rest is what it was asked for
	}
	text = strings.TrimPrefix(strings.TrimSpace(text), "package "+modulePath+"\n\t")
	if noSpace(text) {
		return j.fullDisk(text)
	}
	if diagnostics := j.missing(text); len(diagnostics) > 0 {
		return diagnostics
	}
	diagnostics, rest := program.Diagnose(text, j.source)
	if len(diagnostics) > 0 {
		return diagnostics
	}
	if rest == "" {
		rest = err.Error()
	}
	lines := strings.Split(rest, "\n")
	if name := broken(text); name != "" {
		lines = append([]string{"package " + name + " does not compile"}, lines...)
	}
	f := cell.Fail(cell.CompileError, tool+": "+lines[0], lines[1:]...)
	if hint := advice(text); hint != "" {
		f.Traceback = append(f.Traceback, hint)
	}
	return f
}

// heading is what the go command writes above what the compiler says of a package.
var heading = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^# (\S+)`) })

// broken is the package, not of the cell, that does not compile.
func broken(text string) string {
	for _, m := range heading().FindAllStringSubmatch(text, -1) {
		if m[1] != modulePath {
			return m[1]
		}
	}
	return ""
}

// source finds the text of a cell.
func (j *job) source(name string) (cell.Source, bool) {
	if j.Source == nil {
		return cell.Source{}, false
	}
	return j.Source(name)
}

// fullDisk says which disk is full: that of the session's folder, or that of the
// build cache.
func (j *job) fullDisk(text string) error {
	if strings.Contains(text, j.tools.cache) && !strings.Contains(text, j.scratch.dir) {
		return fmt.Errorf("no space is left on the disk of %s, where compiled packages are kept: free some there (go clean -cache empties it), or set GOCACHE to a folder on another disk and restart the kernel", j.tools.cache)
	}
	return fullDisk(j.scratch.dir)
}

// advice says what to do about what a tool says.
func advice(text string) string {
	switch {
	case strings.Contains(text, "missing go.sum entry"):
		return "the session's module does not know all that its modules need: %get the module again, and it is looked up"
	case strings.Contains(text, "C compiler") && strings.Contains(text, "not found"),
		strings.Contains(text, "runtime/cgo"):
		return "a C compiler with its headers is needed: " + installCompiler
	case strings.Contains(text, syscall.SIGKILL.String()) || strings.Contains(text, syscall.SIGBUS.String()):
		return "a tool was ended by the system: perhaps memory or the disk is full"
	}
	return ""
}

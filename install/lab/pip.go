package lab

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chanbook/chanbook/install"
)

// stopDelay is how long a stopped helper program may take to end by itself.
const stopDelay = 10 * time.Second

// installPackages runs pip in the environment. Its downloads are kept in the
// home until the installation is whole, so that one that was interrupted does
// not begin again from nothing.
func (e Environment) installPackages(ctx context.Context, r Request, p Progress) error {
	list := filepath.Join(e.Prefix, "requirements.txt")
	requirements := install.Requirements + "\n" + r.Extra
	if err := os.WriteFile(list, []byte(requirements), 0o644); err != nil {
		return err
	}
	logPath := e.Home.path("log", "pip.log")
	if err := os.MkdirAll(filepath.Dir(logPath), 0o755); err != nil {
		return err
	}
	log, err := os.Create(logPath)
	if err != nil {
		return err
	}
	defer log.Close()

	cache := e.Home.path("cache", "pip")
	cmd := exec.CommandContext(ctx, e.Python(), "-I", "-m", "pip", "install",
		"--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar", "off",
		"--prefer-binary", "--no-warn-script-location", "--requirement", list)
	cmd.Env = append(e.Home.Environ(os.Environ()), "PIP_CACHE_DIR="+cache, "PIP_USER=0", "PIP_QUIET=0", "PIP_VERBOSE=0")
	cmd.Stderr = log
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = stopDelay
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	follow(io.TeeReader(out, log), countRequirements(requirements), e.packages, p)
	defer p.Done()
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("the installation was stopped; the next start goes on with it: %w", context.Cause(ctx))
		}
		return fmt.Errorf("pip could not install the packages of JupyterLab (%v):\n%sThe whole report is in %s. Once the cause is mended (often: no network), run the command again.", err, lastErrors(logPath), logPath)
	}
	return os.RemoveAll(cache)
}

// countRequirements counts the packages of a requirements file.
func countRequirements(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			n++
		}
	}
	return n
}

// follow reads pip's output to its end and shows how far it is. pip tells of
// each package once that it looks at it, and when it begins to unpack them; how
// many are unpacked can be seen only in the folder.
func follow(out io.Reader, total int, installed func() []string, p Progress) {
	const downloading, installing = "downloading packages", "installing packages"
	seen, kept := 0, 0
	var watcher sync.WaitGroup
	done := make(chan struct{})
	before := len(installed())
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		word, _, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "Collecting":
			seen, kept = seen+1, kept+1
			p.Step(downloading, min(seen, total), total)
		case "Ignoring": // for another system or Python
			seen++
			p.Step(downloading, min(seen, total), total)
		case "Installing":
			p.Step(downloading, total, total)
			watcher.Go(func() { watch(done, kept, before, installed, func(n int) { p.Step(installing, n, kept) }) })
		}
	}
	// A line too long for the scanner must not leave pip blocked on its pipe.
	io.Copy(io.Discard, out)
	close(done)
	watcher.Wait()
}

// watch shows the number of packages that were added, until done.
func watch(done <-chan struct{}, total, before int, installed func() []string, show func(int)) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			show(max(0, min(len(installed())-before, total)))
		}
	}
}

// lastErrors returns pip's own words for what went wrong: its ERROR lines, or
// else its last lines.
func lastErrors(logPath string) string {
	data, err := os.ReadFile(logPath)
	if err != nil {
		return ""
	}
	var all, errors []string
	for line := range strings.Lines(string(data)) {
		line = "  " + strings.TrimRight(line, "\r\n") + "\n"
		all = append(all, line)
		if strings.HasPrefix(line, "  ERROR") {
			errors = append(errors, line)
		}
	}
	if len(errors) > 0 {
		return strings.Join(errors, "")
	}
	return strings.Join(all[max(0, len(all)-8):], "")
}

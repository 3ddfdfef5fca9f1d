package toolchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/check/stdsource"
)

// least is the oldest Go that compiles what cells may say: that of our go.mod.
const least = "go1.26"

// Least is the oldest Go that compiles cells, as in "1.26".
func Least() string { return strings.TrimPrefix(least, "go") }

// Installed is a Go that compiles cells.
type Installed struct {
	Version string // "go1.26.8"
	Root    string // GOROOT
	Command string // the go command

	settings map[string]string // what go env says
}

// CC is the command of the C compiler, with its flags. It need not be there.
func (i Installed) CC() string { return i.settings["CC"] }

// CGO reports whether programs may contain C, as the race detector does.
func (i Installed) CGO() bool { return i.settings["CGO_ENABLED"] == "1" }

// lang is the version of the language in which programs are compiled: that of the
// installed Go, as go run does without a go.mod.
func (i Installed) lang() string {
	if lang := version.Lang(i.Version); lang != "" {
		return lang
	}
	return least // a development build, whose version is not ordered
}

// release is that version as a go.mod says it.
func (i Installed) release() string {
	lang := strings.TrimPrefix(i.lang(), "go")
	if strings.Count(i.Version, ".") == 2 {
		return lang + ".0"
	}
	return lang // as in go1.27rc1, which comes before 1.27.0
}

// MissingError says that there is no Go that compiles cells.
type MissingError struct {
	Found []string // what there is instead, as in "Go 1.25.3 in /usr/lib/go"
}

// What says what there is.
func (e *MissingError) What() string {
	if len(e.Found) == 0 {
		return "no installed Go was found"
	}
	return "found only " + strings.Join(e.Found, ", ")
}

// Error implements error.
func (e *MissingError) Error() string {
	return fmt.Sprintf("compiled cells need Go %s or later, but %s: install it from https://go.dev/dl/ and put its go command on the PATH of JupyterLab, or set GOROOT there",
		Least(), e.What())
}

// errNoCache says that there is a Go that has no place for compiled packages.
var errNoCache = errors.New("Go has no folder for its build cache")

// Search looks for a Go that compiles cells in folders in which one may be; nil
// are the usual ones. The error is a *MissingError, or says why the one that is
// there cannot work, or is the reason why ctx ended.
func Search(ctx context.Context, roots iter.Seq[string]) (*Installed, error) {
	return search(ctx, roots, (*exec.Cmd).Start)
}

func search(ctx context.Context, roots iter.Seq[string], start func(*exec.Cmd) error) (*Installed, error) {
	if roots == nil {
		roots = usualRoots()
	}
	missing := &MissingError{}
	for root := range roots {
		found, err := ask(ctx, root, start)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if errors.Is(err, errNoCache) {
			return nil, err
		}
		if err != nil {
			missing.Found = append(missing.Found, err.Error())
		}
		if found != nil {
			return found, nil
		}
	}
	return nil, missing
}

// usualRoots are those of the environment and the PATH, and where installers put
// Go: a kernel that JupyterLab starts need not have the person's PATH.
func usualRoots() iter.Seq[string] {
	return func(yield func(string) bool) {
		var seen []string
		for root := range stdsource.Roots() {
			seen = append(seen, root)
			if !yield(root) {
				return
			}
		}
		home, _ := os.UserHomeDir()
		for _, pattern := range []string{
			"/usr/local/go", "/usr/lib/go", "/usr/lib/go-1.*", "/usr/lib/golang",
			"/opt/homebrew/opt/go/libexec", "/usr/local/opt/go/libexec", "/snap/go/current",
			filepath.Join(home, "go"), filepath.Join(home, "sdk", "go1.*"), `C:\Program Files\Go`,
		} {
			found, _ := filepath.Glob(pattern)
			slices.Reverse(found) // the newer ones first
			for _, root := range found {
				if !slices.Contains(seen, root) && !yield(root) {
					return
				}
			}
		}
	}
}

// ask asks the go command of a root what it is. Without one it returns nothing;
// the error says what is there that cannot be used.
func ask(ctx context.Context, root string, start func(*exec.Cmd) error) (*Installed, error) {
	command := filepath.Join(root, "bin", "go")
	if runtime.GOOS == "windows" {
		command += ".exe"
	}
	if _, err := os.Stat(command); err != nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cmd := newCommand(ctx, os.TempDir(), command, "env", "-json") // no module decides
	cmd.Env = withEnv(os.Environ(), "GOROOT="+root, "GOTOOLCHAIN=local", "GOWORK=off", "GO111MODULE=on")
	out, err := collect(ctx, cmd, start)
	if strings.Contains(out.stderr, "build cache") {
		return nil, fmt.Errorf("%w (%s): set GOCACHE, or HOME, to a folder that can be written, before the kernel starts", errNoCache, firstLine(out.stderr, err))
	}
	if err != nil {
		return nil, fmt.Errorf("a go command in %s that does not run (%s)", root, firstLine(out.stderr, err))
	}
	found := &Installed{Root: root, Command: command}
	if err := json.Unmarshal([]byte(out.stdout), &found.settings); err != nil {
		return nil, fmt.Errorf("a go command in %s that does not understand go env -json", root)
	}
	found.Version = found.settings["GOVERSION"]
	if version.IsValid(found.Version) && version.Compare(found.Version, least) < 0 {
		return nil, fmt.Errorf("Go %s in %s", strings.TrimPrefix(found.Version, "go"), root)
	}
	return found, nil
}

func firstLine(text string, err error) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line == "" {
		return err.Error()
	}
	return line
}

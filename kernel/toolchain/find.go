package toolchain

import (
	"context"
	"encoding/json"
	"fmt"
	"go/version"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/check/stdsource"
)

// least is the oldest Go that compiles what cells may say: that of our go.mod.
const least = "go1.26"

// tools is an installed Go.
type tools struct {
	version string // "go1.26.8"
	root    string // GOROOT
	command string // the go command
	dir     string // the folder of compile and link
	cc      string // the C compiler's command, with flags
	cgo     bool
	flags   []string // GOFLAGS
	cache   string   // GOCACHE
	env     []string // the environment in which the tools run
	plain   bool     // whether compile and link build what the go command would

	seen string // what was seen of the machine, to notice a change
}

// MissingError says that there is no Go that can be used.
type MissingError struct {
	Found []string // what there is instead, as in "Go 1.25.3 in /usr/lib/go"
}

// Error implements error.
func (e *MissingError) Error() string {
	want := "Go " + strings.TrimPrefix(least, "go")
	found := "no installed Go was found"
	if len(e.Found) > 0 {
		found = "found only " + strings.Join(e.Found, ", ")
	}
	return fmt.Sprintf("compiled cells need %s or later, but %s: install it from https://go.dev/dl/ and put its go command on the PATH of JupyterLab, or set GOROOT there", want, found)
}

// find returns the tools, which it looks for again when the environment or the
// installed Go has changed. A failure is not remembered: the person may install
// Go and run the cell again.
func (t *Toolchain) find(ctx context.Context) (*tools, error) {
	s, err := t.folder()
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	known := t.tools
	t.mu.Unlock()
	if known != nil && known.seen == look(known.root) {
		return known, nil
	}
	roots := t.opts.Roots
	if roots == nil {
		roots = usualRoots()
	}
	missing := &MissingError{}
	for root := range roots {
		found, err := t.ask(ctx, root, s)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			missing.Found = append(missing.Found, err.Error())
		}
		if found == nil {
			continue
		}
		return found, t.take(found, s)
	}
	return nil, missing
}

// take notes the tools that were found, and writes the module for them.
func (t *Toolchain) take(found *tools, s *scratch) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.module.settle(found, s); err != nil {
		return writeError(err, s.dir)
	}
	t.tools = found
	return nil
}

// lang is the version of the language in which programs are compiled: that of the
// installed Go, as go run does without a go.mod.
func (g *tools) lang() string {
	if lang := version.Lang(g.version); lang != "" {
		return lang
	}
	return least // a development build, whose version is not ordered
}

// release is that version as a go.mod says it.
func (g *tools) release() string {
	lang := strings.TrimPrefix(g.lang(), "go")
	if strings.Count(g.version, ".") == 2 {
		return lang + ".0"
	}
	return lang // as in go1.27rc1, which comes before 1.27.0
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
func (t *Toolchain) ask(ctx context.Context, root string, s *scratch) (*tools, error) {
	command := filepath.Join(root, "bin", "go")
	if runtime.GOOS == "windows" {
		command += ".exe"
	}
	if _, err := os.Stat(command); err != nil {
		return nil, nil
	}
	seen := look(root)
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cmd := t.command(ctx, s.dir, command, "env", "-json")
	cmd.Env = withEnv(os.Environ(), "GOROOT="+root, "GOTOOLCHAIN=local", "GOWORK=off", "GO111MODULE=on")
	out, err := t.output(ctx, cmd)
	if err != nil {
		return nil, fmt.Errorf("a go command in %s that does not run (%s)", root, firstLine(out.stderr, err))
	}
	var env map[string]string
	if err := json.Unmarshal([]byte(out.stdout), &env); err != nil {
		return nil, fmt.Errorf("a go command in %s that does not understand go env -json", root)
	}
	v := env["GOVERSION"]
	if version.IsValid(v) && version.Compare(v, least) < 0 {
		return nil, fmt.Errorf("Go %s in %s", strings.TrimPrefix(v, "go"), root)
	}
	found := &tools{version: v, root: root, command: command, dir: env["GOTOOLDIR"],
		cc: env["CC"], cgo: env["CGO_ENABLED"] == "1", cache: env["GOCACHE"], seen: seen}
	return found, found.environment(env, s)
}

// look describes what find depends on: the environment as far as the go command
// reads it, its file of settings, and the installed Go.
func look(root string) string {
	var b strings.Builder
	var settings string
	for _, e := range os.Environ() {
		name, value, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, "GO") || strings.HasPrefix(name, "CGO") || slices.Contains(matters, name) {
			b.WriteString(e + "\n")
		}
		if name == "GOENV" {
			settings = value
		}
	}
	if settings == "" {
		if dir, err := os.UserConfigDir(); err == nil {
			settings = filepath.Join(dir, "go", "env")
		}
	}
	for _, file := range []string{settings, filepath.Join(root, "VERSION"), filepath.Join(root, "bin")} {
		if info, err := os.Stat(file); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", file, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}

// matters are environment variables that the go command reads and whose names do
// not say so.
var matters = []string{"PATH", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "CC", "CXX", "AR", "FC", "PKG_CONFIG", "TMPDIR"}

func firstLine(text string, err error) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line == "" {
		return err.Error()
	}
	return line
}

package toolchain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tools is an installed Go as a session uses it.
type tools struct {
	Installed
	dir   string   // the folder of compile and link
	flags []string // GOFLAGS
	cache string   // GOCACHE
	env   []string // the environment in which the tools run
	plain bool     // whether compile and link build what the go command would

	seen string // what was seen of the machine, to notice a change
}

// find returns the tools, which it looks for again when the environment or the
// installed Go has changed. A failure is not remembered: the person may install
// Go and run the cell again.
func (t *Toolchain) find(ctx context.Context) (*tools, error) {
	t.finding.Lock()
	defer t.finding.Unlock()
	s, err := t.folder()
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	known := t.tools
	t.mu.Unlock()
	if known != nil && known.seen == look(known.Root) {
		return known, nil
	}
	installed, err := search(ctx, t.opts.Roots, t.start)
	if err != nil {
		return nil, err
	}
	found := &tools{Installed: *installed, dir: installed.settings["GOTOOLDIR"], cache: installed.settings["GOCACHE"], seen: look(installed.Root)}
	if err := found.environment(s); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.module.settle(found, s); err != nil {
		return nil, writeError(err, s.dir)
	}
	t.tools = found
	return found, nil
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

// Go is the Go that compiles cells: "go1.26.8". Its error says what is missing and
// what to do.
func (t *Toolchain) Go(ctx context.Context) (string, error) {
	g, err := t.find(ctx)
	if err != nil {
		return "", err
	}
	return g.Version, nil
}

// RaceCompiler is the command of the C compiler with which programs are built for
// the race detector. Its error says what is missing and what to do.
func (t *Toolchain) RaceCompiler(ctx context.Context) (string, error) {
	g, err := t.find(ctx)
	if err != nil {
		return "", err
	}
	return g.CC(), Build{Race: true}.possible(g)
}

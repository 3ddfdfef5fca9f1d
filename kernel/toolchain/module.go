package toolchain

import (
	"context"
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"strings"
)

// module is the module in which the session's programs are compiled. While it is
// empty it is the one that every session begins with.
type module struct {
	goMod, goSum []byte
	state        int // counts the changes
}

// modulePath is what the session's programs belong to: go test puts it into names.
const modulePath = "cell"

// Module is the module in which the session's programs are compiled.
type Module struct {
	Dir     string   // holds go.mod and go.sum
	Go      string   // the go command
	Version string   // "go1.26.8"
	Env     []string // the environment for go commands in it
}

// Module returns the module in which the session's programs are compiled.
func (t *Toolchain) Module(ctx context.Context) (Module, error) {
	ctx, end := t.runs.begin(ctx)
	defer end()
	g, err := t.find(ctx)
	if err != nil {
		return Module{}, err
	}
	s, err := t.folder()
	if err != nil {
		return Module{}, err
	}
	return Module{Dir: s.module, Go: g.command, Version: g.version, Env: g.env}, nil
}

// SetModule changes what the module of later builds requires.
func (t *Toolchain) SetModule(goMod, goSum []byte) error {
	s, err := t.folder()
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.module = module{goMod: goMod, goSum: goSum, state: t.module.state + 1}
	clear(t.listings)
	return writeError(t.module.write(s), s.dir)
}

// write writes the module into a session's folder, with the modules that are
// always there.
func (m module) write(s *scratch) error {
	if m.goMod == nil {
		text, err := alwaysThere(s.always)
		if err != nil {
			return err
		}
		m.goMod = []byte(text)
	}
	if err := os.WriteFile(filepath.Join(s.module, "go.mod"), m.goMod, 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.module, "go.sum"), m.goSum, 0o600)
}

// alwaysThere writes the modules that are always there into a folder, and returns
// a go.mod that requires them.
func alwaysThere(dir string) (goMod string, err error) {
	var b strings.Builder
	fmt.Fprintf(&b, "module %s\n\ngo %s\n", modulePath, strings.TrimPrefix(version.Lang(least), "go"))
	return b.String(), nil
}

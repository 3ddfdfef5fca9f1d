package toolchain

import (
	"context"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/chanbook/chanbook/kernel/toolchain/internal/always"
)

// module is the module in which the session's programs are compiled.
type module struct {
	goMod, goSum []byte
	state        int // counts the changes: 0 is what every session begins with
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
	return Module{Dir: s.module, Go: g.Command, Version: g.Version, Env: g.env}, nil
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

// settle writes the session's module for the tools that were found.
func (m *module) settle(g *tools, s *scratch) error {
	modules, err := always.Write(s.always)
	if err != nil {
		return err
	}
	overlay, err := always.Overlay(s.seenAlways(), s.always)
	if err != nil {
		return err
	}
	if err := always.WriteFile(s.overlay, overlay); err != nil {
		return err
	}
	if m.state == 0 {
		if m.goMod, err = firstModule(g, modules, s.seenAlways()); err != nil {
			return err
		}
	}
	return m.write(s)
}

// seenAlways is where the go command sees the modules that are always there. The
// folder is the same for all sessions, so that the build cache has them compiled,
// and traces name it.
func (s *scratch) seenAlways() string {
	return filepath.VolumeName(s.dir) + string(filepath.Separator) + "chanbook-modules"
}

func (m *module) write(s *scratch) error {
	if err := always.WriteFile(filepath.Join(s.module, "go.mod"), m.goMod); err != nil {
		return err
	}
	return always.WriteFile(filepath.Join(s.module, "go.sum"), m.goSum)
}

// firstModule returns a go.mod that requires the modules that are always there.
// Another version of one of them, for which somebody asks, comes from where all
// modules come.
func firstModule(g *tools, modules []always.Module, dir string) ([]byte, error) {
	file := new(modfile.File)
	if err := file.AddModuleStmt(modulePath); err != nil {
		return nil, err
	}
	if err := file.AddGoStmt(g.release()); err != nil {
		return nil, err
	}
	for _, m := range modules {
		file.AddNewRequire(m.Path, m.Version, false)
		if err := file.AddReplace(m.Path, m.Version, m.Dir(dir), ""); err != nil {
			return nil, err
		}
	}
	file.Cleanup()
	return file.Format()
}

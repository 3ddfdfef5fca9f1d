package toolchain

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// goFlags are the flags of the go command that decide how packages are compiled.
func (b Build) goFlags() []string {
	var flags []string
	if b.Race {
		flags = append(flags, "-race")
	}
	if b.Tags != "" {
		flags = append(flags, "-tags="+b.Tags)
	}
	return flags
}

// goBuild leaves the build to the go command. The job's folder becomes a module
// like that of the session.
func (j *job) goBuild(ctx context.Context) (output string, err error) {
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(j.scratch.module, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(j.dir, name), text, 0o600)
		}
		if err != nil {
			return "", writeError(err, j.scratch.dir)
		}
	}
	args := []string{"build"}
	if j.Test {
		args = []string{"test", "-c", "-vet=off"} // vet knows no overlay
	}
	args = append(args, "-mod=readonly", "-buildvcs=false", "-o", j.executable())
	args = append(args, j.goFlags()...)
	if j.Fuzz {
		args = append(args, "-fuzz=.")
	}
	if !j.Debug && !j.tools.says("ldflags") {
		args = append(args, "-ldflags=-s -w")
	}
	args = append(args, j.compilerFlags()...)
	cmd := newCommand(ctx, j.dir, j.tools.Command, append(args, ".")...)
	cmd.Env = j.tools.env
	out, err := collectGuarded(ctx, cmd, j.t.start)
	if err != nil {
		return "", j.fault("go "+args[0], out, err)
	}
	if _, err := os.Stat(j.executable()); err != nil {
		return "", cell.Fail(cell.CompileError, "go "+args[0]+" made no program: "+firstLine(out.all, err))
	}
	return out.all, nil
}

// compilerFlags are the settings of the compiler for the go command. Files are
// named as in a plain build.
func (j *job) compilerFlags() []string {
	if len(j.GCFlags) == 0 && j.tools.says("gcflags") {
		return nil // the person's are not to be overruled
	}
	own := append([]string{"-trimpath=" + j.dir + "=>"}, j.GCFlags...)
	if !j.patterned() {
		return []string{"-gcflags=" + quoteFlags(own)}
	}
	settings := []string{"-gcflags=" + quoteFlags(j.GCFlags)}
	if first, ok := strings.CutPrefix(j.GCFlags[0], "all="); ok {
		own[1] = first
		settings = append(settings, "-gcflags="+modulePath+"="+quoteFlags(own))
	}
	return settings
}

// patterned reports whether the compiler's flags begin with a pattern of the
// packages that they are for, as in all=-N.
func (b Build) patterned() bool { return len(b.GCFlags) > 0 && !strings.HasPrefix(b.GCFlags[0], "-") }

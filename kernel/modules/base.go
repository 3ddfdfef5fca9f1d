package modules

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Base is the module in which programs are compiled.
type Base struct {
	Dir     string   // holds go.mod and go.sum, which may name other files by their places in Dir
	Go      string   // the go command
	Version string   // its version: "go1.26.8"
	Env     []string // the environment for it
}

// gomod is the content of a go.mod and a go.sum.
type gomod struct{ mod, sum []byte }

// read reads the module's files. There need be no go.sum.
func (b Base) read() (gomod, error) {
	mod, err := os.ReadFile(filepath.Join(b.Dir, "go.mod"))
	if err != nil {
		return gomod{}, err
	}
	sum, err := os.ReadFile(filepath.Join(b.Dir, "go.sum"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return gomod{}, err
	}
	return gomod{mod, sum}, nil
}

// scratch makes a folder beside the module's: whoever made that removes both, also
// after a sudden death of this process.
func (b Base) scratch(name string) (string, error) {
	return os.MkdirTemp(filepath.Dir(b.Dir), name)
}

// A trial is a copy of the module's files, on which the go command may work. The
// rest of the module is where it was.
type trial struct {
	Base
	mod string // the path of the copy
}

// try copies the module's files into a folder of their own. remove removes it.
func (b Base) try() (t *trial, remove func(), err error) {
	files, err := b.read()
	if err != nil {
		return nil, nil, err
	}
	dir, err := b.scratch("get-")
	if err != nil {
		return nil, nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	t = &trial{b, filepath.Join(dir, "go.mod")}
	if err := t.write(files); err != nil {
		remove()
		return nil, nil, err
	}
	return t, remove, nil
}

func (t *trial) sum() string { return strings.TrimSuffix(t.mod, ".mod") + ".sum" }

func (t *trial) write(files gomod) error {
	return errors.Join(os.WriteFile(t.mod, files.mod, 0o666), os.WriteFile(t.sum(), files.sum, 0o666))
}

// files reads what the copies are now.
func (t *trial) files() (gomod, error) {
	mod, err := os.ReadFile(t.mod)
	if err != nil {
		return gomod{}, err
	}
	sum, err := os.ReadFile(t.sum())
	return gomod{mod, sum}, err
}

// run runs a subcommand that knows modules, with the copies in the place of the
// module's files. tell, when not nil, is told of each line that the command
// writes while it works. The error is a *goError or the end of ctx.
func (t *trial) run(ctx context.Context, tell func(line string), subcommand string, args ...string) ([]byte, error) {
	return t.command(ctx, tell, append([]string{subcommand, "-mod=mod", "-modfile=" + t.mod}, args...)...)
}

// goError says that the go command failed, with what it wrote.
type goError struct {
	args   []string
	output string
	err    error
}

func (e *goError) Error() string {
	if e.output == "" {
		return fmt.Sprintf("go %s: %v", e.args[0], e.err)
	}
	return e.output
}

func (e *goError) Unwrap() error { return e.err }

// command runs the go command in the module's folder and returns what it wrote to
// standard output.
func (b Base) command(ctx context.Context, tell func(string), args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, b.Go, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = b.Dir, slices.Concat(b.environment(), []string{"PWD=" + b.Dir}), 5*time.Second
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	var stdout bytes.Buffer
	stderr := &lines{tell: tell}
	cmd.Stdout, cmd.Stderr = &stdout, stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, &goError{args, strings.TrimSpace(stderr.all.String()), err}
	}
	return stdout.Bytes(), nil
}

// environment is that of the base, in which nothing chooses another toolchain,
// workspace or way to find modules.
func (b Base) environment() []string {
	env := slices.Clone(b.Env)
	if env == nil {
		env = os.Environ()
	}
	flags := ""
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, "GOFLAGS="); ok {
			flags = withoutFlags(value, "mod", "modfile")
		}
	}
	return append(env, "GOFLAGS="+flags, "GOWORK=off", "GOTOOLCHAIN=local")
}

// withoutFlags takes flags with a value out of GOFLAGS.
func withoutFlags(flags string, names ...string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(flags), func(f string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
		return slices.Contains(names, name)
	}), " ")
}

// lines keeps what is written and tells of each whole line.
type lines struct {
	all  bytes.Buffer
	tell func(string)
	told int
}

func (l *lines) Write(p []byte) (int, error) {
	l.all.Write(p)
	for l.tell != nil {
		rest := l.all.Bytes()[l.told:]
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			break
		}
		l.told += end + 1
		l.tell(string(rest[:end]))
	}
	return len(p), nil
}

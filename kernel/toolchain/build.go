package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// Build builds a program, unless the very same one is there. Its error is
// check.Diagnostics for what is wrong with the cell, or another one that says what
// is missing on the machine and what to do.
func (t *Toolchain) Build(ctx context.Context, b Build) (*Binary, error) {
	ctx, end := t.runs.begin(ctx)
	defer end()
	job, err := t.job(ctx, b)
	if err != nil {
		return nil, err
	}
	if binary := t.built(job.key); binary != nil {
		return binary, nil
	}
	if err := job.prepare(); err != nil {
		return nil, err
	}
	defer job.remove()
	output, err := job.build(ctx)
	if err != nil {
		return nil, err
	}
	return t.keep(job, output)
}

// Compile compiles a program without linking it, and returns what the compiler
// wrote: for flags such as -m and -S.
func (t *Toolchain) Compile(ctx context.Context, b Build) (output string, err error) {
	ctx, end := t.runs.begin(ctx)
	defer end()
	job, err := t.job(ctx, b)
	if err != nil {
		return "", err
	}
	if err := job.prepare(); err != nil {
		return "", err
	}
	defer job.remove()
	l, err := job.list(ctx)
	if err != nil {
		return "", err
	}
	return job.compile(ctx, l)
}

// job is one build.
type job struct {
	Build
	t       *Toolchain
	tools   *tools
	scratch *scratch
	key     string // names the program: the same key is the same program
	dir     string // the folder in which it is built
}

func (t *Toolchain) job(ctx context.Context, b Build) (*job, error) {
	g, err := t.find(ctx)
	if err != nil {
		return nil, err
	}
	if err := b.possible(g); err != nil {
		return nil, err
	}
	s, err := t.folder()
	if err != nil {
		return nil, err
	}
	j := &job{Build: b, t: t, tools: g, scratch: s}
	t.mu.Lock()
	state := t.module.state
	t.mu.Unlock()
	parts := []string{g.seen, g.Version, strconv.Itoa(state), b.Tags, strings.Join(b.GCFlags, "\x00"), fmt.Sprint(b.Test, b.Fuzz, b.Race, b.Debug)}
	for _, f := range b.Program.Files {
		parts = append(parts, f.Name, f.Text)
	}
	j.key = digest(parts...)
	return j, nil
}

// digest is a name for a list of texts.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d\n%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// prepare makes the folder with the program's files.
func (j *job) prepare() error {
	dir, err := os.MkdirTemp(j.scratch.work, "build-*")
	if err != nil {
		return writeError(err, j.scratch.dir)
	}
	j.dir = dir
	for _, f := range j.Program.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), []byte(f.Text), 0o600); err != nil {
			j.remove()
			return writeError(err, j.scratch.dir)
		}
	}
	return nil
}

func (j *job) remove() { removeAll(j.dir) }

// executable is where the program is built.
func (j *job) executable() string {
	name := "cell"
	if j.Test {
		name += ".test"
	}
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(j.dir, name)
}

// build builds the program, by compile and link alone if they can.
func (j *job) build(ctx context.Context) (output string, err error) {
	if j.odd() {
		return j.goBuild(ctx)
	}
	for again := false; ; again = true {
		l, err := j.list(ctx)
		if err != nil {
			return "", err
		}
		if l.odd {
			return j.goBuild(ctx)
		}
		output, err = j.compile(ctx, l)
		if err == nil {
			err = j.link(ctx)
		}
		if err == nil || again || l.there() {
			return output, err
		}
		// Another go command has just removed what it had not used for some days.
	}
}

// odd reports whether there is something in the program that the go command knows
// how to build and compile and link do not.
func (j *job) odd() bool {
	if j.Test || j.Fuzz || !j.tools.plain || j.patterned() {
		return true
	}
	for _, path := range j.Program.Imports {
		if path == "C" || strings.HasPrefix(path, ".") || strings.HasPrefix(path, "vendor/") || strings.HasPrefix(path, "cmd/") ||
			strings.Contains("/"+path+"/", "/internal/") {
			return true
		}
	}
	for _, f := range j.Program.Files {
		for _, directive := range []string{"//go:debug", "//go:embed", "//go:cgo_"} {
			if strings.Contains(f.Text, directive) {
				return true
			}
		}
	}
	return false
}

package modules

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// A Worker is a worker program with packages of modules.
type Worker struct {
	Path   string // of the program
	Cached bool   // it was there
	Notes  []string
}

// ErrNoWorker says that interpreted cells cannot have the modules, for a reason that
// has nothing to do with them.
type ErrNoWorker struct{ Reason string }

func (e *ErrNoWorker) Error() string { return e.Reason }

// WorkerOptions say how a worker is built.
type WorkerOptions struct {
	Build   string            // the kernel's, see pipe.Build
	Cache   string            // the folder in which it may be already, see Cache
	Without []string          // modules of the session that it has not, see bound.Without
	Tell    func(line string) // is told what is being done; nil for nobody
}

// BuildWorker builds a worker program that has the packages of modules as compiled
// code, unless it is in the cache. The base's go.mod must require the modules.
func BuildWorker(ctx context.Context, base Base, modules []Module, o WorkerOptions) (*Worker, error) {
	if version.Lang(base.Version) != version.Lang(runtime.Version()) {
		return nil, &ErrNoWorker{fmt.Sprintf("Chanbook was built with %s, and its worker would be built with %s: the interpreter needs the same version, for it knows how that keeps types in memory. Build Chanbook anew with the Go that is installed",
			spoken(runtime.Version()), spoken(base.Version))}
	}
	source, err := base.ownSource(ctx)
	if err != nil {
		return nil, &ErrNoWorker{err.Error()}
	}
	dir, err := base.scratch("worker-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	w := &workerModule{Base: base, WorkerOptions: o, source: source}
	w.Dir, w.Env = dir, workerEnvironment(base.environment())
	if err := w.writeModule(base, modules); err != nil {
		return nil, err
	}
	program := filepath.Join(workers(o.Cache), w.key, "chanbook-worker"+exe())
	if _, err := os.Stat(program); err == nil {
		touch(filepath.Dir(program))
		return &Worker{Path: program, Cached: true}, nil
	}
	notes, err := w.generate(ctx, modules)
	if err != nil {
		return nil, err
	}
	w.say("building a worker with " + strings.Join(w.names, ", "))
	built := filepath.Join(dir, "chanbook-worker"+exe())
	if _, err := w.command(ctx, nil, "build", "-mod=mod", "-buildvcs=false", "-ldflags=-s -w", "-o", built, "."); err != nil {
		return nil, err
	}
	return &Worker{Path: program, Notes: notes}, install(built, program)
}

func spoken(goVersion string) string { return "Go " + strings.TrimPrefix(goVersion, "go") }

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// workerModule is the module of one worker program.
type workerModule struct {
	Base
	WorkerOptions
	source string   // of Chanbook
	key    string   // tells this program from others
	names  []string // the paths of the packages
}

func (w *workerModule) say(line string) {
	if w.Tell != nil {
		w.Tell(line)
	}
}

// writeModule writes a go.mod and a go.sum with what Chanbook requires and what the
// session does, and finds the program's key.
func (w *workerModule) writeModule(base Base, modules []Module) error {
	own, err := Base{Dir: w.source}.read()
	if err != nil {
		return err
	}
	session, err := base.read()
	if err != nil {
		return err
	}
	mod, err := joinModules(own.mod, session.mod, w.source)
	if err != nil {
		return err
	}
	sum := slices.Concat(own.sum, []byte("\n"), session.sum)
	key := sha256.New()
	fmt.Fprintf(key, "%s\n%s\n%s\n%s\n%s\n", w.Build, w.Without, base.Version, mod, sum)
	for _, m := range modules {
		for _, p := range m.usable() {
			w.names = append(w.names, p.Path)
		}
	}
	fmt.Fprintln(key, w.names)
	settings := map[string]string{}
	for _, e := range w.Env {
		name, value, _ := strings.Cut(e, "=")
		settings[name] = value // the last one counts
	}
	for _, name := range []string{"GOFLAGS", "GOEXPERIMENT", "CGO_ENABLED", "GOARCH", "GOOS"} {
		fmt.Fprintf(key, "%s=%s\n", name, settings[name])
	}
	w.key = fmt.Sprintf("%x", key.Sum(nil)[:12])
	return errors.Join(os.WriteFile(filepath.Join(w.Dir, "go.mod"), mod, 0o666), os.WriteFile(filepath.Join(w.Dir, "go.sum"), sum, 0o666))
}

// workerEnvironment is the base's without what belongs to its own files.
func workerEnvironment(env []string) []string {
	out := slices.Clone(env)
	for i, e := range out {
		if flags, ok := strings.CutPrefix(e, "GOFLAGS="); ok {
			out[i] = "GOFLAGS=" + withoutFlags(flags, "overlay")
		}
	}
	return out
}

// usable are the packages that cells may import.
func (m Module) usable() []Package {
	return slices.DeleteFunc(slices.Clone(m.Packages), func(p Package) bool { return p.Fault != "" })
}

// joinModules makes the go.mod of a worker: it requires what Chanbook does and what
// the session does, each in the higher version. What Chanbook requires comes from
// where modules come from, the rest from where the session has it from.
func joinModules(own, session []byte, source string) ([]byte, error) {
	of, err := modfile.Parse("go.mod", own, nil)
	if err != nil {
		return nil, err
	}
	sf, err := modfile.Parse("go.mod", session, nil)
	if err != nil {
		return nil, err
	}
	f := new(modfile.File)
	language := "1.26"
	for _, g := range []*modfile.Go{of.Go, sf.Go} {
		if g != nil && version.Compare("go"+g.Version, "go"+language) > 0 {
			language = g.Version
		}
	}
	errs := []error{f.AddModuleStmt("chanbook-worker"), f.AddGoStmt(language), f.AddRequire(ownPath, "v0.0.0"), f.AddReplace(ownPath, "", source, "")}
	required := map[string]string{}
	for _, r := range slices.Concat(of.Require, sf.Require) {
		if semver.Compare(r.Mod.Version, required[r.Mod.Path]) > 0 {
			required[r.Mod.Path] = r.Mod.Version
		}
	}
	delete(required, "chanbook/show")
	for path, v := range required {
		errs = append(errs, f.AddRequire(path, v))
	}
	for _, r := range sf.Replace {
		if inOwn := slices.ContainsFunc(of.Require, func(o *modfile.Require) bool { return o.Mod.Path == r.Old.Path }); !inOwn && required[r.Old.Path] != "" {
			errs = append(errs, f.AddReplace(r.Old.Path, r.Old.Version, r.New.Path, r.New.Version))
		}
	}
	f.SortBlocks()
	f.Cleanup()
	text, err := f.Format()
	return text, errors.Join(append(errs, err)...)
}

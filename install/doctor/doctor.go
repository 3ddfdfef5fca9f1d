// Package doctor looks for what Chanbook needs on a machine: the Go toolchain, a
// C compiler, Python, Jupyter and the kernelspec. It changes nothing, and says
// for each what it found and, where something is wrong, how to mend it.
//
// It knows nothing of how its findings are shown. It starts no goroutine.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/chanbook/chanbook/install"
	"github.com/chanbook/chanbook/install/lab"
	"github.com/chanbook/chanbook/kernel/toolchain"
)

// Status is the result of a check.
type Status string

// The results. Missing means that Chanbook does not work without it, Warn that
// a part of it does not.
const (
	OK      Status = "ok"
	Warn    Status = "warn"
	Missing Status = "missing"
)

// Check is one finding.
type Check struct {
	Name   string
	Status Status
	Detail string // what was found
	Fix    string // what to do; "" when nothing
}

// Examine makes all checks.
func Examine(ctx context.Context) []Check { return examine(ctx, nil) }

// examine looks for Go in the given folders; nil are the usual ones.
func examine(ctx context.Context, roots iter.Seq[string]) []Check {
	e := examiner{ctx: ctx, sys: install.ThisSystem(), machine: lab.ThisMachine()}
	e.installed, e.missing = toolchain.Search(ctx, roots)
	private, ready := e.privateLab()
	onPath := e.jupyterOnPath()
	python, prefix := e.python(ready || onPath.Status == OK)
	checks := []Check{e.toolchain(), e.compiler(), python, private, onPath}
	return append(checks, e.kernelspecs(prefix, ready)...)
}

type examiner struct {
	ctx     context.Context
	sys     install.System
	machine lab.Machine

	installed *toolchain.Installed // nil when there is none that compiles cells
	missing   error                // why
}

func (e examiner) toolchain() Check {
	c := Check{Name: "Go toolchain", Status: OK}
	if e.missing == nil {
		c.Detail = fmt.Sprintf("%s (%s)", strings.TrimPrefix(e.installed.Version, "go"), e.installed.Command)
		return c
	}
	c.Status, c.Fix = Missing, "get Go "+toolchain.Least()+" or later from https://go.dev/dl/ and put it on the PATH of JupyterLab, or set GOROOT"
	c.Detail = e.missing.Error()
	if none, ok := errors.AsType[*toolchain.MissingError](e.missing); ok {
		c.Detail = none.What() + "; compiled cells (%%go, %%race, %%bench) need Go " + toolchain.Least() + " or later"
	}
	return c
}

// compiler checks what the race detector needs. On macOS it needs none.
func (e examiner) compiler() Check {
	c := Check{Name: "C compiler", Status: OK}
	if e.machine.OS == "darwin" {
		c.Detail = "not needed on macOS"
		return c
	}
	candidates, cgo := []string{"gcc", "clang"}, true
	if e.installed != nil {
		cgo = e.installed.CGO()
		if cc := strings.Fields(e.installed.CC()); len(cc) > 0 {
			candidates = append([]string{cc[0]}, candidates...)
		}
	}
	path := hasCompiler(candidates...)
	switch {
	case path == "":
		c.Status, c.Detail, c.Fix = Warn, "none found; the race detector (%%race) needs one", e.machine.CompilerFix()
	case filepath.Base(path) != filepath.Base(candidates[0]):
		c.Status, c.Fix = Warn, "go env -w CC="+filepath.Base(path)
		c.Detail = path + ", but Go looks for " + candidates[0]
	case !cgo || os.Getenv("CGO_ENABLED") == "0":
		c.Status, c.Detail, c.Fix = Warn, "cgo is switched off; the race detector (%%race) needs it", "set CGO_ENABLED=1"
	default:
		c.Detail = path
	}
	return c
}

func hasCompiler(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// python checks for one to make the private JupyterLab with. Where there is a
// JupyterLab already, none is needed. The second result is the prefix of the
// Python that was found.
func (e examiner) python(haveJupyter bool) (Check, string) {
	c := Check{Name: "Python", Status: OK}
	p, err := lab.FindPython(e.ctx, "")
	if err == nil {
		c.Detail = fmt.Sprintf("%s with venv (%s)", p.Version, p.Path)
		return c, p.Prefix
	}
	c.Status = Missing
	if haveJupyter {
		c.Status = Warn
	}
	c.Detail = err.Error()
	var none *lab.NoPythonError
	if errors.As(err, &none) {
		c.Detail, c.Fix = strings.Join(none.Tried, "; "), none.Fix
	}
	return c, ""
}

func (e examiner) privateLab() (Check, bool) {
	c := Check{Name: "Private JupyterLab", Status: Warn}
	home, err := lab.FindHome(e.sys)
	if err != nil {
		c.Detail, c.Fix = err.Error(), "set CHANBOOK_HOME"
		return c, false
	}
	env, ready := home.Ready(e.ctx, lab.Request{})
	if !ready {
		c.Detail, c.Fix = "not made yet in "+home.Dir, "chanbook lab makes it"
		return c, false
	}
	c.Status, c.Detail = OK, env.Prefix
	return c, true
}

func (e examiner) jupyterOnPath() Check {
	path, err := exec.LookPath("jupyter-lab")
	if err != nil {
		return Check{Name: "Jupyter on PATH", Status: Warn, Detail: "none", Fix: "nothing, unless chanbook lab --system is to be used"}
	}
	return Check{Name: "Jupyter on PATH", Status: OK, Detail: path}
}

// kernelspecs checks each place where Jupyter would find the kernel. None is
// needed where the private JupyterLab is used, which has its own.
func (e examiner) kernelspecs(prefix string, ready bool) []Check {
	var prefixes []string
	if prefix != "" {
		prefixes = append(prefixes, prefix)
	}
	dirs := e.sys.SearchDirs(prefixes...)
	if home, err := lab.FindHome(e.sys); err == nil && ready {
		if env, ok := home.Ready(e.ctx, lab.Request{}); ok {
			dirs = append([]string{install.PrefixDir(env.Prefix)}, dirs...)
		}
	}
	var checks []Check
	for _, dir := range dirs {
		in, err := install.Read(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		checks = append(checks, kernelspec(in, err))
	}
	if len(checks) == 0 {
		return []Check{{Name: "Kernelspec", Status: Warn, Detail: "installed nowhere",
			Fix: "chanbook lab brings its own; for other Jupyters: chanbook install --user"}}
	}
	return checks
}

func kernelspec(in install.Installed, err error) Check {
	c := Check{Name: "Kernelspec", Status: Missing, Detail: in.Dir, Fix: "remove the folder, then chanbook install again"}
	if err != nil {
		c.Detail += ": " + err.Error()
		return c
	}
	if in.Ours {
		c.Fix = "chanbook install again, with the same flag"
	}
	if len(in.Spec.Argv) == 0 {
		c.Detail += ": names no program"
		return c
	}
	if err := executable(in.Spec.Argv[0]); err != nil {
		c.Detail += ": " + err.Error()
		return c
	}
	c.Status, c.Detail, c.Fix = OK, fmt.Sprintf("%s runs %s", in.Dir, in.Spec.Argv[0]), ""
	return c
}

func executable(path string) error {
	if !filepath.IsAbs(path) {
		_, err := exec.LookPath(path)
		return err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("its program is gone: %w", err)
	case info.IsDir() || runtime.GOOS != "windows" && info.Mode().Perm()&0o111 == 0:
		return fmt.Errorf("%s cannot be run", path)
	}
	return nil
}

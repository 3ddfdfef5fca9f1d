package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Python is an interpreter that can make virtual environments.
type Python struct {
	Path    string // the program itself, not a shim that finds it
	Version string // such as 3.12.4
	Prefix  string // its sys.prefix: a virtual environment's folder when it is in one
}

// Minor returns the version without the last number: 3.12.
func (p Python) Minor() string {
	first, rest, _ := strings.Cut(p.Version, ".")
	second, _, _ := strings.Cut(rest, ".")
	return first + "." + second
}

// leastMinor is the least Python 3 that the pinned packages run on.
const leastMinor = 10

// NoPythonError says that no usable Python was found: what was tried, and what
// to install.
type NoPythonError struct {
	Tried []string // one line for each candidate
	Fix   string
}

func (e *NoPythonError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "JupyterLab needs Python 3.%d or later with its venv module, and none was found.\n", leastMinor)
	for _, t := range e.Tried {
		fmt.Fprintf(&b, "  %s\n", t)
	}
	fmt.Fprintf(&b, "To install it: %s", e.Fix)
	return b.String()
}

// probe prints what has to be known of an interpreter. It runs with -I, so that
// nothing of the person's own is imported, and must parse under any Python.
const probe = `
import json, sys
def has(name):
    try:
        from importlib.util import find_spec
        return find_spec(name) is not None
    except Exception:
        return False
print(json.dumps({
    "path": sys.executable, "prefix": sys.prefix, "version": list(sys.version_info[:3]),
    "venv": has("venv"), "ensurepip": has("ensurepip"),
}))`

type probed struct {
	Path      string
	Prefix    string
	Version   []int
	Venv      bool
	Ensurepip bool
}

// FindPython returns the interpreter named by explicit (a path or a name on
// PATH; "" when there is none), else by the environment variable PYTHON, else
// the first of python3 and python on PATH that will do. One that was named
// must do: no other is tried in its place.
func FindPython(ctx context.Context, explicit string) (Python, error) {
	candidates := []string{"python3", "python"}
	if explicit == "" {
		explicit = os.Getenv("PYTHON")
	}
	if explicit != "" {
		candidates = []string{explicit}
	}
	failed := &NoPythonError{}
	wantsVenv := ""
	for _, name := range candidates {
		python, without, err := tryPython(ctx, name)
		if err == nil {
			return python, nil
		}
		if ctx.Err() != nil {
			return Python{}, context.Cause(ctx)
		}
		failed.Tried = append(failed.Tried, err.Error())
		if wantsVenv == "" {
			wantsVenv = without
		}
	}
	failed.Fix = ThisMachine().PythonFix(wantsVenv)
	return Python{}, failed
}

// tryPython examines one interpreter. Where all that it lacks is venv, the
// second result is its version.
func tryPython(ctx context.Context, name string) (Python, string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return Python{}, "", fmt.Errorf("%s: not found", name)
	}
	p, err := probePython(ctx, path)
	if err != nil {
		return Python{}, "", fmt.Errorf("%s: %w", path, err)
	}
	python := Python{Path: p.Path, Prefix: p.Prefix, Version: fmt.Sprintf("%d.%d.%d", p.Version[0], p.Version[1], p.Version[2])}
	switch {
	case p.Version[0] != 3 || p.Version[1] < leastMinor:
		return Python{}, "", fmt.Errorf("%s: is Python %s, too old", path, python.Version)
	case !p.Venv || !p.Ensurepip:
		// Debian has the two in a package of their own.
		return Python{}, python.Minor(), fmt.Errorf("%s: is Python %s without the venv and ensurepip modules", path, python.Version)
	}
	return python, "", nil
}

func probePython(ctx context.Context, path string) (probed, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var out, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, path, "-I", "-c", probe)
	cmd.Stdout, cmd.Stderr = &out, &stderr
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		why := strings.TrimSpace(stderr.String())
		if last := strings.LastIndexByte(why, '\n'); last >= 0 {
			why = why[last+1:]
		}
		if why == "" {
			why = err.Error()
		}
		return probed{}, fmt.Errorf("does not run: %s", why)
	}
	var p probed
	if err := json.Unmarshal(out.Bytes(), &p); err != nil || len(p.Version) != 3 || p.Path == "" {
		return probed{}, errors.New("does not answer like a Python 3")
	}
	return p, nil
}

// SysPrefix returns the sys.prefix of the Python that is on PATH: the folder of
// the environment that is active, if one is.
func SysPrefix(ctx context.Context) (string, error) {
	for _, name := range []string{"python3", "python"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		p, err := probePython(ctx, path)
		if err != nil || p.Version[0] != 3 {
			continue
		}
		return p.Prefix, nil
	}
	return "", errors.New("there is no Python 3 on PATH whose environment the kernel could be installed in")
}

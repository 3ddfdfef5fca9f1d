package lab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/install"
)

// Environment is one private virtual environment with JupyterLab in it.
type Environment struct {
	Home   Home
	Prefix string
}

// Python is the environment's interpreter.
func (e Environment) Python() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(e.Prefix, "Scripts", "python.exe")
	}
	return filepath.Join(e.Prefix, "bin", "python")
}

// Script is the path of a command that a package brought, such as jupyter.
func (e Environment) Script(name string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(e.Prefix, "Scripts", name+".exe")
	}
	return filepath.Join(e.Prefix, "bin", name)
}

// Request says what environment is wanted.
type Request struct {
	Python  string // an interpreter to use, by path or name; "" for any that will do
	Extra   string // requirements beside install.Requirements
	Program string // the program to keep a copy of
	Remake  bool   // make the environment anew although it seems whole
}

// key names the set of packages that a request asks for.
func (r Request) key() string {
	sum := sha256.Sum256([]byte(install.Requirements + "\x00" + r.Extra))
	return hex.EncodeToString(sum[:6])
}

// stamp stands in a whole environment. It is written last, so an environment
// without it is one whose installation was interrupted.
type stamp struct {
	Python   string   `json:"python"`   // the version, such as 3.12.4
	Packages []string `json:"packages"` // the packages' *.dist-info folders
}

const stampName = "chanbook-complete.json"

// Prepare returns an environment as requested, after making or mending what is
// missing: the copy of the program, the packages, the kernelspec. When all is
// there, it takes as long as Python takes to start. Processes that prepare at
// the same time take turns. The environment is in use, so that no other process
// removes it, until release is called.
func (h Home) Prepare(ctx context.Context, r Request, p Progress) (env Environment, release func() error, err error) {
	unlock, err := h.lock(ctx, p)
	if err != nil {
		return env, nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := h.Binaries().Put(r.Program); err != nil {
		return env, nil, fmt.Errorf("keeping a copy of the program: %w", err)
	}
	env, err = h.findOrMake(ctx, r, p)
	if err != nil {
		return env, nil, err
	}
	if err := env.configure(); err != nil {
		return env, nil, err
	}
	if _, err := install.Install(install.PrefixDir(env.Prefix), h.Binaries().Program(), false); err != nil {
		return env, nil, err
	}
	release, err = env.hold()
	if err != nil {
		return env, nil, err
	}
	h.removeStale(r.key())
	return env, release, nil
}

// Keep puts a copy of the program into the home and returns the path of that
// very build. No other process removes it while this one runs.
func (h Home) Keep(ctx context.Context, program string, p Progress) (path string, err error) {
	unlock, err := h.lock(ctx, p)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := h.Binaries().Put(program); err != nil {
		return "", fmt.Errorf("keeping a copy of the program: %w", err)
	}
	path, err = filepath.EvalSymlinks(h.Binaries().Program())
	if err != nil {
		return "", err
	}
	_, err = install.Hold(path)
	return path, err
}

// findOrMake returns a whole environment, an old one if there is one. Only when
// the request names a Python, that very version's will do: an environment goes
// on working when "python3" comes to mean another version.
func (h Home) findOrMake(ctx context.Context, r Request, p Progress) (Environment, error) {
	named := r.Python != "" || os.Getenv("PYTHON") != ""
	if !named && !r.Remake {
		for _, env := range h.environments() {
			if strings.HasPrefix(filepath.Base(env.Prefix), r.key()) && env.whole(ctx) {
				return env, nil
			}
		}
	}
	python, err := FindPython(ctx, r.Python)
	if err != nil {
		return Environment{}, err
	}
	env := Environment{Home: h, Prefix: h.path("env", r.key()+"-py"+python.Minor())}
	if !r.Remake && env.whole(ctx) {
		return env, nil
	}
	if !env.unused() && r.Remake {
		return env, fmt.Errorf("the environment %s is in use: stop its JupyterLab first", env.Prefix)
	}
	return env, env.make(ctx, python, r, p)
}

// environments lists the folders that are or were to be environments.
func (h Home) environments() []Environment {
	entries, err := os.ReadDir(h.path("env"))
	if err != nil {
		return nil // none made yet, or not readable, which making one will report
	}
	var envs []Environment
	for _, e := range entries {
		if e.IsDir() {
			envs = append(envs, Environment{Home: h, Prefix: h.path("env", e.Name())})
		}
	}
	return envs
}

// Ready returns a whole environment for the request without making or changing
// anything.
func (h Home) Ready(ctx context.Context, r Request) (Environment, bool) {
	for _, env := range h.environments() {
		if strings.HasPrefix(filepath.Base(env.Prefix), r.key()) && env.whole(ctx) {
			return env, true
		}
	}
	return Environment{}, false
}

// whole tells whether the installation was finished, nothing of it is missing
// since, and the Python it was made from is still there.
func (e Environment) whole(ctx context.Context) bool {
	data, err := os.ReadFile(filepath.Join(e.Prefix, stampName))
	if err != nil {
		return false
	}
	var s stamp
	if json.Unmarshal(data, &s) != nil || len(s.Packages) == 0 {
		return false
	}
	present := e.packages()
	for _, p := range s.Packages {
		if !slices.Contains(present, p) {
			return false
		}
	}
	p, err := probePython(ctx, e.Python())
	if err != nil {
		return false
	}
	// A new patch release in the old one's place keeps the packages working.
	now := Python{Version: fmt.Sprintf("%d.%d.%d", p.Version[0], p.Version[1], p.Version[2])}
	return now.Minor() == Python{Version: s.Python}.Minor()
}

// packages lists the *.dist-info folders of the environment.
func (e Environment) packages() []string {
	pattern := filepath.Join("lib", "python3*", "site-packages")
	if runtime.GOOS == "windows" {
		pattern = filepath.Join("Lib", "site-packages")
	}
	// The prefix itself may hold characters that are special in a pattern.
	sites, err := filepath.Glob(filepath.Join(escapeGlob(e.Prefix), pattern))
	if err != nil {
		return nil
	}
	var found []string
	for _, site := range sites {
		entries, err := os.ReadDir(site)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if strings.HasSuffix(entry.Name(), ".dist-info") {
				found = append(found, entry.Name())
			}
		}
	}
	slices.Sort(found)
	return found
}

func escapeGlob(path string) string {
	if runtime.GOOS == "windows" {
		return path // there the backslash separates and nothing can be escaped
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// make builds the environment from nothing. What is there of it is not whole,
// or not wanted, and goes first.
func (e Environment) make(ctx context.Context, python Python, r Request, p Progress) error {
	if err := os.RemoveAll(e.Prefix); err != nil {
		return fmt.Errorf("removing an unfinished environment: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(e.Prefix), 0o755); err != nil {
		return err
	}
	p.Say(fmt.Sprintf("Making a private JupyterLab in %s with Python %s. This is done once and takes about a minute.", e.Prefix, python.Version))
	cmd := exec.CommandContext(ctx, python.Path, "-I", "-m", "venv", e.Prefix)
	cmd.Env = e.Home.Environ(os.Environ())
	cmd.WaitDelay = stopDelay
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("%s -m venv failed: %v\n%sTo mend it: %s", python.Path, err, out, ThisMachine().PythonFix(python.Minor()))
	}
	if err := e.installPackages(ctx, r, p); err != nil {
		return err
	}
	return writeJSON(filepath.Join(e.Prefix, stampName), stamp{Python: python.Version, Packages: e.packages()})
}

// configure writes what makes JupyterLab ask nothing of the network and of the
// person: no announcements, no check for updates, no build of extensions, no
// installation from the package index, and Go as the kernel of a new notebook.
func (e Environment) configure() error {
	etc := filepath.Join(e.Prefix, "etc", "jupyter")
	files := map[string]any{
		filepath.Join(etc, "labconfig", "page_config.json"): map[string]any{
			"buildAvailable":     false,
			"buildCheck":         false,
			"disabledExtensions": map[string]bool{"@jupyterlab/apputils-extension:announcements": true},
		},
		filepath.Join(etc, "jupyter_lab_config.json"): map[string]any{
			"LabApp": map[string]any{
				"news_url":                nil,
				"check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
				"extension_manager":       "readonly",
			},
			// Its search for language servers runs npm and others, which write
			// into the home folder.
			"LanguageServerManager": map[string]any{"autodetect": false},
			"MappingKernelManager":  map[string]any{"default_kernel_name": install.Name},
		},
	}
	for path, value := range files {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := writeJSON(path, value); err != nil {
			return err
		}
	}
	return nil
}

// writeJSON writes a file in one step: whoever finds it finds the whole.
func writeJSON(path string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	tmp := path + ".new"
	if err := os.WriteFile(tmp, append(data, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

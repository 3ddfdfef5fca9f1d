package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/chanbook/chanbook/install"
)

// Home is Chanbook's own data folder. In it:
//
//	bin/         the program: a link and the builds that it may point to
//	env/         the virtual environments, each named after what is in it
//	jupyter/     what JupyterLab writes: settings, workspaces, runtime files
//	share/       a kernelspec for a JupyterLab that is not ours (lab --system)
//	cache/       pip's downloads, only while an installation is under way
//	log/         what pip said, for when it failed
//	lock         held while any of this is changed
type Home struct{ Dir string }

// FindHome returns CHANBOOK_HOME or the system's usual place for the data of a
// program.
func FindHome(sys install.System) (Home, error) {
	if dir := sys.Env("CHANBOOK_HOME"); dir != "" {
		dir, err := filepath.Abs(dir)
		return Home{dir}, err
	}
	base := ""
	switch {
	case sys.OS == "windows":
		base = sys.Env("LOCALAPPDATA")
	case sys.OS == "darwin" && sys.Home != "":
		base = filepath.Join(sys.Home, "Library", "Application Support")
	case sys.Env("XDG_DATA_HOME") != "":
		base = sys.Env("XDG_DATA_HOME")
	case sys.Home != "":
		base = filepath.Join(sys.Home, ".local", "share")
	}
	if !filepath.IsAbs(base) {
		return Home{}, errors.New("there is no folder for Chanbook's data: set CHANBOOK_HOME to one, or HOME to your home folder")
	}
	return Home{filepath.Join(base, "chanbook")}, nil
}

// Binaries holds the copies of the program.
func (h Home) Binaries() install.Binaries { return install.Binaries{Dir: h.path("bin")} }

// Share is a Jupyter data folder with nothing but the kernelspec, for a search
// path.
func (h Home) Share() string { return h.path("share", "jupyter") }

func (h Home) path(elem ...string) string {
	return filepath.Join(append([]string{h.Dir}, elem...)...)
}

// contents are the names of all that Chanbook makes in its home. The lock goes
// last, because Remove holds it.
var contents = []string{"bin", "env", "jupyter", "share", "cache", "log", lockName}

const lockName = "lock"

// Remove deletes what Chanbook made in its home, and the home when nothing else
// is in it. It says no while a JupyterLab from there runs.
func (h Home) Remove() error {
	if _, err := os.Stat(h.Dir); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no private JupyterLab in %s", h.Dir)
	}
	unlock, free, err := h.tryLock()
	if err != nil {
		return err
	}
	if !free {
		return fmt.Errorf("another chanbook is changing %s: try again when it has ended", h.Dir)
	}
	defer unlock()
	for _, e := range h.environments() {
		if !e.unused() {
			return fmt.Errorf("a JupyterLab from %s is running: stop it first", e.Prefix)
		}
	}
	for _, name := range contents {
		if err := os.RemoveAll(h.path(name)); err != nil {
			return err
		}
	}
	rest, err := os.ReadDir(h.Dir)
	if err != nil || len(rest) > 0 {
		return err
	}
	return os.Remove(h.Dir)
}

// RuntimeDir is where the private JupyterLab keeps the connection files of its
// kernels.
func (h Home) RuntimeDir() string { return runtimeDir(h.path("jupyter")) }

func runtimeDir(dir string) string { return filepath.Join(dir, "runtime") }

// Environ returns the environment for programs of the private JupyterLab: env
// without what would lead them to other Jupyter or Python files, and with
// everything that they write led into the home.
func (h Home) Environ(env []string) []string { return Environ(env, h.path("jupyter")) }

// Environ is Home.Environ with everything led into the folder dir.
func Environ(env []string, dir string) []string {
	own := map[string]string{
		"JUPYTER_CONFIG_DIR":        filepath.Join(dir, "config"),
		"JUPYTER_DATA_DIR":          filepath.Join(dir, "data"),
		"JUPYTER_RUNTIME_DIR":       runtimeDir(dir),
		"JUPYTERLAB_SETTINGS_DIR":   filepath.Join(dir, "settings"),
		"JUPYTERLAB_WORKSPACES_DIR": filepath.Join(dir, "workspaces"),
		"IPYTHONDIR":                filepath.Join(dir, "ipython"),
		"PYTHONNOUSERSITE":          "1",
	}
	foreign := []string{
		"JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTERLAB_DIR", "JUPYTER_NO_CONFIG", "JUPYTER_PLATFORM_DIRS",
		"JUPYTER_PREFER_ENV_PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV",
		"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIREMENT", "PIP_CONSTRAINT",
	}
	result := withoutNames(env, func(name string) bool {
		_, replaced := own[name]
		return replaced || slices.Contains(foreign, name)
	})
	for name, value := range own {
		result = append(result, name+"="+value)
	}
	slices.Sort(result)
	return result
}

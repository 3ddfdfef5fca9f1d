package install

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// System is what decides where Jupyter keeps its files: the operating system,
// the environment and the home folder. ThisSystem returns that of the process.
// The rules are those of jupyter_core.paths.
type System struct {
	OS   string // as runtime.GOOS
	Home string // the home folder; "" when there is none
	Env  func(string) string
}

// ThisSystem describes the process's own system.
func ThisSystem() System {
	home, err := os.UserHomeDir()
	if err != nil {
		home = ""
	}
	return System{OS: runtime.GOOS, Home: home, Env: os.Getenv}
}

// UserDir is the data folder of this user: JUPYTER_DATA_DIR, or the system's
// usual place. It is "" when there is neither that variable nor a home folder.
func (s System) UserDir() string {
	if dir := s.Env("JUPYTER_DATA_DIR"); dir != "" {
		return dir
	}
	if s.OS == "windows" {
		if dir := s.Env("APPDATA"); dir != "" {
			return filepath.Join(dir, "jupyter")
		}
		return s.inHome(".jupyter", "data")
	}
	if s.OS == "darwin" {
		if s.platformDirs() {
			return s.inHome("Library", "Application Support", "Jupyter")
		}
		return s.inHome("Library", "Jupyter")
	}
	if dir := s.Env("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jupyter")
	}
	return s.inHome(".local", "share", "jupyter")
}

// RuntimeDir is where Jupyter keeps the connection files of its kernels:
// JUPYTER_RUNTIME_DIR, or a folder in UserDir. It is "" when there is neither.
func (s System) RuntimeDir() string {
	if dir := s.Env("JUPYTER_RUNTIME_DIR"); dir != "" {
		return dir
	}
	if dir := s.UserDir(); dir != "" {
		return filepath.Join(dir, "runtime")
	}
	return ""
}

// SystemDirs are the data folders of all users, the one to write to first.
func (s System) SystemDirs() []string {
	switch s.OS {
	case "windows":
		// Jupyter reads this folder only where JUPYTER_USE_PROGRAMDATA is set,
		// because on Windows any user may be able to write to it.
		if dir := s.Env("PROGRAMDATA"); dir != "" {
			return []string{filepath.Join(dir, "jupyter")}
		}
		return nil
	case "darwin":
		if s.platformDirs() {
			return []string{"/Library/Application Support/Jupyter"}
		}
	}
	return []string{"/usr/local/share/jupyter", "/usr/share/jupyter"}
}

// PrefixDir is the data folder of a Python installation or environment, and of
// any other prefix such as /usr or /opt/tools.
func PrefixDir(prefix string) string { return filepath.Join(prefix, "share", "jupyter") }

// SearchDirs are the folders where Jupyter looks for kernelspecs, the ones that
// win first. prefixes are the Python environments to look into, if any.
func (s System) SearchDirs(prefixes ...string) []string {
	dirs := filepath.SplitList(s.Env("JUPYTER_PATH"))
	dirs = append(dirs, s.UserDir())
	for _, p := range prefixes {
		dirs = append(dirs, PrefixDir(p))
	}
	dirs = append(dirs, s.SystemDirs()...)
	var found []string
	for _, d := range dirs {
		if d != "" && !slices.Contains(found, filepath.Clean(d)) {
			found = append(found, filepath.Clean(d))
		}
	}
	return found
}

func (s System) inHome(elem ...string) string {
	if s.Home == "" {
		return ""
	}
	return filepath.Join(append([]string{s.Home}, elem...)...)
}

// platformDirs tells whether the person asked Jupyter for the folders that are
// usual on the system instead of Jupyter's own.
func (s System) platformDirs() bool {
	switch strings.ToLower(s.Env("JUPYTER_PLATFORM_DIRS")) {
	case "", "no", "n", "false", "off", "0", "0.0":
		return false
	}
	return true
}

package install

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlaces(t *testing.T) {
	type env map[string]string
	for _, c := range []struct {
		name   string
		os     string
		home   string
		env    env
		user   string
		system string // the first
	}{
		{"linux", "linux", "/home/ada", nil, "/home/ada/.local/share/jupyter", "/usr/local/share/jupyter"},
		{"linux with XDG", "linux", "/home/ada", env{"XDG_DATA_HOME": "/data"}, "/data/jupyter", "/usr/local/share/jupyter"},
		{"JUPYTER_DATA_DIR", "linux", "/home/ada", env{"JUPYTER_DATA_DIR": "/d", "XDG_DATA_HOME": "/data"}, "/d", "/usr/local/share/jupyter"},
		{"linux without a home", "linux", "", nil, "", "/usr/local/share/jupyter"},
		{"mac", "darwin", "/Users/ada", nil, "/Users/ada/Library/Jupyter", "/usr/local/share/jupyter"},
		{"mac with platform folders", "darwin", "/Users/ada", env{"JUPYTER_PLATFORM_DIRS": "1"}, "/Users/ada/Library/Application Support/Jupyter", "/Library/Application Support/Jupyter"},
		{"mac without platform folders", "darwin", "/Users/ada", env{"JUPYTER_PLATFORM_DIRS": "No"}, "/Users/ada/Library/Jupyter", "/usr/local/share/jupyter"},
		{"windows", "windows", "/Users/ada", env{"APPDATA": "/Users/ada/Roaming", "PROGRAMDATA": "/ProgramData"}, "/Users/ada/Roaming/jupyter", "/ProgramData/jupyter"},
		{"windows without APPDATA", "windows", "/Users/ada", nil, "/Users/ada/.jupyter/data", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			sys := System{OS: c.os, Home: c.home, Env: func(name string) string { return c.env[name] }}
			if got := filepath.ToSlash(sys.UserDir()); got != c.user {
				t.Errorf("UserDir is %q, want %q", got, c.user)
			}
			first := ""
			if dirs := sys.SystemDirs(); len(dirs) > 0 {
				first = filepath.ToSlash(dirs[0])
			}
			if first != c.system {
				t.Errorf("SystemDirs begins with %q, want %q", first, c.system)
			}
		})
	}
}

func TestRuntimeDir(t *testing.T) {
	for want, env := range map[string]map[string]string{
		"/home/ada/.local/share/jupyter/runtime": {},
		"/data/jupyter/runtime":                  {"XDG_DATA_HOME": "/data"},
		"/d/runtime":                             {"JUPYTER_DATA_DIR": "/d", "XDG_DATA_HOME": "/data"},
		"/r":                                     {"JUPYTER_RUNTIME_DIR": "/r", "JUPYTER_DATA_DIR": "/d"},
	} {
		sys := System{OS: "linux", Home: "/home/ada", Env: func(name string) string { return env[name] }}
		if got := filepath.ToSlash(sys.RuntimeDir()); got != want {
			t.Errorf("with %v: %q, want %q", env, got, want)
		}
	}
	if got := (System{OS: "linux", Env: func(string) string { return "" }}).RuntimeDir(); got != "" {
		t.Errorf("without a home folder: %q", got)
	}
}

func TestSearchDirs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths of another system")
	}
	env := map[string]string{"JUPYTER_PATH": "/extra/:/more::/usr/local/share/jupyter", "JUPYTER_DATA_DIR": "/data"}
	sys := System{OS: "linux", Env: func(name string) string { return env[name] }}
	want := []string{"/extra", "/more", "/usr/local/share/jupyter", "/data", "/venv/share/jupyter", "/usr/share/jupyter"}
	if diff := cmp.Diff(want, sys.SearchDirs("/venv")); diff != "" {
		t.Errorf("(-want +got):\n%s", strings.TrimSpace(diff))
	}
}

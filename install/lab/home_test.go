package lab

import (
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/install"
)

func TestFindHome(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths of another system")
	}
	for _, c := range []struct {
		name, os, home string
		env            map[string]string
		want           string
	}{
		{"linux", "linux", "/home/ada", nil, "/home/ada/.local/share/chanbook"},
		{"XDG", "linux", "/home/ada", map[string]string{"XDG_DATA_HOME": "/data"}, "/data/chanbook"},
		{"mac", "darwin", "/Users/ada", nil, "/Users/ada/Library/Application Support/chanbook"},
		{"CHANBOOK_HOME", "darwin", "/Users/ada", map[string]string{"CHANBOOK_HOME": "/srv/chanbook"}, "/srv/chanbook"},
		{"nowhere", "linux", "", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			sys := install.System{OS: c.os, Home: c.home, Env: func(name string) string { return c.env[name] }}
			got, err := FindHome(sys)
			if got.Dir != c.want || (err != nil) != (c.want == "") {
				t.Errorf("got %q, %v; want %q", got.Dir, err, c.want)
			}
		})
	}
}

// TestEnviron: the person's own Jupyter and Python settings neither reach the
// private JupyterLab nor are they written to; what pip needs to reach an index
// stays.
func TestEnviron(t *testing.T) {
	env := Environ([]string{
		"PATH=/bin", "PIP_INDEX_URL=https://mirror.example", "PIP_TARGET=/theirs", "PYTHONPATH=/theirs",
		"JUPYTER_PATH=/theirs", "JUPYTER_CONFIG_DIR=/theirs", "VIRTUAL_ENV=/theirs", "GOFLAGS=-v",
	}, "/ours")
	for _, want := range []string{
		"PATH=/bin", "PIP_INDEX_URL=https://mirror.example", "GOFLAGS=-v",
		"JUPYTER_CONFIG_DIR=" + filepath.Join("/ours", "config"), "JUPYTER_RUNTIME_DIR=" + filepath.Join("/ours", "runtime"),
	} {
		if !slices.Contains(env, want) {
			t.Errorf("lacks %s", want)
		}
	}
	names := map[string]bool{}
	for _, entry := range env {
		name, _, _ := strings.Cut(entry, "=")
		if names[name] {
			t.Errorf("%s is there twice", name)
		}
		names[name] = true
		if strings.Contains(entry, "/theirs") {
			t.Errorf("has %s", entry)
		}
	}
}

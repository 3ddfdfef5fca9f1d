package install

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInstallAndUninstall(t *testing.T) {
	data := filepath.Join(t.TempDir(), "new", "jupyter")
	dir, err := Install(data, "/opt/chanbook/bin/chanbook", false)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"installed-by-chanbook.json", "kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}
	if diff := cmp.Diff(want, names(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	const spec = `{
  "argv": [
    "/opt/chanbook/bin/chanbook",
    "kernel",
    "{connection_file}"
  ],
  "display_name": "Go (Chanbook)",
  "language": "go",
  "interrupt_mode": "message"
}
`
	if diff := cmp.Diff(spec, string(text)); diff != "" {
		t.Errorf("kernel.json (-want +got):\n%s", diff)
	}
	in, err := Read(data)
	if err != nil || !in.Ours || in.Dir != dir {
		t.Errorf("Read: %+v, %v", in, err)
	}

	// A second time replaces it.
	if _, err := Install(data, "/usr/bin/chanbook", false); err != nil {
		t.Fatal(err)
	}
	if in, _ := Read(data); in.Spec.Argv[0] != "/usr/bin/chanbook" {
		t.Errorf("the second installation left %v", in.Spec.Argv)
	}

	if _, err := Uninstall(data); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there", dir)
	}
	if _, err := os.Stat(filepath.Dir(dir)); err != nil {
		t.Errorf("the folder of all kernels: %v", err)
	}
	if _, err := Uninstall(data); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("uninstalling again: %v", err)
	}
}

func TestInstallOwnProgram(t *testing.T) {
	data := t.TempDir()
	program := build(t, "one")
	dir, err := Install(data, program, true)
	if err != nil {
		t.Fatal(err)
	}
	in, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(in.Spec.Argv[0], dir) {
		t.Errorf("kernel.json names %s, outside %s", in.Spec.Argv[0], dir)
	}
	if got, err := os.ReadFile(in.Spec.Argv[0]); err != nil || string(got) != "one" {
		t.Errorf("the copy holds %q, %v", got, err)
	}
	if _, err := Uninstall(data); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("left behind: %v", names(t, dir))
	}
}

// TestOthersFiles: what chanbook did not write is neither replaced nor removed.
func TestOthersFiles(t *testing.T) {
	t.Run("kernelspec", func(t *testing.T) {
		data := t.TempDir()
		put(t, filepath.Join(SpecDir(data), "kernel.json"), "{}")
		if _, err := Install(data, "/bin/chanbook", false); err == nil {
			t.Error("another's kernelspec was replaced")
		}
		if _, err := Uninstall(data); !errors.Is(err, ErrNotInstalled) {
			t.Errorf("Uninstall: %v", err)
		}
	})
	t.Run("file beside ours", func(t *testing.T) {
		data := t.TempDir()
		dir, err := Install(data, "/bin/chanbook", false)
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, "kernel.js"), "theirs")
		if _, err := Uninstall(data); err == nil || !strings.Contains(err.Error(), "kernel.js") {
			t.Errorf("the error does not name the file that stays: %v", err)
		}
		if diff := cmp.Diff([]string{"kernel.js"}, names(t, dir)); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
	})
	t.Run("manifest that names a file elsewhere", func(t *testing.T) {
		data := t.TempDir()
		dir, err := Install(data, "/bin/chanbook", false)
		if err != nil {
			t.Fatal(err)
		}
		precious := filepath.Join(data, "precious")
		put(t, precious, "x")
		put(t, filepath.Join(dir, manifestName), `{"files": ["../../precious", "`+filepath.ToSlash(precious)+`"]}`)
		Uninstall(data)
		if _, err := os.Stat(precious); err != nil {
			t.Error(err)
		}
	})
	t.Run("damaged manifest", func(t *testing.T) {
		data := t.TempDir()
		dir, err := Install(data, "/bin/chanbook", false)
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, manifestName), `{"files": [`)
		if _, err := Uninstall(data); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("Uninstall: %v", err)
		}
		if _, err := os.Stat(filepath.Join(dir, "kernel.json")); err != nil {
			t.Error(err)
		}
	})
}

func TestInstallRefusesRelativeProgram(t *testing.T) {
	if _, err := Install(t.TempDir(), "chanbook", false); err == nil {
		t.Error("a kernelspec was written that works in one folder only")
	}
}

// TestRequirementsArePinned: each line names one version, so that the same
// environment is made tomorrow.
func TestRequirementsArePinned(t *testing.T) {
	for line := range strings.Lines(Requirements + TestRequirements) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		line, _, _ = strings.Cut(line, ";")
		line = strings.TrimSpace(line)
		name, version, pinned := strings.Cut(line, "==")
		if line != "" && (!pinned || name == "" || version == "" || strings.ContainsAny(version, "*,<> ")) {
			t.Errorf("not pinned: %q", line)
		}
	}
	wanted, err := os.ReadFile("requirements.in")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(wanted)) {
		line = strings.ReplaceAll(strings.TrimSpace(line), "_", "-")
		if line != "" && !strings.HasPrefix(line, "#") && !strings.Contains("\n"+Requirements, "\n"+line+" ") {
			t.Errorf("requirements.txt lacks %s of requirements.in", line)
		}
	}
}

// build makes something that can stand for a program.
func build(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	put(t, path, content)
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func skipWithoutLinks(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("on Windows there is one file and no link")
	}
}

package doctor

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/install"
)

// bare is a machine with nothing: an empty PATH and an empty home.
func bare(t *testing.T) (data string) {
	t.Helper()
	home := t.TempDir()
	data = filepath.Join(home, "jupyter")
	for name, value := range map[string]string{
		"PATH": filepath.Join(home, "bin"), "HOME": home, "CHANBOOK_HOME": filepath.Join(home, "chanbook"),
		"JUPYTER_DATA_DIR": data, "JUPYTER_PATH": "", "PYTHON": "", "CGO_ENABLED": "", "CC": "",
	} {
		t.Setenv(name, value)
	}
	return data
}

func find(t *testing.T, name string) Check {
	t.Helper()
	for _, c := range examine(context.Background(), slices.Values([]string{filepath.Dir(os.Getenv("PATH"))})) {
		if c.Name == name && (name != "Kernelspec" || strings.Contains(c.Detail, os.Getenv("HOME")) || c.Status == Warn) {
			return c
		}
	}
	t.Fatalf("no check is called %q", name)
	return Check{}
}

func TestBareMachine(t *testing.T) {
	bare(t)
	for name, want := range map[string]Status{
		"Go toolchain": Missing, "Python": Missing, "Private JupyterLab": Warn, "Jupyter on PATH": Warn,
	} {
		c := find(t, name)
		if c.Status != want || c.Fix == "" {
			t.Errorf("%s: %s with the fix %q, want %s and a fix", name, c.Status, c.Fix, want)
		}
	}
	if c := find(t, "C compiler"); runtime.GOOS != "darwin" && (c.Status != Warn || c.Fix == "") {
		t.Errorf("C compiler: %+v", c)
	}
}

func TestPythonIsNotNeededBesideJupyter(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	bare(t)
	program(t, filepath.Join(os.Getenv("PATH"), "jupyter-lab"), 0o755)
	if c := find(t, "Python"); c.Status != Warn {
		t.Errorf("%+v", c)
	}
}

func TestOldGo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	bare(t)
	path := filepath.Join(os.Getenv("PATH"), "go")
	program(t, path, 0o755)
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho '{\"GOVERSION\": \"go1.21.3\"}'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if c := find(t, "Go toolchain"); c.Status != Missing || !strings.Contains(c.Detail, "1.21.3") || c.Fix == "" {
		t.Errorf("%+v", c)
	}
}

func TestKernelspec(t *testing.T) {
	data := bare(t)
	bin := filepath.Join(t.TempDir(), "chanbook")
	if _, err := install.Install(data, bin, false); err != nil {
		t.Fatal(err)
	}
	if c := find(t, "Kernelspec"); c.Status != Missing || !strings.Contains(c.Detail, "gone") || c.Fix == "" {
		t.Errorf("without its program: %+v", c)
	}
	program(t, bin, 0o644)
	if c := find(t, "Kernelspec"); runtime.GOOS != "windows" && (c.Status != Missing || !strings.Contains(c.Detail, "cannot be run")) {
		t.Errorf("with a program that cannot be run: %+v", c)
	}
	program(t, bin, 0o755)
	if c := find(t, "Kernelspec"); c.Status != OK || c.Fix != "" {
		t.Errorf("with its program: %+v", c)
	}
	if err := os.WriteFile(filepath.Join(install.SpecDir(data), "kernel.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if c := find(t, "Kernelspec"); c.Status != Missing || !strings.Contains(c.Detail, "not a kernelspec") {
		t.Errorf("damaged: %+v", c)
	}
}

func program(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

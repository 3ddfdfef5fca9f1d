package lab

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// script makes a program that answers the probe with text.
func (f fake) script(name, text string) {
	f.t.Helper()
	f.write(filepath.Join(filepath.Dir(f.notes), "bin", name), "#!/bin/sh\ncat <<'END'\n"+text+"\nEND\n", 0o755)
}

func TestFindPython(t *testing.T) {
	const (
		good   = `{"path": "/opt/bin/python3.13", "prefix": "/opt", "version": [3, 13, 0], "venv": true, "ensurepip": true}`
		old    = `{"path": "/opt/bin/python3.9", "prefix": "/opt", "version": [3, 9, 2], "venv": true, "ensurepip": true}`
		noPip  = `{"path": "/usr/bin/python3", "prefix": "/usr", "version": [3, 11, 2], "venv": true, "ensurepip": false}`
		two    = `Unknown option: -I`
		silent = ``
	)
	for _, c := range []struct {
		name            string
		python3, python string // what they answer
		explicit        string
		want            string // the path, or what the error says
	}{
		{"python3", good, old, "", "/opt/bin/python3.13"},
		{"python, because python3 is old", old, good, "", "/opt/bin/python3.13"},
		{"named", good, old, "python", "3.9.2, too old"},
		{"named but missing", good, good, "python7", "python7: not found"},
		{"all old", old, old, "", "3.9.2, too old"},
		{"no ensurepip", noPip, two, "", "3.11.2 without the venv and ensurepip modules"},
		{"not Python", silent, two, "", "does not answer like a Python 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			f.script("python3", c.python3)
			f.script("python", c.python)
			got, err := FindPython(t.Context(), c.explicit)
			if err == nil {
				if got.Path != c.want {
					t.Errorf("found %s, want %s", got.Path, c.want)
				}
				return
			}
			var none *NoPythonError
			if !errors.As(err, &none) || !strings.Contains(err.Error(), c.want) || none.Fix == "" {
				t.Errorf("want an error that says %q and what to do, got: %v", c.want, err)
			}
		})
	}
}

func TestPythonVariable(t *testing.T) {
	f := newFake(t)
	f.script("special", `{"path": "/special", "prefix": "/", "version": [3, 14, 0], "venv": true, "ensurepip": true}`)
	t.Setenv("PYTHON", "special")
	if got, err := FindPython(t.Context(), ""); err != nil || got.Path != "/special" {
		t.Errorf("found %v, %v", got, err)
	}
	if got, err := FindPython(t.Context(), "python3"); err != nil || got.Minor() != "3.12" {
		t.Errorf("the argument does not go before the variable: %v, %v", got, err)
	}
}

func TestNoPythonAtAll(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("PYTHON", "")
	_, err := FindPython(t.Context(), "")
	if err == nil || !strings.Contains(err.Error(), "python3: not found") || !strings.Contains(err.Error(), "To install it: ") {
		t.Errorf("the error is %v", err)
	}
}

// TestPythonThatFails: what a stub says is passed on.
func TestPythonThatFails(t *testing.T) {
	f := newFake(t)
	bin := filepath.Join(filepath.Dir(f.notes), "bin")
	f.write(filepath.Join(bin, "python3"), "#!/bin/sh\necho first >&2\necho 'pyenv: python3: command not found' >&2\nexit 127\n", 0o755)
	os.Remove(filepath.Join(bin, "python"))
	_, err := FindPython(t.Context(), "python3")
	if err == nil || !strings.Contains(err.Error(), "pyenv: python3: command not found") {
		t.Errorf("the error is %v", err)
	}
}

func TestFixes(t *testing.T) {
	for _, c := range []struct {
		name    string
		machine Machine
		without string
		want    string
	}{
		{"debian", Machine{OS: "linux", Like: []string{"debian"}}, "", "sudo apt install python3 python3-venv"},
		{"ubuntu as root", Machine{OS: "linux", Like: []string{"ubuntu", "debian"}, Root: true}, "", "apt install python3 python3-venv"},
		{"debian without venv", Machine{OS: "linux", Like: []string{"debian"}}, "3.11", "sudo apt install python3.11-venv"},
		{"fedora", Machine{OS: "linux", Like: []string{"fedora"}}, "", "sudo dnf install python3"},
		{"rocky", Machine{OS: "linux", Like: []string{"rocky", "rhel", "centos", "fedora"}}, "", "sudo dnf install python3"},
		{"opensuse", Machine{OS: "linux", Like: []string{"opensuse-leap", "suse", "opensuse"}}, "", "sudo zypper install python3"},
		{"alpine", Machine{OS: "linux", Like: []string{"alpine"}, Root: true}, "", "apk add python3"},
		{"arch", Machine{OS: "linux", Like: []string{"arch"}}, "", "sudo pacman -S python"},
		{"unknown linux", Machine{OS: "linux"}, "", "python.org"},
		{"mac", Machine{OS: "darwin"}, "", "brew install python"},
		{"windows", Machine{OS: "windows"}, "", "winget install"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.machine.PythonFix(c.without); !strings.Contains(got, c.want) {
				t.Errorf("PythonFix says %q, want %q", got, c.want)
			}
			if got := c.machine.CompilerFix(); got == "" {
				t.Error("CompilerFix says nothing")
			}
		})
	}
}

func TestParseOSRelease(t *testing.T) {
	got := parseOSRelease("NAME=\"Rocky Linux\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID='9'\n")
	if want := "rocky rhel centos fedora"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

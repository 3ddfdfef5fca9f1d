package lab

import (
	"bufio"
	"os"
	"runtime"
	"slices"
	"strings"
)

// Machine is what decides how a person installs a program: the operating system
// and, for Linux, the families of its distribution.
type Machine struct {
	OS   string   // as runtime.GOOS
	Like []string // ID and ID_LIKE of os-release, such as ubuntu, debian
	Root bool     // no sudo needed
}

// ThisMachine describes the machine that the process runs on.
func ThisMachine() Machine {
	m := Machine{OS: runtime.GOOS, Root: os.Geteuid() == 0}
	if m.OS == "linux" {
		for _, path := range []string{"/etc/os-release", "/usr/lib/os-release"} {
			if data, err := os.ReadFile(path); err == nil {
				m.Like = parseOSRelease(string(data))
				break
			}
		}
	}
	return m
}

func parseOSRelease(text string) []string {
	var like []string
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "=")
		if name == "ID" || name == "ID_LIKE" {
			like = append(like, strings.Fields(strings.Trim(value, `"'`))...)
		}
	}
	return like
}

// PythonFix says how to install a Python that will do. without is the version
// of one that is there and lacks only its venv module, or "".
func (m Machine) PythonFix(without string) string {
	if without != "" && m.is("debian") {
		return m.sudo("apt install python" + without + "-venv")
	}
	return m.fix(map[string]string{
		"debian": "apt install python3 python3-venv",
		"fedora": "dnf install python3",
		"arch":   "pacman -S python",
		"alpine": "apk add python3",
		"suse":   "zypper install python3",
	}, "brew install python (or an installer from python.org)", "winget install Python.Python.3.13",
		"get Python 3 with its venv module from your system's packages, or from python.org")
}

// CompilerFix says how to install a C compiler.
func (m Machine) CompilerFix() string {
	return m.fix(map[string]string{
		"debian": "apt install gcc libc6-dev",
		"fedora": "dnf install gcc",
		"arch":   "pacman -S gcc",
		"alpine": "apk add gcc musl-dev",
		"suse":   "zypper install gcc",
	}, "xcode-select --install", "winget install MSYS2.MSYS2, then pacman -S mingw-w64-ucrt-x86_64-gcc in its shell",
		"get gcc or clang from your system's packages")
}

// fix picks the command for this machine: one of linux, by distribution family,
// or else the one of the other system, or else the general advice.
func (m Machine) fix(linux map[string]string, mac, windows, general string) string {
	switch m.OS {
	case "darwin":
		return mac
	case "windows":
		return windows
	case "linux":
		for _, family := range []string{"debian", "fedora", "arch", "alpine", "suse"} {
			if m.is(family) {
				return m.sudo(linux[family])
			}
		}
	}
	return general
}

func (m Machine) is(family string) bool {
	alias := map[string][]string{
		"debian": {"debian", "ubuntu"},
		"fedora": {"fedora", "rhel", "centos"},
		"suse":   {"suse", "opensuse"},
	}[family]
	return slices.ContainsFunc(append(alias, family), func(f string) bool { return slices.Contains(m.Like, f) })
}

func (m Machine) sudo(command string) string {
	if m.Root {
		return command
	}
	return "sudo " + command
}

package program

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// build builds a program in a module of its own. output is what the tools say
// when they cannot.
func build(t testing.TB, p *Program, o Options) (binary, output string) {
	t.Helper()
	goTool := findGo(t)
	dir := t.TempDir()
	var files []string
	for _, f := range p.Files {
		files = append(files, f.Name)
		write(t, filepath.Join(dir, f.Name), f.Text)
	}
	binary = filepath.Join(dir, "cell.exe")
	if config, ok := compiled.config(t, goTool, p.Imports); ok && !o.Test {
		write(t, filepath.Join(dir, "importcfg"), config)
		output = run(t, dir, goTool, append([]string{"tool", "compile", "-e", "-o", "cell.o", "-p", "main", "-pack", "-complete", "-lang=go1.26",
			"-trimpath", dir + "=>", "-importcfg", "importcfg"}, files...)...)
		if output == "" {
			output = run(t, dir, goTool, "tool", "link", "-s", "-w", "-importcfg", "importcfg", "-o", binary, "cell.o")
		}
		return binary, output
	}
	write(t, filepath.Join(dir, "go.mod"), "module cell\n\ngo 1.26\n")
	args := []string{"build"}
	if o.Test {
		args = []string{"test", "-c"}
	}
	return binary, run(t, dir, goTool, append(args, "-gcflags=-e", "-trimpath", "-tags="+strings.Join(o.Tags, ","), "-o", binary, ".")...)
}

// run runs a tool. It returns what the tool says when it fails.
func run(t testing.TB, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local")
	out, err := cmd.CombinedOutput()
	if err == nil {
		return ""
	}
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || len(out) == 0 {
		t.Fatal(name, args, err)
	}
	return string(out)
}

// compiled are the compiled packages that programs have imported.
var compiled = exported{lines: map[string][]string{}}

type exported struct {
	mu    sync.Mutex
	lines map[string][]string // of importcfg, by the path of the package that needs them
}

// config is the importcfg of a program. ok is false when a package is not there.
func (x *exported) config(t testing.TB, goTool string, paths []string) (config string, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var lines []string
	for _, p := range append([]string{"runtime"}, paths...) {
		if p == "unsafe" {
			continue
		}
		if _, ok := x.lines[p]; !ok {
			cmd := exec.Command(goTool, "list", "-export", "-deps", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}", p)
			out, err := cmd.Output()
			if err != nil {
				return "", false
			}
			x.lines[p] = strings.Split(strings.TrimSpace(string(out)), "\n")
		}
		lines = append(lines, x.lines[p]...)
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n") + "\n", true
}

func findGo(t testing.TB) string {
	goTool, err := exec.LookPath("go")
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatal("no go command: install Go from https://go.dev/dl")
	default:
		t.Skip("no go command: install Go from https://go.dev/dl")
	}
	return goTool
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

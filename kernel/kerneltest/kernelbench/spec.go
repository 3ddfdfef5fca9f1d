package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// spec is an installed kernelspec.
type spec struct {
	Argv     []string          `json:"argv"`
	Language string            `json:"language"`
	Env      map[string]string `json:"env"`
	dir      string
}

// program is what is run in a language.
type program struct {
	trivial string
	print   string // with %d for the number of lines
}

var programs = map[string]program{
	"python": {trivial: "1+1", print: "for i in range(%d): print(i)"},
	"go":     {trivial: "1+1", print: "for i := 0; i < %d; i++ { fmt.Println(i) }"},
}

// findSpec returns the kernelspec in a folder, or the installed one of a name.
func findSpec(name string) (*spec, error) {
	if s, err := readSpec(name); !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	var tried []string
	for _, dir := range dataDirs() {
		dir = filepath.Join(dir, "kernels", name)
		s, err := readSpec(dir)
		if !errors.Is(err, fs.ErrNotExist) {
			return s, err
		}
		tried = append(tried, dir)
	}
	return nil, fmt.Errorf("no kernelspec %q; looked for a folder of that name with a kernel.json, and for %s", name, strings.Join(tried, ", "))
}

func readSpec(dir string) (*spec, error) {
	data, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		return nil, err
	}
	s := &spec{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("kernel.json in %s: %w", dir, err)
	}
	if len(s.Argv) == 0 {
		return nil, fmt.Errorf("kernel.json in %s has no argv", dir)
	}
	if _, ok := programs[s.Language]; !ok {
		return nil, fmt.Errorf("kernel.json in %s: no benchmark is known for the language %q", dir, s.Language)
	}
	s.dir, err = filepath.Abs(dir)
	return s, err
}

// dataDirs are the folders in which Jupyter looks, as far as they can be known
// without Python.
func dataDirs() []string {
	dirs := filepath.SplitList(os.Getenv("JUPYTER_PATH"))
	home, err := os.UserHomeDir()
	switch {
	case err != nil:
	case runtime.GOOS == "darwin":
		dirs = append(dirs, filepath.Join(home, "Library", "Jupyter"))
	default:
		dirs = append(dirs, filepath.Join(home, ".local", "share", "jupyter"))
	}
	for _, prefix := range []string{os.Getenv("VIRTUAL_ENV"), os.Getenv("CONDA_PREFIX"), "/usr/local", "/usr"} {
		if prefix != "" {
			dirs = append(dirs, filepath.Join(prefix, "share", "jupyter"))
		}
	}
	return dirs
}

// command returns the arguments that start the kernel. A program without a path
// is taken from the environment in which the kernelspec is installed, as
// Jupyter does for python.
func (s *spec) command(connectionFile string) []string {
	var argv []string
	for _, arg := range s.Argv {
		arg = strings.ReplaceAll(arg, "{connection_file}", connectionFile)
		argv = append(argv, strings.ReplaceAll(arg, "{resource_dir}", s.dir))
	}
	prefix := filepath.Join(s.dir, "..", "..", "..", "..")
	if local := filepath.Join(prefix, "bin", argv[0]); filepath.Base(argv[0]) == argv[0] && isFile(local) {
		argv[0] = local
	}
	return argv
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

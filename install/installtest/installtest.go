// Package installtest gives tests a real JupyterLab: the private environment,
// with what the tests need beside it, and a chanbook built from the sources at
// hand, whose kernelspec is installed there.
//
// The environment is kept from one test run to the next in the folder that
// CHANBOOK_TEST_HOME names, or else in the user's cache folder, because making
// it takes a minute. Processes that test at the same time share it. What Jupyter
// writes goes into a folder of each test's own. The package starts no goroutine.
package installtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/chanbook/chanbook/install"
	"github.com/chanbook/chanbook/install/lab"
)

// Env is a private environment that is ready for use.
type Env struct {
	Home       string   // the CHANBOOK_HOME of the environment, shared by all tests
	Prefix     string   // the virtual environment; the kernelspec is in it
	Python     string   // its interpreter
	Jupyter    string   // its jupyter command; for a subcommand such as nbconvert
	JupyterLab string   // its jupyter-lab command
	Chanbook   string   // the program built from these sources
	Environ    []string // the environment for all of them; its folders are the test's own
}

// Command prepares a command of the environment; it ends when the test does.
func (e Env) Command(t testing.TB, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = e.Environ
	return cmd
}

// Lab returns the environment, which it makes when it is not there. Where Python
// is missing it skips the test and says what to install; with CI set, it fails.
// In short mode it skips the test.
func Lab(t testing.TB) Env {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a private JupyterLab, which -short leaves out")
	}
	p := prepare()
	var missing *lab.NoPythonError
	if errors.As(p.err, &missing) && os.Getenv("CI") == "" {
		t.Skip(p.err)
	}
	if p.err != nil {
		t.Fatal(p.err)
	}
	// Short, because Jupyter may put sockets there, whose paths are bounded.
	own, err := os.MkdirTemp("", "chanbook-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(own) })
	env := p.env
	return Env{
		Home:       env.Home.Dir,
		Prefix:     env.Prefix,
		Python:     env.Python(),
		Jupyter:    env.Script("jupyter"),
		JupyterLab: env.Script("jupyter-lab"),
		Chanbook:   p.program,
		Environ:    append(lab.Environ(os.Environ(), own), "CHANBOOK_HOME="+env.Home.Dir),
	}
}

// Program builds chanbook from the sources at hand, without any Python, and
// returns its path.
func Program(t testing.TB) string {
	t.Helper()
	home, err := testHome()
	if err != nil {
		t.Fatal(err)
	}
	program, err := build(home)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

type prepared struct {
	env     lab.Environment
	release func() error // never called; unreachable, it would be closed by the garbage collector
	program string
	err     error
}

// prepare runs once in a test process. The environment stays in use until the
// process ends.
var prepare = sync.OnceValue(func() (p prepared) {
	home, err := testHome()
	if err != nil {
		return prepared{err: err}
	}
	if p.program, p.err = build(home); p.err != nil {
		return p
	}
	request := lab.Request{Program: p.program, Extra: install.TestRequirements}
	// The output goes to the log of "go test -v", and is shown on failure.
	p.env, p.release, p.err = home.Prepare(context.Background(), request, lab.NewProgress(os.Stderr, false))
	return p
})

// build compiles chanbook into the home, once in a test process. The test's
// result then depends on the sources of the program, which the go command
// cannot know of a program run by a test: so they are looked at here, and a
// cached result is used only as long as they are the same.
func build(home lab.Home) (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	if err := lookAtSources(root); err != nil {
		return "", err
	}
	return buildOnce(root, home)
}

var built struct {
	sync.Mutex
	program string
}

func buildOnce(root string, home lab.Home) (string, error) {
	built.Lock()
	defer built.Unlock()
	if built.program != "" {
		return built.program, nil
	}
	dir, err := os.MkdirTemp("", "chanbook-build")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "chanbook"+exe())
	cmd := exec.Command("go", "build", "-o", program, "./cmd/chanbook")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./cmd/chanbook: %v\n%s", err, out)
	}
	built.program, err = home.Keep(context.Background(), program, lab.NewProgress(io.Discard, false))
	return built.program, err
}

func testHome() (lab.Home, error) {
	dir := os.Getenv("CHANBOOK_TEST_HOME")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return lab.Home{}, fmt.Errorf("no folder for the tests' JupyterLab (set CHANBOOK_TEST_HOME): %w", err)
		}
		dir = filepath.Join(cache, "chanbook-test")
	}
	dir, err := filepath.Abs(dir)
	return lab.Home{Dir: dir}, err
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("no go.mod above the test's folder")
		}
		dir = filepath.Dir(dir)
	}
}

// lookAtSources asks for the state of each source file, which the go command
// records as an input of the test.
func lookAtSources(root string) error {
	for _, name := range []string{"go.mod", "go.sum", "cmd", "install", "kernel"} {
		err := filepath.WalkDir(filepath.Join(root, name), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.HasSuffix(path, "_test.go") {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

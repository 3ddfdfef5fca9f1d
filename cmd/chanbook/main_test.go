package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary stand for chanbook in the scripts.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"chanbook": main})
}

// TestScripts runs the command lines of testdata. In them, BIN is the folder with
// chanbook, for scripts that change PATH.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Setup: func(env *testscript.Env) error {
			program, err := exec.LookPath("chanbook")
			env.Setenv("BIN", filepath.Dir(program))
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": status},
	})
}

// status is the script command that runs a program and wants its exit status:
// status N program args...
func status(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || neg {
		ts.Fatalf("usage: status N program args...")
	}
	got := "0"
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = strconv.Itoa(exit.ExitCode())
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != args[0] {
		ts.Fatalf("the exit status is %s, not %s", got, args[0])
	}
}

func TestSplitLabArgs(t *testing.T) {
	for _, c := range []struct {
		args         []string
		ours, forLab int
	}{
		{[]string{"lab"}, 1, 0},
		{[]string{"lab", "--", "--port", "9"}, 1, 2},
		{[]string{"lab", "--system", "--", "--", "x"}, 2, 2},
		{[]string{"eval", "-", "--", "x"}, 4, 0},
	} {
		ours, forLab := splitLabArgs(c.args)
		if len(ours) != c.ours || len(forLab) != c.forLab {
			t.Errorf("%q is split into %q and %q", c.args, ours, forLab)
		}
	}
}

func TestSplitEvalArgs(t *testing.T) {
	for _, c := range []struct {
		args             []string
		ours, forProgram int
	}{
		{[]string{"eval", "a.go"}, 2, 0},
		{[]string{"eval", "a.go", "-n=7", "--help"}, 2, 2},
		{[]string{"eval", "-", "--", "x"}, 2, 2},
		{[]string{"eval", "--", "-a.go", "--", "x"}, 3, 2},
		{[]string{"eval", "--help"}, 2, 0},
		{[]string{"lab", "--", "x"}, 3, 0},
	} {
		ours, forProgram := splitEvalArgs(c.args)
		if len(ours) != c.ours || len(forProgram) != c.forProgram {
			t.Errorf("%q is split into %q and %q", c.args, ours, forProgram)
		}
	}
}

func TestFleeting(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("GOCACHE", cache)
	for path, want := range map[string]bool{
		"/tmp/go-build123/b001/exe/chanbook":          true,
		"/home/ada/.cache/go-build/ab/x-d/chanbook":   true,
		filepath.Join(cache, "ab", "x-d", "chanbook"): true,
		"/home/ada/go/bin/chanbook":                   false,
		"/usr/local/bin/chanbook":                     false,
	} {
		if got := fleeting(path); got != want {
			t.Errorf("fleeting(%s) is %t", path, got)
		}
	}
	t.Setenv("GOCACHE", "")
	if fleeting("/usr/local/bin/chanbook") {
		t.Error("without GOCACHE every program is fleeting")
	}
}

func TestForAll(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are kept elsewhere there")
	}
	dir := filepath.Join(t.TempDir(), "private")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "chanbook")
	if err := os.WriteFile(program, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if forAll(program) {
		t.Error("a program in a private folder passes for one that all can run")
	}
	if !forAll("/bin/sh") {
		t.Error("/bin/sh passes for one that not all can run")
	}
	if forAll(filepath.Join(dir, "none")) {
		t.Error("a program that is not there can be run by all")
	}
}

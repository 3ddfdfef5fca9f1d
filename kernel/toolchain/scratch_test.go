package toolchain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gofrs/flock"
)

// folders are the scratch folders in the folder for temporary files.
func folders(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(os.TempDir(), scratchPattern))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestClose(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	tc := New(Options{})
	b, err := tc.Build(t.Context(), Build{Program: hello("x")})
	if err != nil {
		t.Fatal(err)
	}
	dir, remove, err := tc.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Dir(filepath.Dir(dir))); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	remove()
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if err := tc.Close(); err != nil {
		t.Error(err)
	}
	if left := folders(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := tc.Build(t.Context(), Build{Program: hello("x")}); err == nil {
		t.Error("a build after Close")
	}
	if _, _, err := tc.Scratch(); err == nil {
		t.Error("a folder after Close")
	}
	b.Release()
}

// TestSweep: the folder of a session that was killed is removed by the next one,
// those of sessions that go on are not.
func TestSweep(t *testing.T) {
	if dir := os.Getenv("TEST_SWEEP"); dir != "" {
		s, err := newScratch()
		fmt.Println(s.dir, err)
		select {}
	}
	t.Setenv("TMPDIR", t.TempDir())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestSweep$")
	cmd.Env = append(os.Environ(), "TEST_SWEEP=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var dir string
	fmt.Sscan(line, &dir)
	if err := os.Mkdir(filepath.Join(dir, "work", "readonly"), 0o500); err != nil {
		t.Fatal(err)
	}
	Sweep()
	if _, err := os.Stat(dir); err != nil {
		t.Errorf("the folder of a session that goes on: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	tc, _ := session(t)
	build(t, tc, Build{Program: hello("x")})
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of a session that was killed: %v", err)
	}
	if found := folders(t); len(found) != 1 {
		t.Errorf("%v", found)
	}
}

// TestSweepLeavesOthers: a folder that looks like one, and is none.
func TestSweepLeavesOthers(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	target := t.TempDir()
	write(t, filepath.Join(target, lockName), "")
	if err := os.Symlink(target, filepath.Join(temp, "chanbook-go-1")); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir(filepath.Join(temp, "chanbook-go-2"), 0o700); err != nil {
		t.Fatal(err)
	}
	Sweep()
	if found := folders(t); len(found) != 2 {
		t.Errorf("%v", found)
	}
	if _, err := os.Stat(filepath.Join(target, lockName)); err != nil {
		t.Error(err)
	}
}

// TestTaken: another session may take a new folder for one of the killed, before
// its lock is held.
func TestTaken(t *testing.T) {
	dir := t.TempDir()
	s := &scratch{dir: dir, lock: flock.New(filepath.Join(dir, lockName))}
	other := flock.New(s.lock.Path())
	if held, err := other.TryLock(); !held || err != nil {
		t.Fatal(held, err)
	}
	if held, err := s.take(); held || err != nil {
		t.Errorf("%v, %v while another holds it", held, err)
	}
	other.Close()
	if held, err := s.take(); !held || err != nil {
		t.Errorf("%v, %v", held, err)
	}
	s.lock.Close()
}

// TestCleared: a program that tidies the folder for temporary files takes the
// session's along.
func TestCleared(t *testing.T) {
	tc, _ := session(t)
	build(t, tc, Build{Program: hello("x")})
	os.RemoveAll(tc.scratch.dir)
	if b, out := build(t, tc, Build{Program: hello("x")}); b.Cached || out != "x\n" {
		t.Errorf("%+v, %q", b, out)
	}
	p := plain("package main\n\nimport \"golang.org/x/time/rate\"\n\nfunc main() { println(rate.Inf) }\n", "golang.org/x/time/rate")
	build(t, tc, Build{Program: p})
}

func TestEviction(t *testing.T) {
	dir := t.TempDir()
	tc := New(Options{})
	tc.binaries.entries = map[string]*entry{}
	add := func(key string, size int64) *Binary {
		t.Helper()
		path := filepath.Join(dir, key, "cell")
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, path, "")
		e := &entry{path: path, size: size}
		tc.binaries.entries[key] = e
		b := tc.hand(e, false)
		tc.binaries.shrink()
		return b
	}
	inUse := add("in use", 1)
	for i := range mostBinaries {
		add(fmt.Sprint(i), 1).Release()
	}
	there := func(key string) bool {
		_, err := os.Stat(filepath.Join(dir, key, "cell"))
		return err == nil && tc.binaries.entries[key] != nil
	}
	if !there("in use") || there("0") || !there("1") {
		t.Error("not the program that was unused for the longest time went")
	}
	tc.built("1").Release() // now 2 is the one
	add("more", 1).Release()
	if !there("1") || there("2") {
		t.Error("a program that was asked for again went")
	}
	add("big", mostBytes)
	if !there("in use") || !there("big") || len(tc.binaries.entries) != 2 {
		t.Errorf("%d programs are left", len(tc.binaries.entries))
	}
	inUse.Release()
	inUse.Release()
	if there("in use") {
		t.Error("a program stays though there is too much")
	}
}

// TestCancel ends a build at each of its steps.
func TestCancel(t *testing.T) {
	test := hello("x")
	test.Files[0].Name = "cell_test.go"
	for name, b := range map[string]Build{"plain": {Program: hello("x")}, "test": {Program: test, Test: true}} {
		t.Run(name, func(t *testing.T) {
			for step := 1; ; step++ {
				ctx, cancel := context.WithCancelCause(t.Context())
				stop := errors.New("stop")
				started, groups := 0, []int{}
				tc := New(Options{Start: func(cmd *exec.Cmd) error {
					err := cmd.Start()
					if started++; started == step {
						cancel(stop)
					}
					if err == nil {
						groups = append(groups, cmd.Process.Pid)
					}
					return err
				}})
				_, err := tc.Build(ctx, b)
				if started < step {
					if err != nil {
						t.Error(err)
					}
					tc.Close()
					return
				}
				if err != stop {
					t.Errorf("step %d: %v", step, err)
				}
				if left, _ := os.ReadDir(tc.scratch.work); len(left) > 0 {
					t.Errorf("step %d: %v is left", step, left)
				}
				for _, pid := range groups {
					if lives(pid) {
						t.Errorf("step %d: something of the process group %d lives", step, pid)
					}
				}
				if err := tc.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

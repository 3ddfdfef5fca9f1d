package install

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestPut(t *testing.T) {
	b := Binaries{Dir: filepath.Join(t.TempDir(), "bin")}
	for _, content := range []string{"one", "two", "two", "one"} {
		if err := b.Put(build(t, content)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(b.Program())
		if err != nil || string(got) != content {
			t.Fatalf("after Put of %q the program is %q, %v", content, got, err)
		}
		info, err := os.Stat(b.Program())
		if err != nil || info.Mode().Perm()&0o100 == 0 {
			t.Fatalf("the program cannot be run: %v, %v", info.Mode(), err)
		}
	}
	skipWithoutLinks(t)
	if got := names(t, b.Dir); len(got) != 2 {
		t.Errorf("want the link and one build, got %v", got)
	}
}

// TestPutUnchanged: where nothing is new, nothing is written, so that a file in
// use is not even touched.
func TestPutUnchanged(t *testing.T) {
	b := Binaries{Dir: t.TempDir()}
	if err := b.Put(build(t, "one")); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(b.Program())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Put(build(t, "one")); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(b.Program())
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Error("the same build was written again")
	}
}

func TestPutMendsDamage(t *testing.T) {
	skipWithoutLinks(t)
	b := Binaries{Dir: t.TempDir()}
	if err := b.Put(build(t, "a whole program")); err != nil {
		t.Fatal(err)
	}
	file, err := filepath.EvalSymlinks(b.Program())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, 3); err != nil {
		t.Fatal(err)
	}
	if err := b.Put(build(t, "a whole program")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(b.Program()); string(got) != "a whole program" {
		t.Errorf("the program is %q", got)
	}
}

// TestHold: a running kernel keeps its file through an update, and the file goes
// with the first update after it.
func TestHold(t *testing.T) {
	skipWithoutLinks(t)
	b := Binaries{Dir: t.TempDir()}
	if err := b.Put(build(t, "old")); err != nil {
		t.Fatal(err)
	}
	old, err := filepath.EvalSymlinks(b.Program())
	if err != nil {
		t.Fatal(err)
	}
	release, err := Hold(old)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Put(build(t, "new")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(old); err != nil || string(got) != "old" {
		t.Errorf("the file in use is %q, %v", got, err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if err := b.Put(build(t, "newer")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("the old file stays although nobody uses it")
	}
}

// TestHoldForGood: a kernel holds its file until it ends, and keeps no release.
func TestHoldForGood(t *testing.T) {
	skipWithoutLinks(t)
	b := Binaries{Dir: t.TempDir()}
	if err := b.Put(build(t, "old")); err != nil {
		t.Fatal(err)
	}
	old, err := filepath.EvalSymlinks(b.Program())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Hold(old); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		runtime.GC() // which closes files that nobody can reach
		time.Sleep(time.Millisecond)
	}
	if err := b.Put(build(t, "new")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); err != nil {
		t.Errorf("the file in use: %v", err)
	}
}

func TestRemoveKeepsOthers(t *testing.T) {
	b := Binaries{Dir: t.TempDir()}
	if err := b.Put(build(t, "one")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(b.Dir, "theirs"), "x")
	if err := b.Remove(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names(t, b.Dir), " "); got != "theirs" {
		t.Errorf("left: %s", got)
	}
}

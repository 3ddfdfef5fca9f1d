package toolchain

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk builds where there is less and less room: on a small file system of
// its own.
func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can mount a file system")
	}
	test := hello("x")
	test.Files[0].Name = "cell_test.go"
	full := 0
	defer func() {
		if full < 10 {
			t.Errorf("the disk was full only %d times", full)
		}
	}()
	for _, size := range []string{"4k", "64k", "256k", "1m", "2m", "3m"} {
		t.Run(size, func(t *testing.T) {
			dir := t.TempDir()
			if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
				t.Skipf("no file system can be mounted: %v", err)
			}
			defer syscall.Unmount(dir, 0)
			t.Setenv("TMPDIR", dir)
			tc := New(Options{})
			for _, b := range []Build{{Program: hello("x")}, {Program: hello("x"), Race: true}, {Program: test, Test: true}} {
				binary, err := tc.Build(t.Context(), b)
				if err == nil { // there was room for this one
					if out, err := exec.Command(binary.Path).Output(); err != nil {
						t.Errorf("%v: %s", err, out)
					}
					binary.Release()
					continue
				}
				full++
				for _, want := range []string{"no space is left on the disk of " + dir, "TMPDIR"} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("test=%v: %v\nwithout %q", b.Test, err, want)
					}
				}
				if tc.scratch != nil {
					if left, _ := os.ReadDir(tc.scratch.work); len(left) > 0 {
						t.Errorf("%v is left", left)
					}
				}
			}
			if err := tc.Close(); err != nil {
				t.Error(err)
			}
			if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
				t.Errorf("%v is left, %v", left, err)
			}
		})
	}
}

// TestFullCache: the build cache may be on another disk.
func TestFullCache(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can mount a file system")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no file system can be mounted: %v", err)
	}
	defer syscall.Unmount(dir, 0)
	t.Setenv("GOCACHE", dir)
	tc, _ := session(t)
	_, err := tc.Build(t.Context(), Build{Program: hello("x")})
	for _, want := range []string{"no space is left on the disk of " + dir, "GOCACHE"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nwithout %q", err, want)
		}
	}
}

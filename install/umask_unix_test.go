//go:build unix

package install

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
)

// TestReadableByAll: a hub's users are not the one who installed, and that one's
// umask may be a private one.
func TestReadableByAll(t *testing.T) {
	data := filepath.Join(t.TempDir(), "share", "jupyter")
	program := build(t, "x")
	before := syscall.Umask(0o077)
	_, err := Install(data, program, true)
	syscall.Umask(before)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type() == fs.ModeSymlink {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o644)
		if d.IsDir() || filepath.Base(filepath.Dir(path)) == "bin" {
			want = 0o755
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

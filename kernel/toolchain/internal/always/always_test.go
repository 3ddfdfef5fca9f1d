package always

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chanbook/chanbook/kernel/toolchain/internal/always/sources"
)

// TestArchive tells when kernel/show or a version in go.mod has changed.
func TestArchive(t *testing.T) {
	want, err := sources.Files()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	modules, err := Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if string(want[filepath.ToSlash(name)]) != string(text) {
			t.Errorf("%s is not what it should be: run go generate in this folder", name)
		}
		found++
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found != len(want) {
		t.Errorf("%d files, want %d: run go generate in this folder", found, len(want))
	}
	for _, m := range modules {
		if _, err := os.Stat(filepath.Join(m.Dir(dir), "go.mod")); err != nil {
			t.Error(err)
		}
	}
	if len(modules) != 3 {
		t.Errorf("modules %v", modules)
	}
}

// Package always holds the source of the modules that compiled cells can import
// without a network: chanbook/show, and of golang.org/x what programs with
// goroutines commonly use.
//
// The archive is made by "go generate" from the modules of our go.mod and from
// kernel/show; a test tells when it is stale. The package does not know where the
// sources are written to. It starts no goroutine.
package always

//go:generate go run ./pack always.zip

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Show is the path of the package with which cells display something, and of the
// module that holds it.
const Show = "chanbook/show"

//go:embed always.zip
var archive string

// A Module is one of those in the archive.
type Module struct{ Path, Version string }

// Dir is the module's folder below a root.
func (m Module) Dir(root string) string {
	return filepath.Join(root, filepath.FromSlash(m.Path)+"@"+m.Version)
}

// Write writes the modules into a folder. Each has its Dir there.
func Write(root string) (modules []Module, err error) {
	err = walk(func(f *zip.File) error {
		if folder, ok := strings.CutSuffix(f.Name, "/go.mod"); ok {
			path, version, _ := strings.Cut(folder, "@")
			modules = append(modules, Module{path, version})
		}
		return write(filepath.Join(root, filepath.FromSlash(f.Name)), f)
	})
	return modules, err
}

// Overlay has the go command see what Write wrote into one folder in another,
// which need not be there. It is the text of a file for the flag -overlay.
func Overlay(seen, root string) ([]byte, error) {
	replace := map[string]string{}
	err := walk(func(f *zip.File) error {
		name := filepath.FromSlash(f.Name)
		replace[filepath.Join(seen, name)] = filepath.Join(root, name)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"Replace": replace})
}

// walk calls do for each file of the archive.
func walk(do func(*zip.File) error) error {
	files, err := zip.NewReader(strings.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	for _, f := range files.File {
		if err := do(f); err != nil {
			return err
		}
	}
	return nil
}

func write(path string, f *zip.File) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	packed, err := f.Open()
	if err != nil {
		return err
	}
	defer packed.Close()
	text, err := io.ReadAll(packed)
	if err != nil {
		return err
	}
	return WriteFile(path, text)
}

// WriteFile puts a text in the place of a file at once: a go command that is
// reading meanwhile sees the old one or the new one.
func WriteFile(path string, text []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

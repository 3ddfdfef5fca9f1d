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
	_ "embed"
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

// folder is where the module's files are.
func (m Module) folder() string { return m.Path + "@" + m.Version + "/" }

// Write writes the modules into a folder and returns them. Dir is where a module
// is.
func Write(dir string) ([]Module, error) {
	files, err := zip.NewReader(strings.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	var modules []Module
	for _, f := range files.File {
		if folder, ok := strings.CutSuffix(f.Name, "/go.mod"); ok {
			path, version, _ := strings.Cut(folder, "@")
			modules = append(modules, Module{path, version})
		}
		if err := write(filepath.Join(dir, filepath.FromSlash(f.Name)), f); err != nil {
			return nil, err
		}
	}
	return modules, nil
}

// Dir is where Write puts a module.
func (m Module) Dir(dir string) string { return filepath.Join(dir, filepath.FromSlash(m.folder())) }

func write(path string, f *zip.File) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	text, err := f.Open()
	if err != nil {
		return err
	}
	defer text.Close()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, text)
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	return err
}

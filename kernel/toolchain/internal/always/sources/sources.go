// Package sources collects the sources that package always holds. It serves the
// generator and its test, and is not part of the kernel at run time.
package sources

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"go/version"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/check/exportdata/stdsource"
)

// legal are the files that go with a copy of a module.
var legal = []string{"LICENSE", "PATENTS"}

// Files returns what is in the archive, by name. It runs the go command in the
// current folder, which must belong to our module.
func Files() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, extra := range stdsource.Extras {
		p, err := list(extra.Source)
		if err != nil {
			return nil, err
		}
		if p.Module.Main {
			files[extra.ImportPath+"@v0.0.0/go.mod"] = fmt.Appendf(nil, "module %s\n\ngo %s\n", extra.ImportPath, strings.TrimPrefix(version.Lang("go"+p.Module.GoVersion), "go"))
			err = add(files, extra.ImportPath+"@v0.0.0/", p.Dir, p.GoFiles)
		} else {
			root := p.Module.Path + "@" + p.Module.Version
			err = add(files, root+strings.TrimPrefix(extra.ImportPath, p.Module.Path)+"/", p.Dir, p.GoFiles)
			if err == nil {
				err = add(files, root+"/", p.Module.Dir, append([]string{"go.mod"}, legal...))
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// listed is what go list says of a package.
type listed struct {
	Dir                     string
	GoFiles, IgnoredGoFiles []string
	Module                  struct {
		Path, Version, Dir, GoVersion string
		Main                          bool
	}
}

func list(path string) (listed, error) {
	var p listed
	out, err := exec.Command("go", "list", "-json=Dir,GoFiles,IgnoredGoFiles,Module", path).Output()
	if err == nil {
		err = json.Unmarshal(out, &p)
	}
	if err != nil {
		return p, fmt.Errorf("go list %s: %w", path, err)
	}
	for _, name := range p.IgnoredGoFiles { // they are for other systems
		if !strings.HasSuffix(name, "_test.go") {
			p.GoFiles = append(p.GoFiles, name)
		}
	}
	return p, nil
}

func add(files map[string][]byte, root, dir string, names []string) error {
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		files[root+name] = text
	}
	return nil
}

// Pack packs files so that the same ones give the same bytes.
func Pack(files map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(files[name]); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

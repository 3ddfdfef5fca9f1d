package stdsource

import (
	"context"
	"errors"
	"fmt"
	"go/build"
	"go/version"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Sources are those of one Go version.
type Sources struct {
	goVersion string // "go1.26.8"

	mu       sync.Mutex
	root     string // the GOROOT, "" before it is found
	packages map[string]*Package
	folders  map[string]Folder
}

// A Folder has the sources of a package that is not of the standard library.
type Folder struct {
	Dir   string
	Names map[string]string // of the packages that its files import, by path
}

// AddFolder makes the sources of one more package known. It must come before the
// package is asked for.
func (s *Sources) AddFolder(importPath string, f Folder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folders == nil {
		s.folders = map[string]Folder{}
	}
	s.folders[importPath] = f
}

// New returns the sources of a Go version, as in "go1.26.8". Nothing is looked
// for yet.
func New(goVersion string) *Sources {
	return &Sources{goVersion: goVersion, packages: map[string]*Package{}}
}

// Folder gives the folder that was added for a package.
func (s *Sources) Folder(importPath string) (Folder, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.folders[importPath]
	return f, ok
}

// MissingError says that no sources of the wanted version were found.
type MissingError struct {
	Want  string   // "go1.26"
	Found []string // what there is instead, as in "Go 1.25.3 in /usr/lib/go"
}

// Error implements error. What needs the sources is for the caller to say.
func (e *MissingError) Error() string {
	want := "Go " + strings.TrimPrefix(e.Want, "go")
	found := "no installed Go was found"
	if len(e.Found) > 0 {
		found = "found only " + strings.Join(e.Found, ", ")
	}
	return fmt.Sprintf("the sources of %s are not installed (%s): install %s from https://go.dev/dl/ and put its go command on the PATH, or set GOROOT", want, found, want)
}

// find returns the GOROOT. A failure is not remembered: the person may install
// Go and run the cell again.
func (s *Sources) find() (string, error) {
	if s.root != "" {
		return s.root, nil
	}
	missing := &MissingError{Want: version.Lang(s.goVersion)}
	for root := range Roots() {
		found, err := versionOf(root)
		if err != nil {
			continue
		}
		if version.Lang(found) == missing.Want {
			s.root = root
			return root, nil
		}
		missing.Found = append(missing.Found, "Go "+strings.TrimPrefix(found, "go")+" in "+root)
	}
	return "", missing
}

// Roots are the folders in which an installed Go may be, the likeliest first. Those
// that take a process to find come last. A folder need not exist.
func Roots() iter.Seq[string] {
	return func(yield func(string) bool) {
		var seen []string
		for _, find := range []func() string{fromEnvironment, fromBuild, besideCommand, fromCommand} {
			root := find()
			if root == "" || slices.Contains(seen, root) {
				continue
			}
			seen = append(seen, root)
			if !yield(root) {
				return
			}
		}
	}
}

func fromEnvironment() string { return os.Getenv("GOROOT") }

func fromBuild() string { return build.Default.GOROOT }

// versionOf reads the version of an installed Go that has its sources.
func versionOf(root string) (string, error) {
	if _, err := os.Stat(filepath.Join(root, "src", "slices", "slices.go")); err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(root, "VERSION"))
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	if v := strings.TrimSpace(first); version.IsValid(v) {
		return v, nil
	}
	return "", errors.New("not a released version of Go: " + first)
}

// besideCommand is where the go command on the PATH belongs.
func besideCommand() string {
	path, err := exec.LookPath("go")
	if err != nil {
		return ""
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return ""
	}
	return filepath.Dir(filepath.Dir(path))
}

// fromCommand asks the go command, which may be a script that only knows where
// Go is.
func fromCommand() string {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "env", "GOROOT")
	cmd.Dir = os.TempDir()                              // no module decides
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local") // nothing is downloaded
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

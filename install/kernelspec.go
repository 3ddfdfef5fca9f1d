package install

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:generate go run ./internal/logo/gen logos

//go:embed logos/logo-32x32.png logos/logo-64x64.png logos/logo-svg.svg
var logos embed.FS

// The kernel as Jupyter lists it.
const (
	Name        = "chanbook"
	DisplayName = "Go (Chanbook)"
)

// manifestName is the file that lists what Install wrote, so that Uninstall
// takes away that and nothing else.
const manifestName = "installed-by-chanbook.json"

// Spec is the content of kernel.json.
type Spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env,omitempty"`
	Metadata      map[string]any    `json:"metadata,omitempty"`
}

type manifest struct {
	Files    []string `json:"files"`              // relative to the kernelspec's folder
	Programs bool     `json:"programs,omitempty"` // there is a folder of Binaries, too
}

// NewSpec returns the kernelspec of the given program. Its interrupt mode is
// "message": an interrupt is a request on the control channel, which also works
// where signals do not, as on Windows.
func NewSpec(program string) Spec {
	return Spec{
		Argv:          []string{program, "kernel", "{connection_file}"},
		DisplayName:   DisplayName,
		Language:      "go",
		InterruptMode: "message",
	}
}

// SpecDir is the kernelspec's folder below a Jupyter data folder.
func SpecDir(dataDir string) string { return filepath.Join(dataDir, "kernels", Name) }

// programs is the folder of a kernelspec that has its own copy of the program.
func programs(specDir string) Binaries { return Binaries{Dir: filepath.Join(specDir, "bin")} }

// Install writes the kernelspec for program, an absolute path, below dataDir, a
// Jupyter data folder such as ~/.local/share/jupyter, and returns the folder
// written. With own, the kernelspec gets and names its own copy of the program:
// for one that will not stay where it is, or that other users cannot run.
//
// All users can read what Install writes, whatever the umask. Each file is
// replaced in one step, so that a Jupyter that reads meanwhile sees the old one
// or the new one.
func Install(dataDir, program string, own bool) (string, error) {
	if !filepath.IsAbs(program) {
		return "", fmt.Errorf("the kernelspec needs the absolute path of the program, not %q", program)
	}
	dir := SpecDir(dataDir)
	if err := refuseForeign(dir); err != nil {
		return "", err
	}
	if err := mkdirReadable(dir); err != nil {
		return "", err
	}
	m := manifest{Files: []string{manifestName}, Programs: own}
	named := program
	if own {
		named = programs(dir).Program()
	}
	spec, err := encode(NewSpec(named))
	if err != nil {
		return "", err
	}
	contents := map[string][]byte{"kernel.json": spec}
	entries, err := logos.ReadDir("logos")
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if contents[e.Name()], err = logos.ReadFile("logos/" + e.Name()); err != nil {
			return "", err
		}
	}
	for name := range contents {
		m.Files = append(m.Files, name)
	}
	slices.Sort(m.Files)
	list, err := encode(m)
	if err != nil {
		return "", err
	}
	// The manifest goes first: whatever is interrupted later can be removed.
	if err := writeFile(filepath.Join(dir, manifestName), list, 0o644); err != nil {
		return "", err
	}
	if own {
		if err := programs(dir).Put(program); err != nil {
			return "", err
		}
	}
	for name, data := range contents {
		if err := writeFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// refuseForeign says no to overwriting a kernelspec that Install did not write.
func refuseForeign(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, manifestName)); err == nil {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, "kernel.json")); err == nil {
		return fmt.Errorf("%s holds a kernelspec that chanbook did not write: remove that folder first", dir)
	}
	return nil
}

// ErrNotInstalled says that a folder has no kernelspec written by Install.
var ErrNotInstalled = errors.New("no kernelspec of chanbook's is installed there")

// Uninstall removes from dataDir what Install wrote there, and returns the
// folder. Files that others put beside it stay, and are named in the error.
func Uninstall(dataDir string) (string, error) {
	dir := SpecDir(dataDir)
	data, err := os.ReadFile(filepath.Join(dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return dir, fmt.Errorf("%s: %w", dir, ErrNotInstalled)
	}
	if err != nil {
		return dir, err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return dir, fmt.Errorf("%s is damaged (%v): remove the folder by hand", filepath.Join(dir, manifestName), err)
	}
	for _, name := range m.Files {
		// A manifest that names a place outside its folder is not ours.
		if name == manifestName || !filepath.IsLocal(name) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return dir, err
		}
	}
	if m.Programs {
		if err := programs(dir).Remove(); err != nil {
			return dir, err
		}
	}
	// The manifest goes last, so that a removal that failed can be tried again.
	if err := os.Remove(filepath.Join(dir, manifestName)); err != nil {
		return dir, err
	}
	rest, err := os.ReadDir(dir)
	if err != nil {
		return dir, err
	}
	if len(rest) > 0 {
		names := make([]string, len(rest))
		for i, e := range rest {
			names[i] = e.Name()
		}
		return dir, fmt.Errorf("%s stays, because others put files there: %s", dir, strings.Join(names, ", "))
	}
	return dir, os.Remove(dir)
}

// Installed describes a kernelspec found by Read.
type Installed struct {
	Dir  string // the kernelspec's folder
	Spec Spec
	Ours bool // written by Install, so that Uninstall would remove it
}

// Read returns the kernelspec named chanbook below dataDir. Its error is
// fs.ErrNotExist where there is none.
func Read(dataDir string) (Installed, error) {
	in := Installed{Dir: SpecDir(dataDir)}
	data, err := os.ReadFile(filepath.Join(in.Dir, "kernel.json"))
	if err != nil {
		return in, err
	}
	if err := json.Unmarshal(data, &in.Spec); err != nil {
		return in, fmt.Errorf("%s is not a kernelspec: %w", filepath.Join(in.Dir, "kernel.json"), err)
	}
	_, err = os.Stat(filepath.Join(in.Dir, manifestName))
	in.Ours = err == nil
	return in, nil
}

func encode(v any) ([]byte, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	return append(data, '\n'), err
}

package modules

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// A vendor is a folder with the sources of modules, as go mod vendor makes it.
type vendor struct {
	dir     string
	modules map[string]vendored // by path
}

// vendored is a module in a vendor folder.
type vendored struct {
	version  string
	language string // the Go version of its go.mod, "" when unknown
	packages []string
}

// findVendor finds the vendor folder that GOFLAGS=-mod=vendor speaks of: beside
// the go.mod at or above dir. It is nil where modules come from elsewhere.
func findVendor(ctx context.Context, base Base, dir string) (*vendor, error) {
	if flags, err := base.personal(ctx, "GOFLAGS"); err != nil || !strings.Contains(flags+" ", "-mod=vendor ") {
		return nil, err
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return readVendor(filepath.Join(at, "vendor"))
		}
		if filepath.Dir(at) == at {
			return nil, &Fault{Kind: NotVendored, Text: fmt.Sprintf("GOFLAGS has -mod=vendor, but there is no go.mod at or above %s: put the notebook into a module with a vendor folder (go mod vendor makes it), or take -mod=vendor out of GOFLAGS", dir)}
		}
	}
}

// personal asks for a setting of the go command as the person has it, whatever the
// base makes of it.
func (b Base) personal(ctx context.Context, name string) (string, error) {
	if value, ok := os.LookupEnv(name); ok {
		return value, nil
	}
	out, err := exec.CommandContext(ctx, b.Go, "env", name).Output()
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("go env %s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// readVendor reads the list of modules in a vendor folder. Its format is that of
// go mod vendor: "# path version [=> …]" begins a module, "## explicit; go 1.21"
// says more of it, and its packages follow, a line each.
func readVendor(dir string) (*vendor, error) {
	text, err := os.ReadFile(filepath.Join(dir, "modules.txt"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Fault{Kind: NotVendored, Text: fmt.Sprintf("GOFLAGS has -mod=vendor, but %s has no modules.txt: run go mod vendor there, or take -mod=vendor out of GOFLAGS", dir)}
	}
	if err != nil {
		return nil, err
	}
	v := &vendor{dir, map[string]vendored{}}
	path := ""
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[0] == "#":
			if path = ""; len(words) >= 3 && words[2] != "=>" {
				path = words[1]
				v.modules[path] = vendored{version: words[2]}
			}
		case path == "":
		case words[0] == "##":
			m := v.modules[path]
			if _, after, ok := strings.Cut(line, "; go "); ok {
				m.language = strings.TrimSpace(after)
			}
			v.modules[path] = m
		default:
			m := v.modules[path]
			m.packages = append(m.packages, words[0])
			v.modules[path] = m
		}
	}
	return v, nil
}

func (v *vendor) has(path string) bool { return len(v.modules[path].packages) > 0 }

// owner is the module of the vendor folder to which a path belongs.
func (v *vendor) owner(path string) string {
	best := ""
	for m := range v.modules {
		if v.has(m) && (path == m || strings.HasPrefix(path, m+"/")) && len(m) > len(best) {
			best = m
		}
	}
	return best
}

// require makes the trial's module require the modules of the vendor folder, from
// copies of them: a folder that takes the place of a module needs a go.mod, which
// go mod vendor leaves out.
func (v *vendor) require(t *trial, wants []Want, cache string) error {
	for _, w := range wants {
		if err := v.check(w); err != nil {
			return err
		}
	}
	files, err := t.files()
	if err != nil {
		return err
	}
	f, err := modfile.Parse("go.mod", files.mod, nil)
	if err != nil {
		return err
	}
	for path, m := range v.modules {
		if !v.has(path) {
			continue
		}
		dir, err := v.copy(cache, path, m)
		if err != nil {
			return err
		}
		if err := errors.Join(f.AddRequire(path, m.version), f.AddReplace(path, m.version, dir, "")); err != nil {
			return err
		}
	}
	f.Cleanup()
	files.mod, err = f.Format()
	return errors.Join(err, t.write(files))
}

// check tells whether the vendor folder has what is wanted.
func (v *vendor) check(w Want) error {
	fault := &Fault{Kind: NotVendored}
	owner := v.owner(w.Path)
	switch have := v.modules[owner].version; {
	case owner == "":
		fault.Text = fmt.Sprintf("%s is not in %s, where GOFLAGS=-mod=vendor looks: where there is a network, import it in a Go file there, and run go mod vendor", w.Path, v.dir)
	case w.Version != "latest" && w.Version != have:
		fault.Text = fmt.Sprintf("%s has version %s of %s, not %s: ask for %s@%s", v.dir, have, owner, w.Version, w.Path, have)
	default:
		return nil
	}
	return fault
}

// copy copies a vendored module into the cache, unless it is there, and gives it a
// go.mod. A worker program reads its sources there, also later ones.
func (v *vendor) copy(cache, path string, m vendored) (string, error) {
	escaped, err := module.EscapePath(path)
	if err != nil {
		return "", err
	}
	files, err := v.files(path, m)
	if err != nil {
		return "", err
	}
	place := filepath.Join(copies(cache), digest(files))
	dir := filepath.Join(place, filepath.FromSlash(escaped)+"@"+m.version)
	if _, err := os.Stat(dir); err == nil {
		touch(place)
		return dir, nil
	}
	if err := os.MkdirAll(copies(cache), 0o777); err != nil {
		return "", err
	}
	prune(copies(cache), keptVendored)
	fresh, err := os.MkdirTemp(copies(cache), "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh)
	for name, text := range files {
		name = filepath.Join(fresh, filepath.FromSlash(escaped)+"@"+m.version, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, text, 0o666)); err != nil {
			return "", err
		}
	}
	if err := os.Rename(fresh, place); err != nil {
		if _, there := os.Stat(dir); there != nil { // nobody else has made it meanwhile
			return "", err
		}
	}
	return dir, nil
}

// digest tells contents apart.
func digest(files map[string][]byte) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n%s", name, len(files[name]), files[name])
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:12])
}

// files are the contents of a vendored module, with a go.mod.
func (v *vendor) files(path string, m vendored) (map[string][]byte, error) {
	mod := "module " + path + "\n"
	if m.language != "" {
		mod += "\ngo " + m.language + "\n"
	}
	out := map[string][]byte{"go.mod": []byte(mod)}
	from := filepath.Join(v.dir, filepath.FromSlash(path))
	for _, folder := range v.folders(path, from) {
		entries, err := os.ReadDir(filepath.Join(from, folder))
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !e.Type().IsRegular() {
				continue
			}
			name := filepath.Join(folder, e.Name())
			if out[name], err = os.ReadFile(filepath.Join(from, name)); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// folders are those of a module, without those of another module in it.
func (v *vendor) folders(path, from string) []string {
	var out []string
	filepath.WalkDir(from, func(at string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return nil
		}
		name, err := filepath.Rel(from, at)
		if err != nil {
			return nil
		}
		if name != "." && v.has(path+"/"+filepath.ToSlash(name)) {
			return fs.SkipDir
		}
		out = append(out, name)
		return nil
	})
	return out
}

package toolchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// listing is where the compiled packages are that programs need: their files in
// the build cache, by import path. It is not changed once it is made.
type listing struct {
	files map[string]string
	odd   bool // one of them is not for compile and link alone
}

// listed is a package as go list describes it.
type listed struct {
	ImportPath, Name, Export      string
	Standard                      bool
	CgoFiles, CXXFiles, SwigFiles []string
}

// list finds the compiled packages of a program, and has the go command compile
// what is not yet. Programs with the same settings share a listing, which grows.
func (j *job) list(ctx context.Context) (listing, error) {
	key := digest(j.tools.seen, fmt.Sprint(j.Race), j.Tags)
	t := j.t
	t.mu.Lock()
	known, state := t.listings[key], t.module.state
	t.mu.Unlock()
	if known.covers(j.Program.Imports) && known.there() {
		return known, nil
	}
	args := []string{"list", "-mod=readonly", "-export", "-deps",
		"-json=ImportPath,Name,Export,Standard,CgoFiles,CXXFiles,SwigFiles"}
	args = append(args, j.goFlags()...)
	args = append(args, "--", "runtime")
	if j.Race {
		args = append(args, "runtime/race")
	}
	args = append(args, j.Program.Imports...)
	cmd := newCommand(ctx, j.scratch.module, j.tools.Command, args...)
	cmd.Env = j.tools.env
	out, err := collectGuarded(ctx, cmd, t.start)
	if err != nil {
		return listing{}, j.fault("go list", out, err)
	}
	l, err := readListing(out.stdout, j.Program.Imports)
	if err != nil || l.odd {
		return l, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.module.state == state {
		t.listings[key] = l.with(t.listings[key])
		l = t.listings[key]
	}
	return l, nil
}

// readListing reads what go list wrote.
func readListing(text string, imports []string) (listing, error) {
	l := listing{files: map[string]string{}}
	packages := json.NewDecoder(strings.NewReader(text))
	for {
		var p listed
		err := packages.Decode(&p)
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return listing{}, fmt.Errorf("what go list says of the packages cannot be read: %w", err)
		}
		if p.Name == "main" && slices.Contains(imports, p.ImportPath) ||
			!p.Standard && len(p.CgoFiles)+len(p.CXXFiles)+len(p.SwigFiles) > 0 {
			l.odd = true
		}
		if p.Export != "" {
			l.files[p.ImportPath] = p.Export
		}
	}
}

// covers reports whether all of some packages are there.
func (l listing) covers(imports []string) bool {
	return l.files != nil && !slices.ContainsFunc(imports, func(path string) bool { return path != "unsafe" && l.files[path] == "" })
}

// with adds what an earlier listing has, if that is still there.
func (l listing) with(earlier listing) listing {
	if !earlier.there() {
		return l
	}
	files := maps.Clone(earlier.files)
	if files == nil {
		return l
	}
	maps.Copy(files, l.files)
	return listing{files: files}
}

// config says to compile and link where the packages are.
func (l listing) config() []byte {
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(l.files)) {
		fmt.Fprintf(&b, "packagefile %s=%s\n", path, l.files[path])
	}
	return []byte(b.String())
}

// there reports whether the build cache still has the packages. The go command
// removes what it has not used for some days.
func (l listing) there() bool {
	for _, file := range l.files {
		if _, err := os.Stat(file); err != nil {
			return false
		}
	}
	return true
}

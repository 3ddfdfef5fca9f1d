package toolchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// listing is where the compiled packages are that a program needs.
type listing struct {
	packages []compiledPackage
	odd      bool // one of them is not for compile and link alone
}

// compiledPackage is a package and its file in the build cache.
type compiledPackage struct{ path, file string }

// listed is a package as go list describes it.
type listed struct {
	ImportPath, Name, Export      string
	Standard                      bool
	CgoFiles, CXXFiles, SwigFiles []string
}

// list finds the compiled packages of a program, and has the go command compile
// what is not yet.
func (j *job) list(ctx context.Context) (listing, error) {
	t := j.t
	key := digest(j.tools.seen, fmt.Sprint(j.Race), j.Tags, strings.Join(j.Program.Imports, " "))
	t.mu.Lock()
	known, ok := t.listings[key]
	t.mu.Unlock()
	if ok && known.there() {
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
	if err != nil {
		return listing{}, err
	}
	t.mu.Lock()
	t.listings[key] = l
	t.mu.Unlock()
	return l, nil
}

// readListing reads what go list wrote.
func readListing(text string, imports []string) (listing, error) {
	var l listing
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
			l.packages = append(l.packages, compiledPackage{p.ImportPath, p.Export})
		}
	}
}

// config says to compile and link where the packages are.
func (l listing) config() []byte {
	var b strings.Builder
	for _, p := range l.packages {
		fmt.Fprintf(&b, "packagefile %s=%s\n", p.path, p.file)
	}
	return []byte(b.String())
}

// there reports whether the build cache still has the packages. The go command
// removes what it has not used for some days.
func (l listing) there() bool {
	for _, p := range l.packages {
		if _, err := os.Stat(p.file); err != nil {
			return false
		}
	}
	return true
}

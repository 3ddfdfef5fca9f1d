package modules

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/chanbook/chanbook/kernel/modules/bound"
)

// ownPath is the module path of Chanbook.
const ownPath = "github.com/chanbook/chanbook"

// ownSource finds the source of this program's version of Chanbook: where it was
// built from, or else, for a released version, in the module cache or by the module
// proxy.
func (b Base) ownSource(ctx context.Context) (dir string, err error) {
	_, file, _, _ := runtime.Caller(0)
	for _, dir := range []string{bound.Source(), filepath.Dir(filepath.Dir(filepath.Dir(file)))} {
		if isOwn(dir) {
			return dir, nil
		}
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", errors.New("this program does not know which version of Chanbook it is")
	}
	own := info.Main
	for _, d := range info.Deps {
		if d.Path == ownPath {
			own = *d
		}
	}
	if own.Path != ownPath || module.IsZeroPseudoVersion(own.Version) || own.Version == "" || own.Version == "(devel)" || strings.Contains(own.Version, "+") {
		return "", fmt.Errorf("the source of Chanbook is not where this program was built (its version is %q); with a released version it is found", own.Version)
	}
	return b.download(ctx, own.Version)
}

// isOwn tells whether a folder has the source of Chanbook.
func isOwn(dir string) bool {
	if !filepath.IsAbs(dir) {
		return false // built with -trimpath, or no folder at all
	}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && modfile.ModulePath(text) == ownPath
}

// download has the go command find a released version.
func (b Base) download(ctx context.Context, version string) (dir string, err error) {
	t, remove, err := b.try()
	if err != nil {
		return "", err
	}
	defer remove()
	out, err := t.command(ctx, nil, "mod", "download", "-modfile="+t.mod, "-json", ownPath+"@"+version)
	if err != nil {
		return "", fmt.Errorf("the source of Chanbook %s cannot be got: %w", version, err)
	}
	listed, err := decode[listedModule](out)
	if err != nil || len(listed) != 1 || !isOwn(listed[0].Dir) {
		return "", errors.Join(fmt.Errorf("the source of Chanbook %s is not what it should be", version), err)
	}
	return listed[0].Dir, nil
}

package stdsource

import (
	"go/types"
	"slices"
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	extra := []Extra{{ImportPath: "chanbook/archive", Source: "github.com/chanbook/chanbook/kernel/check/exportdata/archive"}}
	packages, err := Load(".", Platform{OS: "windows", Arch: "arm64"}, extra)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*types.Package{}
	var paths []string
	for _, p := range packages {
		found[p.Path] = p.Types
		paths = append(paths, p.Path)
	}
	if !slices.IsSorted(paths) {
		t.Error("the packages are not sorted")
	}
	if goos := found["runtime"].Scope().Lookup("GOOS").(*types.Const).Val().ExactString(); goos != `"windows"` {
		t.Errorf("runtime.GOOS is %s", goos)
	}
	if archive := found["chanbook/archive"]; archive == nil || archive.Path() != "chanbook/archive" || archive.Scope().Lookup("Parse") == nil {
		t.Errorf("the extra package is %v", archive)
	}
	for _, path := range []string{"unsafe", "internal/abi", "vendor/golang.org/x/net/idna", "github.com/chanbook/chanbook/kernel/check/exportdata/archive"} {
		if found[path] != nil {
			t.Errorf("%s is among what cells may import", path)
		}
	}
}

func TestLoadSaysWhatIsMissing(t *testing.T) {
	_, err := Load(".", Platform{OS: "linux", Arch: "amd64"}, []Extra{{ImportPath: "x", Source: "github.com/chanbook/chanbook/nothing"}})
	if err == nil || !strings.Contains(err.Error(), "chanbook/nothing") {
		t.Errorf("a package that does not exist gives the error %v", err)
	}
}

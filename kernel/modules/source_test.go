package modules

import (
	"path/filepath"
	"testing"

	"github.com/chanbook/chanbook/kernel/modules/modulestest"
)

func TestOwnSource(t *testing.T) {
	base := newBase(t, modulestest.Proxy(t, map[string]files{
		ownPath + "@v0.1.0": {"go.mod": "module " + ownPath + "\n\ngo 1.26\n", "LICENSE": "All may use it.\n"},
	}))
	dir, err := base.ownSource(t.Context())
	if err != nil || !isOwn(dir) {
		t.Errorf("built from source: %q, %v", dir, err)
	}
	dir, err = base.download(t.Context(), "v0.1.0")
	if err != nil || !isOwn(dir) || filepath.Base(dir) != "chanbook@v0.1.0" {
		t.Errorf("a released version: %q, %v", dir, err)
	}
	if dir, err := base.download(t.Context(), "v9.9.9"); err == nil {
		t.Errorf("a version that there is not: %q", dir)
	}
	for _, dir := range []string{"", "kernel/modules", t.TempDir()} {
		if isOwn(dir) {
			t.Errorf("%q is taken for the source of Chanbook", dir)
		}
	}
}

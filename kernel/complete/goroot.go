package complete

import (
	"os"
	"path/filepath"
	"sync"

	"github.com/chanbook/chanbook/kernel/check/stdsource"
)

// goroot is the folder of an installed Go that has its sources, "" where there
// is none. It is looked for once. Its version need not be that of this binary:
// documentation of another one is better than none.
var goroot = sync.OnceValue(func() string {
	for dir := range stdsource.Roots() {
		if _, err := os.Stat(filepath.Join(dir, "src", "builtin", "builtin.go")); err == nil {
			return dir
		}
	}
	return ""
})

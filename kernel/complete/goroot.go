package complete

import (
	"context"
	"go/build"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// goroot is the folder of an installed Go that has its sources, "" where there
// is none. It is looked for once.
var goroot = sync.OnceValue(func() string {
	for _, find := range []func() string{fromEnvironment, besideCommand, fromCommand, fromBuild} {
		if dir := find(); hasSources(dir) {
			return dir
		}
	}
	return ""
})

func hasSources(dir string) bool {
	if dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(dir, "src", "builtin", "builtin.go"))
	return err == nil
}

func fromEnvironment() string { return os.Getenv("GOROOT") }

// besideCommand is the folder in whose bin the go command stands. It starts no
// process.
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

func fromBuild() string { return build.Default.GOROOT }

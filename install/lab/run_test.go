package lab

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func TestPlace(t *testing.T) {
	dir := t.TempDir()
	put := func(path, content string) {
		t.Helper()
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("ours/go.mod", "module github.com/chanbook/chanbook\n\ngo 1.26\n")
	put("ours/notebooks/01.ipynb", "{}")
	put("ours/kernel/cell/doc.go", "package cell\n")
	put("theirs/go.mod", "module example.com/theirs\n")
	put("theirs/notebooks/x.ipynb", "{}")
	put("plain/x.ipynb", "{}")
	for _, c := range []struct{ name, dir, asked, want string }{
		{"our repository", "ours", "", "ours/notebooks"},
		{"within our repository", "ours/kernel/cell", "", "ours/notebooks"},
		{"another module", "theirs", "", "theirs"},
		{"any folder", "plain", "", "plain"},
		{"a folder that was asked for", "ours", "kernel", "ours/kernel"},
		{"a notebook that was asked for", "plain", "x.ipynb", "plain/x.ipynb"},
		{"nothing there", "plain", "y.ipynb", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Place(filepath.Join(dir, filepath.FromSlash(c.dir)), c.asked)
			if c.want == "" {
				if err == nil {
					t.Errorf("got %s, want an error", got)
				}
				return
			}
			if want := filepath.Join(dir, filepath.FromSlash(c.want)); err != nil || got != want {
				t.Errorf("got %s, %v; want %s", got, err, want)
			}
		})
	}
}

func TestServerArgs(t *testing.T) {
	dir := t.TempDir()
	args := serverArgs(dir, []string{"--no-browser"})
	if !slices.Contains(args, "--ServerApp.root_dir="+dir) || args[len(args)-1] != "--no-browser" {
		t.Errorf("for a folder: %q", args)
	}
	notebook := filepath.Join(dir, "x.ipynb")
	args = serverArgs(notebook, nil)
	if !slices.Contains(args, "--ServerApp.root_dir="+dir) || args[len(args)-1] != notebook {
		t.Errorf("for a notebook: %q", args)
	}
	if os.Geteuid() == 0 && !slices.Contains(args, "--allow-root") {
		t.Errorf("for root: %q", args)
	}
	if NeedsRootFlag([]string{"--allow-root"}) {
		t.Error("the flag would be passed twice")
	}
}

// TestServe: the exit status is passed on; the first signal asks, the second
// kills.
func TestServe(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs are shell scripts")
	}
	// A program that says that it is ready before it waits for its signal.
	const patient = `trap '%s' TERM; echo > "$READY"; while :; do sleep 0.05; done`
	for _, c := range []struct {
		name, script string
		signals      int
		want         int
	}{
		{"ends by itself", "exit 0", 0, 0},
		{"fails by itself", "exit 3", 0, 3},
		{"asked to end", strings.Replace(patient, "%s", "exit 5", 1), 1, 5},
		{"does not listen", strings.Replace(patient, "%s", "", 1), 2, 128 + int(syscall.SIGKILL)},
	} {
		t.Run(c.name, func(t *testing.T) {
			ready := filepath.Join(t.TempDir(), "ready")
			cmd := exec.Command("/bin/sh", "-c", c.script)
			cmd.Env = append(os.Environ(), "READY="+ready)
			signals := make(chan os.Signal)
			var sender sync.WaitGroup
			sender.Go(func() {
				if c.signals > 0 {
					awaitFile(t, ready)
				}
				for range c.signals {
					signals <- os.Interrupt
				}
			})
			var said []string
			status, err := Serve(cmd, signals, func(line string) { said = append(said, line) })
			sender.Wait()
			if err != nil || status != c.want {
				t.Errorf("status %d, %v; want %d", status, err, c.want)
			}
			if (c.signals > 0) != (len(said) > 0) {
				t.Errorf("said %q", said)
			}
		})
	}
	if _, err := Serve(exec.Command(filepath.Join(t.TempDir(), "none")), nil, nil); err == nil {
		t.Error("a program that is not there starts")
	}
}

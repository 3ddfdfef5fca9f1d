package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/chanbook/chanbook/install"
)

// Command prepares the environment's JupyterLab for the given place, a folder
// or a notebook, with args for JupyterLab.
func (e Environment) Command(place string, args ...string) *exec.Cmd {
	// Not the script jupyter-lab: its first line names the interpreter, and many
	// systems bound the length of that line or allow no spaces in it.
	cmd := exec.Command(e.Python(), append([]string{"-m", "jupyterlab"}, serverArgs(place, args)...)...)
	cmd.Env = append(e.Home.Environ(os.Environ()), "CHANBOOK_HOME="+e.Home.Dir)
	return cmd
}

// SystemCommand prepares the JupyterLab that is on PATH. It finds the kernel by
// a search path that holds for it alone; nothing of it is changed.
func (h Home) SystemCommand(place string, args ...string) (*exec.Cmd, error) {
	path, err := exec.LookPath("jupyter-lab")
	if err != nil {
		return nil, errors.New("there is no jupyter-lab on PATH: leave out --system to have a private JupyterLab made, or install it with pip install jupyterlab")
	}
	if _, err := install.Install(h.Share(), h.Binaries().Program(), false); err != nil {
		return nil, err
	}
	search := h.Share()
	if before := os.Getenv("JUPYTER_PATH"); before != "" {
		search += string(os.PathListSeparator) + before
	}
	cmd := exec.Command(path, serverArgs(place, args)...)
	cmd.Env = append(withoutNames(os.Environ(), func(name string) bool { return name == "JUPYTER_PATH" }), "JUPYTER_PATH="+search)
	return cmd, nil
}

// serverArgs puts what we want of JupyterLab before what the person wants, so
// that the person wins.
func serverArgs(place string, args []string) []string {
	var ours []string
	if NeedsRootFlag(args) {
		ours = append(ours, "--allow-root")
	}
	if info, err := os.Stat(place); err == nil && info.IsDir() {
		ours = append(ours, "--ServerApp.root_dir="+place)
	} else {
		ours = append(ours, "--ServerApp.root_dir="+filepath.Dir(place), place)
	}
	return append(ours, args...)
}

// NeedsRootFlag tells whether JupyterLab would refuse to start because the
// person is root and has not said that this is meant.
func NeedsRootFlag(args []string) bool {
	if os.Geteuid() != 0 {
		return false
	}
	for _, a := range args {
		if a == "--allow-root" || strings.HasPrefix(a, "--ServerApp.allow_root") {
			return false
		}
	}
	return true
}

// Place is what lab opens: the folder or notebook that was asked for, as an
// absolute path; or else the folder notebooks of Chanbook's own repository when
// dir is within it; or else dir.
func Place(dir, asked string) (string, error) {
	if asked != "" {
		if !filepath.IsAbs(asked) {
			asked = filepath.Join(dir, asked)
		}
		if _, err := os.Stat(asked); err != nil {
			return "", fmt.Errorf("nothing to open: %w", err)
		}
		return filepath.Clean(asked), nil
	}
	for d := dir; ; d = filepath.Dir(d) {
		data, err := os.ReadFile(filepath.Join(d, "go.mod"))
		if err == nil {
			notebooks := filepath.Join(d, "notebooks")
			first, _, _ := strings.Cut(string(data), "\n")
			if info, err := os.Stat(notebooks); err == nil && info.IsDir() && strings.TrimSpace(first) == "module github.com/chanbook/chanbook" {
				return notebooks, nil
			}
			return dir, nil
		}
		if filepath.Dir(d) == d {
			return dir, nil
		}
	}
}

// stopTime is how long JupyterLab may take to end its kernels and itself.
const stopTime = 20 * time.Second

// Serve runs JupyterLab until it ends by itself or a signal comes, and returns
// its exit status. At the first signal JupyterLab is asked to end, which ends
// its kernels; at the second, or when that takes too long, it is killed. Its
// kernels then notice that their parent is gone.
func Serve(cmd *exec.Cmd, signals <-chan os.Signal, say func(string)) (int, error) {
	// Without a terminal as its input, JupyterLab asks nothing at Ctrl-C.
	cmd.Stdin = nil
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("starting JupyterLab: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var timeout <-chan time.Time
	stopping := false
	for {
		select {
		case err := <-ended:
			return exitStatus(err)
		case <-timeout:
			say("JupyterLab does not end; killing it.")
			killGroup(cmd.Process)
			timeout = nil
		case <-signals:
			if stopping {
				killGroup(cmd.Process)
				continue
			}
			stopping = true
			say("Stopping JupyterLab and its kernels. Press Ctrl-C again to kill it.")
			terminate(cmd.Process)
			timeout = time.After(stopTime)
		}
	}
}

// exitStatus takes the status out of the result of Wait. A program that a signal
// ended has the status that a shell would give it.
func exitStatus(err error) (int, error) {
	var exit *exec.ExitError
	if err == nil {
		return 0, nil
	}
	if !errors.As(err, &exit) {
		return 0, err
	}
	if status := exit.ExitCode(); status >= 0 {
		return status, nil
	}
	return signalStatus(exit.ProcessState), nil
}

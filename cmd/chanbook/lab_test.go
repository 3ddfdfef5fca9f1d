package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/install/installtest"
	"github.com/chanbook/chanbook/kernel/kerneltest"
)

// labPatience bounds the making of a private JupyterLab.
const labPatience = 10 * time.Minute

// jupyterLab is a running "chanbook lab".
type jupyterLab struct {
	t          *testing.T
	cmd        *exec.Cmd
	home       string // CHANBOOK_HOME
	userHome   string // HOME, where nothing may appear
	url, token string
}

// startLab runs "chanbook lab" until its server answers. Its environment is kept
// from one test run to the next.
func startLab(t *testing.T) *jupyterLab {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals to send")
	}
	base := installtest.Lab(t) // for the skips: what lab needs is there
	l := &jupyterLab{t: t, home: filepath.Join(base.Home, "lab"), userHome: t.TempDir()}
	books := t.TempDir()
	l.cmd = exec.Command(base.Chanbook, "lab", books, "--", "--no-browser", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1")
	l.cmd.Env = append(os.Environ(), "CHANBOOK_HOME="+l.home, "HOME="+l.userHome,
		"XDG_DATA_HOME=", "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=", "JUPYTER_DATA_DIR=", "JUPYTER_CONFIG_DIR=", "JUPYTER_PATH=",
		// Shims on PATH keep their settings in the home folder: pyenv's for Python,
		// and rustup's for the rustc that pip asks for its version.
		"PYTHON="+base.Python, "RUSTUP_HOME="+t.TempDir())
	l.cmd.Stdout, l.cmd.Stderr = t.Output(), t.Output()
	l.cmd.WaitDelay = kerneltest.Patience
	if err := os.RemoveAll(filepath.Join(l.home, "jupyter")); err != nil {
		t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.cmd.Process.Signal(os.Interrupt)
		l.cmd.Wait()
	})
	l.await(labPatience, "a JupyterLab that answers", l.find)
	return l
}

// find reads the file in which the server tells its address.
func (l *jupyterLab) find() bool {
	files, _ := filepath.Glob(filepath.Join(l.home, "jupyter", "runtime", "jpserver-*.json"))
	if len(files) == 0 {
		return false
	}
	data, err := os.ReadFile(files[0])
	var server struct{ URL, Token string }
	if err != nil || json.Unmarshal(data, &server) != nil {
		return false
	}
	l.url, l.token = server.URL, server.Token
	status, _ := l.request("GET", "api/status", nil)
	return status == http.StatusOK
}

// await polls until ready says so. The server and its kernels are others'
// programs, which give no other sign.
func (l *jupyterLab) await(patience time.Duration, what string, ready func() bool) {
	l.t.Helper()
	for deadline := time.Now().Add(patience); !ready(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatalf("waited in vain for %s", what)
		}
	}
}

func (l *jupyterLab) request(method, path string, body any) (int, string) {
	data, err := json.Marshal(body)
	if err != nil {
		l.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(l.t.Context(), method, l.url+path, bytes.NewReader(data))
	if err != nil {
		l.t.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+l.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(text)
}

// startKernel starts a kernel of the server's default kind and returns the
// address of its heartbeat, which is open as long as the kernel lives.
func (l *jupyterLab) startKernel() string {
	l.t.Helper()
	status, text := l.request("POST", "api/kernels", map[string]any{})
	var k struct{ ID, Name string }
	if err := json.Unmarshal([]byte(text), &k); err != nil || status != http.StatusCreated {
		l.t.Fatalf("starting a kernel: %d %s", status, text)
	}
	if k.Name != "chanbook" {
		l.t.Errorf("the default kernel is %q", k.Name)
	}
	file := filepath.Join(l.home, "jupyter", "runtime", "kernel-"+k.ID+".json")
	data, err := os.ReadFile(file)
	var connection struct {
		IP   string
		Port int `json:"hb_port"`
	}
	if err != nil || json.Unmarshal(data, &connection) != nil {
		l.t.Fatalf("reading %s: %v", file, err)
	}
	address := fmt.Sprintf("%s:%d", connection.IP, connection.Port)
	l.await(kerneltest.Patience, "the kernel's heartbeat", func() bool { return listening(address) })
	return address
}

func listening(address string) bool {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

// TestLab is README's first command: it makes the private JupyterLab and opens
// it, twice; everything ends with Ctrl-C, and nothing is written elsewhere.
func TestLab(t *testing.T) {
	l := startLab(t)
	if status, page := l.request("GET", "lab", nil); status != http.StatusOK ||
		!strings.Contains(page, "apputils-extension:announcements") || !strings.Contains(page, `"buildCheck": false`) {
		t.Errorf("the page of JupyterLab (%d) lacks its settings", status)
	}
	if status, logo := l.request("GET", "kernelspecs/chanbook/logo-svg.svg", nil); status != http.StatusOK || !strings.Contains(logo, "<svg") {
		t.Errorf("the logo: %d %q", status, logo)
	}
	heartbeat := l.startKernel()
	l.stop()
	if listening(heartbeat) {
		t.Error("the kernel outlives its JupyterLab")
	}
	if left, err := os.ReadDir(l.userHome); err != nil || len(left) > 0 {
		t.Errorf("in the home folder: %v, %v", left, err)
	}

	log, err := os.Stat(filepath.Join(l.home, "log", "pip.log"))
	if err != nil {
		t.Fatal(err)
	}
	l = startLab(t)
	l.stop()
	if again, err := os.Stat(filepath.Join(l.home, "log", "pip.log")); err != nil || !again.ModTime().Equal(log.ModTime()) {
		t.Errorf("the second start installed packages: %v", err)
	}
}

// stop presses Ctrl-C.
func (l *jupyterLab) stop() {
	l.t.Helper()
	if err := l.cmd.Process.Signal(os.Interrupt); err != nil {
		l.t.Fatal(err)
	}
	if err := l.cmd.Wait(); err != nil {
		l.t.Errorf("after Ctrl-C lab ends with: %v", err)
	}
}

// TestLabKilled: when JupyterLab dies, its kernels do not stay behind, and lab
// passes its status on.
func TestLabKilled(t *testing.T) {
	l := startLab(t)
	heartbeat := l.startKernel()
	files, err := filepath.Glob(filepath.Join(l.home, "jupyter", "runtime", "jpserver-*.json"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	var pid int
	if _, err := fmt.Sscanf(filepath.Base(files[0]), "jpserver-%d.json", &pid); err != nil {
		t.Fatal(err)
	}
	server, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	l.cmd.Wait()
	if got := l.cmd.ProcessState.ExitCode(); got != 128+9 {
		t.Errorf("lab ends with status %d", got)
	}
	l.await(kerneltest.Patience, "the end of the kernel", func() bool { return !listening(heartbeat) })
}

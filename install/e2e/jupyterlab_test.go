package e2e_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/install/installtest"
	"github.com/chanbook/chanbook/install/lab"
)

// patience bounds a wait for what has to come, on a machine that is busy.
const patience = time.Minute

// jupyterLab is a running JupyterLab with a folder of its own.
type jupyterLab struct {
	t          *testing.T
	env        installtest.Env
	folder     string
	url, token string
}

// startJupyterLab starts the private JupyterLab on loopback. The test's end ends
// it and its kernels.
func startJupyterLab(t *testing.T) *jupyterLab {
	t.Helper()
	env := installtest.Lab(t)
	runtimes := t.TempDir()
	l := &jupyterLab{t: t, env: env, folder: t.TempDir(), token: rand.Text()}
	args := []string{"-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0",
		"--ServerApp.root_dir=" + l.folder, "--IdentityProvider.token=" + l.token,
		"--LabApp.expose_app_in_browser=True"} // for what is no matter of the mouse
	if lab.NeedsRootFlag(nil) {
		args = append(args, "--allow-root")
	}
	cmd := env.Command(t, env.Python, args...)
	cmd.Env = append(cmd.Env, "JUPYTER_RUNTIME_DIR="+runtimes)
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it asks nothing without a terminal
	cmd.WaitDelay = 20 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop(cmd)
		if t.Failed() {
			t.Logf("JupyterLab's log:\n%s", &log)
		}
	})
	l.await(runtimes)
	return l
}

// stop asks JupyterLab to end its kernels and itself, and waits for it.
func stop(cmd *exec.Cmd) {
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
}

// await waits until the server has written down its address and answers there.
func (l *jupyterLab) await(runtimes string) {
	l.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(runtimes, "jpserver-*.json"))
		if len(files) == 0 {
			continue
		}
		var server struct{ URL string }
		data, err := os.ReadFile(files[0])
		if err != nil || json.Unmarshal(data, &server) != nil {
			continue // it is being written
		}
		l.url = server.URL
		if l.request("GET", "api/status", nil, nil) == nil {
			return
		}
	}
	l.t.Fatal("JupyterLab does not answer")
}

// address is where a browser finds a notebook of the folder. The workspace is a
// new one, so that nothing else is open.
func (l *jupyterLab) address(name string) string {
	return fmt.Sprintf("%slab/tree/%s?reset&token=%s", l.url, url.PathEscape(name), l.token)
}

// set changes the settings of a part of JupyterLab. They are kept by the server
// and hold for pages that are opened later.
func (l *jupyterLab) set(part string, settings map[string]any) {
	l.t.Helper()
	raw, err := json.Marshal(settings)
	if err == nil {
		err = l.request("PUT", "lab/api/settings/"+part, map[string]string{"raw": string(raw)}, nil)
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

// request asks the server and decodes its answer into result, unless that is nil.
func (l *jupyterLab) request(method, path string, body, result any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(l.t.Context(), method, l.url+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "token "+l.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	if result == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(result)
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/install/installtest"
	"github.com/chanbook/chanbook/install/lab"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/client"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

// begin sends a cell that prints "begun" before it goes on, and waits until it
// has.
func begin(t *testing.T, ctx context.Context, c *kerneltest.Client, code string) (id string) {
	t.Helper()
	id, err := c.Send(kerneltest.Shell, wire.ExecuteRequest, wire.ExecuteRequestContent{Code: "fmt.Println(\"begun\")\n" + code})
	if err != nil {
		t.Fatal(err)
	}
	begun := func(m *wire.Message) bool {
		return m.Header.Type == wire.Stream && m.Parent().ID == id && strings.Contains(string(m.Content), "begun")
	}
	if _, err := c.Await(ctx, kerneltest.IOPub, begun); err != nil {
		t.Fatal(err)
	}
	return id
}

// TestGoroutinesBesideACell asks a real kernel in every way while a cell leaves
// the processor to nobody, and then interrupts the cell.
func TestGoroutinesBesideACell(t *testing.T) {
	cmd, c := startKernel(t, installtest.Program(t), "kernel")
	file := cmd.Args[len(cmd.Args)-1]
	ctx, cancel := context.WithTimeout(t.Context(), kerneltest.Patience)
	defer cancel()
	if _, err := c.Run(ctx, "stuck := make(chan int)\ngo func() { stuck <- 1 }()"); err != nil {
		t.Fatal(err)
	}
	id := begin(t, ctx, c, "for { }")

	shown := func(what string, data any) {
		t.Helper()
		text, _ := json.Marshal(data)
		if !strings.Contains(string(text), "chan send") || !strings.Contains(string(text), "In[2]") {
			t.Errorf("%s: the dump is %s", what, text)
		}
	}
	var reply wire.GoroutinesReplyContent
	if _, err := c.Do(ctx, kerneltest.Control, wire.GoroutinesRequest, struct{}{}, &reply); err != nil {
		t.Fatal(err)
	}
	shown("control", reply.Data)

	open := map[string]any{"comm_id": "1", "target_name": wire.GoroutinesTarget, "data": map[string]any{}}
	published, err := c.Do(ctx, kerneltest.Shell, wire.CommOpen, open, nil)
	if err != nil || len(published) != 1 {
		t.Fatalf("comm: %v, %v", published, err)
	}
	shown("comm", json.RawMessage(published[0].Content))

	e, err := c.Run(ctx, "%goroutines now")
	if err != nil || len(e.Published) != 2 {
		t.Fatalf("%%goroutines now: %+v, %v", e, err)
	}
	shown("cell", json.RawMessage(e.Published[1].Content))

	out, err := exec.Command("chanbook", "goroutines", "-f", file).Output()
	if err != nil {
		t.Errorf("command: %v", err)
	}
	shown("command", string(out))
	wrong, err := exec.Command("chanbook", "goroutines", "-f", file, "In[x]").CombinedOutput()
	if err == nil || !strings.HasPrefix(string(wrong), "chanbook: ") || !strings.Contains(string(wrong), "In[x]") {
		t.Errorf("a bad filter: %v, %s", err, wrong)
	}

	if _, err := c.Do(ctx, kerneltest.Control, wire.InterruptRequest, struct{}{}, &wire.OKContent{}); err != nil {
		t.Fatal(err)
	}
	e, err = c.Finish(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(e.Types()); got != "[execute_input error]" || e.Reply.Name != cell.Interrupt || e.Text(cell.Stderr) != "" {
		t.Errorf("the interrupted cell published %s and replied %+v", got, e.Reply)
	}
	// The same after the death of the worker.
	if e, err := c.Run(ctx, "syscall.Kill(os.Getpid(), syscall.SIGKILL)"); err != nil || e.Reply.Name != cell.Killed {
		t.Fatalf("a cell that kills the worker: %+v, %v", e, err)
	}
	if _, err := c.Do(ctx, kerneltest.Control, wire.GoroutinesRequest, struct{}{}, &reply); err != nil || reply.Status != wire.StatusOK {
		t.Errorf("after the worker's death: %+v, %v", reply, err)
	}
}

// TestGoroutinesFindsTheKernel starts no, one and two kernels whose connection
// files are in the runtime folders of Jupyter and of the private JupyterLab.
func TestGoroutinesFindsTheKernel(t *testing.T) {
	runtimes, home := t.TempDir(), lab.Home{Dir: t.TempDir()}
	if err := os.MkdirAll(home.RuntimeDir(), 0o700); err != nil {
		t.Fatal(err)
	}
	ask := func() (string, error) {
		cmd := exec.Command("chanbook", "goroutines")
		cmd.Env = append(os.Environ(), "JUPYTER_RUNTIME_DIR="+runtimes, "CHANBOOK_HOME="+home.Dir)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	add := func(path, notebook string) {
		t.Helper()
		cmd, _ := startKernel(t, installtest.Program(t), "kernel")
		file, err := wire.ReadConnectionFile(cmd.Args[len(cmd.Args)-1])
		file.Notebook = notebook
		data, jsonErr := json.Marshal(file)
		if err := errors.Join(err, jsonErr, os.WriteFile(path, data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := ask(); err == nil || !strings.Contains(out, "no Chanbook kernel is running") || !strings.Contains(out, runtimes) {
		t.Errorf("without a kernel: %v, %s", err, out)
	}
	add(filepath.Join(home.RuntimeDir(), "kernel-1.json"), "/notes/01-goroutines.ipynb")
	if out, err := ask(); err != nil || strings.Contains(out, "chanbook:") {
		t.Errorf("with one: %v, %s", err, out)
	}
	add(filepath.Join(runtimes, "kernel-2.json"), "")
	out, err := ask()
	for _, want := range []string{"2 Chanbook kernels", "-f", "01-goroutines.ipynb", "kernel-1.json", "kernel-2.json"} {
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("with two: %v, %q is not in\n%s", err, want, out)
		}
	}
}

func TestFilterWords(t *testing.T) {
	c := goroutinesCmd{Filters: []string{"In[3]", "blocked", "chan send", `"chan receive"`}}
	if got, want := c.words(), `In[3] blocked "chan send" "chan receive"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestChoose(t *testing.T) {
	var kernels []client.Kernel
	for i, notebook := range []string{"/a/new.ipynb", ""} {
		k := client.Kernel{Path: fmt.Sprintf("kernel-%d.json", i), Started: time.Now().Add(time.Duration(-i) * 3 * time.Hour)}
		k.File.Notebook = notebook
		k.File.Key = k.Path
		kernels = append(kernels, k)
	}
	for in, want := range map[string]string{"\n": "kernel-0.json", "2\n": "kernel-1.json", "3\nx\n0\n 1 \n": "kernel-0.json", "": "", "9\n": ""} {
		var asked strings.Builder
		file, err := choose(kernels, strings.NewReader(in), &asked)
		if file.Key != want || (err == nil) != (want != "") {
			t.Errorf("%q chooses %q, %v", in, file.Key, err)
		}
		for _, line := range []string{"1  new.ipynb, started 0 seconds ago: kernel-0.json", "2  a notebook or console, started 3 hours ago: kernel-1.json", "Which one? [1]"} {
			if !strings.Contains(asked.String(), line) {
				t.Errorf("%q is not in\n%s", line, &asked)
			}
		}
	}
}

// TestGoroutinesOfAnotherKernel: files that are no connection file, or lead to
// nothing.
func TestGoroutinesOfAnotherKernel(t *testing.T) {
	dir := t.TempDir()
	gone := filepath.Join(dir, "gone.json")
	data, err := json.Marshal(wire.ConnectionFile{Transport: wire.IPC, IP: filepath.Join(dir, "none"), Key: "k",
		ShellPort: 1, ControlPort: 2, StdinPort: 3, IOPubPort: 4, HeartbeatPort: 5})
	if err == nil {
		err = os.WriteFile(gone, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		gone:                              "cannot be reached",
		filepath.Join(dir, "absent.json"): "does not exist",
		os.Args[0]:                        "not a JSON object",
	} {
		out, err := exec.Command("chanbook", "goroutines", "-f", path).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v, %s", path, err, out)
		}
	}
}

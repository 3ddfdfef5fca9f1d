package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/chanbook/chanbook/install/installtest"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

// startKernel runs "chanbook kernel" through the given command, whose last
// argument becomes the connection file, and connects to it.
func startKernel(t *testing.T, name string, args ...string) (*exec.Cmd, *kerneltest.Client) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals to send")
	}
	file := filepath.Join(t.TempDir(), "connection.json")
	connection := wire.ConnectionFile{Transport: wire.IPC, IP: filepath.Join(shortDir(t), "k"), Key: "secret", SignatureScheme: "hmac-sha256",
		ShellPort: 1, ControlPort: 2, StdinPort: 3, IOPubPort: 4, HeartbeatPort: 5}
	data, err := json.Marshal(connection)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, append(args, file)...)
	cmd.Stderr = t.Output()
	// A kernel that outlives its parent must not keep the test waiting.
	cmd.WaitDelay = kerneltest.Patience
	cmd.Env = append(os.Environ(), "JPY_PARENT_PID=")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	ctx, cancel := context.WithTimeout(t.Context(), kerneltest.Patience)
	defer cancel()
	client, err := kerneltest.Connect(ctx, connection)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if err := client.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	return cmd, client
}

// shortDir is a folder whose name is short enough for the names of sockets.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "k")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// TestKernelSignals: Ctrl-C interrupts the running cell and nothing else; the
// signal to end ends the kernel in order.
func TestKernelSignals(t *testing.T) {
	cmd, client := startKernel(t, installtest.Program(t), "kernel")
	ctx, cancel := context.WithTimeout(t.Context(), kerneltest.Patience)
	defer cancel()
	run := func(code string) *kerneltest.Execution {
		t.Helper()
		e, err := client.Run(ctx, code)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	run("x := 1")
	// Between cells it is ignored.
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	run("x++")
	id, err := client.Send(kerneltest.Shell, wire.ExecuteRequest, wire.ExecuteRequestContent{Code: "fmt.Println(\"begun\")\nfor { x = 7 }"})
	if err != nil {
		t.Fatal(err)
	}
	begun := func(m *wire.Message) bool {
		return m.Header.Type == wire.Stream && strings.Contains(string(m.Content), "begun")
	}
	if _, err := client.Await(ctx, kerneltest.IOPub, begun); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	e, err := client.Finish(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if e.Reply.Status != "error" {
		t.Errorf("the interrupted cell ended with %q", e.Reply.Status)
	}
	run("x")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM the kernel ends with: %v", err)
	}
}

// TestKernelEndsWithParent: the kernel of a Jupyter that was killed does not
// stay behind.
func TestKernelEndsWithParent(t *testing.T) {
	// A shell stands for Jupyter. It says that it is the parent, as Jupyter does,
	// and waits for its child.
	const script = `JPY_PARENT_PID=$$; export JPY_PARENT_PID; "$0" "$@" & wait`
	shell, client := startKernel(t, "/bin/sh", "-c", script, installtest.Program(t), "kernel")
	if err := shell.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), kerneltest.Patience)
	defer cancel()
	never := func(*wire.Message) bool { return false }
	_, err := client.Await(ctx, kerneltest.Control, never)
	if ctx.Err() != nil {
		t.Errorf("the kernel goes on without its parent: %v", err)
	}
}

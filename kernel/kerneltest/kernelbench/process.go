package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
	"github.com/google/uuid"
)

// process is a kernel that runs, with a client. stop ends both.
type process struct {
	cmd     *exec.Cmd
	client  *kerneltest.Client
	dir     string
	spawned time.Time
	exited  chan struct{} // closed when the process has ended
}

// start spawns a kernel and connects to it.
func start(ctx context.Context, s *spec) (k *process, err error) {
	k = &process{exited: make(chan struct{})}
	if k.dir, err = os.MkdirTemp("", "kernelbench"); err != nil {
		return nil, err
	}
	file, err := connectionFile()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(k.dir))
	}
	path := filepath.Join(k.dir, "kernel.json")
	data, err := json.Marshal(file)
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err == nil {
		err = k.spawn(s, path)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(k.dir))
	}
	// A kernel that ends at once must not be waited for.
	connecting, cancel := context.WithTimeout(ctx, kerneltest.Patience)
	defer cancel()
	go func() {
		select {
		case <-k.exited:
			cancel()
		case <-connecting.Done():
		}
	}()
	if k.client, err = kerneltest.Connect(connecting, file); err != nil {
		return nil, errors.Join(err, k.stop(ctx))
	}
	return k, nil
}

func (k *process) spawn(s *spec, connectionFile string) error {
	argv := s.command(connectionFile)
	k.cmd = exec.Command(argv[0], argv[1:]...)
	k.cmd.Dir = k.dir
	k.cmd.Stderr = os.Stderr
	k.cmd.Env = os.Environ()
	for name, value := range s.Env {
		k.cmd.Env = append(k.cmd.Env, name+"="+value)
	}
	k.spawned = time.Now()
	if err := k.cmd.Start(); err != nil {
		return err
	}
	go func() { // ends with the process, which stop waits for
		defer close(k.exited)
		k.cmd.Wait()
	}()
	return nil
}

// connectionFile finds five free ports. They may be taken again before the
// kernel opens them, which then says so.
func connectionFile() (wire.ConnectionFile, error) {
	file := wire.ConnectionFile{Transport: wire.TCP, IP: "127.0.0.1", Key: uuid.NewString(), SignatureScheme: "hmac-sha256"}
	for _, port := range []*int{&file.ShellPort, &file.IOPubPort, &file.StdinPort, &file.ControlPort, &file.HeartbeatPort} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return file, err
		}
		defer l.Close() // only when all five are found, or they might be the same
		*port = l.Addr().(*net.TCPAddr).Port
	}
	return file, nil
}

// stopTime is how long a kernel may take to shut down.
const stopTime = 10 * time.Second

// stop asks the kernel to end, and ends it if it does not.
func (k *process) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	var err error
	if k.client != nil {
		_, err = k.client.Send(kerneltest.Control, wire.ShutdownRequest, wire.ShutdownContent{})
		if err == nil {
			select {
			case <-k.exited:
			case <-ctx.Done():
				err = fmt.Errorf("the kernel did not end within %v of shutdown_request", stopTime)
			}
		}
		k.client.Close()
	}
	k.cmd.Process.Kill() // an error means that it has ended
	<-k.exited
	return errors.Join(err, os.RemoveAll(k.dir))
}

package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/chanbook/chanbook/kernel"
	"github.com/chanbook/chanbook/kernel/client"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

func TestMain(m *testing.M) {
	// zmq4 v0.17.0 never ends this goroutine of a closed PUB socket.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/go-zeromq/zmq4.(*pubMWriter).run"))
}

// serve runs a kernel of echoes until the test's end.
func serve(t *testing.T) wire.ConnectionFile {
	t.Helper()
	ready := make(chan wire.ConnectionFile, 1)
	done := make(chan error, 1)
	server := kernel.New(kernel.Config{Evaluator: &kerneltest.Echo{}, Ready: func(f wire.ConnectionFile) { ready <- f }})
	ctx, stop := context.WithCancel(context.Background())
	go func() { done <- server.Serve(ctx, wire.ConnectionFile{Transport: wire.TCP, IP: "127.0.0.1", Key: "k"}) }()
	t.Cleanup(func() {
		stop()
		<-done
	})
	select {
	case file := <-ready:
		return file
	case err := <-done:
		t.Fatal(err)
		panic("unreachable")
	}
}

func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), kerneltest.Patience)
	t.Cleanup(cancel)
	return ctx
}

func TestRequest(t *testing.T) {
	ctx := patience(t)
	c, err := client.DialControl(ctx, serve(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 2 {
		words := "blocked"
		var reply wire.GoroutinesReplyContent
		if err := c.Request(ctx, wire.GoroutinesRequest, wire.GoroutinesRequestContent{Filter: &words}, &reply); err != nil {
			t.Fatal(err)
		}
		if got := reply.Data["text/plain"]; got != `0 running "blocked"` {
			t.Errorf("reply %+v", reply)
		}
		words = "bad"
		err := c.Request(ctx, wire.GoroutinesRequest, wire.GoroutinesRequestContent{Filter: &words}, &reply)
		if r, ok := errors.AsType[*client.Refusal](err); !ok || r.Name != "CommandError" || r.Error() != `no filter "bad"` {
			t.Errorf("a bad filter: %v", err)
		}
	}
}

func TestRequestIsGivenUp(t *testing.T) {
	c, err := client.DialControl(patience(t), serve(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	slow := "slow"
	err = c.Request(ctx, wire.GoroutinesRequest, wire.GoroutinesRequestContent{Filter: &slow}, &wire.GoroutinesReplyContent{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestNoKernel(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\nThis is a server of another kind altogether, sorry."))
			conn.Close()
		}
	}()
	file := wire.ConnectionFile{Transport: wire.TCP, IP: "127.0.0.1", ControlPort: l.Addr().(*net.TCPAddr).Port}
	if c, err := client.DialControl(patience(t), file); err == nil {
		c.Close()
		t.Error("connected to what is no kernel")
	}
	l.Close()
	if c, err := client.DialControl(patience(t), file); err == nil {
		c.Close()
		t.Error("connected to nothing")
	}
}

func TestFind(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	write := func(path string, file any, age time.Duration) string {
		t.Helper()
		data, err := json.Marshal(file)
		if err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if then := time.Now().Add(-age); err == nil {
			err = os.Chtimes(path, then, then)
		}
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	running := serve(t)
	running.Notebook = "/notes/1.ipynb"
	old := write(filepath.Join(dir, "kernel-old.json"), running, time.Hour)
	new := write(filepath.Join(other, "kernel-new.json"), serve(t), time.Minute)
	wrongKey := running
	wrongKey.Key = "another"
	write(filepath.Join(dir, "kernel-wrong-key.json"), wrongKey, 0)
	gone := running
	gone.ControlPort = freePort(t)
	write(filepath.Join(dir, "kernel-gone.json"), gone, 0)
	write(filepath.Join(dir, "jpserver-1.json"), running, 0)
	write(filepath.Join(dir, "kernel-damaged.json"), "not one", 0)

	missing := filepath.Join(dir, "missing")
	found := client.Find(patience(t), "chanbook", dir, missing, other, dir+string(filepath.Separator))
	if len(found) != 2 || found[0].Path != new || found[1].Path != old || found[1].File.Notebook != "/notes/1.ipynb" {
		t.Errorf("found %+v", found)
	}
	if found := client.Find(patience(t), "ipython", dir, other); len(found) != 0 {
		t.Errorf("found %+v", found)
	}
}

// freePort is a port on which nobody listens.
func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

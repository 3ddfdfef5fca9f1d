package kernel_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/chanbook/chanbook/kernel"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// zmq4 v0.17.0 never ends this goroutine of a closed PUB socket.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/go-zeromq/zmq4.(*pubMWriter).run"))
}

// served is a server that runs for a test.
type served struct {
	*kernel.Server
	t    *testing.T
	ctx  context.Context // ends when the test has taken too long
	file wire.ConnectionFile
	stop context.CancelFunc
	done chan error // gets what Serve returned
}

const testKey = "a secret for the test"

// serve starts a server with an evaluator. The test's end stops it.
func serve(t *testing.T, e kernel.Evaluator) *served {
	t.Helper()
	return serveFile(t, e, wire.ConnectionFile{Transport: wire.TCP, IP: "127.0.0.1", Key: testKey})
}

func serveFile(t *testing.T, e kernel.Evaluator, file wire.ConnectionFile) *served {
	t.Helper()
	ready := make(chan wire.ConnectionFile, 1)
	s := &served{t: t, done: make(chan error, 1)}
	var cancel context.CancelFunc
	s.ctx, cancel = context.WithTimeout(context.Background(), kerneltest.Patience)
	t.Cleanup(cancel)
	s.Server = kernel.New(kernel.Config{
		Evaluator: e, Info: kernel.Info{Version: "1.2.3", Banner: "echo"},
		Log:   slog.New(slog.NewTextHandler(io.Discard, nil)),
		Ready: func(bound wire.ConnectionFile) { ready <- bound },
	})
	var life context.Context
	life, s.stop = context.WithCancel(context.Background())
	go func() { s.done <- s.Serve(life, file) }()
	select {
	case s.file = <-ready:
	case err := <-s.done:
		t.Fatalf("Serve: %v", err)
	}
	t.Cleanup(func() {
		s.stop()
		s.wait()
	})
	return s
}

// wait waits for the end of Serve and returns its error, once.
func (s *served) wait() error {
	s.t.Helper()
	select {
	case err, ok := <-s.done:
		if ok {
			close(s.done)
		}
		return err
	case <-s.ctx.Done():
		s.t.Error("Serve does not end")
		return s.ctx.Err()
	}
}

// client connects a front end. The test's end disconnects it.
func (s *served) client() *kerneltest.Client {
	s.t.Helper()
	c, err := kerneltest.Connect(s.ctx, s.file)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(c.Close)
	if err := c.Ready(s.ctx); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// run runs a cell.
func (s *served) run(c *kerneltest.Client, code string) *kerneltest.Execution {
	s.t.Helper()
	return s.request(c, wire.ExecuteRequestContent{Code: code, AllowStdin: true})
}

func (s *served) request(c *kerneltest.Client, content wire.ExecuteRequestContent) *kerneltest.Execution {
	s.t.Helper()
	e, err := c.RunRequest(s.ctx, content)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// send sends a cell and does not wait.
func (s *served) send(c *kerneltest.Client, content wire.ExecuteRequestContent) (id string) {
	s.t.Helper()
	id, err := c.Send(kerneltest.Shell, wire.ExecuteRequest, content)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *served) finish(c *kerneltest.Client, id string) *kerneltest.Execution {
	s.t.Helper()
	e, err := c.Finish(s.ctx, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// do sends another request and waits for its reply and idle.
func (s *served) do(c *kerneltest.Client, ch kerneltest.Channel, t wire.Type, content, reply any) []*wire.Message {
	s.t.Helper()
	published, err := c.Do(s.ctx, ch, t, content, reply)
	if err != nil {
		s.t.Fatalf("%s: %v", t, err)
	}
	return published
}

func (s *served) await(c *kerneltest.Client, ch kerneltest.Channel, match func(*wire.Message) bool) *wire.Message {
	s.t.Helper()
	m, err := c.Await(s.ctx, ch, match)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func decode[T any](t *testing.T, m *wire.Message) (content T) {
	t.Helper()
	if err := m.Decode(&content); err != nil {
		t.Fatal(err)
	}
	return content
}

func TestServeOverUnixSockets(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("ipc is for Unix")
	}
	file := wire.ConnectionFile{Transport: wire.IPC, IP: filepath.Join(t.TempDir(), "k"), Key: testKey,
		ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HeartbeatPort: 5}
	s := serveFile(t, &kerneltest.Echo{}, file)
	if got := s.run(s.client(), "hello").Text(cell.Stdout); got != "hello\n" {
		t.Errorf("stdout %q", got)
	}
}

func TestServeEndsWithContext(t *testing.T) {
	started := make(chan string, 1)
	echo := &kerneltest.Echo{Started: started}
	s := serve(t, echo)
	s.send(s.client(), wire.ExecuteRequestContent{Code: "block"})
	<-started
	s.stop()
	if err := s.wait(); err != context.Canceled {
		t.Errorf("Serve returned %v, want the context's cause", err)
	}
	if !echo.Closed() {
		t.Error("the evaluator was not closed")
	}
}

func TestServeSaysWhyItCannotListen(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	echo := &kerneltest.Echo{}
	second := kernel.New(kernel.Config{Evaluator: echo})
	err := second.Serve(s.ctx, s.file)
	if err == nil {
		t.Fatal("two kernels on the same ports")
	}
	t.Log(err)
	if !echo.Closed() {
		t.Error("the evaluator was not closed")
	}
}

func TestHeartbeat(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	p, err := kerneltest.DialPeer(s.ctx, s.file, s.file.HeartbeatPort, "REQ", "")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, beat := range []string{"ping", "", "pong"} {
		if err := p.Send(nil, []byte(beat)); err != nil {
			t.Fatal(err)
		}
		got, err := p.Receive()
		if err != nil || len(got) != 2 || string(got[1]) != beat {
			t.Errorf("%q came back as %q, %v", beat, got, err)
		}
	}
}

func TestWelcome(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c, err := kerneltest.Connect(s.ctx, s.file)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	first := s.await(c, kerneltest.IOPub, func(*wire.Message) bool { return true })
	if first.Header.Type != wire.IOPubWelcome {
		t.Fatalf("the first publication is %s", first.Header.Type)
	}
	if sub := decode[wire.WelcomeContent](t, first).Subscription; sub != "" {
		t.Errorf("subscription %q", sub)
	}
	// From here on nothing may be missed.
	id, err := c.Send(kerneltest.Shell, wire.KernelInfoRequest, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Published(s.ctx, id); err != nil {
		t.Error(err)
	}
}

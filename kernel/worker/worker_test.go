//go:build unix

package worker_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/pipe"
	"github.com/chanbook/chanbook/kernel/worker"
)

// What a worker does for its supervisor is tested there. Here is what it does
// without one, or with something else in its place.

func TestMain(m *testing.M) {
	if os.Getenv("WORKER_TEST") != "" {
		os.Exit(worker.Main(func(worker.Host) (worker.Session, error) { return nil, errors.New("no session") }))
	}
	os.Exit(m.Run())
}

func command(t *testing.T) (cmd *exec.Cmd, stderr *strings.Builder) {
	t.Helper()
	stderr = &strings.Builder{}
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "WORKER_TEST=1")
	cmd.Stderr = stderr
	return cmd, stderr
}

func status(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("the worker ended with %v", err)
	}
	return exit.ExitCode()
}

func TestByHand(t *testing.T) {
	cmd, stderr := command(t)
	if got := status(t, cmd.Run()); got != 2 || !strings.Contains(stderr.String(), "started by the kernel, not by hand") {
		t.Errorf("status %d: %s", got, stderr)
	}
}

// connected starts a worker with a connection to the test.
func connected(t *testing.T) (cmd *exec.Cmd, stream pipe.Stream, stderr *strings.Builder) {
	t.Helper()
	cmd, stderr = command(t)
	ours, theirs, err := pipe.Pair()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ours.Close() })
	cmd.ExtraFiles = theirs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, f := range theirs {
		f.Close()
	}
	return cmd, ours, stderr
}

func TestStrangeSupervisor(t *testing.T) {
	for name, test := range map[string]struct {
		act  func(pipe.Stream)
		want string
	}{
		"gone":         {func(s pipe.Stream) { s.Close() }, "closed the connection"},
		"stranger":     {func(s pipe.Stream) { s.Write([]byte("\x00\x00\x00\x00garbage and more")) }, "damaged message"},
		"other build":  {func(s pipe.Stream) { pipe.New(s, 0).Handshake("tomorrow's", time.Minute) }, "the chanbook program was replaced"},
		"other order":  {func(s pipe.Stream) { greet(s).Send(1, pipe.Ping{}) }, "no order to start"},
		"leaves early": {func(s pipe.Stream) { greet(s).Close() }, "no order to start"},
	} {
		cmd, stream, stderr := connected(t)
		test.act(stream)
		if got := status(t, cmd.Wait()); got != 1 || !strings.Contains(stderr.String(), test.want) {
			t.Errorf("%s: status %d: %s", name, got, stderr)
		}
	}
}

func greet(s pipe.Stream) *pipe.Conn {
	conn := pipe.New(s, 0)
	conn.Handshake(pipe.Build(), time.Minute)
	return conn
}

func TestSessionThatCannotBeMade(t *testing.T) {
	cmd, stream, _ := connected(t)
	conn := greet(stream)
	if err := conn.Send(5, pipe.Start{}); err != nil {
		t.Fatal(err)
	}
	id, m, err := conn.Receive()
	if started, ok := m.(pipe.Started); id != 5 || !ok || started.Error != "no session" {
		t.Errorf("answer %v, %v", m, err)
	}
	if got := status(t, cmd.Wait()); got != 1 {
		t.Errorf("status %d", got)
	}
}

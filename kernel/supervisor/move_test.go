//go:build unix

package supervisor_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

// successor is another program that is the same worker: it notes in a file each time
// it is started, and prints something before it serves.
func successor(t *testing.T) (program, starts string) {
	t.Helper()
	dir := t.TempDir()
	program, starts = filepath.Join(dir, "successor"), filepath.Join(dir, "starts")
	script := "#!/bin/sh\necho x >> " + starts + "\necho initialized\nexec " + os.Args[0] + " \"$@\"\n"
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return program, starts
}

func started(t *testing.T, starts string) int {
	t.Helper()
	text, err := os.ReadFile(starts)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Count(string(text), "x")
}

func TestMove(t *testing.T) {
	s := kernelOf(t, "worker")
	program, starts := successor(t)
	first := output(t, s, "pid")
	p := run(t, s, "declare f func f()\ndeclare g gone\nvar a int\nvar stuck1 chan int\nvar lost1 T")
	if p.stdout() != "" {
		t.Errorf("prints %q", p.stdout())
	}
	p = run(t, s, "move "+program)
	file, rest, _ := strings.Cut(p.stdout(), "\n")
	if rest != "initialized\n" {
		t.Errorf("printed %q", rest)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the file of values is still there: %v", err)
	}
	want := "The session goes on in another process, which has the modules. Not declared again: g. Variables that came along: a. Variables that could not: stuck1 (a channel), lost1 (no such type)."
	if got := p.displays(); len(got) != 1 || got[0] != want {
		t.Errorf("says %q", got)
	}
	if got := output(t, s, "restored\nvariables"); got != "f=func f()\na int\n" {
		t.Errorf("the successor has %q", got)
	}
	if output(t, s, "pid") == first || started(t, starts) != 1 {
		t.Errorf("the worker is the same one, or it was started %d times", started(t, starts))
	}
	// A death: the same program again.
	f, _ := failing(t, s, "kill 9")
	if !strings.Contains(f.Error(), "Lost variables: a.") || started(t, starts) != 2 {
		t.Errorf("%d starts\n%v", started(t, starts), f)
	}
	// A restart: the ordinary one.
	if err := s.Restart(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := output(t, s, "restored"); got != "\n" || started(t, starts) != 2 {
		t.Errorf("after a restart %q, %d starts", got, started(t, starts))
	}
}

// TestMoveOfAnEmptySession says nothing.
func TestMoveOfAnEmptySession(t *testing.T) {
	s := kernelOf(t, "worker")
	program, _ := successor(t)
	if p := run(t, s, "move "+program); len(p.displays()) != 0 {
		t.Errorf("says %q", p.displays())
	}
}

// TestMoveThatFails leaves the session where it is.
func TestMoveThatFails(t *testing.T) {
	s := kernelOf(t, "worker")
	run(t, s, "var a int")
	first := output(t, s, "pid")
	dies := filepath.Join(t.TempDir(), "dies")
	if err := os.WriteFile(dies, []byte("#!/bin/sh\necho no modules today >&2\nexit 2\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for program, want := range map[string]string{"/nowhere/worker": "no such file", dies: "exit status 2"} {
		f, p := failing(t, s, "move "+program)
		if program == dies && p.stderr() != "no modules today\n" {
			t.Errorf("standard error is %q", p.stderr())
		}
		if f.Name != cell.CommandError || !strings.Contains(f.Message, "the session stays as it is") || !strings.Contains(f.Message, want) {
			t.Errorf("%s: %v", program, f)
		}
	}
	if got := output(t, s, "pid\nvariables"); got != first+"a int\n" {
		t.Errorf("the worker is %q, was %q", got, first)
	}
}

// TestSuccessorThatIsGone: after a death there is no such program any more.
func TestSuccessorThatIsGone(t *testing.T) {
	s := kernelOf(t, "worker")
	program, _ := successor(t)
	run(t, s, "declare f func f()")
	run(t, s, "move "+program)
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	f, _ := failing(t, s, "kill 9")
	if !strings.Contains(f.Error(), "imports, types, functions and constants are back. The worker program with the modules of %get did not come up again") {
		t.Errorf("%v", f)
	}
	if got := output(t, s, "restored"); got != "f=func f()\n" {
		t.Errorf("has %q", got)
	}
}

// TestCloseAfterMove leaves no process and no goroutine behind; TestMain looks for
// those.
func TestCloseAfterMove(t *testing.T) {
	s, err := supervisor.New(supervisor.Options{Command: []string{os.Args[0]}, Env: append(os.Environ(), "SUPERVISOR_TEST=worker")})
	if err != nil {
		t.Fatal(err)
	}
	program, _ := successor(t)
	p := newPage()
	if out := s.Execute(context.Background(), request(1, "move "+program), p); out.Failure != nil {
		t.Error(out.Failure)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// output is what a cell prints.
func output(t *testing.T, s *supervisor.Supervisor, text string) string {
	t.Helper()
	return run(t, s, text).stdout()
}

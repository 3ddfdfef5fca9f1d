//go:build unix

package toolchain

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/chanbook/chanbook/kernel/cell"
)

// fakeWorker makes the test binary a process that runs a program, as the worker does.
const fakeWorker = "CHANBOOK_TEST_WORKER"

func TestMain(m *testing.M) {
	if program := os.Getenv(fakeWorker); program != "" {
		os.Unsetenv(fakeWorker)
		New(Options{}).Run(context.Background(), Run{Path: program, Args: os.Args[1:]}, printing{})
		os.Exit(0)
	}
	status := m.Run()
	if dir, err := built(); err == nil {
		os.RemoveAll(dir)
	}
	if status == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	os.Exit(status)
}

// printing is a front end that prints.
type printing struct{}

func (printing) Output(o cell.Output) {
	if s, ok := o.(cell.Stream); ok {
		fmt.Print(s.Text)
	}
}

func (printing) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

// gone fails the test when a process is still there after a while.
func gone(t *testing.T, pid int) {
	t.Helper()
	for range 2000 {
		if syscall.Kill(pid, 0) == syscall.ESRCH || zombie(pid) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	syscall.Kill(pid, syscall.SIGKILL)
	t.Errorf("process %d is still there", pid)
}

// zombie reports whether a process has ended and nobody has waited for it, as may be
// where nobody takes in orphans.
func zombie(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(text), ") Z ")
}

// numbers are the numbers in the first line of standard output after a word.
func (p *page) numbers(t *testing.T, word string) []int {
	t.Helper()
	p.await(t, "\n")
	line, _, _ := strings.Cut(p.stdout(), "\n")
	var ns []int
	for _, f := range strings.Fields(strings.TrimPrefix(line, word)) {
		n, err := strconv.Atoi(f)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		ns = append(ns, n)
	}
	return ns
}

// stopping runs a program in the background, until the result is taken.
func stopping(t *testing.T, ctx context.Context, p *page, r Run, args ...string) (result func() Result) {
	t.Helper()
	tc := New(Options{})
	r.Path, r.Args, r.Source = builtProgram(t, "plain"), args, sourceOf(t, "plain")
	done := make(chan Result, 1)
	go func() { done <- tc.Run(ctx, r, p) }()
	return func() Result {
		t.Helper()
		defer tc.Close()
		select {
		case r := <-done:
			return r
		case <-time.After(20 * time.Second):
			t.Fatal("the run does not end")
		}
		panic("unreachable")
	}
}

func TestRunInterrupt(t *testing.T) {
	for _, test := range []struct {
		args    []string
		status  int
		stdout  string // after the first line
		message string
	}{
		{[]string{"sleep"}, -1, "", "the program was interrupted"},
		{[]string{"graceful", "0"}, 0, "shutting down\n", "the program was interrupted, and ended with exit status 0"},
		{[]string{"graceful", "5"}, 5, "shutting down\n", "the program was interrupted, and ended with exit status 5"},
		{[]string{"ignore"}, -1, "", "the program was interrupted; it did not end within 1.5s, and was killed"},
	} {
		t.Run(test.args[0], func(t *testing.T) {
			p := newPage()
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			result := stopping(t, ctx, p, Run{}, test.args...)
			pids := p.numbers(t, "ready")
			cancel(cell.ErrInterrupted)
			r := result()
			_, rest, _ := strings.Cut(p.stdout(), "\n")
			if f := r.Failure; f == nil || f.Name != cell.Interrupt || f.Message != test.message || r.Status != test.status || rest != test.stdout || p.stderr() != "" {
				t.Errorf("%+v: %v; %q, %q", r, f, p.stdout(), p.stderr())
			}
			for _, pid := range pids {
				gone(t, pid)
			}
		})
	}
}

func TestRunTimeout(t *testing.T) {
	p := newPage()
	r := stopping(t, t.Context(), p, Run{Timeout: 300 * time.Millisecond}, "goroutines", "3")()
	want := "interrupt: the program ran longer than its -timeout of 300ms, and was ended\n\nGoroutines:\n" +
		"  goroutine 1 [sleep] (main)\n    In[3]:"
	if f := r.Failure; f == nil || !strings.HasPrefix(strings.Join(f.Traceback, "\n"), want) ||
		!strings.Contains(f.Error(), "\n  3 goroutines (") || p.stderr() != "" {
		t.Errorf("%+v: %v; stderr %q", r, f, p.stderr())
	}
}

// Goroutines that compute are in the report too: the one whose thread gets the signal
// with its stack, which is the one that matters most.
func TestRunTimeoutOfSpinning(t *testing.T) {
	for _, others := range []int{0, 2} {
		for range 3 {
			p := newPage()
			r := stopping(t, t.Context(), p, Run{Timeout: 200 * time.Millisecond}, "spin", fmt.Sprint(others))()
			text := r.Failure.Error()
			if !strings.Contains(text, "In[3]:") || !strings.Contains(text, "in spin") || !strings.Contains(text, "goroutine 1 [run") || p.stderr() != "" {
				t.Errorf("with %d others: %s; stderr %q", others, text, p.stderr())
			}
		}
	}
}

// A program with very many goroutines is reported in short, and its report takes no
// memory to speak of.
func TestRunTimeoutOfMany(t *testing.T) {
	p := newPage()
	r := stopping(t, t.Context(), p, Run{Timeout: time.Second}, "goroutines", "2000")()
	if text := r.Failure.Error(); !strings.Contains(text, "  2000 goroutines (") || len(text) > 4000 || p.stderr() != "" {
		t.Errorf("%s; stderr of %d bytes", text, len(p.stderr()))
	}
}

func TestRunClosed(t *testing.T) {
	tc := New(Options{})
	p := newPage()
	done := make(chan Result)
	go func() {
		done <- tc.Run(context.Background(), Run{Path: builtProgram(t, "plain"), Args: []string{"ignore"}}, p)
	}()
	pids := p.numbers(t, "ready")
	tc.Close()
	if r := <-done; r.Failure == nil || r.Failure.Name != cell.Killed {
		t.Errorf("%+v", r)
	}
	for _, pid := range pids {
		gone(t, pid)
	}
	if r := tc.Run(context.Background(), Run{Path: builtProgram(t, "plain"), Args: []string{"hello"}}, p); r.Failure == nil || r.Status != -1 {
		t.Errorf("after Close: %+v", r)
	}
}

// What a program leaves behind does not keep the cell, nor stay.
func TestRunLeavesNothing(t *testing.T) {
	p := newPage()
	began := time.Now()
	r := play(t, "plain", p, "leave")
	if r.Failure != nil || time.Since(began) > time.Minute {
		t.Errorf("%+v after %v", r, time.Since(began))
	}
	gone(t, p.numbers(t, "child")[0])
}

// A process that has left the group keeps the pipes open, but not the cell.
func TestRunEscaped(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("setsid is not installed: it is in util-linux")
	}
	p := newPage()
	r := play(t, "plain", p, "escape")
	if r.Failure != nil || !strings.HasPrefix(p.stdout(), "child ") {
		t.Errorf("%+v, %q", r, p.stdout())
	}
	pid := p.numbers(t, "child")[0]
	syscall.Kill(-pid, syscall.SIGKILL)
	gone(t, pid)
}

// When the worker dies in whatever way, so do the program and what it has started.
func TestRunWorkerKilled(t *testing.T) {
	worker := exec.Command(os.Args[0], "ignore")
	worker.Env = append(os.Environ(), fakeWorker+"="+builtProgram(t, "plain"))
	out, err := worker.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Error(err)
	}
	guards := children(worker.Process.Pid)
	worker.Process.Kill()
	worker.Wait()
	var program, child int
	if n, err := fmt.Sscanf(line, "ready %d %d", &program, &child); n != 2 {
		t.Fatalf("%q: %v", line, err)
	}
	for _, pid := range append(guards, program, child) {
		gone(t, pid)
	}
}

// children are the processes that one has started, on systems that have /proc.
func children(pid int) []int {
	var found []int
	dirs, _ := os.ReadDir("/proc")
	for _, d := range dirs {
		text, err := os.ReadFile("/proc/" + d.Name() + "/stat")
		if err != nil {
			continue
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if id, err := strconv.Atoi(d.Name()); err == nil && fields[1] == strconv.Itoa(pid) {
			found = append(found, id)
		}
	}
	return found
}

// A program that prints without end is slowed down to what the front end takes, and
// can be interrupted.
func TestRunFlood(t *testing.T) {
	p := newPage()
	var size, most int
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	p.onOutput = func(o cell.Output) {
		n := len(o.(cell.Stream).Text)
		size, most = size+n, max(most, n)
		if size > 50<<20 {
			cancel(cell.ErrInterrupted)
		}
	}
	p.forget = true
	r := stopping(t, ctx, p, Run{}, "flood", "16384")() // 1 GiB
	if r.Failure == nil || r.Failure.Name != cell.Interrupt || most > 1<<20 || size > 200<<20 {
		t.Errorf("%v after %d bytes, the largest output of %d", r.Failure, size, most)
	}
}

// A front end that takes nothing holds the program up, not the interrupt of it.
func TestRunFloodIntoNothing(t *testing.T) {
	p := newPage()
	full, free := make(chan bool), make(chan bool)
	p.onOutput = func(cell.Output) {
		select {
		case full <- true:
		case <-free:
		}
		<-free
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	result := stopping(t, ctx, p, Run{}, "flood", "16384")
	<-full
	cancel(cell.ErrInterrupted)
	time.AfterFunc(100*time.Millisecond, func() { close(free) })
	if r := result(); r.Failure == nil || r.Failure.Name != cell.Interrupt {
		t.Errorf("%+v", r)
	}
	if n := len(p.stdout()); n > 4<<20 {
		t.Errorf("%d bytes were printed into a front end that took nothing", n)
	}
}

//go:build unix

package supervisor_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

func capped(limit string) func(*supervisor.Options) {
	return func(o *supervisor.Options) { o.MemoryLimit = limit }
}

// TestDeaths kills the worker in every way that a cell can. Each death is one
// failure with a report, shows nothing on standard error, and the next cell
// works.
func TestDeaths(t *testing.T) {
	s := kernelOf(t, "worker", capped("4GiB"))
	for _, test := range []struct {
		cell    string
		name    string
		pattern string
	}{
		{"exit 1", cell.Exit, `^exit: exit status 1: `},
		{"exit 2", cell.Exit, `^exit: exit status 2: `},
		{"panic at the disco", cell.Panic, `(?s)^panic: at the disco.*goroutine \d+ \[running\].*, started at In\[1\]:4: worker\("é"\) \(failed here\)`},
		{"panic several\\nlines", cell.Panic, `^panic: several`},
		{"map", cell.FatalError, `(?s)^fatal error: concurrent map .*goroutine \d+ \[running\].*started at In\[1\]:9.*goroutine \d+ \[select \(no cases\)\].*, part of In\[1\]`},
		{"unlock", cell.FatalError, `(?s)^fatal error: sync: unlock of unlocked mutex.*goroutine \d+ \[running\].* in sync.fatal.*of In\[1\] \(failed here\)|^fatal error: sync: unlock of unlocked mutex`},
		{"overflow", cell.FatalError, `(?s)^fatal error: stack overflow.*of In\[1\] \(failed here\)`},
		{"kill 9", cell.Killed, `^killed: .*SIGKILL`},
		{"kill 15", cell.Killed, `^killed: .*terminated`},
		{"kill 3", cell.Killed, `(?s)^killed: .*SIGQUIT.*of In\[1\]`},
		{"kill 11", cell.Killed, `(?s)^killed: .*SIGSEGV`},
		{"close-pipe", cell.Killed, `^killed: (the connection to the worker broke|.*SIGKILL)`},
		{"close-all", cell.FatalError, `^fatal error: runtime: netpoll failed`},
		{"many 5000\npanic after many", cell.Panic, `(?s)^panic: after many.*started at In\[1\]:7: func\(\) { select {} }`},
	} {
		t.Run(test.cell, func(t *testing.T) {
			f, p := failing(t, s, test.cell)
			if f.Name != test.name || !regexp.MustCompile(test.pattern).MatchString(f.Error()) {
				t.Errorf("report:\n%v", f)
			}
			if !strings.HasSuffix(f.Error(), "The session was started again.") {
				t.Errorf("no word on the new session:\n%v", f)
			}
			if p.stderr() != "" && !strings.Contains(p.stderr(), "WARNING: DATA RACE") { // of a test with -race
				t.Errorf("also on standard error: %q", p.stderr())
			}
			if got := run(t, s, "print next").stdout(); got != "next\n" {
				t.Errorf("the next cell printed %q", got)
			}
		})
	}
}

// Whatever ends the process, all that was printed before is shown, once and in
// order, as go run would have shown it.
func TestPrintsBeforeDeath(t *testing.T) {
	s := kernelOf(t, "worker")
	for _, death := range []string{"exit 1", "panic now", "unlock", "kill 9", "close-all"} {
		for _, n := range []int{1, 10, 3000, 10_000} {
			var want strings.Builder
			for i := range n {
				fmt.Fprintln(&want, i)
			}
			_, p := failing(t, s, fmt.Sprintf("stream-many %d\n%s", n, death))
			if got := p.stdout(); got != want.String() {
				t.Errorf("%s: of %d lines %d are shown", death, n, strings.Count(got, "\n"))
			}
		}
	}
}

func TestManyGoroutinesAreCounted(t *testing.T) {
	s := kernelOf(t, "worker")
	f, p := failing(t, s, "many 20000\npanic now")
	if !strings.Contains(f.Error(), "and 19999 alike") && !regexp.MustCompile(`and 1[89]\d\d\d alike`).MatchString(f.Error()) {
		t.Errorf("report:\n%.2000s", f.Error())
	}
	if len(f.Traceback) > 60 || p.stderr() != "" {
		t.Errorf("%d lines of traceback, %d bytes on standard error", len(f.Traceback), len(p.stderr()))
	}
}

func TestExitZero(t *testing.T) {
	s := kernelOf(t, "worker")
	run(t, s, "var x int")
	p := run(t, s, "print a\nexit 0")
	display, ok := p.outputs[len(p.outputs)-1].(cell.Display)
	if !ok || !strings.Contains(display.Data["text/plain"].(string), "os.Exit(0) ended the process that ran In[1]. The session was started again. Lost variables: x.") {
		t.Errorf("outputs: %v", p.outputs)
	}
	run(t, s, "print next")
}

func TestMemoryCap(t *testing.T) {
	s := kernelOf(t, "worker", capped("256MiB"))
	for _, text := range []string{"hoard", "allocate 2000"} {
		f, p := failing(t, s, text)
		if f.Name != cell.MemoryLimit || !strings.Contains(f.Message, "the cap is 256 MiB") || !strings.Contains(f.Message, "CHANBOOK_MEMORY") {
			t.Errorf("%s: %v", text, f)
		}
		if !strings.Contains(f.Error(), "of In[1]") {
			t.Errorf("%s: the report does not name the cell's goroutine: %v", text, f)
		}
		if p.stderr() != "" {
			t.Errorf("%s: on standard error: %.300q", text, p.stderr())
		}
		run(t, s, "print next")
	}
}

func TestMemoryCapDoesNotBurdenPrograms(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("limits of data are Linux's")
	}
	s := kernelOf(t, "worker", capped("256MiB"))
	pid := strings.TrimSpace(run(t, s, "child").stdout())
	limits, err := os.ReadFile("/proc/" + pid + "/limits")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`Max data size +unlimited`).Match(limits) {
		t.Errorf("limits of a program started by the session:\n%s", limits)
	}
}

func TestInterrupt(t *testing.T) {
	s := kernelOf(t, "worker")
	run(t, s, "var x int")
	for _, test := range []struct {
		cell, message string
		kept          bool
	}{
		{"wait", "interrupted", true},
		{"stuck", "the cell could not be stopped: it was in state sync.Mutex.Lock, in sync.(*Mutex).Lock; its process was ended", false},
		{"catch-quit", "the cell could not be stopped; its process was ended", false},
		{"stop", "the cell could not be stopped; its process was ended", false},
	} {
		t.Run(test.cell, func(t *testing.T) {
			p := newPage()
			ctx, cancel := context.WithCancelCause(t.Context())
			go func() {
				p.await(t, cell.Stdout, "started")
				cancel(cell.ErrInterrupted)
			}()
			out := s.Execute(ctx, request(1, "print started\n"+test.cell), p)
			if out.Failure == nil || out.Failure.Name != cell.Interrupt || out.Failure.Message != test.message {
				t.Fatalf("outcome: %v", out.Failure)
			}
			if again := strings.Contains(out.Failure.Error(), "started again"); again == test.kept {
				t.Errorf("session kept: %v\n%v", !again, out.Failure)
			}
			run(t, s, "print next")
		})
	}
}

func TestInterruptedBeforeItBegan(t *testing.T) {
	s := kernelOf(t, "worker")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cell.ErrInterrupted)
	p := newPage()
	if out := s.Execute(ctx, request(1, "print x"), p); out.Failure == nil || out.Failure.Name != cell.Interrupt || p.stdout() != "" {
		t.Errorf("outcome %v, output %q", out.Failure, p.stdout())
	}
}

// TestACrowdGetsMoreTime interrupts cells that take longer than the grace to end,
// because there are many goroutines or for no such reason.
func TestACrowdGetsMoreTime(t *testing.T) {
	s := kernelOf(t, "worker", func(o *supervisor.Options) { o.Grace = 100 * time.Millisecond })
	run(t, s, "crowd 50000") // 10 seconds more
	if f := begin(t, s, "slow-stop 500", "going on")().Failure; f == nil || f.Message != cell.ErrInterrupted.Error() {
		t.Errorf("in a crowd: %v", f)
	}
	failing(t, s, "exit 3")
	if f := begin(t, s, "slow-stop 20000", "going on")().Failure; f == nil || !strings.HasPrefix(f.Message, "the cell could not be stopped") {
		t.Errorf("alone: %v", f)
	}
}

// A worker that waits for a slow reader is not stuck.
func TestInterruptOfSlowOutput(t *testing.T) {
	s := kernelOf(t, "worker", func(o *supervisor.Options) { o.Grace = 500 * time.Millisecond })
	pid := run(t, s, "pid").stdout()
	p := newPage()
	ctx, cancel := context.WithCancelCause(t.Context())
	slow := &slowPage{page: p, release: make(chan struct{})}
	go func() {
		time.Sleep(20 * time.Millisecond)
		cancel(cell.ErrInterrupted)
		time.Sleep(1200 * time.Millisecond) // far longer than the grace
		close(slow.release)
	}()
	s.Execute(ctx, request(1, "big 200000\nwait"), slow)
	if got := run(t, s, "pid").stdout(); got != pid {
		t.Error("the worker was replaced")
	}
}

type slowPage struct {
	*page
	release chan struct{}
}

func (p *slowPage) Output(o cell.Output) {
	<-p.release
	p.page.Output(o)
}

func TestDeathBetweenCells(t *testing.T) {
	s := kernelOf(t, "worker")
	run(t, s, "declare f func f()\nvar x int")
	first := run(t, s, "later 50")
	first.await(t, cell.Stderr, "exit status 4")
	second := run(t, s, "restored")
	if got := second.stdout(); got != "f=func f()\n" {
		t.Errorf("restored %q", got)
	}
	if got := second.stderr(); !strings.Contains(got, "Lost variables: x.") {
		t.Errorf("the next cell is told %q", got)
	}
	if third := run(t, s, "print a"); third.stderr() != "" {
		t.Errorf("told twice: %q", third.stderr())
	}
}

func TestWorkerThatDoesNotStart(t *testing.T) {
	for mode, want := range map[string]string{
		"exits":       "it ended at once (exit: exit status 7: ",
		"refuses":     "no interpreter",
		"stranger":    "damaged message between kernel and worker",
		"other build": "the chanbook program was replaced while it ran; restart the kernel",
	} {
		s := kernelOf(t, mode)
		for range 2 {
			f, _ := failing(t, s, "print a")
			if f.Name != cell.KernelError || !strings.Contains(f.Message, want) {
				t.Errorf("%s: %v", mode, f)
			}
		}
		if _, err := s.Complete(t.Context(), "a", 1); err == nil {
			t.Errorf("%s: completion without a worker", mode)
		}
	}
	s := kernelOf(t, "", func(o *supervisor.Options) { o.Command = []string{"/no/such/program"} })
	if f, _ := failing(t, s, "print a"); !strings.Contains(f.Message, "no such file") {
		t.Errorf("missing program: %v", f)
	}
}

func TestWorkerThatBreaksTheProtocol(t *testing.T) {
	s := kernelOf(t, "damaged")
	f, p := failing(t, s, "")
	if f.Name != cell.Killed || !strings.Contains(f.Message, string(supervisor.CausePipe)) || p.stdout() != "mine" {
		t.Errorf("%v; output %q", f, p.stdout())
	}
}

func TestReplayThatKills(t *testing.T) {
	s := kernelOf(t, "worker")
	run(t, s, "declare good func good()\ndeclare bad deadly")
	f, _ := failing(t, s, "exit 1")
	if !strings.Contains(f.Error(), "The session was started again. Not declared again: good, bad.") {
		t.Errorf("report: %v", f)
	}
	run(t, s, "declare good func good()\ndeclare lost gone")
	f, _ = failing(t, s, "exit 1")
	if !strings.Contains(f.Error(), "are back. Not declared again: lost.") {
		t.Errorf("report: %v", f)
	}
}

func TestRestart(t *testing.T) {
	s := kernelOf(t, "worker")
	run(t, s, "declare f func f()\nvar x int")
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := run(t, s, "restored")
	if p.stdout() != "\n" || p.stderr() != "" {
		t.Errorf("after a restart: %q, %q", p.stdout(), p.stderr())
	}
	p = newPage()
	ended := make(chan cell.Outcome)
	go func() { ended <- s.Execute(t.Context(), request(1, "print on\nwait"), p) }()
	p.await(t, cell.Stdout, "on")
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out := <-ended; out.Failure == nil || out.Failure.Message != "the session was restarted" {
		t.Errorf("the running cell: %v", out.Failure)
	}
}

func TestSessionThatMisbehaves(t *testing.T) {
	s := kernelOf(t, "worker")
	pid := run(t, s, "pid").stdout()
	if f, _ := failing(t, s, "goexit"); !strings.Contains(f.Message, "runtime.Goexit") {
		t.Error(f)
	}
	if f, _ := failing(t, s, "session-panic"); f.Name != cell.KernelError || !strings.Contains(f.Message, "oh") {
		t.Error(f)
	}
	if _, err := s.Complete(t.Context(), "panic", 1); err == nil || !strings.Contains(err.Error(), "in Complete") {
		t.Error(err)
	}
	if run(t, s, "pid").stdout() != pid {
		t.Error("the worker was replaced")
	}
}

// TestTreeEnds checks that programs started by cells end with the worker.
func TestTreeEnds(t *testing.T) {
	s := kernelOf(t, "worker")
	for _, end := range []string{"death", "close"} {
		fields := strings.Fields(run(t, s, "pid\nchild").stdout())
		if end == "death" {
			failing(t, s, "exit 1")
		} else if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for _, field := range fields {
			pid, _ := strconv.Atoi(field)
			if !ended(pid) {
				t.Errorf("%s: process %d lives", end, pid)
			}
		}
	}
	if out := s.Execute(t.Context(), request(1, "print a"), newPage()); out.Failure == nil {
		t.Error("a cell ran after Close")
	}
	if err := s.Restart(t.Context()); err != supervisor.ErrClosed {
		t.Errorf("restart after Close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestKernelIsKilled checks that nothing survives a kernel that had no time to
// say good-bye: neither the worker nor what cells started.
func TestKernelIsKilled(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SUPERVISOR_TEST=kernel")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var pids []int
	for len(pids) < 2 && lines.Scan() {
		pid, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatal(lines.Text())
		}
		pids = append(pids, pid)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if len(pids) != 2 {
		t.Fatalf("processes: %v", pids)
	}
	for _, pid := range pids {
		if !ended(pid) {
			t.Errorf("process %d lives", pid)
		}
	}
}

// ended waits for the end of a process: a killed one takes a moment.
func ended(pid int) bool {
	for range 1000 {
		if syscall.Kill(pid, 0) != nil || zombie(pid) {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// zombie tells whether a process has ended but not been collected by whoever
// inherited it.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(stat), ") Z ")
}

// TestClosedDescriptors: a cell that closes the standard descriptors keeps its
// session.
func TestClosedDescriptors(t *testing.T) {
	s := kernelOf(t, "worker")
	pid := run(t, s, "pid").stdout()
	run(t, s, "close")
	p := run(t, s, "pid")
	if p.stdout() != pid {
		t.Error("the worker was replaced")
	}
	f, _ := failing(t, s, "unlock")
	if f.Name != cell.Exit {
		t.Errorf("death without standard error: %v", f)
	}
	run(t, s, "stdout \"back\\n\"")
}

func TestManyLostVariables(t *testing.T) {
	s := kernelOf(t, "worker")
	var names, cells []string
	for n := range 30 {
		name := fmt.Sprintf("name%02d", n)
		names = append(names, name)
		cells = append(cells, "var "+name+" int")
	}
	run(t, s, strings.Join(cells, "\n"))
	f, _ := failing(t, s, "exit 1")
	_, list, _ := strings.Cut(f.Error(), "\nLost variables:\n")
	if got, want := strings.Join(strings.Fields(list), " "), strings.Join(names, ", ")+"."; got != want {
		t.Errorf("lost %q, want %q", got, want)
	}
	for line := range strings.Lines(list) {
		if len(line) > 80 {
			t.Errorf("a line that front ends break: %q", line)
		}
	}
}

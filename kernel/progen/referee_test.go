package progen_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// A program is to be run both ways.
type program struct {
	name string
	text string
}

// An outcome is how a program ended.
type outcome struct {
	stdout  string
	status  int
	message string // of the panic that ended it
	timeout bool
}

func (o outcome) same(p outcome) bool { return o == p }

func (o outcome) String() string {
	s := o.stdout
	if o.message != "" {
		s += "[stderr] " + o.message + "\n"
	}
	if o.timeout {
		return s + "[no end]\n"
	}
	return s + fmt.Sprintf("[exit status %d]\n", o.status)
}

// A referee compiles and runs programs. It has a folder with a module for them,
// and chanbook. Its goroutines end with each call.
type referee struct {
	t           *testing.T
	dir         string
	chanbook    string
	limit       time.Duration // how long a program may run
	miscompiled int
}

func newReferee(t *testing.T) *referee {
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the go command is not installed")
		}
		t.Skip("install Go to run this test")
	}
	r := &referee{t: t, dir: t.TempDir(), limit: 30 * time.Second}
	r.chanbook = filepath.Join(t.TempDir(), "chanbook")
	if out, err := exec.Command("go", "build", "-o", r.chanbook, "../../cmd/chanbook").CombinedOutput(); err != nil {
		t.Fatalf("chanbook does not build: %v\n%s", err, out)
	}
	return r
}

// compare runs programs both ways and returns those that differ.
func (r *referee) compare(list []program) []difference {
	if len(list) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp(r.dir, "batch")
	if err != nil {
		r.t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	r.compile(dir, list)
	found := make([]difference, len(list))
	each(len(list), func(i int) {
		d := difference{program: list[i]}
		bin := filepath.Join(dir, "bin", list[i].name)
		if _, err := os.Stat(bin); err != nil {
			return
		}
		d.compiled = r.run(bin)
		d.eval = r.eval(filepath.Join(dir, list[i].name, "main.go"))
		found[i] = d
	})
	var out []difference
	for _, d := range found {
		if d.kind() != "" {
			out = append(out, d)
		}
	}
	return out
}

// eval runs a file with chanbook.
func (r *referee) eval(file string) outcome { return r.run(r.chanbook, "eval", file) }

// compile builds all programs at once. A program that the compiler itself fails
// on has no binary then.
func (r *referee) compile(dir string, list []program) {
	write(r.t, filepath.Join(dir, "go.mod"), "module progs\n\ngo 1.26\n")
	for _, p := range list {
		write(r.t, filepath.Join(dir, p.name, "main.go"), p.text)
	}
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if r.build(dir, "./...") == nil {
		return
	}
	for _, p := range list {
		if err := r.build(dir, "./"+p.name); err != nil {
			if !strings.Contains(err.Error(), "internal compiler error") {
				r.t.Errorf("%s does not compile: %v", p.name, err)
			}
			r.miscompiled++
		}
	}
}

func (r *referee) build(dir, what string) error {
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", "bin"+string(filepath.Separator), what)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

func write(t *testing.T, file, text string) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// each calls f for the numbers below n, on as many goroutines as there are
// processors, and waits for them.
func each(n int, f func(int)) {
	var wg sync.WaitGroup
	numbers := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range numbers {
				f(i)
			}
		})
	}
	for i := range n {
		numbers <- i
	}
	close(numbers)
	wg.Wait()
}

// run runs a command to its end.
func (r *referee) run(name string, args ...string) outcome {
	ctx, cancel := context.WithTimeout(context.Background(), r.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	o := outcome{stdout: stdout.String(), timeout: ctx.Err() != nil}
	var exit *exec.ExitError
	switch {
	case o.timeout:
		return o
	case errors.As(err, &exit):
		o.status = exit.ExitCode()
		o.message = message(stderr.String())
	case err != nil:
		o.status, o.message = -1, err.Error()
	}
	return o
}

var (
	addresses = regexp.MustCompile(`0x[0-9a-f]+`)
	opaque    = regexp.MustCompile(`(?m)^(panic: |\tpanic: )(\([^()]+\)) .*$`)
	digits    = regexp.MustCompile(`[0-9]+`)
)

// message is the panic message in what a program wrote to standard error: what
// stands before the goroutines. The value of a panic that the runtime shows as
// an address only is left out.
func message(stderr string) string {
	var out []string
	for line := range strings.Lines(stderr) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "goroutine ") || line == "" && len(out) > 0 {
			break
		}
		if !strings.HasPrefix(line, "[signal ") && !strings.HasPrefix(line, "exit status ") {
			out = append(out, line)
		}
	}
	s := strings.TrimRight(strings.Join(out, "\n"), " \n")
	return opaque.ReplaceAllString(addresses.ReplaceAllString(s, "0x"), "$1$2")
}

// TestMessage shows what is compared of a panic.
func TestMessage(t *testing.T) {
	for in, want := range map[string]string{
		"panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n": "panic: boom",
		"panic: boom\n\n    In[1]:3 in main\n":                 "panic: boom",
		"panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1]\n\ngoroutine 1": "panic: runtime error: invalid memory address or nil pointer dereference",
		"panic: (main.T) 0xc000012345\n\ngoroutine 1": "panic: (main.T)",
		"panic: (main.T) {A:1}\n\n    in main":        "panic: (main.T)",
		"panic: 1\n\tpanic: 2\n\ngoroutine 1":         "panic: 1\n\tpanic: 2",
	} {
		if got := message(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

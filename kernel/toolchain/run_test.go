//go:build unix

package toolchain

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
)

// programs are those of testdata/run, each built once.
var programs = map[string]func() (path string, err error){
	"plain": sync.OnceValues(func() (string, error) { return buildProgram("plain") }),
	"shows": sync.OnceValues(func() (string, error) { return buildProgram("shows") }),
}

// built is where they are; the last test to use one removes nothing, TestMain does.
var built = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "chanbook-run-test-") })

// buildProgram builds a program of testdata/run with package show as cells have it.
func buildProgram(name string) (string, error) {
	dir, err := built()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, name)
	files := map[string]string{
		"go.mod":          "module prog\n\ngo 1.26\n\nrequire chanbook v0.0.0\n\nreplace chanbook => ./chanbook\n",
		"chanbook/go.mod": "module chanbook\n\ngo 1.26\n",
	}
	text, err := os.ReadFile(filepath.Join("testdata/run", name+".go"))
	if err != nil {
		return "", err
	}
	files["main.go"] = string(text)
	show, _ := filepath.Glob("../show/*.go")
	for _, f := range show {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			return "", err
		}
		files["chanbook/show/"+filepath.Base(f)] = string(text)
	}
	for f, text := range files {
		f = filepath.Join(dir, f)
		if err := os.MkdirAll(filepath.Dir(f), 0o777); err != nil {
			return "", err
		}
		if err := os.WriteFile(f, []byte(text), 0o666); err != nil {
			return "", err
		}
	}
	path := filepath.Join(dir, "program")
	build := exec.Command("go", "build", "-trimpath", "-o", path, ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
}

// builtProgram is the path of a program. Without go there is nothing to test.
func builtProgram(t testing.TB, name string) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("go is not installed")
		}
		t.Skip("go is not installed: see https://go.dev/dl")
	}
	path, err := programs[name]()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// page is a front end that keeps what is shown.
type page struct {
	mu      sync.Mutex
	outputs []cell.Output
	changed chan struct{}
	lines   []string // the answers to questions; then there is no input
	asked   int
	silent  bool // nobody answers
	onInput func()
	forget  bool // nothing is kept
	// onOutput is called before an output is kept.
	onOutput func(cell.Output)
}

func newPage(lines ...string) *page { return &page{changed: make(chan struct{}), lines: lines} }

func (p *page) Output(o cell.Output) {
	if p.onOutput != nil {
		p.onOutput(o)
	}
	if p.forget {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outputs = append(p.outputs, o)
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *page) Input(ctx context.Context, prompt string, password bool) (string, error) {
	p.mu.Lock()
	p.asked++
	if len(p.lines) > 0 {
		line := p.lines[0]
		p.lines = p.lines[1:]
		p.mu.Unlock()
		p.Output(question{line: line})
		return line, nil
	}
	p.mu.Unlock()
	if p.onInput != nil {
		p.onInput()
	}
	if p.silent {
		<-ctx.Done()
		return "", context.Cause(ctx)
	}
	return "", cell.ErrNoInput
}

// question is an answered question among the outputs.
type question struct {
	cell.Output
	line string
}

// text is what one stream got.
func (p *page) text(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, o := range p.outputs {
		if s, ok := o.(cell.Stream); ok && s.Name == name {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func (p *page) stdout() string { return p.text(cell.Stdout) }
func (p *page) stderr() string { return p.text(cell.Stderr) }

// await waits until standard output holds a text.
func (p *page) await(t testing.TB, text string) {
	t.Helper()
	for late := time.After(20 * time.Second); ; {
		p.mu.Lock()
		changed := p.changed
		p.mu.Unlock()
		if strings.Contains(p.stdout(), text) {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("standard output is %q, without %q", p.stdout(), text)
		}
	}
}

// play runs a program to its end.
func play(t testing.TB, program string, p *page, args ...string) Result {
	t.Helper()
	tc := New(Options{})
	defer tc.Close()
	return tc.Run(t.Context(), Run{Path: builtProgram(t, program), Args: args}, p)
}

func TestRunHello(t *testing.T) {
	p := newPage()
	r := play(t, "plain", p, "hello")
	if r.Failure != nil || r.Status != 0 || r.Signal != nil || p.stdout() != "hello\n" || p.stderr() != "" {
		t.Errorf("%+v, %q, %q", r, p.stdout(), p.stderr())
	}
	if r.Wall <= 0 || r.Wall < r.User/8 {
		t.Errorf("took %v, CPU %v + %v", r.Wall, r.User, r.Sys)
	}
}

func TestRunExit(t *testing.T) {
	r := play(t, "plain", newPage(), "exit", "3")
	if r.Status != 3 || r.Failure == nil || r.Failure.Name != cell.Exit || r.Failure.Message != "exit status 3" {
		t.Errorf("%+v: %v", r, r.Failure)
	}
}

// Text arrives whole, however it was written, in few messages.
func TestRunText(t *testing.T) {
	p := newPage()
	play(t, "plain", p, "bytes")
	if got := p.stdout(); got != "é中😀\uFFFDé\uFFFD\uFFFD" {
		t.Errorf("printed is %q", got)
	}
	for _, o := range p.outputs {
		if s := o.(cell.Stream); !utf8.ValidString(s.Text) || s.Text == "" {
			t.Errorf("output %q", s.Text)
		}
	}
	p = newPage()
	r := play(t, "plain", p, "letters")
	if n, most := len(p.outputs), int(r.Wall/collectTime)+10; len(p.stdout()) != 5000 || n > most {
		t.Errorf("%d bytes came in %d messages within %v", len(p.stdout()), n, r.Wall)
	}
	p = newPage()
	play(t, "plain", p, "print", "out", "err")
	if p.stdout() != "out" || p.stderr() != "err" {
		t.Errorf("%q, %q", p.stdout(), p.stderr())
	}
}

// A prompt shows while the program waits.
func TestRunPrompt(t *testing.T) {
	p := newPage()
	ctx, cancel := context.WithCancel(t.Context())
	result := stopping(t, ctx, p, Run{}, "prompt")
	p.await(t, "name? ")
	cancel()
	result()
}

func TestRunEnvironment(t *testing.T) {
	t.Setenv("CHANBOOK_TEST_A", "inherited")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p := newPage()
	tc := New(Options{})
	defer tc.Close()
	started := 0
	tc.opts.Start = func(c *exec.Cmd) error { started++; return c.Start() }
	tc.Run(t.Context(), Run{
		Path: builtProgram(t, "plain"), Args: []string{"env", "CHANBOOK_TEST_A", "CHANBOOK_TEST_B", "GOTRACEBACK"},
		Env: []string{"CHANBOOK_TEST_B=own"}, Procs: 3, Dir: dir,
	}, p)
	if got := p.stdout(); got != "CHANBOOK_TEST_A inherited\nCHANBOOK_TEST_B own\nGOTRACEBACK all\n3 "+dir+"\n" || started != 1 {
		t.Errorf("%q, started %d times", got, started)
	}
}

// Descriptors are as programs expect them.
func TestRunDescriptors(t *testing.T) {
	p := newPage()
	play(t, "plain", p, "descriptors")
	if got := p.stdout(); got != "0 blocks\n1 blocks\n2 blocks\n3 blocks\n" {
		t.Errorf("%q", got)
	}
}

func TestRunTimes(t *testing.T) {
	r := play(t, "plain", newPage(), "work")
	if r.Failure != nil || r.Wall < 200*time.Millisecond || r.User+r.Sys < r.Wall/50 {
		t.Errorf("%+v", r)
	}
}

func TestRunCannotStart(t *testing.T) {
	tc := New(Options{})
	defer tc.Close()
	locked := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(locked, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r := tc.Run(t.Context(), Run{Path: locked}, newPage()); r.Failure == nil || !strings.Contains(r.Failure.Message, "set TMPDIR") {
		t.Errorf("%+v", r)
	}
	for path, run := range map[string]Run{"no such file": {Path: "/nonexistent/program"}, "no such dir": {Path: builtProgram(t, "plain"), Dir: "/nonexistent"}} {
		if r := tc.Run(t.Context(), run, newPage()); r.Failure == nil || r.Failure.Name != cell.CommandError || r.Status != -1 {
			t.Errorf("%s: %+v", path, r)
		}
	}
}

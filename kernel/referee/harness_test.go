package referee

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the outcomes and the golden outputs into testdata")

// memoryLimit is the address space of a program under test, in bytes.
const memoryLimit = 4 << 30

// workDir holds what is built for the tests: chanbook and the compiled programs.
var workDir string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "referee")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	workDir = dir
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// chanbook builds the program under test, once, and returns its path.
var chanbook = sync.OnceValues(func() (string, error) {
	path := filepath.Join(workDir, "chanbook.exe")
	out, err := exec.Command("go", "build", "-o", path, "github.com/chanbook/chanbook/cmd/chanbook").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("cmd/chanbook does not build: %v\n%s", err, out)
	}
	return path, nil
})

func needChanbook(t *testing.T) string {
	t.Helper()
	path, err := chanbook()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// missing skips a test for want of a tool, or fails it where tools must be.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// goEnv asks the Go command for one of its settings.
func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatalf("go env %s: %v", name, err)
	}
	return strings.TrimSpace(string(out))
}

// A job is one program to run.
type job struct {
	argv  []string
	dir   string
	env   []string
	stdin string
	limit time.Duration // wall clock
	cpu   time.Duration // processor time, whole seconds; 0 for any
	merge bool          // standard error goes to where standard output goes, in the order of writing
}

// An ending is what a program left behind.
type ending struct {
	stdout, stderr string
	status         int    // -1 when a signal or the time limit ended it
	killed         string // what ended it then
}

const (
	outOfTime = "time limit"
	maxOutput = 16 << 20
)

// run runs a program to its end, or to the end of its time.
func run(t *testing.T, j job) ending {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), j.limit)
	defer cancel()
	argv := limited(j.argv, j.cpu)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = j.dir
	cmd.Env = append(append(os.Environ(), "GOENV=off", "GOFLAGS=", "GODEBUG=", "GOTRACEBACK=", "PWD="+j.dir), j.env...)
	cmd.Stdin = strings.NewReader(j.stdin)
	stdout, stderr := &cappedBuffer{}, &cappedBuffer{}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if j.merge {
		cmd.Stderr = stdout
	}
	wholeGroup(cmd)
	cmd.WaitDelay = time.Second // for a grandchild that holds the pipes open
	err := cmd.Run()
	e := ending{stdout: stdout.String(), stderr: stderr.String()}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		e.status, e.killed = -1, outOfTime
	case errors.As(err, &exit):
		e.status = exit.ExitCode()
		if e.status < 0 {
			e.killed = exit.String()
		}
		if e.status < 0 && j.cpu > 0 && exit.UserTime()+exit.SystemTime() >= j.cpu-time.Second {
			e.killed = outOfTime
		}
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		t.Fatalf("%s: %v", j.argv[0], err)
	}
	return e
}

// cappedBuffer keeps the first bytes that are written to it. A program that
// writes without end must not fill the memory of the test.
type cappedBuffer struct{ bytes.Buffer }

func (b *cappedBuffer) Write(p []byte) (int, error) {
	if room := maxOutput - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// ReadFrom keeps io.Copy from filling the buffer past its cap.
func (b *cappedBuffer) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{b}, r)
}

// A place is a path of this machine and what stands for it.
type place struct{ path, name string }

var (
	address = regexp.MustCompile(`0x[0-9a-f]{5,}`)
	logTime = regexp.MustCompile(`\b\d{4}/\d\d/\d\d \d\d:\d\d:\d\d `)
)

// anonymous takes out what no two runs share: paths, addresses, times of logs.

func anonymous(text string, places ...place) string {
	for _, p := range places {
		if p.path != "" {
			text = strings.ReplaceAll(text, p.path, p.name)
		}
	}
	return address.ReplaceAllString(logTime.ReplaceAllString(text, ""), "0x?")
}

// firstDifference names the first line in which got is not want.
func firstDifference(want, got string) string {
	if want == got {
		return ""
	}
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		if i < len(w) && i < len(g) && w[i] == g[i] {
			continue
		}
		return fmt.Sprintf("line %d: want %s, got %s", i+1, lineAt(w, i), lineAt(g, i))
	}
	return ""
}

func lineAt(lines []string, i int) string {
	if i >= len(lines) || i == len(lines)-1 && lines[i] == "" {
		return "the end"
	}
	const most = 160
	line := lines[i]
	if len(line) > most {
		line = strings.ToValidUTF8(line[:most], "") + "…"
	}
	return fmt.Sprintf("%q", line)
}

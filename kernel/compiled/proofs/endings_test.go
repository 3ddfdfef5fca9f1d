//go:build linux

package proofs

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

// kernel is a supervisor with its worker. All that they write goes into a folder
// of their own, and the processes they start are known by a mark in their
// environment.
type kernel struct {
	*supervisor.Supervisor
	t      *testing.T
	dir    string // for temporary files
	mark   string
	number int
}

func startKernel(t *testing.T, env ...string) *kernel {
	k := &kernel{t: t, dir: t.TempDir()}
	k.mark = "PROOFS_MARK=" + filepath.Base(filepath.Dir(k.dir)) + strconv.Itoa(os.Getpid())
	all := append(os.Environ(), "PROOFS_TEST=worker", "TMPDIR="+k.dir, k.mark)
	s, err := supervisor.New(supervisor.Options{
		Command: []string{os.Args[0]}, Env: append(all, env...), Grace: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	k.Supervisor = s
	t.Cleanup(func() { s.Close() })
	return k
}

// begin runs a cell; ended gives its failure.
func (k *kernel) begin(ctx context.Context, text string) (p *page, ended <-chan *cell.Failure) {
	k.number++
	p = newPage()
	done := make(chan *cell.Failure, 1)
	req := cell.Request{Source: cell.Source{Number: k.number, Text: text}}
	go func() { done <- k.Execute(ctx, req, p).Failure }()
	return p, done
}

// end waits for the end of a cell.
func (k *kernel) end(p *page, ended <-chan *cell.Failure) *cell.Failure {
	k.t.Helper()
	select {
	case f := <-ended:
		return f
	case <-time.After(bound):
		k.t.Fatalf("the cell does not end; it shows %.2000s", p.text())
		return nil
	}
}

// processes are those that the worker has started, but for itself.
func (k *kernel) processes() (pids []int) {
	k.t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		k.t.Fatal(err)
	}
	for _, file := range all {
		environ, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(environ), k.mark) {
			continue // it has ended, or is not ours
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			k.t.Fatal(err)
		}
		if program, err := os.Readlink(filepath.Dir(file) + "/exe"); err == nil && !isSelf(program) {
			pids = append(pids, pid)
		}
	}
	return pids
}

func isSelf(program string) bool {
	self, err := os.Executable()
	return err == nil && program == self
}

// worker is the process in which the session is.
func (k *kernel) worker() int {
	k.t.Helper()
	p, ended := k.begin(k.t.Context(), `fmt.Println(os.Getpid())`)
	if f := k.end(p, ended); f != nil {
		k.t.Fatal(f)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(p.text()))
	if err != nil {
		k.t.Fatal(err)
	}
	return pid
}

// nothingRuns waits until the programs of the cells have ended.
func (k *kernel) nothingRuns() {
	k.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left := k.processes()
		if len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			for _, pid := range left {
				line, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
				k.t.Errorf("process %d is left behind: %q", pid, line)
			}
			return
		}
	}
}

// nothingIsLeft closes the kernel and looks into its folder.
func (k *kernel) nothingIsLeft() {
	k.t.Helper()
	k.Close()
	k.nothingRuns()
	left, err := os.ReadDir(k.dir)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, f := range left {
		k.t.Errorf("%s is left behind", f.Name())
	}
}

// goesOn shows that the session has what it had, and that compiled cells run.
func (k *kernel) goesOn() {
	k.t.Helper()
	for _, c := range [][2]string{{`fmt.Println("kept", kept)`, "kept 42\n"}, {"%%go\nfmt.Println(6 * 7)", "42\n"}} {
		p, ended := k.begin(k.t.Context(), c[0])
		if f := k.end(p, ended); f != nil || p.text() != c[1] {
			k.t.Errorf("afterwards %q shows %q, %v", c[0], p.text(), f)
		}
	}
}

const forever = `%%go
fmt.Println("ready")
for {
}`

// The cells' programs end when the cell is interrupted, in whatever state.
func TestEndings(t *testing.T) {
	k := startKernel(t)
	p, ended := k.begin(t.Context(), "kept := 42")
	if f := k.end(p, ended); f != nil {
		t.Fatal(f)
	}
	for _, tt := range []struct {
		name, text string
		interrupt  bool
		want       string // of the failure
	}{
		{"interrupt", forever, true, "interrupt: "},
		{"interrupt while it sleeps", "%%go\nfmt.Println(\"ready\")\ntime.Sleep(time.Hour)", true, "interrupt: "},
		{"interrupt of a program that does not mind", "%%go\nsignal.Ignore(os.Interrupt, syscall.SIGTERM)\nfmt.Println(\"ready\")\nselect {\ncase <-time.After(time.Hour):\n}", true, "interrupt: "},
		{"interrupt of a program that started another", "%%go\nexec.Command(\"sleep\", \"1000\").Start()\nfmt.Println(\"ready\")\ntime.Sleep(time.Hour)", true, "interrupt: "},
		{"a program that leaves another behind", "%%go\nc := exec.Command(\"sleep\", \"1000\")\nc.Stdout = os.Stdout\nc.Start()\nfmt.Println(\"ready\")", false, ""},
		{"time-out", "%%go -timeout 300ms\nfmt.Println(\"ready\")\nfor {\n}", false, "-timeout"},
		{"flood", "%%go\nfmt.Println(\"ready\")\nfor {\n\tfmt.Println(strings.Repeat(\"flood \", 1000))\n}", true, "interrupt: "},
		{"flood on standard error", "%%go\nfmt.Println(\"ready\")\nfor {\n\tprintln(\"flood flood flood flood\")\n}", true, "interrupt: "},
		{"killed", "%%go\nfmt.Println(\"ready\")\nsyscall.Kill(os.Getpid(), syscall.SIGKILL)", false, "killed: "},
		{"race detector", "%%race\nfmt.Println(\"ready\")\nfor {\n}", true, "interrupt: "},
		{"tracer", "%%trace\nfmt.Println(\"ready\")\nfor {\n}", true, "interrupt: "},
		{"benchmark", "%%bench -time 1h\nempty: {\n\tos.Stdout.WriteString(\"ready\")\n\ttime.Sleep(time.Millisecond)\n}", true, "interrupt"},
		{"test", "%%test\nfunc TestForever(t *testing.T) {\n\tfmt.Println(\"ready\")\n\ttime.Sleep(time.Hour)\n}", true, "interrupt"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := &kernel{Supervisor: k.Supervisor, t: t, dir: k.dir, mark: k.mark, number: k.number}
			ctx, interrupt := context.WithCancelCause(t.Context())
			defer interrupt(nil)
			p, ended := k.begin(ctx, tt.text)
			if tt.interrupt {
				p.await(t, "ready")
				interrupt(cell.ErrInterrupted)
			}
			switch f := k.end(p, ended); {
			case tt.want == "" && f != nil, tt.want != "" && (f == nil || !strings.Contains(f.Error(), tt.want)):
				t.Errorf("ended with %v, want %q; shown: %.1000s", f, tt.want, p.text())
			}
			k.nothingRuns()
			k.goesOn()
		})
	}
	k.nothingIsLeft()
}

// A worker that dies takes the programs of its cells with it. What compiled cells
// have kept is there again.
func TestDeathOfTheWorker(t *testing.T) {
	k := startKernel(t)
	p, ended := k.begin(t.Context(), "%%go -keep numbers\nfunc double(n int) int { return 2 * n }")
	if f := k.end(p, ended); f != nil {
		t.Fatal(f)
	}
	pid := k.worker()
	p, ended = k.begin(t.Context(), forever)
	p.await(t, "ready")
	if len(k.processes()) == 0 {
		t.Fatal("the program is not among the processes that are looked at")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if f := k.end(p, ended); f == nil || f.Name != cell.Killed {
		t.Errorf("the cell ended with %v", f)
	}
	k.nothingRuns()
	p, ended = k.begin(t.Context(), "%%go\nfmt.Println(double(21))")
	if f := k.end(p, ended); f != nil || p.text() != "42\n" {
		t.Errorf("afterwards: %q, %v", p.text(), f)
	}
	k.nothingIsLeft()
}

// A disk that is full is named, and costs the session nothing.
func TestFullDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small file system")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=600k", "none", dir).CombinedOutput(); err != nil {
		t.Skipf("mount: %v: %s", err, out)
	}
	defer func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	}()
	k := startKernel(t, "TMPDIR="+dir)
	p, ended := k.begin(t.Context(), "kept := 42")
	if f := k.end(p, ended); f != nil {
		t.Fatal(f)
	}
	p, ended = k.begin(t.Context(), "%%go\nfmt.Println(\"too big\")")
	f := k.end(p, ended)
	if f == nil || !strings.Contains(f.Error(), "no space is left on the disk") || !strings.Contains(f.Error(), "TMPDIR") {
		t.Errorf("on a full disk: %q, %v", p.text(), f)
	}
	k.dir = dir
	p, ended = k.begin(t.Context(), `fmt.Println("kept", kept)`)
	if f := k.end(p, ended); f != nil || p.text() != "kept 42\n" {
		t.Errorf("afterwards: %q, %v", p.text(), f)
	}
	k.nothingIsLeft()
}

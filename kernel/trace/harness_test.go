package trace

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

// scenesFolder is where the program of testdata/scenes is, "" when no test needed it.
var scenesFolder string

// scenes builds that program.
var scenes = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "trace-scenes-*")
	if err != nil {
		return "", err
	}
	scenesFolder = dir
	path := filepath.Join(dir, "scenes")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", "build", "-trimpath", "-o", path, "./testdata/scenes").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if scenesFolder != "" {
		os.RemoveAll(scenesFolder)
	}
	os.Exit(status)
}

// record runs a scene and returns what the tracer wrote.
func record(t testing.TB, scene string, env ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the go command is missing")
		}
		t.Skip("install Go to run this test")
	}
	program, err := scenes()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "trace.out")
	c := exec.Command(program, scene, file)
	c.Env = append(append(os.Environ(), "GODEBUG=traceadvanceperiod=20000000"), env...)
	if scene == "asleep" {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool {
			data, _ := os.ReadFile(file)
			tr, err := Read(bytes.NewReader(data), Options{})
			if err != nil {
				return false
			}
			_, ok := tr.Asleep()
			return ok && len(tr.awake()) == 2
		})
		c.Process.Kill()
		c.Wait()
	} else if out, err := c.CombinedOutput(); err != nil && scene != "exit" && scene != "panic" {
		t.Fatalf("%s: %v\n%s", scene, err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// waitFor waits until something is so.
func waitFor(t testing.TB, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); {
		if time.Now().After(end) {
			t.Fatal("it does not become so")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// play runs a scene and reads its trace.
func play(t testing.TB, scene string, env ...string) *Trace {
	t.Helper()
	return read(t, record(t, scene, env...), Options{})
}

func read(t testing.TB, data []byte, o Options) *Trace {
	t.Helper()
	tr, err := Read(bytes.NewReader(data), o)
	if err != nil {
		t.Fatal(err)
	}
	checkLanes(t, tr)
	return tr
}

// checkLanes checks what is so of every trace.
func checkLanes(t testing.TB, tr *Trace) {
	t.Helper()
	for _, g := range tr.Goroutines {
		var sum [states]time.Duration
		for i, x := range g.Lane {
			if x.Start >= x.End || x.Start < tr.From || x.End > tr.To {
				t.Fatalf("G%d: interval from %v to %v in a window from %v to %v", g.ID, x.Start, x.End, tr.From, tr.To)
			}
			if i > 0 && x.Start != g.Lane[i-1].End {
				t.Fatalf("G%d: one interval ends at %v, the next begins at %v", g.ID, g.Lane[i-1].End, x.Start)
			}
			if x.State != Mixed {
				sum[x.State] += x.length()
				continue
			}
			for s := range sum {
				sum[s] += x.Parts.Time[s]
			}
		}
		if sum != g.Totals {
			t.Fatalf("G%d: the lane's times are %v, the totals %v", g.ID, sum, g.Totals)
		}
	}
	for _, p := range tr.Procs {
		for i, x := range p.Lane {
			if x.Start >= x.End || i > 0 && x.Start < p.Lane[i-1].End {
				t.Fatalf("P%d: interval %d is from %v to %v", p.ID, i, x.Start, x.End)
			}
		}
	}
}

// waits is how often it was waited at a place for a reason.
func (t *Trace) waitsAt(at, reason string) (w Wait) {
	for _, x := range t.Waits {
		if x.Place.At == at && x.Place.Reason == reason {
			return x
		}
	}
	return w
}

// users are the goroutines of the program.
func users(tr *Trace) (all []*Goroutine) {
	for _, g := range tr.Goroutines {
		if !g.System {
			all = append(all, g)
		}
	}
	return all
}

func named(t *testing.T, tr *Trace, name string) *Goroutine {
	t.Helper()
	var names []string
	for _, g := range users(tr) {
		if g.Name == name {
			return g
		}
		names = append(names, g.Name)
	}
	t.Fatalf("no goroutine is named %q: %q", name, names)
	return nil
}

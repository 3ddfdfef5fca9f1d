package toolchain

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestWarm compares a cell that has changed with go run of the same program, from
// the text to the end of the program.
func TestWarm(t *testing.T) {
	tc := New(Options{})
	defer tc.Close()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module hello\n\ngo 1.26\n")
	for _, race := range []bool{false, true} {
		var cell, goRun []time.Duration
		for i := range 8 {
			p := hello(fmt.Sprint("hello ", race, i, time.Now().UnixNano()))
			start := time.Now()
			b, err := tc.Build(t.Context(), Build{Program: p, Race: race})
			if err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(b.Path).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			cell = append(cell, time.Since(start))
			b.Release()

			start = time.Now()
			write(t, filepath.Join(dir, "cell.go"), p.Files[0].Text)
			args := []string{"run"}
			if race {
				args = append(args, "-race")
			}
			cmd := exec.Command("go", append(args, ".")...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			goRun = append(goRun, time.Since(start))
		}
		ours, theirs := median(cell[1:]), median(goRun[1:])
		t.Logf("race=%v: a changed cell %v, go run %v, ratio %.2f", race, ours, theirs, float64(ours)/float64(theirs))
		if float64(ours) > 1.15*float64(theirs) {
			t.Errorf("race=%v: a changed cell takes %v, go run %v", race, ours, theirs)
		}
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

package lab

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakePython stands for an interpreter with venv and pip: it answers the probe,
// makes folders in place of environments and packages, and notes each call.
// The files "fail" and "hang" beside its notes make its pip do that, after one
// package.
const fakePython = `#!/bin/sh
printf '%s %s %s\n' "$2" "$3" "$4" | head -n 1 >> "$FAKE_NOTES/calls"
case "$2 $3" in
"-c "*)
	echo '{"path": "'"$0"'", "prefix": "/usr", "version": [3, 12, 1], "venv": true, "ensurepip": true}' ;;
"-m venv")
	mkdir -p "$4/bin" "$4/lib/python3.12/site-packages"
	cp "$0" "$4/bin/python" ;;
"-m pip")
	site=$(dirname "$0")/../lib/python3.12/site-packages
	echo "Collecting one==1"
	echo "Ignoring other: markers don't match"
	echo "Installing collected packages: one, two"
	mkdir "$site/one-1.dist-info"
	if [ -e "$FAKE_NOTES/fail" ]; then echo "ERROR: no matching distribution" >&2; exit 1; fi
	if [ -e "$FAKE_NOTES/hang" ]; then echo > "$FAKE_NOTES/hanging"; exec sleep 600; fi
	mkdir "$site/two-1.dist-info" ;;
*) echo "unexpected: $*" >&2; exit 9 ;;
esac
`

// fake is a home together with a fake Python that is the only one on PATH.
type fake struct {
	t     *testing.T
	home  Home
	notes string
}

func newFake(t *testing.T) fake {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fake Python is a shell script")
	}
	dir := t.TempDir()
	f := fake{t: t, home: Home{filepath.Join(dir, "ho[me")}, notes: filepath.Join(dir, "notes")}
	f.write(filepath.Join(dir, "bin", "python3"), fakePython, 0o755)
	f.write(filepath.Join(f.notes, "calls"), "", 0o644)
	f.write(filepath.Join(dir, "program"), "the program", 0o755)
	t.Setenv("PATH", filepath.Join(dir, "bin")+":/usr/bin:/bin")
	t.Setenv("FAKE_NOTES", f.notes)
	t.Setenv("PYTHON", "")
	return f
}

func (f fake) write(path, content string, mode os.FileMode) {
	f.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		f.t.Fatal(err)
	}
}

func (f fake) request() Request {
	return Request{Program: filepath.Join(filepath.Dir(f.notes), "program"), Extra: "one==1\n"}
}

// calls counts the fake's calls that begin so, and forgets them.
func (f fake) calls(prefix string) int {
	f.t.Helper()
	path := filepath.Join(f.notes, "calls")
	data, err := os.ReadFile(path)
	if err != nil {
		f.t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	f.write(path, "", 0o644)
	return n
}

// spoken collects what a Progress is told.
type spoken struct {
	mu    sync.Mutex
	lines []string
	steps map[string][2]int // the latest of each step
}

func (s *spoken) Say(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
}

func (s *spoken) Step(name string, done, of int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.steps == nil {
		s.steps = map[string][2]int{}
	}
	s.steps[name] = [2]int{done, of}
}

func (s *spoken) Done() {}

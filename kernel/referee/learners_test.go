package referee

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

const (
	learnersFolder = "testdata/learners"
	// knownFile lists programs with a difference that is known. It is to be
	// empty; -update takes programs out of it, and puts in new ones only.
	knownFile = learnersFolder + "/known.txt"

	learnerTime = 30 * time.Second
)

// A lesson is one program of a topic's archive: name.go, and where it has them
// name.stdin, name.args (one argument a line) and, generated, name.want.
type lesson struct {
	name   string
	source []byte
	stdin  string
	args   []string
	want   string
}

// TestLearners runs each program compiled and interpreted. The compiled one is
// compared with its golden output, too, so that those show what Go says.
func TestLearners(t *testing.T) {
	archives, err := filepath.Glob(learnersFolder + "/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives in %s: %v", learnersFolder, err)
	}
	known := readKnown(t)
	k := &class{bin: needChanbook(t), known: known, differences: map[string]string{}}
	t.Cleanup(func() { k.conclude(t) })
	for _, archive := range archives {
		topic := strings.TrimSuffix(filepath.Base(archive), ".txtar")
		t.Run(topic, func(t *testing.T) {
			lessons := readLessons(t, archive)
			dir := compile(t, topic, lessons)
			if *update {
				t.Cleanup(func() { writeWants(t, archive, lessons) })
			}
			for i := range lessons {
				t.Run(lessons[i].name, func(t *testing.T) {
					t.Parallel()
					k.try(t, topic, dir, &lessons[i])
				})
			}
		})
	}
}

func readLessons(t *testing.T, archive string) []lesson {
	t.Helper()
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	var lessons []lesson
	at := func(name string) *lesson {
		i := slices.IndexFunc(lessons, func(l lesson) bool { return l.name == name })
		if i < 0 {
			t.Fatalf("%s: what belongs to %s stands before %s.go", archive, name, name)
		}
		return &lessons[i]
	}
	for _, f := range a.Files {
		ext := filepath.Ext(f.Name)
		name := strings.TrimSuffix(f.Name, ext)
		switch ext {
		case ".go":
			if slices.ContainsFunc(lessons, func(l lesson) bool { return l.name == name }) {
				t.Fatalf("%s: two programs %s", archive, name)
			}
			lessons = append(lessons, lesson{name: name, source: f.Data})
		case ".stdin":
			at(name).stdin = string(f.Data)
		case ".args":
			at(name).args = strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
		case ".want":
			at(name).want = string(f.Data)
		default:
			t.Fatalf("%s: what is %s?", archive, f.Name)
		}
	}
	return lessons
}

// compile builds the programs of a topic with one command and returns the
// folder in which each has a folder of its name, with its source, and a binary
// in bin.
func compile(t *testing.T, topic string, lessons []lesson) string {
	t.Helper()
	dir := filepath.Join(workDir, "learners", topic)
	files := moduleFiles(t)
	for _, l := range lessons {
		files[filepath.Join(l.name, l.name+".go")] = l.source
	}
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "bin"), 0o777); err != nil {
		t.Fatal(err)
	}
	commands := [][]string{{"go", "build", "-ldflags=-s -w", "-o", "bin" + string(filepath.Separator), "./..."}}
	if *update {
		commands = append(commands, []string{"go", "vet", "./..."})
	}
	for _, argv := range commands {
		cmd := exec.Command(argv[0], argv[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOENV=off", "GOFLAGS=", "GOWORK=off", "GOTOOLCHAIN=local")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, out)
		}
	}
	return dir
}

// moduleFiles make a module that requires what ours does: programs import some of
// it, as cells can.
func moduleFiles(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	_, requirements, _ := strings.Cut(string(files["go.mod"]), "\n")
	files["go.mod"] = []byte("module learners\n" + requirements)
	return files
}

// writeWants puts the golden outputs into the archive, each behind what belongs
// to its program.
func writeWants(t *testing.T, archive string, lessons []lesson) {
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	var files []txtar.File
	for _, l := range lessons {
		for _, f := range a.Files {
			if strings.TrimSuffix(f.Name, filepath.Ext(f.Name)) == l.name && filepath.Ext(f.Name) != ".want" {
				files = append(files, f)
			}
		}
		files = append(files, txtar.File{Name: l.name + ".want", Data: []byte(l.want)})
	}
	a.Files = files
	if err := os.WriteFile(archive, txtar.Format(a), 0o666); err != nil {
		t.Fatal(err)
	}
}

// A class compares the programs of all topics.
type class struct {
	bin   string
	known map[string]bool // not changed while programs run

	mu          sync.Mutex
	differences map[string]string // by topic/name; "" where there is none
	fresh       []string          // those that had no golden output
}

func (k *class) try(t *testing.T, topic, dir string, l *lesson) {
	name := topic + "/" + l.name
	at := filepath.Join(dir, l.name)
	exe := filepath.Join(dir, "bin", l.name)
	if _, err := os.Stat(exe); errors.Is(err, os.ErrNotExist) {
		exe += ".exe"
	}
	compiled := run(t, job{argv: append([]string{exe}, l.args...), dir: at, stdin: l.stdin, limit: learnerTime})
	if compiled.killed != "" {
		t.Fatalf("the compiled program was ended by: %s", compiled.killed)
	}
	want := compiled.outcome()
	fresh := l.want == ""
	switch {
	case *update:
		l.want = want
	case l.want != want:
		t.Errorf("the golden output is not what Go says now (run with -update): %s", firstDifference(l.want, want))
	}
	interpreted := run(t, job{argv: append([]string{k.bin, "eval", l.name + ".go"}, l.args...), dir: at, stdin: l.stdin, limit: learnerTime})
	got := interpreted.outcome()
	difference := firstDifference(want, got)
	if interpreted.status != compiled.status {
		difference += "; " + lineAt(strings.Split(strings.TrimSpace(interpreted.stderr)+"\n", "\n"), 0) + " on standard error"
	}
	k.mu.Lock()
	k.differences[name] = difference
	if fresh {
		k.fresh = append(k.fresh, name)
	}
	k.mu.Unlock()
	switch {
	case *update:
	case difference == "" && k.known[name]:
		t.Errorf("%s is as compiled now: run with -update, which takes it out of %s", name, knownFile)
	case difference != "" && !k.known[name]:
		t.Errorf("%s differs from the compiled program: %s", name, difference)
	}
	if difference != "" {
		t.Logf("compiled:\n%sinterpreted:\n%s", want, got)
	}
}

// conclude shows the differences in a table and keeps the list of known ones.
func (k *class) conclude(t *testing.T) {
	known := maps.Clone(k.known)
	var table strings.Builder
	same := 0
	for _, name := range slices.Sorted(maps.Keys(k.differences)) {
		if k.differences[name] == "" {
			same++
			delete(known, name)
			continue
		}
		fmt.Fprintf(&table, "%-34s %s\n", name, k.differences[name])
		if slices.Contains(k.fresh, name) {
			known[name] = true
		}
	}
	t.Logf("%d of %d programs are as compiled\n%s", same, len(k.differences), &table)
	if *update && !t.Failed() {
		writeKnown(t, known)
	}
}

const knownHead = "# Programs whose interpreted run is known to differ from the compiled one.\n"

func readKnown(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(knownFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			known[line] = true
		}
	}
	return known
}

func writeKnown(t *testing.T, known map[string]bool) {
	t.Helper()
	text := knownHead
	for _, name := range slices.Sorted(maps.Keys(known)) {
		text += name + "\n"
	}
	if err := os.WriteFile(knownFile, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

var (
	// trace is where a stack begins: the runtime's, or chanbook's, which
	// indents its lines.
	trace = regexp.MustCompile(`\n\n(goroutine |    \S)`)
	// signal is the runtime's line with the machine address of a fault.
	signal = regexp.MustCompile(`(?m)^\[signal .*\n?`)
)

// outcome writes an ending down to be compared and kept: the exit status,
// standard output, and standard error up to the first stack.
func (e ending) outcome() string {
	message := e.stderr
	if at := trace.FindStringIndex(message); at != nil {
		message = message[:at[0]+1]
	}
	message = address.ReplaceAllString(signal.ReplaceAllString(message, ""), "0x?")
	var b strings.Builder
	if e.killed != "" {
		fmt.Fprintf(&b, "ended by: %s\n", e.killed)
	} else {
		fmt.Fprintf(&b, "exit status %d\n", e.status)
	}
	for _, stream := range []struct{ name, text string }{{"stdout", e.stdout}, {"stderr", message}} {
		if stream.text == "" {
			continue
		}
		fmt.Fprintf(&b, "%s:\n", stream.name)
		for line := range strings.Lines(stream.text) {
			b.WriteString("\t" + line)
			if !strings.HasSuffix(line, "\n") {
				b.WriteString("\n(no newline at the end)\n")
			}
		}
	}
	return b.String()
}

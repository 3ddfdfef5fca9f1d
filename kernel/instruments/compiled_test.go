//go:build unix

package instruments

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/tools/imports"
)

// TestCompiled runs the scenes as programs of the Go toolchain: those that must end
// must end there too, deadlocks must be the runtime's, and the leaks must not keep
// a program from its end.
func TestCompiled(t *testing.T) {
	if testing.Short() {
		t.Skip("builds some hundred programs")
	}
	if _, err := exec.LookPath("go"); err != nil {
		missing(t, "the Go toolchain is not installed")
	}
	startPeer(t)
	all := compiledScenes(t)
	program := buildScenes(t, all)
	each(t, all, func(t *testing.T, s scene) {
		text, err := runCompiled(t, program, s.name)
		want := strings.HasPrefix(s.want, "deadlock")
		switch deadlock := strings.Contains(text, asleep); {
		case deadlock != want:
			t.Errorf("compiled, it is a deadlock: %v\n%s\n%s", deadlock, text, s.cells)
		case !deadlock && err != nil:
			t.Errorf("compiled, it fails: %v\n%s\n%s", err, text, s.cells)
		}
	})
}

// compiledScenes are all scenes, under names with their kinds.
func compiledScenes(t *testing.T) []scene {
	var all []scene
	add := func(kind string, list []scene) {
		for _, s := range list {
			s.name = strings.NewReplacer(" ", "_", ",", "", "'", "", ".", "_").Replace(kind + "/" + s.name)
			all = append(all, s)
		}
	}
	for kind, list := range kinds(t) {
		add(kind, list)
	}
	for fault, list := range faults(t) {
		add(fault, list)
	}
	add("deadlocks", deadlocks(t))
	return all
}

// buildScenes builds one program of all scenes, each in a package of its own. The
// program runs the one that its argument names.
func buildScenes(t *testing.T, all []scene) (program string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), bytes.Replace(text, []byte("module github.com/chanbook/chanbook\n"), []byte("module scenes\n"), 1))
	}
	var main strings.Builder
	fmt.Fprint(&main, "package main\n\nimport (\n\t\"os\"\n")
	cases := ""
	var writing sync.WaitGroup
	for _, s := range all {
		id, text := identifier(s.name), strings.Join(s.cells, "\n")
		fmt.Fprintf(&main, "\t%s \"scenes/%s\"\n", id, id)
		cases += fmt.Sprintf("\tcase %q:\n\t\t%s.Run()\n", s.name, id)
		writing.Go(func() {
			file := filepath.Join(dir, id, "scene.go")
			source, err := imports.Process(file, []byte(asPackage(id, text)), nil)
			if err != nil {
				t.Errorf("%s: %v\n%s", s.name, err, asPackage(id, text))
				return
			}
			write(t, file, source)
		})
	}
	writing.Wait()
	fmt.Fprintf(&main, ")\n\nfunc main() {\n\tswitch os.Args[1] {\n%s\t}\n}\n", cases)
	write(t, filepath.Join(dir, "main.go"), []byte(main.String()))
	program = filepath.Join(dir, "scenes.exe")
	// With cgo, the runtime does not look for deadlocks.
	build := exec.Command("go", "build", "-mod=mod", "-o", program, ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the scenes do not build: %v\n%s", err, out)
	}
	return program
}

func write(t *testing.T, file string, text []byte) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Error(err)
	}
}

func identifier(name string) string {
	return "s_" + regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(name), "_")
}

var (
	declared  = regexp.MustCompile(`^(func \(|func \w+[\[(]|type |import |const |var )`)
	shortForm = regexp.MustCompile(`^(\w+(?:, \w+)*) := `)
)

// asPackage makes a package of cells, with a function Run. Declarations that begin
// a line are moved out of it; variables count as used.
func asPackage(name, cells string) string {
	var head, top, body strings.Builder
	inside := false // a declaration of several lines
	used := ""
	for line := range strings.Lines(cells) {
		switch {
		case inside:
			top.WriteString(line)
			inside = !strings.HasPrefix(line, "}") && !strings.HasPrefix(line, ")")
		case strings.HasPrefix(line, "import "):
			head.WriteString(line)
		case declared.MatchString(line):
			top.WriteString(line)
			end := strings.TrimSpace(line)
			inside = strings.HasSuffix(end, "{") || strings.HasSuffix(end, "(")
		default:
			if used != "" && !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "}") {
				body.WriteString(used)
				used = ""
			}
			body.WriteString(line)
			if m := shortForm.FindStringSubmatch(line); m != nil {
				for v := range strings.SplitSeq(m[1], ", ") {
					if v != "_" {
						used += "_ = " + v + "\n"
					}
				}
			}
		}
	}
	return fmt.Sprintf("package %s\n\n%s\n%s\nfunc Run() {\n%s\n%s}\n", name, &head, &top, &body, used)
}

// runCompiled runs a scene and returns what it printed. It gets a line of input
// after a pause, and a signal if it has said that it is ready for one.
func runCompiled(t *testing.T, program, name string) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), bound)
	defer cancel()
	c := exec.CommandContext(ctx, program, name)
	var out buffer
	c.Stdout, c.Stderr = &out, &out
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	var outer sync.WaitGroup
	outer.Go(func() {
		select {
		case <-time.After(outside):
		case <-ended:
		}
		fmt.Fprintln(in, "input")
		if strings.Contains(out.String(), "ready\n") {
			c.Process.Signal(syscall.SIGUSR1)
		}
	})
	err = c.Wait()
	close(ended)
	outer.Wait()
	return out.String(), err
}

// buffer may be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *buffer) Write(text []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(text)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

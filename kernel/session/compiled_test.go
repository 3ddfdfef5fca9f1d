package session_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSyncAsCompiled runs a program that waits and ends in many ways, in the
// session and compiled.
func TestSyncAsCompiled(t *testing.T) {
	const file = "testdata/sync.go"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("go"); err != nil {
		const need = "this test compiles a program: install Go and put its go command on the PATH"
		if os.Getenv("CI") != "" {
			t.Fatal(need)
		}
		t.Skip(need)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	binary := t.TempDir() + "/sync.exe"
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, file).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	var want bytes.Buffer
	program := exec.CommandContext(ctx, binary)
	program.Stdout, program.Stderr = &want, &want
	var exit *exec.ExitError
	if err := program.Run(); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Fatalf("the compiled program ends with %v, want exit status 3", err)
	}
	want.WriteString("! exit: exit status 3\n!     In[1]:196: holding(&mu, func() { os.Exit(3) })\n")
	got := newNotebook(t).run(ctx, string(text)).text()
	if diff := cmp.Diff(want.String(), got); diff != "" {
		t.Error("compiled (-) and in the session (+):\n" + diff)
	}
}

package stdsource_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// TestInterpretedAsCompiled runs a program that uses the generic parts of the
// standard library with its own types, in the interpreter and compiled.
func TestInterpretedAsCompiled(t *testing.T) {
	const file = "testdata/generics.go"
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
	compiled, err := exec.CommandContext(ctx, "go", "run", file).CombinedOutput()
	if err != nil {
		t.Fatalf("go run: %v\n%s", err, compiled)
	}

	s := session.New(session.Options{})
	defer s.Close()
	fe := &output{}
	outcome, _ := s.Execute(ctx, cell.Request{Source: cell.Source{Number: 1, Text: string(text)}}, fe)
	if outcome.Failure != nil {
		t.Fatal(outcome.Failure)
	}
	want, got := strings.Split(string(compiled), "\n"), strings.Split(fe.text(), "\n")
	for i := range max(len(want), len(got)) {
		var w, g string
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		if w != g {
			t.Errorf("line %d is %q, compiled %q", i+1, g, w)
		}
	}
}

// output keeps what a program prints.
type output struct {
	mu      sync.Mutex
	printed strings.Builder
}

// Output implements cell.Frontend.
func (o *output) Output(out cell.Output) {
	if s, ok := out.(cell.Stream); ok {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.printed.WriteString(s.Text)
	}
}

// Input implements cell.Frontend.
func (*output) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

func (o *output) text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.printed.String()
}

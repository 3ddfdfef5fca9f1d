package eval_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

// program parses a program for in, as lowering would have made it.
func program(t testing.TB, in *eval.Interp, name, src string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(in.FileSet(), name, "package main\n"+src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// newInterp makes an interpreter whose programs report to the returned slice.
func newInterp() (*eval.Interp, *[]any) {
	in := eval.New(goroutine.NewLedger(), nil)
	got := new([]any)
	in.Override("test/rt", map[string]reflect.Value{
		"Report": reflect.ValueOf(func(v any) { *got = append(*got, v) }),
	})
	return in, got
}

func TestRunReportsAPanicWithItsFunctions(t *testing.T) {
	in, _ := newInterp()
	f := program(t, in, "p", `func inner() { panic("boom") }
func outer() { inner() }
func init() { outer() }`)
	err := in.Run(t.Context(), goroutine.NewGroup("test"), f, nil)
	var p *eval.Panic
	if !errors.As(err, &p) || p.Error() != "boom" {
		t.Fatalf("got %v, want a panic with boom", err)
	}
	if got := fmt.Sprint(p.Frames()); got != "[{inner p:2:16  false 0} {outer p:3:16  false 0} {init p:4:15  false 0}]" {
		t.Errorf("frames: %s", got)
	}
	if len(in.Caught(p.Value).Frames()) != 0 {
		t.Error("the frames were not forgotten")
	}
}

func TestRunRefusesWhatItCannotRun(t *testing.T) {
	in, _ := newInterp()
	f := program(t, in, "p", `import "no/such/package"
func init() { undefined() }`)
	var r *eval.Refused
	if err := in.Run(t.Context(), goroutine.NewGroup("test"), f, []string{"no/such/package"}); !errors.As(err, &r) || !strings.Contains(r.Reason, "no/such/package") {
		t.Errorf("unknown package: got %v", err)
	}
	if err := in.Run(t.Context(), goroutine.NewGroup("test"), program(t, in, "q", `func init() { undefined() }`), nil); !errors.As(err, &r) {
		t.Errorf("undefined name: got %v", err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	for _, body := range []string{"for {}", "select {}", "<-make(chan int)"} {
		in, _ := newInterp()
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		timer := time.AfterFunc(10*time.Millisecond, func() { cancel(cause) })
		err := in.Run(ctx, goroutine.NewGroup("test"), program(t, in, "p", "func init() { "+body+" }"), nil)
		timer.Stop()
		if !errors.Is(err, cause) {
			t.Errorf("%s: got %v, want the context's cause", body, err)
		}
	}
}

func TestExtendAddsToAPackageThatIsInUse(t *testing.T) {
	in, got := newInterp()
	for i, name := range []string{"One", "Two", "Three"} {
		more := map[string]reflect.Value{name: reflect.ValueOf(func() int { return i })}
		if err := in.Extend("test/more", more); err != nil {
			t.Fatal(err)
		}
		f := program(t, in, name, "import (\"test/more\"; \"test/rt\")\nfunc init() { rt.Report(more."+name+"()) }")
		if err := in.Run(t.Context(), goroutine.NewGroup("test"), f, []string{"test/more", "test/rt"}); err != nil {
			t.Fatal(err)
		}
	}
	if want := []any{0, 1, 2}; !reflect.DeepEqual(*got, want) {
		t.Errorf("got %v, want %v", *got, want)
	}
}

func TestGoexitEndsARun(t *testing.T) {
	in, _ := newInterp()
	f := program(t, in, "p", `import "runtime"
func init() { runtime.Goexit() }`)
	ended := make(chan error)
	go func() { ended <- in.Run(context.Background(), goroutine.NewGroup("test"), f, []string{"runtime"}) }()
	select {
	case err := <-ended:
		if !errors.Is(err, eval.ErrGoexit) {
			t.Errorf("%v, want ErrGoexit", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the run does not end")
	}
}

// What one run leaves behind goes on when a later one is stopped, and functions
// made in a run that was stopped can be called.
func TestStoppingARunStopsThatOneAlone(t *testing.T) {
	in, got := newInterp()
	in.Override("test/rt", map[string]reflect.Value{"Go": reflect.ValueOf(func(f func()) { go f() })})
	imports := []string{"test/rt"}
	first := program(t, in, "one", `import "test/rt"
var ask, answer = make(chan int), make(chan int)
func init() { rt.Go(func() { for n := range ask { answer <- n + 1 } }) }`)
	if err := in.Run(t.Context(), goroutine.NewGroup("test"), first, imports); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	second := program(t, in, "two", `var double func(int) int
func init() { double = func(n int) int { m := 2 * n; return m }; for {} }`)
	if err := in.Run(ctx, goroutine.NewGroup("test"), second, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	third := program(t, in, "three", `import "test/rt"
func init() { ask <- 20; rt.Report(double(<-answer)) }`)
	if err := in.Run(t.Context(), goroutine.NewGroup("test"), third, imports); err != nil {
		t.Fatal(err)
	}
	if want := []any{42}; !reflect.DeepEqual(*got, want) {
		t.Errorf("got %v, want %v", *got, want)
	}
}

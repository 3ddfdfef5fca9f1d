package eval_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

func TestStack(t *testing.T) {
	in, got := newInterp()
	in.Override("test/rt", map[string]reflect.Value{
		"Where": reflect.ValueOf(func() string {
			text := ""
			for _, f := range in.Stack() {
				text += fmt.Sprintf("%s:%d ", f.Func, f.Pos.Line)
			}
			return text
		}),
		"Call": reflect.ValueOf(func(f func()) { f() }),
	})
	f := program(t, in, "p", `import "test/rt"
func here() string { return rt.Where() }
func init() {
	rt.Report(
		here())
	f := func() { rt.Report(here()) }
	f()
	rt.Call(func() {
		rt.Report(rt.Where())
	})
}`)
	if err := in.Run(t.Context(), goroutine.NewGroup("test"), f, []string{"test/rt"}); err != nil {
		t.Fatal(err)
	}
	want := []any{"here:3 init:6 ", "here:3 init.func:7 init:8 ", "init.func:10 "}
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("got  %q\nwant %q", *got, want)
	}
	if in.Stack() != nil {
		t.Error("there is a stack without a call")
	}
}

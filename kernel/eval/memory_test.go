package eval_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// What a program declares stays; its syntax trees, which are many times larger
// than its text, must not.
func TestTreesAreForgotten(t *testing.T) {
	in, _ := newInterp()
	const programs, allowed = 100, 8 << 10
	body := "func init() { " + strings.Repeat("rt.Report(40 + 2); ", 20) + "}"
	run := func(n int) {
		f := program(t, in, fmt.Sprint("p", n), "import \"test/rt\"\n"+body)
		if err := in.Run(t.Context(), goroutine.NewGroup("test"), f, []string{"test/rt"}); err != nil {
			t.Fatal(err)
		}
	}
	run(0)
	before := live()
	for n := range programs {
		run(n + 1)
	}
	if each := (live() - before) / programs; each > allowed {
		t.Errorf("each program keeps %d bytes", each)
	}
	runtime.KeepAlive(in)
}

// live is the size of the live heap.
func live() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

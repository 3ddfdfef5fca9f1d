//go:build unix

package supervisor_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

// TestNoGrowth runs cells that leave goroutines, print late, fail, are interrupted
// and kill the worker, and compares what the supervisor holds at half time with
// what it holds at the end.
func TestNoGrowth(t *testing.T) {
	s := kernelOf(t, "worker")
	const rounds = 60
	half := measure(t, s, rounds)
	end := measure(t, s, rounds)
	t.Logf("half %+v, end %+v", half, end)
	if end.Held != half.Held {
		t.Errorf("it held %+v at half time, %+v at the end", half.Held, end.Held)
	}
	if end.goroutines > half.goroutines+2 { // one may be about to end
		t.Errorf("%d goroutines at half time, %d at the end", half.goroutines, end.goroutines)
	}
	// Buffers and pools grow a little. A round that leaves a single front end or
	// page of output behind shows as far more than this.
	if end.objects > half.objects+10*rounds {
		t.Errorf("%d objects at half time, %d at the end: more than ten for each of %d rounds", half.objects, end.objects, rounds)
	}
}

type holdings struct {
	supervisor.Held
	goroutines int
	objects    uint64
}

// measure runs rounds of cells and says what is held after them.
func measure(t *testing.T, s *supervisor.Supervisor, rounds int) holdings {
	t.Helper()
	for i := range rounds {
		round(t, s, i)
	}
	// The worker lets go of front ends when it collects garbage, and says so at the
	// end of a later cell. The front end of that cell itself is still there.
	for tries := 0; s.Held().Fronts > 1 && tries < 50; tries++ {
		run(t, s, "gc 2")
	}
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return holdings{s.Held(), runtime.NumGoroutine(), m.HeapObjects}
}

func round(t *testing.T, s *supervisor.Supervisor, i int) {
	t.Helper()
	run(t, s, "print a\nlate 0\nbig 5000\ndisplay d\nstdout x\nstderr y")
	run(t, s, fmt.Sprintf("declare f func f() int { return %d }\ndeclare T type T int", i))
	failing(t, s, "fail on purpose")
	failing(t, s, "goexit")
	failing(t, s, "input nobody answers")
	end := begin(t, s, "print on\nwait", "on\n")
	if _, err := s.Goroutines(t.Context(), "blocked"); err != nil {
		t.Error(err)
	}
	if out := end(); out.Failure == nil || out.Failure.Name != cell.Interrupt {
		t.Errorf("interrupted: %v", out.Failure)
	}
	s.Goroutines(t.Context(), "bad")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	s.Goroutines(cancelled, "slow")
	if i%5 == 0 {
		failing(t, s, "late 100\nexit 3")
	}
	if i%10 == 0 {
		s.Goroutines(t.Context(), "exit")
	}
}

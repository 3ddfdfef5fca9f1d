//go:build unix

package instruments

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// asleep is the runtime's word for it.
const asleep = "all goroutines are asleep - deadlock!"

// deadlocks are scenes whose last cell can never end.
func deadlocks(t testing.TB) []scene {
	list := scenes(t, "testdata/deadlocks.txtar")
	for i := range list {
		list[i].want = "deadlock"
	}
	if len(list) < least {
		t.Errorf("%d deadlocks, want at least %d", len(list), least)
	}
	return list
}

// TestDeadlocks runs cells that must end by themselves. How long it takes to find
// each is logged; BenchmarkDeadlock measures it.
func TestDeadlocks(t *testing.T) {
	each(t, deadlocks(t), func(t *testing.T, sc scene) {
		p := play(t, score{Cells: sc.cells})
		t.Logf("found after %v", p.last().Took)
		if len(p.Cells) < len(sc.cells) {
			t.Errorf("an earlier cell fails: %v", p.last().Failure)
		}
		isDeadlock(t, p.last())
	})
}

func isDeadlock(t *testing.T, c played) {
	t.Helper()
	f := c.Failure
	if c.Cut || f == nil || f.Name != cell.Deadlock || !strings.Contains(f.Message, asleep) {
		t.Errorf("it ends with %v, want a deadlock; interrupted: %v", f, c.Cut)
	}
}

// BenchmarkDeadlock measures the time from the beginning of a cell that is a
// deadlock to its end.
func BenchmarkDeadlock(b *testing.B) {
	s := newSession(b)
	var times []time.Duration
	for n := 1; b.Loop(); n++ {
		begin := time.Now()
		if f := run(b, s, n, "<-make(chan int)", newPage()); f == nil || f.Name != cell.Deadlock {
			b.Fatal(f)
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Milliseconds()), "ms-median")
	b.ReportMetric(float64(times[len(times)-1].Milliseconds()), "ms-longest")
}

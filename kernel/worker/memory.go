package worker

import (
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/chanbook/chanbook/kernel/pipe"
)

// How often the watchdog looks. A fast allocator makes a few hundred megabytes
// in the longer time, so from half of the cap on it looks more often.
const (
	watch      = 50 * time.Millisecond
	watchClose = 5 * time.Millisecond
)

// limitMemory makes limit the cap of this process. The garbage collector works
// harder from a little below it; a watchdog ends the process at it; the system
// refuses memory a little above it, where it can.
func limitMemory(limit int64, conn *pipe.Conn) error {
	if limit == 0 {
		return nil
	}
	debug.SetMemoryLimit(limit - limit/16)
	// An endless recursion should be reported as one, not as the cap: growing a
	// stack needs the old and the new one at once.
	if stack := int(limit / 4); stack < defaultMaxStack {
		debug.SetMaxStack(stack)
	}
	if err := limitData(limit); err != nil {
		return err
	}
	go watchdog(limit, conn)
	return nil
}

// defaultMaxStack is the limit that Go itself sets on 64-bit systems.
const defaultMaxStack = 1_000_000_000

// watchdog reports the cap and ends the process when the memory that the Go
// runtime holds reaches it.
func watchdog(limit int64, conn *pipe.Conn) {
	samples := []metrics.Sample{
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
	}
	tick := time.NewTicker(watch)
	for range tick.C {
		metrics.Read(samples)
		used := int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
		if used >= limit {
			conn.SendLast(0, pipe.Dying{Used: used}, 500*time.Millisecond)
			dieWithReport()
		}
		if used >= limit/2 {
			tick.Reset(watchClose)
		} else {
			tick.Reset(watch)
		}
	}
}

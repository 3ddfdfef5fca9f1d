package show

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

// Instruments are what a host that runs cells knows of their goroutines. All
// methods are called on the goroutine of the cell that asks, by several cells at
// once.
type Instruments interface {
	// Goroutines is a dump of the goroutines that the filters pick.
	Goroutines(filters ...string) (Bundle, error)
	// Leaks explains which goroutines can never continue.
	Leaks() Bundle
	// Wait waits as the function Wait says, at most as long as limit.
	Wait(limit time.Duration) error
	// Watch begins to watch the calling cell. stop is called at most once, when the
	// cell ends or is stopped; the host waits for it, with what it shows.
	Watch(stop func()) Probe
	// Interpreted reports whether the code that calls is interpreted.
	Interpreted() bool
	// Checkpoint ends the calling goroutine, by runtime.Goexit, when its cell has
	// been stopped. It is called between two calls of a function by this package.
	Checkpoint()
}

// A Probe looks at one cell for a Watcher.
type Probe interface {
	// Run calls f, which watches, on the calling goroutine, and makes that one
	// different from the cell's own: it is not counted among them.
	Run(f func())
	// Show displays a message in the cell, from any goroutine.
	Show(m Message)
	// Look says what is known of the cell's goroutines now, and of channels, locks and
	// so on: channels themselves, and pointers to the others.
	Look(objects []any) Sight
	// Close ends the watching; stop is not called any more.
	Close()
}

// Sight is what a Probe has seen.
type Sight struct {
	Cell       string        // "In[3]"
	Goroutines []Crowd       // of the cell, each kind once
	Objects    []ObjectSight // for each that was given
}

// Crowd is a number of goroutines that run the same function and do the same.
type Crowd struct {
	Func  string // "worker"
	State string // in the runtime's words: "chan receive"
	Count int
}

// ObjectSight is what is known of a channel, a lock and so on.
type ObjectSight struct {
	Holder    string // who holds a lock, "" when nobody does
	Senders   int    // goroutines that wait to send to a channel
	Receivers int    // that wait to receive
	Waiters   int    // that wait for something else than a channel
	Count     int    // of a WaitGroup; -1 when it cannot be told
}

// instruments is what the host has connected; nil without one.
var instruments atomic.Pointer[Instruments]

// ConnectInstruments makes i answer what cells ask about their goroutines. It is
// for hosts, not for cells. restore puts the earlier instruments back.
func ConnectInstruments(i Instruments) (restore func()) {
	previous := instruments.Swap(&i)
	return func() { instruments.Store(previous) }
}

// Goroutines shows the goroutines of the cells: what each does, where, what it
// waits for and who started it. Alike ones are shown once, with their number.
// filters pick some of them, and those that remain have all that is asked for:
//
//	"this"      of the calling cell
//	"In[3]"     of that cell
//	"blocked"   that wait for another goroutine
//	"leaked"    that can never continue
//
// Any other text is looked for in what is known of a goroutine. In a compiled cell
// that is what the runtime's own dump of all goroutines says, and nothing is known
// to be leaked. Outside a notebook that dump is shown.
func Goroutines(filters ...string) *Display {
	i := instruments.Load()
	if i == nil {
		if d, ok := goroutineTable(filters); ok {
			return d
		}
		return Text(runtimeDump(maxDump))
	}
	b, err := (*i).Goroutines(filters...)
	if err != nil {
		return Text("show.Goroutines: " + err.Error())
	}
	return displayView(view{data: b})
}

// Leaks shows which goroutines can never continue, and explains of each what it
// waits for and who could have ended that. It needs an interpreted cell.
func Leaks() *Display {
	i := instruments.Load()
	if i == nil {
		return Text("show.Leaks: only of interpreted cells it is known which goroutines can never continue; " +
			"in a compiled program compare two dumps of show.Goroutines, or test with go.uber.org/goleak")
	}
	return displayView(view{data: (*i).Leaks()})
}

// Wait waits until the goroutines that the calling cell has started have ended, or
// can only be continued by a later cell or not at all. So what they print comes before
// the cell ends, for front ends that drop what comes later. It waits ten seconds at
// most, unless told otherwise; then the error says which goroutines are left. It
// needs an interpreted cell.
func Wait(timeouts ...time.Duration) error {
	limit := 10 * time.Second
	for _, t := range timeouts {
		limit = t
	}
	i := instruments.Load()
	if i == nil {
		return errors.New("show.Wait: only of interpreted cells it is known whose goroutines they are; a compiled program waits with a sync.WaitGroup")
	}
	return (*i).Wait(limit)
}

// maxDump bounds the dump of a program with very many goroutines that is shown as it
// is; maxSent one that the notebook makes a table of.
const (
	maxDump = 1 << 20
	maxSent = 48 << 20
)

// runtimeDump is what the runtime prints of all goroutines.
func runtimeDump(most int) string {
	for size := min(most, 64<<10+runtime.NumGoroutine()*256); ; size *= 2 {
		b := make([]byte, size)
		n := runtime.Stack(b, true)
		switch {
		case n < size:
			return string(b[:n])
		case size >= most:
			return fmt.Sprintf("%s\n… the dump is cut here; there are %d goroutines", b[:n], runtime.NumGoroutine())
		}
	}
}

// checkpoint ends the calling goroutine when its cell has been stopped.
func checkpoint() {
	if i := instruments.Load(); i != nil {
		(*i).Checkpoint()
	}
}

// interpreted reports whether the calling code is interpreted.
func interpreted() bool {
	i := instruments.Load()
	return i != nil && (*i).Interpreted()
}

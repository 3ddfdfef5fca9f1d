package trace

import "time"

// A Trace is what happened in a program during a window of its time. All times
// count from the beginning of the program's main.
type Trace struct {
	From, To   time.Duration // the window
	Length     time.Duration // of everything that was recorded
	LastChange time.Duration // of a goroutine of the program, in all that was recorded
	Goroutines []*Goroutine  // that were there in the window, in the order of their start
	Procs      []*Proc       // by number
	Ranges     []Range       // of the collector, in the order of their begin
	Edges      []Edge        // in the order of time
	MoreEdges  int           // were not kept: those that ended the shortest waits
	Tasks      []*Task       // in the order of their start
	Logs       []Log
	MoreLogs   int
	Places     []Place // what intervals and edges refer to; the first is none
	Waits      []Wait  // the longest first
	Starting   Latency // from the go statement until it runs
	Waking     Latency // from the end of a wait until it runs
	Yielding   Latency // from having been put back until it runs
	Latency    Latency // all of these
	Running    time.Duration
	MostAtOnce int           // user goroutines that ran at the same time
	Merged     time.Duration // 0, or what was shorter than this was merged
	Events     int
	Marked     bool   // EndMark was found
	Truncated  string // why the trace ends before the program did, or ""
}

// State is what a goroutine does.
type State uint8

// The states of a goroutine.
const (
	Running  State = iota // on a processor
	Runnable              // could run, but no processor takes it
	Waiting               // for something to happen
	Syscall               // in the operating system or in C
	Mixed                 // several of these, in Interval.Parts
)

const states = int(Mixed)

// Words of the states.
func (s State) String() string {
	return [...]string{"running", "runnable", "waiting", "in a system call", "several states"}[s]
}

// A Goroutine is one goroutine of the program.
type Goroutine struct {
	ID       int64
	Name     string // of its function, without the package main: "worker", "main.func1"
	Parent   int64  // who started it, 0 when that is not known
	Created  int32  // place of the go statement
	System   bool   // belongs to the runtime or to its tracer
	Started  time.Duration
	Ended    time.Duration
	HasStart bool // began after the program's main did
	HasEnd   bool // returned
	Lane     Lane
	Regions  []Region
	Totals   [states]time.Duration // in the window
	Times    [states]int           // how often
	Last     State                 // when the window or the goroutine ended
	LastAt   int32                 // where
}

// A Region is a part of a goroutine's work that the program named.
type Region struct {
	Name       string
	Task       uint64
	Start, End time.Duration
	Depth      int // in how many others it is
}

// A Lane is what someone does one after the other.
type Lane []Interval

// An Interval is a time during which nothing changes, or a merger of such.
type Interval struct {
	Start, End time.Duration
	Who        int64 // the processor of a goroutine that runs; the goroutine on a processor
	Place      int32 // where it waits or called the system
	State      State // for a processor, a Use
	Parts      *Parts
}

// Parts is how the time of a merged interval was divided.
type Parts struct {
	Time  [5]time.Duration // by State or Use
	Count int              // of intervals
}

// Use is what a processor does.
type Use = State

// The uses of a processor. Mixed is the same as of goroutines.
const (
	User    Use = iota // runs a goroutine of the program
	System             // the scheduler, or a goroutine of the runtime
	Collect            // runs a goroutine of the garbage collector
	Called             // is held by a goroutine that is in a system call
)

// idle is the fifth of the uses in Parts.
const idle = 4

// A Proc is one of the GOMAXPROCS places on which goroutines run.
type Proc struct {
	ID     int64
	Lane   Lane // what is not in it is idle
	Totals [states]time.Duration
}

// A Range is a phase of the garbage collector or a stop of the world.
type Range struct {
	Name       string
	Stop       bool // nothing else runs
	Start, End time.Duration
}

// An Edge is a moment at which a goroutine makes another one runnable.
type Edge struct {
	At       time.Duration
	From, To int64 // From is 0 when it was the runtime: a timer, the network
	Place    int32 // where From did it
	Create   bool  // a go statement
	Waited   time.Duration
	WaitedAt int32
}

// A Task is a piece of work that the program named, and that may go through
// several goroutines.
type Task struct {
	ID, Parent uint64
	Name       string
	Start, End time.Duration
	HasEnd     bool
}

// A Log is a message that the program wrote into the trace.
type Log struct {
	At        time.Duration
	Goroutine int64
	Category  string
	Message   string
}

// A Place says where something happened.
type Place struct {
	At     string // "In[3]:12", or "file.go:12" where it was not in a cell
	Func   string // the function there
	Via    string // what that called of the library, such as "fmt.Println"
	Reason string // "chan receive", "sync.Mutex.Lock", "sleep"
}

// A Wait is all that was waited for one reason at one place.
type Wait struct {
	Place Place
	Times int
	Total time.Duration
	Most  time.Duration
	Still int // goroutines that still wait there at the end of the window
}

package goroutine

import "time"

// A Snapshot is what the ledger says at one moment. It is plain data.
type Snapshot struct {
	Taken      time.Time
	Goroutines []*Info // in the order of their ids

	// Objects are the channels, locks and so on that goroutines wait for or hold,
	// each once. Wait.Objects and Lock refer to them.
	Objects []*Object

	// Searched says that the memory of the session was searched for references to
	// the objects, so that Object.Reached and Info.Verdict are known.
	Searched bool

	// Blind is what something that goes on refers to and that cannot be looked
	// into, empty when there is nothing of the kind. Otherwise a goroutine whose
	// verdict is Later may be woken sooner.
	Blind string

	// Cell is the name of the cell that asked, "In[3]"; empty when none did.
	Cell string
}

// Info is what is known of one goroutine.
type Info struct {
	ID     int64     // as in the runtime's own dumps
	Parent int64     // of the goroutine that started it; 0 when it is not known
	Cell   string    // "In[3]"
	Main   bool      // it runs the statements of the cell itself
	Start  string    // the go statement, or the call of library code, that started it: "In[3]:12"; empty for Main
	Func   string    // what runs in it: "worker", "a function literal of serve"; empty for the Main of a cell
	By     string    // what started it, when library code did: "time.AfterFunc"
	Since  time.Time // when it was started

	State State
	// Reason is the runtime's word for what it does: "running", "chan send",
	// "sync.Mutex.Lock", "sleep", "IO wait". It is one of the constants below, or
	// another one that the runtime uses.
	Reason string
	Native string  // the function of a package that it is in: "net/http.Get"; empty in user code
	Stack  []Frame // of user code, innermost first; may be cut at its outer end
	Wait   *Wait   // nil unless State is Waiting or Sleeping and it is known
	Holds  []Lock  // the locks that it holds, in the order in which it took them

	Verdict Verdict // of a waiting goroutine; Unknown otherwise
	// Hope says by whom the wait could still be ended, when Verdict is Live or Later:
	// "goroutine 12 (worker)", "variable jobs", "a timer". It may be empty.
	Hope []string
}

// Frame is a call of user code.
type Frame struct {
	Func   string // "worker"; empty for the statements of a cell
	Place  string // "In[3]:12"
	Column int    // in the line, from 1, in bytes; 0 when it is not known
	Text   string // of the line, without the spaces around it
}

// State is what a goroutine does, as far as deadlocks are concerned.
type State uint8

const (
	Running  State = iota // it runs or is ready to
	Waiting               // for another goroutine: only that can wake it
	Sleeping              // until some time: time.Sleep
	External              // for something outside of the program: input, the network, a system call
)

func (s State) String() string { return [...]string{"running", "waiting", "sleeping", "external"}[s] }

// Reasons, in the words of the runtime's own dumps.
const (
	ReasonRunning    = "running"
	ReasonSend       = "chan send"
	ReasonReceive    = "chan receive"
	ReasonSendNil    = "chan send (nil chan)"
	ReasonReceiveNil = "chan receive (nil chan)"
	ReasonSelect     = "select"
	ReasonSelectNone = "select (no cases)"
	ReasonLock       = "sync.Mutex.Lock"
	ReasonRLock      = "sync.RWMutex.RLock"
	ReasonWLock      = "sync.RWMutex.Lock"
	ReasonWaitGroup  = "sync.WaitGroup.Wait"
	ReasonCond       = "sync.Cond.Wait"
	ReasonOnce       = "sync.Once.Do"
	ReasonSleep      = "sleep"
	ReasonInput      = "input"
	ReasonIO         = "IO wait"
	ReasonSyscall    = "syscall"
	ReasonSemacquire = "semacquire"
	ReasonCoroutine  = "coroutine"
)

// Wait is what a goroutine waits for.
type Wait struct {
	Since time.Time
	Until time.Time // of a sleep; zero otherwise
	On    []Case    // one, or the cases of a select; none for select{} and sleeps
}

// A Case is one thing whose coming would end a wait.
type Case struct {
	Send   bool    // a send to the channel; otherwise a receive, or an object that is no channel
	Object *Object // nil for a nil channel
}

// A Lock is an object that a goroutine holds.
type Lock struct {
	Object *Object
	Read   bool // it may be held by several readers at once
	Since  time.Time
	Place  string // where it was locked: "In[3]:12"
}

// Kinds of objects.
const (
	KindChannel   = "channel"
	KindMutex     = "mutex"
	KindRWMutex   = "rwmutex"
	KindWaitGroup = "waitgroup"
	KindCond      = "cond"
	KindOnce      = "once"
	KindLimit     = "limit" // of the goroutines that an errgroup.Group runs at once
)

// An Object is something that goroutines wait for.
type Object struct {
	ID   uintptr // its address
	Kind string
	Type string // as a program has it: "chan int", "sync.Mutex"
	Name string // what a program calls it: "jobs", "c.mu"; may be empty
	Made string // where a channel was made: "In[3]:2"; may be empty

	Len, Cap int  // of a channel
	Nil      bool // a nil channel
	// Count is the counter of a WaitGroup, -1 when it cannot be told.
	Count int

	// Feed is what outside of the program's goroutines will, or may, come by the
	// object: "a timer in 3s", "a ticker every 1s", "signals", "the deadline of a
	// context in 2s". Empty for others.
	Feed string

	Holders []int64 // the goroutines that hold a lock
	// Dead says that the goroutine which holds a lock has ended.
	Dead bool
	// Locked is where that goroutine locked it: "In[3]:4"; empty unless Dead.
	Locked string

	// Reached is who refers to the object, without those goroutines that wait for
	// it alone. It is known when Snapshot.Searched is.
	Reached []Reference
	// Opaque says that something refers to it that cannot be looked into, such as
	// a function value of a package: "a function of package net/http".
	Opaque string
}

// A Reference is who can use an object.
type Reference struct {
	Goroutine int64  // 0 for a variable of the session
	Variable  string // "jobs", or what it is reached through: "pool (pool.jobs)"
	Send      bool   // it may send to and close the channel
	Receive   bool   // it may receive from the channel
}

// Verdict is whether a goroutine that waits can go on.
type Verdict uint8

const (
	Unknown Verdict = iota // it cannot be told
	Live                   // something that runs, or will run, can wake it
	Later                  // only a later cell can, by a variable of the session
	Never                  // nothing can: it has leaked
)

func (v Verdict) String() string { return [...]string{"unknown", "live", "later", "never"}[v] }

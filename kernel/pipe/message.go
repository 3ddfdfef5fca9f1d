package pipe

import (
	"github.com/chanbook/chanbook/kernel/cell"
)

// Message is one of the types below.
type Message interface{ kind() kind }

// kind is the byte in the header that tells the type of a payload.
type kind uint8

const (
	kindHello kind = iota + 1
	kindStart
	kindStarted
	kindExecute
	kindDone
	kindStream
	kindDisplay
	kindResult
	kindClear
	kindCancel
	kindComplete
	kindCompleted
	kindInspect
	kindInspected
	kindIsComplete
	kindIsCompleted
	kindInput
	kindInputReply
	kindInputCancel
	kindPing
	kindPong
	kindDying
	kindText
	kindGoroutines
	kindGoroutinesReply
	kindStopping
)

// Hello is the first message in both directions.
type Hello struct {
	Magic   string `json:"magic"`
	Version int    `json:"version"`
	Build   string `json:"build"`
}

// Start follows the supervisor's Hello: the conditions under which the worker
// is to run, and what the session should declare again.
type Start struct {
	MemoryLimit int64         `json:"memory_limit,omitempty"` // bytes; 0 is none
	Replay      []cell.Replay `json:"replay,omitempty"`
	Values      string        `json:"values,omitempty"` // see cell.Successor
}

// Started answers Start. A worker that cannot start says why in Error.
type Started struct {
	Lost  []string    `json:"lost,omitempty"`
	Left  []cell.Left `json:"left,omitempty"` // of the values that Start speaks of
	Error string      `json:"error,omitempty"`
}

// Execute runs a cell. Its id marks the outputs and the Done that follow.
type Execute struct{ Request cell.Request }

// Done ends an execution; goroutines of the cell may still send outputs.
type Done struct {
	Outcome cell.Outcome  `json:"outcome"`
	Replay  []cell.Replay `json:"replay,omitempty"`
	// Variables is nil when they are the same as after the previous execution.
	Variables *[]string `json:"variables,omitempty"`
	// Successor is as in cell.Change.
	Successor *cell.Successor `json:"successor,omitempty"`
	// Forget names executions that can send no more outputs.
	Forget []uint64 `json:"forget,omitempty"`
}

// Output is one output of the execution with the message's id.
type Output struct{ Value cell.Output }

// Text is text of the execution with the message's id that stood in the worker's
// journal before it was sent. Up to End, what the journal holds has been sent.
type Text struct {
	Stream cell.Stream
	End    uint64
}

// Cancel interrupts the execution, or ends the request, with the message's id.
type Cancel struct{}

// Stopping answers the Cancel of an execution, which goes on until its Done. How
// long that may take depends on how many goroutines there are to stop and to tell
// of.
type Stopping struct {
	Goroutines int `json:"goroutines"` // of the whole process
}

// Complete asks for completions; Completed answers.
type Complete struct {
	Code   string `json:"code"`
	Offset int    `json:"offset"`
}

// Completed answers Complete.
type Completed struct {
	Completion cell.Completion `json:"completion"`
	Error      string          `json:"error,omitempty"`
}

// Inspect asks for a description; Inspected answers.
type Inspect struct {
	Code   string `json:"code"`
	Offset int    `json:"offset"`
	Detail int    `json:"detail"`
}

// Inspected answers Inspect.
type Inspected struct {
	Inspection cell.Inspection `json:"inspection"`
	Error      string          `json:"error,omitempty"`
}

// IsComplete asks whether a text is a whole cell; IsCompleted answers.
type IsComplete struct {
	Code string `json:"code"`
}

// IsCompleted answers IsComplete.
type IsCompleted struct {
	Completeness cell.Completeness `json:"completeness"`
	Error        string            `json:"error,omitempty"`
}

// Goroutines asks for a dump of the goroutines of user code; GoroutinesReply
// answers. Words are the filters of the %goroutines command.
type Goroutines struct {
	Words string `json:"words"`
}

// GoroutinesReply answers Goroutines.
type GoroutinesReply struct {
	Data    cell.Bundle   `json:"data,omitempty"`
	Failure *cell.Failure `json:"failure,omitempty"`
}

// Input asks the person for a line on behalf of an execution. Its id is the
// worker's own count; InputReply and InputCancel carry it.
type Input struct {
	Execution uint64 `json:"execution"`
	Prompt    string `json:"prompt"`
	Password  bool   `json:"password"`
}

// InputReply answers Input.
type InputReply struct {
	Text    string `json:"text"`
	NoInput bool   `json:"no_input,omitempty"` // cell.ErrNoInput
	Error   string `json:"error,omitempty"`
}

// InputCancel says that nobody waits for the answer any more.
type InputCancel struct{}

// Ping asks whether the worker's Go runtime is alive; Pong answers it after a
// stop of the world, which a runtime that writes a crash report never completes.
type Ping struct{}

// Pong answers Ping.
type Pong struct{}

// Dying is the last word of a worker that reached its memory cap.
type Dying struct {
	Used int64 `json:"used"` // bytes that the Go runtime held
}

func (Hello) kind() kind           { return kindHello }
func (Start) kind() kind           { return kindStart }
func (Started) kind() kind         { return kindStarted }
func (Execute) kind() kind         { return kindExecute }
func (Done) kind() kind            { return kindDone }
func (Cancel) kind() kind          { return kindCancel }
func (Complete) kind() kind        { return kindComplete }
func (Completed) kind() kind       { return kindCompleted }
func (Inspect) kind() kind         { return kindInspect }
func (Inspected) kind() kind       { return kindInspected }
func (IsComplete) kind() kind      { return kindIsComplete }
func (IsCompleted) kind() kind     { return kindIsCompleted }
func (Input) kind() kind           { return kindInput }
func (InputReply) kind() kind      { return kindInputReply }
func (InputCancel) kind() kind     { return kindInputCancel }
func (Ping) kind() kind            { return kindPing }
func (Pong) kind() kind            { return kindPong }
func (Dying) kind() kind           { return kindDying }
func (Text) kind() kind            { return kindText }
func (Goroutines) kind() kind      { return kindGoroutines }
func (GoroutinesReply) kind() kind { return kindGoroutinesReply }
func (Stopping) kind() kind        { return kindStopping }

func (o Output) kind() kind {
	switch o.Value.(type) {
	case cell.Stream:
		return kindStream
	case cell.Display:
		return kindDisplay
	case cell.Result:
		return kindResult
	case cell.Clear:
		return kindClear
	}
	return 0
}

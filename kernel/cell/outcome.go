package cell

import "strings"

// Names of failures, as the front end shows them.
const (
	CompileError = "CompileError" // the cell is not valid Go; nothing of it ran
	Panic        = "panic"        // a panic reached the top of a goroutine
	Exit         = "exit"         // os.Exit or log.Fatal with a status other than 0
	FatalError   = "fatal error"  // the Go runtime ended the process
	Killed       = "killed"       // the process died of a signal
	MemoryLimit  = "memory limit" // the worker's memory cap was reached
	Interrupt    = "interrupt"    // the person interrupted the cell
	Deadlock     = "deadlock"     // all goroutines are asleep
	CommandError = "CommandError" // a % or ! command failed
	KernelError  = "KernelError"  // a fault of the kernel itself
)

// Failure is why a cell failed. It is an error.
type Failure struct {
	// Name is the kind of failure, one of the constants above.
	Name string `json:"name"`
	// Message says in one line what happened.
	Message string `json:"message"`
	// Traceback is the report, a line an element, without line ends. It begins
	// with the name and the message; it may hold ANSI colours.
	Traceback []string `json:"traceback"`
}

func (f *Failure) Error() string {
	if len(f.Traceback) > 0 {
		return strings.Join(f.Traceback, "\n")
	}
	return f.Name + ": " + f.Message
}

// Fail returns a Failure whose report is its name and message, followed by the
// given lines.
func Fail(name, message string, more ...string) *Failure {
	first := strings.Split(name+": "+message, "\n")
	return &Failure{Name: name, Message: message, Traceback: append(first, more...)}
}

// Outcome is how a cell ended.
type Outcome struct {
	// Failure is nil when the cell ended well.
	Failure *Failure `json:"failure,omitempty"`
	// Pages go to the front end's pager, one after the other.
	Pages []Bundle `json:"pages,omitempty"`
	// NextInput, when not nil, is text to be put into a new cell after this one.
	NextInput *string `json:"next_input,omitempty"`
	// Expressions are the values of Request.Expressions, by name.
	Expressions map[string]Expression `json:"expressions,omitempty"`
}

// Expression is the value of one of Request.Expressions, or its failure.
type Expression struct {
	Data    Bundle   `json:"data,omitempty"`
	Failure *Failure `json:"failure,omitempty"`
}

// Completion lists what can stand at a place in a cell.
type Completion struct {
	// Start and End delimit the text to be replaced, as byte offsets.
	Start, End int
	Matches    []Match
}

// Match is one completion. Kind is the field's own word: function, variable,
// constant, type, field, method, package, keyword, command.
type Match struct {
	Text      string
	Kind      string
	Signature string // the type of a value, the signature of a function; may be empty
}

// Inspection describes the name at a place in a cell.
type Inspection struct {
	Found bool
	Data  Bundle
}

// Completeness tells whether a text is a whole cell.
type Completeness struct {
	Status string // Complete, Incomplete or Invalid
	Indent string // for Incomplete: what the next line should begin with
}

// The values of Completeness.Status.
const (
	Complete   = "complete"
	Incomplete = "incomplete"
	Invalid    = "invalid"
)

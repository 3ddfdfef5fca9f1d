package race

// Log is what the race detector wrote while programs ran.
type Log struct {
	Reports []Report
	// Dropped counts the reports beyond the first maxReports.
	Dropped int
	// Found is the number of races by the detector's own count, which it writes
	// when it ends a program; 0 when something else ended it.
	Found int
	// Fatal is what the detector wrote when it could not go on, such as having too
	// many goroutines.
	Fatal []string
}

// Report is one data race.
type Report struct {
	// Accesses are the two that raced, the later one first. A report that was cut
	// off may have fewer.
	Accesses   []Access
	Goroutines []Goroutine // where those of the accesses were started; main's is not among them
	// Variable is the package-level variable that was accessed, "" when the
	// detector does not say.
	Variable string
}

// Access is a read or a write of memory.
type Access struct {
	Write     bool
	Atomic    bool
	Address   uint64
	Goroutine int // the detector's own number; 0 is the main goroutine
	Stack     Stack
}

// Goroutine is where a goroutine was started. Its number is the detector's own,
// not that of panics and dumps.
type Goroutine struct {
	Number   int
	Finished bool // when the race was seen
	Created  Stack
}

// Stack is a chain of calls, the innermost first. Of calls that were inlined the
// detector gives the innermost only.
type Stack struct {
	Frames []Frame
	Lost   bool // the detector no longer knew it
	Deeper int  // frames beyond the first maxFrames
}

// Frame is one call.
type Frame struct {
	Func string // "main.(*Account).Deposit"
	File string
	Line int
}

// goroutine returns where a goroutine was started.
func (r *Report) goroutine(number int) (Goroutine, bool) {
	for _, g := range r.Goroutines {
		if g.Number == number {
			return g, true
		}
	}
	return Goroutine{}, false
}

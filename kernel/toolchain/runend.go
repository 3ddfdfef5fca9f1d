package toolchain

import (
	"fmt"
	"slices"
	"syscall"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// crashStatus is the exit status by which the Go runtime ends a program after a
// report.
const crashStatus = 2

const (
	// interruptGrace is how long a program that was interrupted may take to end by
	// itself.
	interruptGrace = 1500 * time.Millisecond
	// reportGrace is how long a program may take to write what its goroutines do.
	reportGrace = 5 * time.Second
	// longReport is how long it may go on with that.
	longReport = 10 * time.Second
)

// why is the reason for which we end a program.
type why int

const (
	byItself why = iota
	interrupted
	timedOut
	closed
)

// ending is all that is known of the end of a program.
type ending struct {
	why     why
	killed  bool // it did not end by itself in the time that it had
	timeout time.Duration
	result  Result  // without its failure
	report  *report // nil when there is none
}

// failure says what happened, nil when the program ended well.
func (e ending) failure(t tracer) *cell.Failure {
	switch {
	case e.why == closed:
		return cell.Fail(cell.Killed, errClosed.Error())
	case e.why == interrupted:
		return e.interrupt(t)
	case e.why == timedOut:
		return e.timeOut(t)
	case e.report != nil:
		return t.failure(e.report)
	case e.result.Signal == syscall.SIGKILL:
		return cell.Fail(cell.Killed, "the program was killed (SIGKILL): by itself, by hand, or by the system because its memory ran out")
	case e.result.Signal != nil:
		return cell.Fail(cell.Killed, "the program was ended by the signal "+signalName(e.result.Signal))
	case e.result.Status != 0:
		return cell.Fail(cell.Exit, fmt.Sprintf("exit status %d", e.result.Status))
	}
	return nil
}

func (e ending) interrupt(t tracer) *cell.Failure {
	how := ""
	switch {
	case e.killed:
		how = fmt.Sprintf("; it did not end within %v, and was killed", interruptGrace)
	case e.report != nil:
		f := cell.Fail(cell.Interrupt, "the program was interrupted, and crashed")
		f.Traceback = slices.Concat(f.Traceback, t.failure(e.report).Traceback)
		return f
	case e.result.Signal == nil:
		how = fmt.Sprintf(", and ended with exit status %d", e.result.Status)
	}
	return cell.Fail(cell.Interrupt, "the program was interrupted"+how)
}

func (e ending) timeOut(t tracer) *cell.Failure {
	f := cell.Fail(cell.Interrupt, fmt.Sprintf("the program ran longer than its -timeout of %v, and was ended", e.timeout))
	if e.report != nil {
		f.Traceback = append(f.Traceback, t.goroutines(e.report, false)...)
	}
	return f
}

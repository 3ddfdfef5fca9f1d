package supervisor

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
	"github.com/chanbook/chanbook/kernel/traceback"
)

// Death is how a worker ended.
type Death struct {
	Status int            // the exit status, when Signal is 0
	Signal syscall.Signal // the signal that ended it, or 0
	Report *Report        // what the Go runtime wrote about it, or nil
	Used   int64          // the bytes in use when it reached its memory cap, or 0
	Cause  Cause          // why the supervisor ended it, or ""
}

// Cause is a reason for which the supervisor itself ends a worker.
type Cause string

// The causes.
const (
	CauseClosed      Cause = "the kernel was shut down"
	CauseMoved       Cause = "the session went on in another process"
	CauseRestart     Cause = "the session was restarted"
	CauseUnstoppable Cause = "the cell could not be stopped"
	CauseStart       Cause = "the worker did not start in time"
	CausePipe        Cause = "the connection to the worker broke"
)

func newDeath(state *os.ProcessState, report *Report, cause Cause, last *pipe.Dying) Death {
	d := Death{Status: state.ExitCode(), Report: report, Cause: cause}
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		d.Signal = ws.Signal()
	}
	if last != nil {
		d.Used = last.Used
	}
	return d
}

// String says in one line how the worker ended.
func (d Death) String() string {
	f := d.failure(0)
	return f.Name + ": " + f.Message
}

// failure is the death as the error of a cell, without what happened next.
func (d Death) failure(limit int64) *cell.Failure {
	name, message := d.describe(limit)
	return cell.Fail(name, message, d.goroutines()...)
}

func (d Death) describe(limit int64) (name, message string) {
	r := d.Report
	switch {
	case d.Used != 0:
		return cell.MemoryLimit, fmt.Sprintf("the cells use %s; %s", size(d.Used), raise(limit))
	case d.Cause == CauseUnstoppable:
		return cell.Interrupt, string(d.Cause) + d.where() + "; its process was ended"
	case d.Cause != "":
		return cell.Killed, string(d.Cause)
	case r != nil && r.outOfMemory() && limit > 0:
		return cell.MemoryLimit, fmt.Sprintf("the Go runtime got no more memory (%s); %s", r.Message, raise(limit))
	case r != nil && strings.HasPrefix(r.Message, "all goroutines are asleep"):
		return cell.Deadlock, r.Message
	case r != nil && r.Kind == "panic":
		return cell.Panic, r.Message
	case r != nil && r.Kind == "fatal error":
		return cell.FatalError, r.Message
	case r != nil:
		return cell.Killed, fmt.Sprintf("the process that ran the cells got the signal %s", r.Kind)
	case d.Signal == syscall.SIGKILL:
		return cell.Killed, "the process that ran the cells was killed (SIGKILL): by hand, or by the system because its memory ran out"
	case d.Signal != 0:
		return cell.Killed, fmt.Sprintf("the process that ran the cells got the signal %s", d.Signal)
	}
	return cell.Exit, fmt.Sprintf("exit status %d: os.Exit, called by a package, ended the process that ran the cells", d.Status)
}

// outOfMemory tells whether the system refused memory. The stack of a thread is
// memory too, and most often what is refused first near the cap.
func (r *Report) outOfMemory() bool {
	for _, sign := range []string{"out of memory", "cannot allocate memory", traceback.NoThread, "newosproc"} {
		if strings.Contains(r.Message, sign) {
			return true
		}
	}
	return false
}

func raise(limit int64) string {
	return fmt.Sprintf("the cap is %s. Free what is not needed, or raise the cap: set CHANBOOK_MEMORY (for example 8GiB or 75%%) before the kernel starts", size(limit))
}

// where names the place in which the cell's own goroutine was.
func (d Death) where() string {
	if d.Report == nil {
		return ""
	}
	for _, g := range d.Report.Goroutines {
		if g.Started == "" {
			return ": it was in state " + g.place()
		}
	}
	return ""
}

func (g Goroutine) place() string {
	if g.In == "" {
		return g.State
	}
	return g.State + ", in " + g.In
}

// shown bounds the goroutines that a report lists.
const shown = 20

// goroutines lists the goroutines of user code.
func (d Death) goroutines() []string {
	if d.Report == nil || len(d.Report.Goroutines) == 0 {
		return nil
	}
	lines := []string{"", "Goroutines of the cells:"}
	rest := d.Report.Others
	for i, g := range d.Report.Goroutines {
		if i >= shown {
			rest += g.Count
			continue
		}
		lines = append(lines, "  "+g.String())
	}
	if rest > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", rest))
	}
	return lines
}

// String is the goroutine's line in a report.
func (g Goroutine) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "goroutine %d [%s]", g.ID, g.State)
	if g.Count > 1 {
		fmt.Fprintf(&b, " and %d alike", g.Count-1)
	}
	if g.In != "" {
		fmt.Fprintf(&b, " in %s", g.In)
	}
	if g.Started != "" {
		fmt.Fprintf(&b, ", started at %s", g.Started)
	} else {
		fmt.Fprintf(&b, ", part of %s", g.Cell)
	}
	if g.Func != "" {
		fmt.Fprintf(&b, ": %s", strings.Join(strings.Fields(g.Func), " "))
	}
	if g.Failed {
		b.WriteString(" (failed here)")
	}
	return b.String()
}

// aftermath says what came back after a death, and what did not.
func (g *generation) aftermath() string {
	text := "The session was started again"
	if g.restored {
		text += ": imports, types, functions and constants are back"
	}
	text += "."
	if len(g.lost) > 0 {
		text += " Not declared again: " + strings.Join(g.lost, ", ") + "."
	}
	if len(g.variables) > 0 {
		var names []string
		for _, v := range g.variables {
			names = append(names, nameOf(v))
		}
		text += listed("Lost variables: ", names)
	}
	if g.without {
		text += " The worker program with the modules of %get did not come up again: run the %get cell once more to have them in interpreted cells."
	}
	return text
}

// listed names things: in the line that is there if it does not get too long, or
// else in lines of their own, which no front end has to break anywhere.
func listed(title string, names []string) string {
	const long, width = 60, 76
	if list := strings.Join(names, ", "); len(list) <= long {
		return " " + title + list + "."
	}
	var b strings.Builder
	b.WriteString("\n" + strings.TrimSpace(title))
	for i, column := 0, width; i < len(names); i++ {
		if column += len(" ,") + len(names[i]); column > width {
			b.WriteString("\n ")
			column = len(names[i])
		}
		end := ","
		if i == len(names)-1 {
			end = "."
		}
		b.WriteString(" " + names[i] + end)
	}
	return b.String()
}

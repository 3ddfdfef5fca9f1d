package session

import (
	"context"
	"flag"
	"fmt"
	"html"
	"os"
	"reflect"
	"runtime"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// An exit is the end of a cell by a call that ends a program: os.Exit, or what the
// runtime takes for fatal. Deferred functions do not run, and the cell's other
// goroutines end with it. The process, with the session, goes on.
type exit struct {
	status int    // of os.Exit
	fatal  string // the runtime's message, empty for os.Exit
	place  string // of the call
}

func (e *exit) Error() string {
	if e.fatal != "" {
		return cell.FatalError + ": " + e.fatal
	}
	return fmt.Sprintf("exit status %d", e.status)
}

// failure is what a cell shows, nil for a status of 0.
func (e *exit) failure(r *run) *cell.Failure {
	switch {
	case e.fatal == noGoroutines:
		return cell.Fail(cell.FatalError, e.fatal)
	case e.fatal != "":
		return cell.Fail(cell.FatalError, e.fatal, "", r.session.placeLine(e.place))
	case e.status == 0:
		r.fe.Output(cell.Display{Data: e.note()})
		return nil
	}
	return cell.Fail(cell.Exit, e.Error(), r.session.placeLine(e.place))
}

// note is a quiet line below a cell that has ended by a call but has not failed.
func (e *exit) note() cell.Bundle {
	const style = "display:inline-block;background-color:#f4f5f7;color:#555555;font-size:90%;padding:1px 8px;border-radius:3px;line-height:1.5"
	text := fmt.Sprintf("%v: os.Exit ended the cell at %s", e, e.place)
	return cell.Bundle{
		"text/plain": text,
		"text/html":  fmt.Sprintf(`<span style="%s">%s</span>`, style, html.EscapeString(text)),
	}
}

// exitFunctions are members of package chanbook/rt.
func (s *Session) exitFunctions() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Exit":         reflect.ValueOf(s.exit),
		"SyscallExit":  reflect.ValueOf(s.exit),
		"FlagParse":    reflect.ValueOf(func(place string) { s.flagSetParse(place, flag.CommandLine, os.Args[1:]) }),
		"FlagSetParse": reflect.ValueOf(s.flagSetParse),
	}
}

// exit is os.Exit.
func (s *Session) exit(place string, status int) {
	if s.opts.Exit != nil {
		s.opts.Exit(status)
	}
	s.end(&exit{status: status, place: place})
}

// flagSetParse is FlagSet.Parse, which may end the program.
func (s *Session) flagSetParse(place string, f *flag.FlagSet, args []string) error {
	if f.ErrorHandling() != flag.ExitOnError {
		return f.Parse(args)
	}
	f.Init(f.Name(), flag.ContinueOnError)
	defer f.Init(f.Name(), flag.ExitOnError)
	switch err := f.Parse(args); err {
	case nil:
	case flag.ErrHelp:
		s.exit(place, 0)
	default:
		s.exit(place, 2)
	}
	return nil
}

// fatal ends the cell as the runtime ends a program that it cannot go on with.
func (s *Session) fatal(place, message string) { s.end(&exit{fatal: message, place: place}) }

// end ends the calling goroutine and all of its cell. Where the cell itself has
// ended before, there is only its output to tell it in.
func (s *Session) end(e *exit) {
	r := s.current()
	if !r.fail(e) {
		text := fmt.Sprintf("%v\n%s\nthe goroutines that %s has left running end\n", e, s.placeLine(e.place), r.req.Name())
		r.fe.Output(cell.Stream{Name: cell.Stderr, Text: text})
	}
	s.ledger.Stop(r.group)
	runtime.Goexit()
}

// fail stops the cell for a reason, unless it has ended before.
func (r *run) fail(cause error) bool {
	r.ending.Lock()
	defer r.ending.Unlock()
	if r.ended.Load() {
		return false
	}
	r.cancel(cause)
	return true
}

// finish says that the cell has ended, and why it was stopped, if it was.
func (r *run) finish() (cause error) {
	r.ending.Lock()
	defer r.ending.Unlock()
	r.ended.Store(true)
	return context.Cause(r.ctx)
}

// isExit reports whether a cell was stopped by a call that ends it, which it may
// make at its very end, in a deferred call.
func isExit(cause error) bool {
	_, ok := cause.(*exit)
	return ok
}

// noGoroutines is what the runtime says at the end of outliveMain.
const noGoroutines = "no goroutines (main called runtime.Goexit) - deadlock!"

// outliveMain waits for the other goroutines of a whole program whose main
// goroutine has ended itself.
func (r *run) outliveMain() error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for r.group.Live() > 0 {
		select {
		case <-tick.C:
		case <-r.ctx.Done():
			return context.Cause(r.ctx)
		}
	}
	if cause := context.Cause(r.ctx); cause != nil {
		return cause
	}
	return &exit{fatal: noGoroutines}
}

// placeLine is a place with the text of its line.
func (s *Session) placeLine(place string) string {
	name, line := place, 0
	if i := strings.LastIndexByte(place, ':'); i >= 0 {
		name = place[:i]
		fmt.Sscan(place[i+1:], &line)
	}
	if src, ok := s.texts.Load(name); ok {
		return framePrefix + place + ": " + strings.TrimSpace(src.(cell.Source).Line(line))
	}
	return framePrefix + place
}

package session

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"

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
	case e.fatal != "":
		return cell.Fail(cell.FatalError, e.fatal, "", r.session.placeLine(e.place))
	case e.status == 0:
		return nil
	}
	return cell.Fail(cell.Exit, e.Error(), r.session.placeLine(e.place))
}

// exitFunctions are members of package chanbook/rt.
func (s *Session) exitFunctions() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Exit":         reflect.ValueOf(s.exit),
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
	if r.ended.Load() {
		text := fmt.Sprintf("%v\n%s\nthe goroutines that %s has left running end\n", e, s.placeLine(e.place), r.req.Name())
		r.fe.Output(cell.Stream{Name: cell.Stderr, Text: text})
	} else {
		r.cancel(e)
	}
	s.ledger.Stop(r.group)
	runtime.Goexit()
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

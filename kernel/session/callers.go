package session

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"reflect"

	"github.com/chanbook/chanbook/kernel/eval"
)

// What asks for its caller's file and line would find the interpreter's. The
// functions below find the cell's. Methods of a log.Logger of the program's own
// still name the interpreter.

// locate gives programs the functions that know their callers.
func (s *Session) locate(in *eval.Interp) {
	in.Override("runtime", map[string]reflect.Value{"Caller": reflect.ValueOf(func(skip int) (uintptr, string, int, bool) {
		return s.caller(in, skip)
	})})
	in.Locate("runtime", "Caller")
	lines := func(print func(text string)) map[string]reflect.Value {
		return map[string]reflect.Value{
			"":   reflect.ValueOf(func(v ...any) { print(fmt.Sprint(v...)) }),
			"f":  reflect.ValueOf(func(format string, v ...any) { print(fmt.Sprintf(format, v...)) }),
			"ln": reflect.ValueOf(func(v ...any) { print(fmt.Sprintln(v...)) }),
		}
	}
	functions := map[string]reflect.Value{}
	for name, print := range map[string]func(string){
		"Print": func(text string) { s.logLine(in, text) },
		"Fatal": func(text string) { s.logLine(in, text); os.Exit(1) },
		"Panic": func(text string) { s.logLine(in, text); panic(text) },
	} {
		for ending, f := range lines(print) {
			functions[name+ending] = f
			in.Locate("log", name+ending)
		}
	}
	in.Override("log", functions)
}

// caller is runtime.Caller without the program counter, which interpreted code
// does not have.
func (s *Session) caller(in *eval.Interp, skip int) (pc uintptr, file string, line int, ok bool) {
	stack := in.Stack()
	if skip < 0 || skip >= len(stack) {
		return 0, "", 0, false
	}
	pos := stack[skip].Pos
	return 0, s.fileName(pos.Filename), pos.Line, true
}

// fileName is the file of a program that is run from one, for positions in it. Such
// a program has the process's own input and arguments.
func (s *Session) fileName(cell string) string {
	if r := s.current(); r == nil || !r.whole || s.opts.Stdin == nil {
		return cell
	}
	if path, err := filepath.Abs(os.Args[0]); err == nil {
		return path
	}
	return os.Args[0]
}

// logLine prints as the standard logger does, with the caller's place when its
// flags ask for that.
func (s *Session) logLine(in *eval.Interp, text string) {
	logger := log.Default()
	const places = log.Lshortfile | log.Llongfile
	if flags := logger.Flags(); flags&places != 0 {
		prefix, before := logger.Prefix(), ""
		if flags&log.Lmsgprefix != 0 {
			prefix, before = "", prefix
		}
		text = s.logPlace(in, flags) + before + text
		logger = log.New(logger.Writer(), prefix, flags&^(places|log.Lmsgprefix))
	}
	logger.Output(2, text)
}

func (s *Session) logPlace(in *eval.Interp, flags int) string {
	_, file, line, ok := s.caller(in, 0)
	switch {
	case !ok:
		file = "???"
	case flags&log.Lshortfile != 0:
		file = filepath.Base(file)
	}
	return fmt.Sprintf("%s:%d: ", file, line)
}

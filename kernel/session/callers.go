package session

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"reflect"

	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/lower"
)

// What asks for its caller's file and line would find the interpreter's. The
// functions below find the cell's.

// locate gives programs the functions that know their callers.
func (s *Session) locate(in *eval.Interp) {
	in.Override("runtime", map[string]reflect.Value{"NumGoroutine": reflect.ValueOf(s.ledger.Users)})
	in.Override("runtime", map[string]reflect.Value{"Caller": reflect.ValueOf(func(skip int) (uintptr, string, int, bool) {
		return s.caller(in, skip)
	})})
	functions := map[string]reflect.Value{}
	methods := map[string]reflect.Value{}
	for name, end := range map[string]func(place, text string){
		"Print": func(string, string) {},
		"Fatal": func(place, _ string) { s.exit(place, 1) },
		"Panic": func(_, text string) { panic(text) },
	} {
		std := func(text string) {
			s.logLine(in, log.Default(), 1, text)
			end(s.callPlace(in), text)
		}
		print := func(place string, l *log.Logger, text string) {
			s.logLine(in, l, 1, text)
			end(place, text)
		}
		functions[name] = reflect.ValueOf(func(v ...any) { std(fmt.Sprint(v...)) })
		functions[name+"f"] = reflect.ValueOf(func(format string, v ...any) { std(fmt.Sprintf(format, v...)) })
		functions[name+"ln"] = reflect.ValueOf(func(v ...any) { std(fmt.Sprintln(v...)) })
		methods["Logger"+name] = reflect.ValueOf(func(place string, l *log.Logger, v ...any) { print(place, l, fmt.Sprint(v...)) })
		methods["Logger"+name+"f"] = reflect.ValueOf(func(place string, l *log.Logger, format string, v ...any) {
			print(place, l, fmt.Sprintf(format, v...))
		})
		methods["Logger"+name+"ln"] = reflect.ValueOf(func(place string, l *log.Logger, v ...any) { print(place, l, fmt.Sprintln(v...)) })
	}
	methods["LoggerOutput"] = reflect.ValueOf(func(_ string, l *log.Logger, depth int, text string) error {
		return s.logLine(in, l, depth, text)
	})
	methods["InterfaceFatal"] = reflect.ValueOf(s.interfaceFatal)
	methods["InterfaceFatalf"] = reflect.ValueOf(s.interfaceFatalf)
	methods["InterfaceFatalln"] = reflect.ValueOf(s.interfaceFatalln)
	in.Override("log", functions)
	in.Override(lower.Runtime, methods)
}

// callPlace is the place of the call of the function that asks.
func (s *Session) callPlace(in *eval.Interp) string {
	stack := in.Stack()
	if len(stack) == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", stack[0].Pos.Filename, stack[0].Pos.Line)
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

// logLine prints as a logger does, with the place of the caller at a depth, from 1,
// when its flags ask for that.
func (s *Session) logLine(in *eval.Interp, l *log.Logger, depth int, text string) error {
	const places = log.Lshortfile | log.Llongfile
	if flags := l.Flags(); flags&places != 0 {
		prefix, before := l.Prefix(), ""
		if flags&log.Lmsgprefix != 0 {
			prefix, before = "", prefix
		}
		text = s.logPlace(in, depth, flags) + before + text
		l = log.New(l.Writer(), prefix, flags&^(places|log.Lmsgprefix))
	}
	return l.Output(2, text)
}

func (s *Session) logPlace(in *eval.Interp, depth, flags int) string {
	_, file, line, ok := s.caller(in, depth-1)
	switch {
	case !ok:
		file = "???"
	case flags&log.Lshortfile != 0:
		file = filepath.Base(file)
	}
	return fmt.Sprintf("%s:%d: ", file, line)
}

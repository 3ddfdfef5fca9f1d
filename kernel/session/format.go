package session

import (
	"encoding/json"
	"fmt"
	"go/types"
	"io"
	"log"
	"reflect"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
)

// The interpreter builds struct types by reflection, with an X before the names
// of unexported fields, and puts a value with methods into a struct that has
// them as functions. What fmt and log print must show neither. The functions
// below give them values of the same content that print as compiled ones do.

// formatter makes printable values.
type formatter struct {
	renamed sync.Map // reflect.Type -> reflect.Type with the fields' own names
	mu      sync.Mutex
	own     map[string]bool // exported fields of user types that look like renamed ones, as in struct{ Xs int }
}

// learn remembers the exported fields of a checked cell that begin like renamed
// ones.
func (f *formatter) learn(info *types.Info) {
	for _, obj := range info.Defs {
		v, ok := obj.(*types.Var)
		if ok && v.IsField() && hidden(v.Name()) {
			f.mu.Lock()
			if f.own == nil {
				f.own = map[string]bool{}
			}
			f.own[v.Name()] = true
			f.mu.Unlock()
			f.renamed.Clear()
		}
	}
}

// hidden reports whether a field name looks like one that the interpreter made
// of an unexported name.
func hidden(name string) bool {
	if len(name) < 2 || name[0] != 'X' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(name[1:])
	return !unicode.IsUpper(r)
}

// args returns values that print as compiled ones do.
func (f *formatter) args(values []any) []any {
	var out []any
	for i, v := range values {
		p, changed := f.value(v)
		if changed && out == nil {
			out = append([]any(nil), values...)
		}
		if changed {
			out[i] = p
		}
	}
	if out == nil {
		return values
	}
	return out
}

// value returns a value that prints as the compiled one does, and whether it is
// another one.
func (f *formatter) value(v any) (any, bool) {
	t := reflect.TypeOf(v)
	if t == nil {
		return v, false
	}
	if t.Kind() == reflect.Struct && t.NumField() > 1 && t.Field(0).Name == "IValue" {
		if _, isError := v.(error); isError {
			return v, false // fmt.Errorf has to see it
		}
		inner, _ := f.value(reflect.ValueOf(v).Field(0).Interface())
		return withMethods{v, inner}, true
	}
	nt := f.rename(t)
	if nt == t {
		return v, false
	}
	p := reflect.New(t)
	p.Elem().Set(reflect.ValueOf(v))
	return reflect.NewAt(nt, p.UnsafePointer()).Elem().Interface(), true
}

// withMethods is a value whose methods were put beside it. They count for the
// verbs that call methods; the other verbs see the value.
type withMethods struct{ methods, value any }

func (w withMethods) Format(s fmt.State, verb rune) {
	v := w.value
	switch verb {
	case 'v', 's', 'q', 'x', 'X':
		if !s.Flag('#') {
			v = w.methods
		}
	}
	fmt.Fprintf(s, fmt.FormatString(s, verb), v)
}

// rename returns the type with the fields' own names. It has the same layout in
// memory.
func (f *formatter) rename(t reflect.Type) reflect.Type {
	if nt, ok := f.renamed.Load(t); ok {
		return nt.(reflect.Type)
	}
	nt := t
	if t.Name() == "" {
		nt = f.build(t)
	}
	f.renamed.Store(t, nt)
	return nt
}

// build makes the renamed type. What reflection cannot build stays as it is.
func (f *formatter) build(t reflect.Type) (nt reflect.Type) {
	defer func() {
		if recover() != nil {
			nt = t
		}
	}()
	switch t.Kind() {
	case reflect.Slice:
		if e := f.rename(t.Elem()); e != t.Elem() {
			return reflect.SliceOf(e)
		}
	case reflect.Array:
		if e := f.rename(t.Elem()); e != t.Elem() {
			return reflect.ArrayOf(t.Len(), e)
		}
	case reflect.Pointer:
		if e := f.rename(t.Elem()); e != t.Elem() {
			return reflect.PointerTo(e)
		}
	case reflect.Map:
		if e := f.rename(t.Elem()); e != t.Elem() {
			return reflect.MapOf(t.Key(), e)
		}
	case reflect.Struct:
		return f.buildStruct(t)
	}
	return t
}

func (f *formatter) buildStruct(t reflect.Type) reflect.Type {
	changed := false
	fields := make([]reflect.StructField, t.NumField())
	for i := range fields {
		sf := t.Field(i)
		sf.Offset, sf.Index = 0, nil
		ft := f.rename(sf.Type)
		changed = changed || ft != sf.Type
		sf.Type = ft
		if hidden(sf.Name) && !f.isOwn(sf.Name) {
			sf.Name, sf.PkgPath, sf.Anonymous = sf.Name[1:], "main", false
			changed = true
		}
		fields[i] = sf
	}
	if !changed {
		return t
	}
	return reflect.StructOf(fields)
}

func (f *formatter) isOwn(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.own[name]
}

// formatFunctions are the functions of fmt that print or format, for cells.
func (s *Session) formatFunctions() map[string]reflect.Value {
	p := s.format.args
	return map[string]reflect.Value{
		"Print":    reflect.ValueOf(func(a ...any) (int, error) { return s.write(cell.Stdout, fmt.Sprint(p(a)...)) }),
		"Printf":   reflect.ValueOf(func(f string, a ...any) (int, error) { return s.write(cell.Stdout, fmt.Sprintf(f, p(a)...)) }),
		"Println":  reflect.ValueOf(func(a ...any) (int, error) { return s.write(cell.Stdout, fmt.Sprintln(p(a)...)) }),
		"Sprint":   reflect.ValueOf(func(a ...any) string { return fmt.Sprint(p(a)...) }),
		"Sprintf":  reflect.ValueOf(func(f string, a ...any) string { return fmt.Sprintf(f, p(a)...) }),
		"Sprintln": reflect.ValueOf(func(a ...any) string { return fmt.Sprintln(p(a)...) }),
		"Fprint":   reflect.ValueOf(func(w io.Writer, a ...any) (int, error) { return fmt.Fprint(w, p(a)...) }),
		"Fprintf":  reflect.ValueOf(func(w io.Writer, f string, a ...any) (int, error) { return fmt.Fprintf(w, f, p(a)...) }),
		"Fprintln": reflect.ValueOf(func(w io.Writer, a ...any) (int, error) { return fmt.Fprintln(w, p(a)...) }),
		"Errorf":   reflect.ValueOf(func(f string, a ...any) error { return fmt.Errorf(f, p(a)...) }),
		"Append":   reflect.ValueOf(func(b []byte, a ...any) []byte { return fmt.Append(b, p(a)...) }),
		"Appendf":  reflect.ValueOf(func(b []byte, f string, a ...any) []byte { return fmt.Appendf(b, f, p(a)...) }),
		"Appendln": reflect.ValueOf(func(b []byte, a ...any) []byte { return fmt.Appendln(b, p(a)...) }),
		"Scan":     reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscan(s.stdin, a...) }),
		"Scanf":    reflect.ValueOf(func(f string, a ...any) (int, error) { return fmt.Fscanf(s.stdin, f, a...) }),
		"Scanln":   reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscanln(s.stdin, a...) }),
	}
}

// encoded returns a value that encoders see as the compiled one, with unexported
// fields unexported.
func (f *formatter) encoded(v any) any {
	if t := reflect.TypeOf(v); t != nil && f.rename(t) != t {
		v, _ = f.value(v)
	}
	return v
}

// jsonFunctions are the functions of encoding/json that encode.
func (s *Session) jsonFunctions() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Marshal": reflect.ValueOf(func(v any) ([]byte, error) { return json.Marshal(s.format.encoded(v)) }),
		"MarshalIndent": reflect.ValueOf(func(v any, prefix, indent string) ([]byte, error) {
			return json.MarshalIndent(s.format.encoded(v), prefix, indent)
		}),
	}
}

// logFunctions are the functions of log that print.
func (s *Session) logFunctions() map[string]reflect.Value {
	p := s.format.args
	return map[string]reflect.Value{
		"Print":   reflect.ValueOf(func(a ...any) { log.Print(p(a)...) }),
		"Printf":  reflect.ValueOf(func(f string, a ...any) { log.Printf(f, p(a)...) }),
		"Println": reflect.ValueOf(func(a ...any) { log.Println(p(a)...) }),
		"Fatal":   reflect.ValueOf(func(a ...any) { log.Fatal(p(a)...) }),
		"Fatalf":  reflect.ValueOf(func(f string, a ...any) { log.Fatalf(f, p(a)...) }),
		"Fatalln": reflect.ValueOf(func(a ...any) { log.Fatalln(p(a)...) }),
		"Panic":   reflect.ValueOf(func(a ...any) { log.Panic(p(a)...) }),
		"Panicf":  reflect.ValueOf(func(f string, a ...any) { log.Panicf(f, p(a)...) }),
		"Panicln": reflect.ValueOf(func(a ...any) { log.Panicln(p(a)...) }),
	}
}

package symbols

import (
	"encoding"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"reflect"
	"strings"

	"github.com/chanbook/chanbook/kernel/eval/symbols/internal/std"
)

// MapTypes gives what yaegi calls map types for a package: for functions with
// parameters of type any, the interfaces that they look for in their arguments,
// so that interpreted values arrive with those methods; and for interface
// wrappers, the wrappers that have more methods. In both, what yaegi should try
// first comes first.
func MapTypes(importPath string) map[reflect.Value][]reflect.Type {
	pkg, ok := find(importPath)
	if !ok {
		return nil
	}
	types := composed(pkg)
	if functions := lookFor(importPath); len(functions) > 0 {
		for _, s := range pkg.Symbols().Values {
			if interfaces, ok := functions[s.Name]; ok {
				types[reflect.ValueOf(s.Value)] = interfaces
			}
		}
	}
	return types
}

// MapTypesOf gives the part of MapTypes that is about functions, for symbols that
// take the place of a package's own: syms holds them under the same names.
func MapTypesOf(importPath string, syms map[string]reflect.Value) map[reflect.Value][]reflect.Type {
	types := map[reflect.Value][]reflect.Type{}
	for name, interfaces := range lookFor(importPath) {
		if function, ok := syms[name]; ok {
			types[function] = interfaces
		}
	}
	return types
}

// composed gives the map types of a package's interface wrappers.
func composed(pkg std.Package) map[reflect.Value][]reflect.Type {
	wrappers := pkg.Wrappers()
	types := make(map[reflect.Value][]reflect.Type, len(wrappers.Composed))
	for _, c := range wrappers.Composed {
		var list []reflect.Type
		for _, w := range c.Wrappers {
			list = append(list, reflect.TypeOf(w).Elem())
		}
		for _, s := range wrappers.Direct {
			if s.Name == c.Name {
				types[reflect.ValueOf(s.Value)] = list
			}
		}
	}
	return types
}

// lookFor gives the interfaces that functions of a package look for, by the
// functions' names, in the order in which the functions try them.
func lookFor(importPath string) map[string][]reflect.Type {
	printed := []reflect.Type{reflect.TypeFor[fmt.Formatter](), reflect.TypeFor[error](), reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[fmt.GoStringer]()}
	scanned := []reflect.Type{reflect.TypeFor[fmt.Scanner]()}
	logged := []reflect.Type{reflect.TypeFor[slog.LogValuer](), reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[json.Marshaler](), reflect.TypeFor[error](), reflect.TypeFor[fmt.Stringer]()}
	functions := map[string][]reflect.Type{}
	each := func(names string, interfaces ...reflect.Type) {
		for name := range strings.FieldsSeq(names) {
			functions[name] = interfaces
		}
	}
	switch importPath {
	case "fmt":
		each("Append Appendf Appendln Errorf Fprint Fprintf Fprintln Print Printf Println Sprint Sprintf Sprintln", printed...)
		each("Fscan Fscanf Fscanln Scan Scanf Scanln Sscan Sscanf Sscanln", scanned...)
	case "log":
		each("Fatal Fatalf Fatalln Panic Panicf Panicln Print Printf Println", printed...)
	case "log/slog":
		each("Any Debug DebugContext Error ErrorContext Group Info InfoContext Log Warn WarnContext With", logged...)
	case "encoding/json":
		each("Marshal MarshalIndent", reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]())
		each("Unmarshal", reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]())
	case "encoding/xml":
		each("Marshal MarshalIndent", reflect.TypeFor[xml.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]())
		each("Unmarshal", reflect.TypeFor[xml.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]())
	}
	return functions
}

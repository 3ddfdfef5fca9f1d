// Package symbols gives the interpreter what packages export: the standard
// library's and the few others that every cell may import. It has the shape that
// yaegi's own tables have, with two differences: they are of the current Go, and
// nothing is built before a cell imports the package, so that a program that
// carries them starts as fast as one that does not.
//
// Generic functions and types are not in the tables, since reflection cannot
// hold them. Functions that end the process are the real ones.
//
// The package does not know the interpreter or the session, and starts no
// goroutines. Its functions may be called from several of them.
//
// # Feeding an interpreter
//
// [Exports] gives what Interpreter.Use wants for one import. It uses keys such as
// "fmt/./fmt". Use takes the import path from them with path.Dir, which cleans it
// to "fmt"; but it does not recognize the key "fmt/fmt", at which it would
// replace symbols that belong to the session and compile sources of generic
// functions, for milliseconds.
package symbols

import (
	"fmt"
	"go/constant"
	"go/token"
	"maps"
	"reflect"
	"slices"

	"github.com/chanbook/chanbook/kernel/eval/symbols/internal/std"
)

//go:generate go run ./gen internal/std

// GoVersion is the version of Go that the tables were made from: "go1.26.8".
const GoVersion = std.GoVersion

// Lookup gives the name of a package and a new map of its symbols, in yaegi's
// forms: functions, variables (addressable) and typed constants as they are,
// untyped constants as constant.Value, a type T as a nil *T, and for an
// interface type T a wrapper under the name "_T" (see [Wrappers]).
func Lookup(importPath string) (name string, syms map[string]reflect.Value, ok bool) {
	pkg, ok := find(importPath)
	if !ok {
		return "", nil, false
	}
	initialize(importPath)
	tables := pkg.Symbols()
	syms = make(map[string]reflect.Value, len(tables.Values)+len(tables.Variables)+len(tables.Constants))
	for _, s := range tables.Values {
		syms[s.Name] = reflect.ValueOf(s.Value)
	}
	for _, s := range tables.Variables {
		syms[s.Name] = reflect.ValueOf(s.Value).Elem()
	}
	for _, s := range tables.Constants {
		syms[s.Name] = reflect.ValueOf(untyped(s.Value))
	}
	maps.Copy(syms, Wrappers(importPath))
	return pkg.Name, syms, true
}

// untyped makes a constant of what the tables hold for it.
func untyped(value any) constant.Value {
	switch value := value.(type) {
	case uint64:
		return constant.MakeUint64(value)
	case std.IntLiteral:
		return constant.MakeFromLiteral(string(value), token.INT, 0)
	case std.FloatLiteral:
		return constant.MakeFromLiteral(string(value), token.FLOAT, 0)
	case int64, string:
		return constant.Make(value)
	}
	panic(fmt.Sprintf("symbols: a table holds a constant as %T", value))
}

// Wrappers gives for each interface type T of a package a nil pointer to a struct
// type, under the name "_T". The struct implements T with functions: its field
// IValue is for the wrapped value, and a field "W" followed by a method's name
// for that method.
func Wrappers(importPath string) map[string]reflect.Value {
	pkg, ok := find(importPath)
	if !ok {
		return nil
	}
	direct := pkg.Wrappers().Direct
	wrappers := make(map[string]reflect.Value, len(direct))
	for _, s := range direct {
		wrappers["_"+s.Name] = reflect.ValueOf(s.Value)
	}
	return wrappers
}

// Needs lists the packages, sorted and other than the given one, with interface
// types that a cell can meet through it or that its functions look for. yaegi
// wants their wrappers too: without those of io,
// http.NewRequest("GET", url, nil) crashes it in a cell that imports net/http
// alone.
func Needs(importPath string) []string {
	pkg, ok := find(importPath)
	if !ok {
		return nil
	}
	needs := slices.Clone(pkg.Needs)
	for _, interfaces := range lookFor(importPath) {
		for _, t := range interfaces {
			if path := t.PkgPath(); path != "" && path != importPath {
				needs = append(needs, path)
			}
		}
	}
	slices.Sort(needs)
	return slices.Compact(needs)
}

// added are packages that are not among the generated tables.
var added = map[string]func() (std.Package, bool){}

// Add makes one more package known: this program has it as compiled code. That is
// for the start of the program only.
func Add(importPath string, find func() (std.Package, bool)) { added[importPath] = find }

// find gives the table of a package.
func find(importPath string) (std.Package, bool) {
	if f := added[importPath]; f != nil {
		return f()
	}
	return std.Find(importPath)
}

// Paths gives the import paths, sorted, of the packages that Lookup has on this
// platform. unsafe, which yaegi has, is not among them.
func Paths() []string {
	paths := slices.Collect(maps.Keys(added))
	for _, path := range std.Paths() {
		if _, ok := find(path); ok {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// Exports gives what yaegi's Interpreter.Use wants when a cell imports a package:
// its symbols, the wrappers of the packages that it needs, and the map types of
// all. The caller may change the symbols before.
func Exports(importPath string) (map[string]map[string]reflect.Value, bool) {
	name, syms, ok := Lookup(importPath)
	if !ok {
		return nil, false
	}
	exports := map[string]map[string]reflect.Value{Key(importPath, name): syms}
	mapTypes := MapTypes(importPath)
	for _, needed := range Needs(importPath) {
		if pkg, ok := find(needed); ok {
			exports[Key(pkg.TypePath, pkg.Name)] = Wrappers(needed)
			maps.Copy(mapTypes, composed(pkg))
		}
	}
	if pkg, _ := find(importPath); pkg.TypePath != importPath {
		// yaegi looks for a wrapper under the path that the type names.
		exports[Key(pkg.TypePath, name)] = Wrappers(importPath)
	}
	exports["."] = map[string]reflect.Value{"MapTypes": reflect.ValueOf(mapTypes)}
	return exports, true
}

// Key is the key of a package in the map that Interpreter.Use takes.
func Key(importPath, name string) string { return importPath + "/./" + name }

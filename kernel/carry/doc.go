// Package carry writes the values of a session's variables in one process and gives
// them to the variables of another process that has declared the same types.
//
// What is plain data comes along: numbers, strings, arrays, slices, maps, structs
// and pointers to such, in the shape that they have, also where several variables
// share memory or values refer to themselves. Interfaces do, if what they hold does.
// A variable of a package is referred to by its name: io.EOF stays io.EOF.
//
// What belongs to the process stays behind, with its reason: channels, functions,
// locks that are held, pointers into the middle of other values, and the insides of
// packages' types, of which only the package knows what they mean; policy.go has the
// exceptions.
//
// A value has a type of go/types, by which it is walked, and memory, of whichever
// type of package reflect has that layout. The package does not know what the
// variables are for. It starts no goroutine, and nobody may change the values while
// they are written.
//
// # Format
//
// A line with magic, then numbers as varints and texts with their lengths: how many
// variables there are; for each its name, cell, declaration, type, how many objects
// and types it adds, and how long its value is; then the values.
//
// An object is what a pointer, a map or a slice refers to. The first ones are the
// variables themselves. A reference is 0 for nil, 1 with the name of a package's
// variable, or one more than the object's number; the next free number makes a new
// object, whose content follows the value, in the order of the numbers. A dynamic
// type is a number in the same manner: 0 is a new one, followed by how it is made.
package carry

import (
	"go/types"
	"reflect"
)

const magic = "chanbook values 1\n"

// A Variable is one of a session's.
type Variable struct {
	Name        string
	Cell        int    // the number of the cell that declared it
	Declaration string // Go that declares it without a value: "var x map[string]T"
	Type        types.Type
	Value       reflect.Value // its memory: addressable
}

// Types knows the types of a session.
type Types interface {
	// Of is the type that a type of package reflect was made from.
	Of(reflect.Type) (types.Type, bool)
	// True is the type that values in interfaces have, Erased that of variables.
	True(types.Type) (reflect.Type, error)
	Erased(types.Type) (reflect.Type, error)
	// Name is what a name of the session, or an exported one of a package, means
	// today; nil when there is none.
	Name(pkg, name string) *types.TypeName
	// Global is the variable of a package that holds a pointer, or a value in an
	// interface that is one.
	Global(pointer uintptr) (pkg, name string, ok bool)
	// Variable is the memory of a variable of a package.
	Variable(pkg, name string) (reflect.Value, bool)
}

// session is the path of the package in which cells declare.
const session = "main"

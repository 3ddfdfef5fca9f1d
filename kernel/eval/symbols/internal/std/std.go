// Package std holds generated tables of what packages export, one file for each
// package, as functions: nothing is built before it is asked for, and the
// program's start pays nothing. Package symbols makes reflect values of them.
//
// It does not know who interprets, and imports every package that it lists.
package std

// A Package says what is in one package. Its functions build their tables anew
// at each call.
type Package struct {
	Name string
	// TypePath is where the package's types say they come from: its import path,
	// except for packages that cells import under another one.
	TypePath string
	Symbols  func() Symbols
	// Wrappers gives a struct type for each interface type of the package, with
	// functions as fields, that implements it.
	Wrappers func() Wrappers
	// Needs lists other packages with interface types that one can get at through
	// what this package exports.
	Needs []string
}

// Symbols are what a package exports, except generic functions and types, and
// interface types that only serve as constraints.
type Symbols struct {
	Values    []Symbol // functions, typed constants, and types as nil pointers to them
	Variables []Symbol // pointers to the variables
	Constants []Symbol // untyped: int64, uint64, string, IntLiteral or FloatLiteral
}

// A Symbol is one exported name.
type Symbol struct {
	Name  string
	Value any
}

// IntLiteral and FloatLiteral are untyped constants, in Go syntax, that no basic
// type holds exactly.
type (
	IntLiteral   string
	FloatLiteral string
)

// Wrappers are the interface wrappers of one package: nil pointers to the struct
// types.
type Wrappers struct {
	Direct   []Symbol   // by the name of the interface type
	Composed []Composed // for interface types that are often met together
}

// Composed lists the wrappers for values of an interface type that have further
// methods which library code looks for, those with the most methods first.
type Composed struct {
	Name     string // of the interface type
	Wrappers []any
}

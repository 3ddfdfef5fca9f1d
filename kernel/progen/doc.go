// Package progen makes Go programs from seeds, for comparing two ways of running
// Go. A program is well typed, ends after a bounded number of steps, and prints
// only what the language specification determines: it never depends on the order
// of a map, on the capacity that append chooses, on which goroutine comes first,
// or on the order of operands that the specification leaves open.
//
// A program has two parts. The soup is made of random types, functions,
// statements and expressions (types.go, expr*.go, stmt*.go). The scenes are
// written programs in the small about one feature each, with many alternatives
// (scene*.go, in the notation of fill.go). Both call each other's kinds of
// things, so that features meet.
//
// The package knows the language, not who runs the programs. It starts no
// goroutine. Its test compares the compiled programs with the interpreted ones.
package progen

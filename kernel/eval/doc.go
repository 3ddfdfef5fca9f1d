// Package eval runs lowered programs. It is the only package that knows the
// interpreter, yaegi.
//
// An Interp is one interpreter with what its programs have declared. Packages
// are bound to it when a program first imports them, so that starting costs
// next to nothing. The package does not know cells or the session.
//
// Yaegi compiles a program to a graph of nodes with a closure each. Before the
// program runs, this package changes that graph (nodes.go has its layout): it
// runs the nodes of each function in a loop of its own (functions.go), calls
// functions directly (calls.go, dynamic.go, closures.go, intrinsics.go) and
// replaces operations that differ from compiled Go (operators.go, assign.go).
// So a panic is known by its places (trace.go), its value is the error that a
// compiled program has (faults.go), and each run can be stopped by itself
// (activity.go).
//
// Run starts one goroutine, which runs the program and ends with it; after a
// cancelled Run it ends as soon as native code that it is in returns. Goroutines
// that a program starts are the program's own.
package eval

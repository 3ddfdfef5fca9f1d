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
// replaces operations that differ from compiled Go (operators.go, assign.go,
// channels.go). So a panic is known by its places (trace.go), and its value is the
// error that a compiled program has (faults.go).
//
// Each frame refers to the record of its goroutine in the ledger of package
// goroutine (activity.go), which is told of channels that are waited for and of
// calls of packages' functions (watch.go). So each run can be stopped by itself,
// and the ledger can hold goroutines between two nodes and ask where they are and
// what they refer to (look.go).
//
// Run starts one goroutine, which runs the program and ends with it; after a
// cancelled Run it ends as soon as native code that it is in returns. Goroutines
// that a program starts are the program's own.
package eval

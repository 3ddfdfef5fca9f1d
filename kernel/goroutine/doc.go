// Package goroutine knows the goroutines of user code: who started each, where it
// is, what it waits for, and who could end that wait.
//
// A Ledger has a G for each goroutine that runs user code. Whoever runs the code
// (package eval) tells the G what the goroutine does; whoever replaces operations
// that wait (package session) tells it what it waits for. A Snapshot is what the
// ledger says at one moment, as plain data; verdicts, tables, pictures and texts
// are made from it.
//
// The package does not know how the code is run: it asks a Code for positions and
// references. Nor does it know cells beyond their names. It draws with package
// show. It starts no goroutine.
package goroutine

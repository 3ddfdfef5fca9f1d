// Package goroutine knows the goroutines of user code: who started each, where it
// is, what it waits for, and who could end that wait.
//
// A Ledger has a G for each goroutine that runs user code. Whoever runs the code
// (package eval) tells the G what the goroutine does; whoever replaces operations
// that wait (package session) tells it what it waits for. A Snapshot is what the
// ledger says at one moment, as plain data; tables, pictures and texts are made
// from it.
//
// # Verdicts
//
// Whether a goroutine that waits can go on is found out as a garbage collector
// finds what is in use: all goroutines are held between two steps, and the memory
// is searched from those that run or sleep, from timers that are pending, and
// then from the variables of the session, for the channels, locks and functions
// that could end waits (search.go). What cannot be looked into leaves the verdict
// open, so that nothing is called leaked that is not.
//
// # Cost
//
// A goroutine that does not wait pays for a lookup by its id when it starts, and for
// two atomic stores at each call of a package's function; one that waits for an
// allocation of a hundred bytes. A snapshot with a search takes some five
// microseconds for each goroutine, during which none of them runs.
//
// The package does not know how the code is run: it asks a Code for positions and
// references. Nor does it know cells beyond their names. It draws with package
// show. It starts no goroutine.
package goroutine

// Package race reads the reports of Go's race detector and shows each as a
// picture: the two accesses side by side in lines of the cell, the goroutines that
// made them, and what would order them.
//
// [Parse] makes a [Log] of the detector's text, as plain data. [Draw] renders a
// Log for a cell, [None] says what it means that nothing was seen.
//
// # What it knows and what it infers
//
// A report says which lines raced, in which goroutines, and where those were
// started. It does not name the variable, and of calls into package sync, which is
// not instrumented, it loses the caller. Both are looked for in the program's
// source. What is inferred so is called probable, unless the line leaves no choice.
//
// The package does not know how programs are built or run, nor where paths come
// from: it is told how a path becomes a place in a cell. It starts no goroutine.
package race

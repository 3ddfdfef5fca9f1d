// Package cell holds the values that every layer of the kernel shares: the
// source of a cell, a position in it, what it shows, and how it failed.
//
// It knows nothing of Jupyter's messages, of processes or of the interpreter.
// Its values are plain data: they may be copied, compared field by field and
// sent over a pipe. It starts no goroutine.
package cell

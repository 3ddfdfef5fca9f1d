// Package trace reads what Go's execution tracer wrote of a program and draws it:
// goroutines over time on their processors, who made whom go on, what was waited
// for and where.
//
// Read makes plain data of a trace, in one pass and in bounded memory: where
// there is more than can be kept, neighbouring intervals are merged into one that
// says how its time was divided. Sums and counts are made of all events before
// that. Nothing else is left out without a count of it.
//
// Trace.Bundle draws a picture, tables and a text. Times count from the moment at
// which tracing began, the runtime's own start-up left out.
//
// The package does not know how programs are built or run, nor Jupyter. It reads
// traces of Go 1.22 and later with golang.org/x/exp/trace. It starts no goroutine.
package trace

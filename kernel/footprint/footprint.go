// Package footprint makes a process smaller once its start is over.
//
// A program that carries the whole standard library runs the initializers of all
// its packages, which are spread over its file. The system maps 64 KiB of the
// file around each place that is touched: some 15 MB in each process, of which a
// kernel at work uses about half.
package footprint

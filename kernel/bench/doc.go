// Package bench measures benchmarks: what %%bench does once its cell is a test
// binary.
//
// [Measure] runs the binary in short processes, one for each sample, in rounds in
// which each benchmark has its turn, until the medians are known well enough or the
// time is over. [Results] hold the samples; their statistics are those of
// golang.org/x/perf/benchmath: medians with intervals that assume nothing about the
// distribution, and the Mann-Whitney test. Results draw themselves as a table, a
// picture over processors, and a comparison with results of an earlier cell.
//
// The package knows neither the toolchain nor how a cell becomes a binary: what
// runs the binary is a [Runner], and its output is read as the testing package
// writes it. It starts no goroutine.
package bench

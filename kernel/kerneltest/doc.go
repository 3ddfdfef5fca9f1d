// Package kerneltest is for tests of the kernel: a typed front end that talks
// to any kernel over a connection file, and an evaluator that needs no Go
// interpreter.
//
// Its Client can also send what no client library would. A Client owns its goroutines, and Close waits for
// them.
package kerneltest

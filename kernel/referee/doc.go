// Package referee compares what chanbook says of Go programs with what the Go
// toolchain says. It has tests only, and no program under test is ours to
// adjust: a difference is a fault of the front end.
//
// TestGoroot runs the programs of the Go distribution's own test folder that
// are marked "// run" and keeps the outcome of each in testdata/goroot.txt: the
// passing ones, and the failing ones by cause. It fails when a listed program
// changes sides, so that the number only rises.
//
// TestLearners runs the programs of testdata/learners, written as people who
// learn Go write them, compiled and interpreted, and wants the same standard
// output, the same exit status and the same message of a panic.
//
// Both start "chanbook eval" as a process of its own for each program, with
// limits of time and memory, and wait for its end; the package has no other
// goroutines than those of the testing package. It does not know how programs
// are evaluated.
//
// To see one difference:
//
//	go test ./kernel/referee -run 'Goroot/fixedbugs/issue4620' -v
//	go test ./kernel/referee -run 'Learners/errors/wrapped' -v
//
// With -update the files of testdata are written anew from what was run.
package referee

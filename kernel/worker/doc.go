// Package worker is the child process: it serves the pipe to the supervisor and
// runs the session in which user code lives.
//
// It does not know what a session is made of, nor anything of Jupyter. Standard
// input, output and error of the process belong to user code.
//
// # Goroutines
//
// Main owns all of these; they carry no pprof labels, by which crash reports
// tell them from user code:
//
//  1. Main itself reads the pipe. It ends when the pipe closes, and the process
//     ends with it: its whole process group, so that no program that user code
//     started survives.
//  2. One goroutine for each request that is being served: an execution, a
//     completion, an inspection, a dump of goroutines. It ends with its request,
//     which a Cancel from the supervisor asks for; an execution that does not
//     end is the supervisor's to kill.
//  3. The watchdog of the memory cap, which ends with the process.
//  4. The listener for the signal that the system sends when the kernel dies
//     (Linux), which ends with the process.
//  5. The printer, which sends what cells have printed. It ends when Main
//     returns, which waits for it.
//  6. One that closes the session after the pipe has closed. Main waits for it
//     for a moment only: user code may be beyond closing.
package worker
